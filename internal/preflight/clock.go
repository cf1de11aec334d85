package preflight

import (
	"context"
	"fmt"
	"time"
)

// worstClock is how wrong this machine's clock may be. The replay window has a day's
// margin.
const worstClock = 12 * time.Hour

// ClockError is a clock by which nothing may be sent: it does not tell whether Runa still
// remembers a key.
type ClockError struct{ Wrong time.Duration }

func (e *ClockError) Error() string {
	return fmt.Sprintf("this machine's clock differs from Runa's clock by about %d hours", e.Hours())
}

// Hours is how wrong the clock is, rounded.
func (e *ClockError) Hours() int { return int(e.Wrong.Round(time.Hour).Hours()) }

// Clock compares the clocks, as far as Runa has told the time. It returns nil where there
// is nothing to say.
func (r *Run) Clock() *ClockError {
	there, _, known := r.API.Time()
	if wrong := there.Sub(r.Now()).Abs(); known && wrong > worstClock {
		return &ClockError{wrong}
	}
	return nil
}

// NeedTime makes sure that Runa has told the time, and that ours is near it.
func (r *Run) NeedTime(ctx context.Context) error {
	if _, _, known := r.API.Time(); !known {
		if _, err := r.API.Ping(ctx); err != nil {
			if _, _, known = r.API.Time(); !known {
				return fmt.Errorf("Runa's time cannot be read: %w", err) //nolint:staticcheck // a name
			}
		}
	}
	if err := r.Clock(); err != nil {
		return err
	}
	return nil
}
