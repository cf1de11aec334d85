package sandbox

import (
	"fmt"
	"time"
)

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

// mostAhead is how far a clock can be moved in all, a hundred years: a Duration holds no
// three hundred, and a timestamp no year 10000.
const mostAhead = 100 * 365 * 24 * time.Hour

// errTooFar says that the clock stays where it is.
var errTooFar = fmt.Errorf("the clock can be moved on by %s in all, and no further", mostAhead)

// Advance moves the clock on by d: orders finish, rate windows slide and
// idempotency keys grow old without anybody waiting. It panics where the clock would be
// more than a hundred years ahead.
func (s *Sandbox) Advance(d time.Duration) {
	if err := s.advance(d); err != nil {
		panic("sandbox: " + err.Error())
	}
}

func (s *Sandbox) advance(d time.Duration) error {
	s.mu.Lock()
	if d > mostAhead-s.clock.ahead {
		s.mu.Unlock()
		return errTooFar
	}
	s.clock.ahead += d
	s.store.hand(s.clockChange())
	s.mu.Unlock()
	s.courier.wake()
	_ = s.settle() // every later answer will tell
	return nil
}
