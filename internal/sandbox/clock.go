package sandbox

import "time"

// clock is the sandbox's time: a base clock and how far ahead of it tests have
// moved. Everything the API says about time comes from here; only the waits of
// Latency and of faults are real.
type clock struct {
	base  func() time.Time
	ahead time.Duration
}

// now is the time in UTC, in the microseconds that the wire carries (REC, 3.2).
func (c clock) now() time.Time {
	return c.base().Add(c.ahead).UTC().Truncate(time.Microsecond)
}

// Now is the sandbox's time.
func (s *Sandbox) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now()
}

// Advance moves the clock on by d: orders finish, rate windows slide and
// idempotency keys grow old without anybody waiting.
func (s *Sandbox) Advance(d time.Duration) {
	s.mu.Lock()
	s.clock.ahead += d
	s.store.hand(s.clockChange())
	s.mu.Unlock()
	s.courier.wake()
	_ = s.settle() // every later answer will tell
}

// timestamp writes a time as Runa does: UTC, microseconds, "+00:00" (REC, 3.2).
func timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000+00:00")
}
