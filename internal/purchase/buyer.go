package purchase

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// API is the part of Runa that buying needs. *client.Client implements it.
type API interface {
	// Account tells accounts apart without naming a key.
	Account() string
	// Time bounds what Runa's clock shows now. It is false before Runa's first answer.
	Time() (earliest, latest time.Time, known bool)
	CreateOrder(context.Context, client.Submission) (client.Order, error)
	Order(ctx context.Context, id string) (client.Order, error)
	Orders(context.Context) iter.Seq2[client.Order, error]
}

// Options adjust a Buyer. The zero value is right for a real run.
type Options struct {
	OrdersPerMinute int            // 0: DefaultOrdersPerMinute
	Clock           Clock          // nil: the machine's
	Random          func() float64 // in [0, 1); nil: the machine's
	// Grace is how long an attempt in flight may go on after an interrupt.
	// 0: 10 s, which fits into the time that pipelines give before they kill.
	Grace time.Duration
}

// Buyer places orders for one account. Everything that buys in a process shares
// one, so that they keep Runa's pace together. It is safe for concurrent use.
type Buyer struct {
	api    API
	clock  Clock
	random func() float64
	pacer  *pacer
	brakes brakes
	grace  time.Duration
	seen   sync.Map // order id → finished client.Order
}

const defaultGrace = 10 * time.Second

// New returns a Buyer.
func New(api API, options Options) *Buyer {
	b := &Buyer{api: api, clock: options.Clock, random: options.Random, grace: options.Grace}
	if b.clock == nil {
		b.clock = machineClock{}
	}
	if b.random == nil {
		b.random = rand.Float64
	}
	if b.grace == 0 {
		b.grace = defaultGrace
	}
	if options.OrdersPerMinute == 0 {
		options.OrdersPerMinute = DefaultOrdersPerMinute
	}
	b.pacer = newPacer(options.OrdersPerMinute)
	return b
}

var (
	// ErrOrderFailed is the whole of what Runa says of a failed order.
	ErrOrderFailed = errors.New("the order failed; Runa gives no reason")
	// ErrWindowClosed: the order was not found, and repeating it now could buy it twice.
	ErrWindowClosed = errors.New("Runa may no longer remember this order's idempotency key, so sending it again could buy it twice") //nolint:staticcheck // a name
	// ErrOtherAccount: the order was submitted with another key or to another environment.
	ErrOtherAccount = errors.New("the order was sent with another API key or to another environment, so sending it from here could buy it twice")
)

// Buy places an order and waits until Runa has finished it, for at most about
// budget: an attempt in flight is never cut off, and takes the client's request
// timeout at the most. Ending ctx is an interrupt: no new attempt is started. Precheck, where
// given, is asked right before the first attempt, and can object.
func (b *Buyer) Buy(ctx context.Context, intent Intent, budget time.Duration, precheck func() error) Result {
	deadline := b.clock.Now().Add(budget)
	return b.finish(ctx, b.place(ctx, intent, deadline, precheck), deadline)
}

// Place is the first half of Buy: it does not wait for an order that there is, whose
// verdict is Processing. Finish is the second.
func (b *Buyer) Place(ctx context.Context, intent Intent, budget time.Duration) Result {
	return b.place(ctx, intent, b.clock.Now().Add(budget), nil)
}

// Finish waits for what Place or Await has left Processing.
func (b *Buyer) Finish(ctx context.Context, result Result, budget time.Duration) Result {
	return b.finish(ctx, result, b.clock.Now().Add(budget))
}

func (b *Buyer) place(ctx context.Context, intent Intent, deadline time.Time, precheck func() error) Result {
	intent.Account = b.api.Account()
	return b.submit(ctx, intent, deadline, false, precheck)
}

func (b *Buyer) finish(ctx context.Context, result Result, deadline time.Time) Result {
	if result.Verdict != Processing {
		return result
	}
	return b.follow(ctx, result, deadline)
}

// Settle finds out what became of an Unconfirmed intent. Refused is as certain
// here as from Buy. It looks the order up first, which changes nothing. Repeating
// comes second, and only if may, where given, has no objection, the account is the
// one of the first attempt, and Runa is sure to remember the key.
func (b *Buyer) Settle(ctx context.Context, intent Intent, budget time.Duration, precheck func() error) Result {
	deadline := b.clock.Now().Add(budget)
	open := func(err error) Result { return Result{Verdict: Unconfirmed, Intent: intent, Err: err} }
	var searchErr error
	if intent.Tagged {
		order, err := b.find(ctx, intent, deadline)
		switch {
		case order != nil && intent.Account != b.api.Account():
			// Another environment's order can carry the same key. Only a person can tell.
			return Result{Verdict: Unconfirmed, Intent: intent, Order: *order, Err: ErrOtherAccount}
		case order != nil:
			if differ := differences(*order, intent.Body); len(differ) > 0 {
				return Result{Verdict: Unconfirmed, Intent: intent, Order: *order, Err: &ConflictError{Order: order, Differs: differ, Tagged: true}}
			}
			return b.follow(ctx, Result{Intent: intent, Order: *order}, deadline)
		}
		searchErr = err
	}
	switch {
	case intent.Account != b.api.Account():
		return open(ErrOtherAccount)
	case !intent.repeatable(b.clock.Now()):
		err := ErrWindowClosed
		if searchErr != nil {
			err = fmt.Errorf("%w; looking for the order failed too: %w", ErrWindowClosed, searchErr)
		}
		return open(err)
	}
	return b.finish(ctx, b.submit(ctx, intent, deadline, true, precheck), deadline)
}

// Await waits for an order that is known to exist.
func (b *Buyer) Await(ctx context.Context, id string, budget time.Duration) Result {
	return b.follow(ctx, Result{Order: client.Order{ID: id}}, b.clock.Now().Add(budget))
}
