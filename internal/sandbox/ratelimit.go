package sandbox

import "time"

// rateLimit allows so many order creations in any minute of the sandbox's clock,
// whatever becomes of them (RATE, 5.3). The window slides (D); a refused call
// does not count, or a caller that hammers would never get through again (D).
type rateLimit struct {
	perMinute int // negative: no limit
	recent    []time.Time
}

// allow counts a creation at the time now, if there is room for it.
func (l *rateLimit) allow(now time.Time) bool {
	if l.perMinute < 0 {
		return true
	}
	old := 0
	for old < len(l.recent) && now.Sub(l.recent[old]) >= time.Minute {
		old++
	}
	l.recent = l.recent[old:]
	if len(l.recent) >= l.perMinute {
		return false
	}
	l.recent = append(l.recent, now)
	return true
}
