package purchase

import (
	"context"
	"time"
)

// Clock is the time a Buyer lives by.
type Clock interface {
	Now() time.Time
	// Sleep returns early, with the context's error, when the context ends.
	Sleep(ctx context.Context, d time.Duration) error
}

type machineClock struct{}

func (machineClock) Now() time.Time { return time.Now() }

func (machineClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pause is the wait before try n (counted from 0): doubling from first up to
// most, then shortened by up to half at random, so that parallel orders spread out.
func (b *Buyer) pause(n int, first, most time.Duration) time.Duration {
	wait := first
	for range n {
		if wait *= 2; wait >= most {
			wait = most
			break
		}
	}
	return wait - time.Duration(b.random()*float64(wait)/2)
}

// sleep waits for d unless that would pass the deadline or ctx ends first.
func (b *Buyer) sleep(ctx context.Context, d time.Duration, deadline time.Time) error {
	if b.clock.Now().Add(d).After(deadline) {
		return errTimeUp
	}
	return b.rest(ctx, d)
}

// sleepUpTo is for looking, which costs nothing: where d would pass the deadline there
// is one last look when it comes, and only then is the time up.
func (b *Buyer) sleepUpTo(ctx context.Context, d time.Duration, deadline time.Time) error {
	left := deadline.Sub(b.clock.Now())
	if left <= 0 {
		return errTimeUp
	}
	return b.rest(ctx, min(d, left))
}

// rest waits for d unless ctx ends first. An interrupt that comes in the very moment in
// which the wait is over counts too.
func (b *Buyer) rest(ctx context.Context, d time.Duration) error {
	if err := b.clock.Sleep(ctx, d); err != nil {
		return err
	}
	return ctx.Err()
}
