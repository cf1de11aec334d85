package purchase

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

const (
	firstRetry = 500 * time.Millisecond
	mostRetry  = 15 * time.Second

	// Runa asks for at least 5 s after a 429, growing (RATE). pause takes up to
	// half off again, hence the double.
	firstAfter429 = 10 * time.Second
	mostAfter429  = 2 * time.Minute

	// unsentTries is how often an unreachable host is tried while nothing is open:
	// some 15 s, enough for a hiccup, and short for a wrong address.
	unsentTries = 6
)

// errTimeUp ends a purchase for which the caller's time has run out.
var errTimeUp = errors.New("the timeout of this order is reached")

// submit sends the intent until it is known whether there is an order, the deadline
// passes or ctx ends. Open says whether an earlier attempt may have arrived; once one may have,
// only an order or the order handler's own refusal closes the question. Precheck, where
// given, is asked once, when it is this order's turn.
func (b *Buyer) submit(ctx context.Context, intent Intent, deadline time.Time, open bool, precheck func() error) Result {
	var last error
	give := func(cause error) Result {
		verdict := NotBought
		if open {
			verdict = Unconfirmed
		}
		return Result{Verdict: verdict, Intent: intent, Err: because(cause, last)}
	}
	for try, throttles, unreached := 0, 0, 0; ; try++ {
		if err := b.turn(ctx, deadline, open); err != nil {
			return give(err)
		}
		if open && !intent.repeatable(b.clock.Now()) {
			return give(ErrWindowClosed)
		}
		if precheck != nil && try == 0 {
			if err := precheck(); err != nil {
				return give(err)
			}
		}
		there, _, _ := b.api.Time()
		intent.attempted(b.clock.Now(), there)
		order, err := b.attempt(ctx, intent, try+1)
		finding := judge(err)
		b.brakes.answered(finding, err, try == 0 && !open, b.clock.Now())
		if finding == accepted {
			return Result{Verdict: Processing, Intent: intent, Order: order}
		}
		last = err
		open = open || finding.reopens()
		wait := b.pause(try, firstRetry, mostRetry)
		switch finding {
		case refused:
			return Result{Verdict: Refused, Intent: intent, Err: err}
		case conflicting:
			last = b.conflict(ctx, intent, deadline, err)
			return give(nil)
		case blocked:
			return give(nil)
		case unsent:
			if unreached++; unreached >= unsentTries && !open {
				b.brakes.usedUp()
				return give(nil)
			}
		case throttled:
			wait = b.pause(throttles, firstAfter429, mostAfter429)
			throttles++
			b.pacer.pauseUntil(b.clock.Now().Add(wait))
		}
		if finding.unanswered() && b.brakes.outage() {
			return give(ErrOutage)
		}
		if err := b.sleep(ctx, wait, deadline); err != nil {
			if finding.unanswered() && errors.Is(err, errTimeUp) {
				b.brakes.usedUp()
			}
			return give(err)
		}
	}
}

// turn waits until the order may be sent. It looks at the brakes twice, because they
// may be put on while it waits.
func (b *Buyer) turn(ctx context.Context, deadline time.Time, open bool) error {
	if err := b.brakes.check(b.clock.Now(), open); err != nil {
		return err
	}
	if err := b.pace(ctx, deadline); err != nil {
		return err
	}
	return b.brakes.check(b.clock.Now(), open)
}

// attempt sends the intent once, for the n-th time in this run. An interrupt does not cut it off: an answer that
// is on its way is worth a short wait, because without it the order is unconfirmed.
func (b *Buyer) attempt(ctx context.Context, intent Intent, n int) (client.Order, error) {
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		if b.clock.Sleep(detached, b.grace) == nil {
			cancel()
		}
	})()
	return b.api.CreateOrder(detached, intent.submission(n))
}

// because joins why a purchase was given up with the last thing that went wrong,
// so that a user never sees a bare "deadline exceeded".
func because(cause, last error) error {
	if errors.Is(cause, context.Canceled) {
		cause = errInterrupted
	}
	switch {
	case cause == nil:
		return last
	case last == nil:
		return cause
	default:
		return fmt.Errorf("%w; the last attempt: %w", cause, last)
	}
}

var errInterrupted = errors.New("the run was interrupted")
