package purchase

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// DefaultOrdersPerMinute is the rate beyond which Runa answers 429 (RATE).
const DefaultOrdersPerMinute = 300

// burst is how many orders may go out at once after a quiet spell. It matches
// Terraform's own default parallelism, and is far from a minute's worth.
const burst = 10

// pacer spreads the orders of one process over time. Failed ones count too (RATE).
type pacer struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	quiet   time.Time // no order before this
}

// newPacer keeps every minute, wherever it starts, to perMinute orders: what a
// burst takes at once, a twentieth at the most, is missing from the steady flow
// behind it.
func newPacer(perMinute int) *pacer {
	atOnce := max(1, min(burst, perMinute/20))
	steady := rate.Limit(float64(perMinute-atOnce+1) / 60)
	return &pacer{limiter: rate.NewLimiter(steady, atOnce)}
}

// turn reserves the next free turn and returns how long it is away.
func (p *pacer) turn(now time.Time) (wait time.Duration, giveBack func(time.Time)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := now
	if p.quiet.After(from) {
		from = p.quiet
	}
	turn := p.limiter.ReserveN(from, 1)
	return from.Sub(now) + turn.DelayFrom(from), turn.CancelAt
}

// pauseUntil lets no order go out until then: a 429 is for the account, not for the
// one order that met it.
func (p *pacer) pauseUntil(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.quiet) {
		p.quiet = until
	}
}

func (p *pacer) paused(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Before(p.quiet)
}

// pace waits for this order's turn. One that is paused while it waits loses its
// turn: otherwise all that waited would go out together when the pause is over.
func (b *Buyer) pace(ctx context.Context, deadline time.Time) error {
	for {
		wait, giveBack := b.pacer.turn(b.clock.Now())
		err := ctx.Err()
		if err == nil && wait > 0 {
			err = b.sleep(ctx, wait, deadline)
		}
		if err != nil {
			giveBack(b.clock.Now())
			return fmt.Errorf("waiting for its turn (orders_per_minute): %w", err)
		}
		if !b.pacer.paused(b.clock.Now()) {
			return nil
		}
	}
}
