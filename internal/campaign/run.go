package campaign

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Buyer buys orders. *purchase.Buyer implements it.
type Buyer interface {
	Place(ctx context.Context, intent purchase.Intent, budget time.Duration) purchase.Result
	Settle(ctx context.Context, intent purchase.Intent, budget time.Duration, precheck func() error) purchase.Result
	Finish(ctx context.Context, result purchase.Result, budget time.Duration) purchase.Result
}

// Run buys what a campaign lacks, and records what came of it. It sends orders by
// number, each only after Runa has answered for all before it.
//
// That is what keeps two runs from buying a reward twice where neither sees the other's
// orders yet, and their lists differ. Both send the same key for the same number. If the
// contents are the same, Runa answers both with one order. If they are not, the second
// is told so, and stops before it sends a higher number, which could hold a reward that
// the other run has in a number before it.
type Run struct {
	Name    string
	Buyer   Buyer
	Book    *Book
	Payouts map[string]Payout
	// Open are the requests of orders of which it is not known whether they were placed.
	Open map[int]purchase.Intent
	// Precheck is asked before a batch is sent, and before an open order is sent again (then
	// with its record alone). Refund gives back what it took.
	Precheck func(*Batch, Order) (release func(), err error)

	mu    sync.Mutex
	waits sync.WaitGroup
}

// ErrNoRequest says that a state lacks the request of an order that may be placed.
var ErrNoRequest = errors.New("the state does not hold the request that was sent, so it cannot be sent again")

// Outcome is what came of one order in a run.
type Outcome struct {
	Order  Order
	Result purchase.Result
	// NotSent says why a batch was not sent; nil if it was.
	NotSent error
	// Rest is how many further batches were not sent, because of this one.
	Rest int
}

// Buy sends the batches that the book was dealt, and waits for all that is unfinished,
// for at most about budget. An outcome is given for each order it touched. Settle comes
// before: where its outcomes forbid it, nothing is sent.
func (r *Run) Buy(ctx context.Context, settled []Outcome, batches []*Batch, budget time.Duration) []Outcome {
	deadline := time.Now().Add(budget)
	outcomes := slices.Concat(settled, r.unfinished(settled))
	if i := slices.IndexFunc(settled, stops); i >= 0 {
		outcomes[i].Rest = len(batches)
	} else {
		outcomes = append(outcomes, r.send(ctx, batches, deadline)...)
	}
	// Each order is waited for by itself, all at once: they are done when Runa is.
	for i := range outcomes {
		if outcomes[i].Result.Verdict == purchase.Processing {
			r.waits.Go(func() { r.finish(ctx, &outcomes[i], deadline) })
		}
	}
	r.waits.Wait()
	return outcomes
}

// stops reports whether nothing of a higher number may be sent after an outcome.
func stops(o Outcome) bool {
	return o.NotSent != nil || o.Result.Verdict == purchase.Unconfirmed || o.Result.Verdict == purchase.NotBought
}

// Settle finds out what became of the open orders, before anything is dealt.
func (r *Run) Settle(ctx context.Context, budget time.Duration) (outcomes []Outcome) {
	deadline := time.Now().Add(budget)
	for _, order := range slices.Clone(r.Book.Orders) {
		if order.Standing() != purchase.Open {
			continue
		}
		intent, kept := r.Open[order.Number]
		if !kept {
			outcomes = append(outcomes, Outcome{Order: order, NotSent: ErrNoRequest})
			continue
		}
		release := func() {}
		result := r.Buyer.Settle(ctx, intent, time.Until(deadline), func() (err error) {
			release, err = r.Precheck(nil, order)
			return err
		})
		if result.Verdict == purchase.Refused {
			release()
		}
		if other, found := r.instead(intent, order, result.Err); found {
			outcomes = append(outcomes, other)
			continue
		}
		outcomes = append(outcomes, Outcome{Order: r.note(order, result), Result: result})
	}
	return outcomes
}

// instead takes over the order that another run has placed under an open order's number,
// with other contents. Runa knows one request under a key, and that was the other run's:
// the open one bought nothing. A later attempt says the same, since it was sent only
// when the open one was known to have bought nothing.
func (r *Run) instead(intent purchase.Intent, order Order, err error) (outcome Outcome, found bool) {
	conflict := (*purchase.ConflictError)(nil)
	if !errors.As(err, &conflict) || conflict.Order == nil {
		return outcome, false
	}
	key, attempt := purchase.TagOf(conflict.Order.Metadata)
	if key != Key(r.Name, order.Number) || attempt < intent.Attempt || !intent.Near(*conflict.Order) {
		return outcome, false
	}
	other, err := recordOf(r.Name, *conflict.Order, attempt)
	if err != nil {
		return outcome, false
	}
	other.Digests = digests(other, conflict.Order.Items, r.Book.Salt)
	delete(r.Open, order.Number)
	r.Book.put(other)
	record(r.Payouts, other.Rewards, conflict.Order.Items)
	return Outcome{Order: other, Result: purchase.Result{Verdict: purchase.Bought, Order: *conflict.Order}}, true
}

func (r *Run) send(ctx context.Context, batches []*Batch, deadline time.Time) (outcomes []Outcome) {
	for i, batch := range batches {
		outcome := r.place(ctx, batch, deadline)
		outcomes = append(outcomes, outcome)
		if stops(outcome) {
			outcomes[i].Rest = len(batches) - i - 1
			break
		}
	}
	return outcomes
}

func (r *Run) place(ctx context.Context, batch *Batch, deadline time.Time) Outcome {
	order := batch.order(r.Book.Salt)
	intent, err := batch.Intent(r.Name)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Outcome{Order: order, NotSent: err}
	}
	release, err := r.Precheck(batch, order)
	if err != nil {
		return Outcome{Order: order, NotSent: err}
	}
	result := r.Buyer.Place(ctx, intent, time.Until(deadline))
	if result.Verdict == purchase.NotBought || result.Verdict == purchase.Refused {
		release()
	}
	return Outcome{Order: r.note(order, result), Result: result}
}

// order is the record of a batch that is about to be sent.
func (b *Batch) order(salt string) Order {
	order := Order{Number: b.Number, Attempt: b.Attempt, Group: b.Name, Currency: b.Pay, Payout: b.Payout, FaceValue: b.Sum().StringFixed(2)}
	for _, reward := range b.Rewards {
		order.Rewards = append(order.Rewards, reward.ID)
		order.Digests += reward.digest(salt)
	}
	return order
}

// unfinished gives an outcome to each order that an earlier run left unfinished.
func (r *Run) unfinished(settled []Outcome) (outcomes []Outcome) {
	for _, order := range r.Book.Orders {
		known := slices.ContainsFunc(settled, func(o Outcome) bool { return o.Order.Number == order.Number })
		if order.Standing() == purchase.Unfinished && !known {
			outcomes = append(outcomes, Outcome{Order: order, Result: purchase.Result{
				Verdict: purchase.Processing, Order: client.Order{ID: order.OrderID, Status: client.StatusProcessing},
			}})
		}
	}
	return outcomes
}

func (r *Run) finish(ctx context.Context, outcome *Outcome, deadline time.Time) {
	outcome.Result = r.Buyer.Finish(ctx, outcome.Result, time.Until(deadline))
	r.mu.Lock()
	defer r.mu.Unlock()
	outcome.Order = r.note(outcome.Order, outcome.Result)
}

// note records what is known of an order. Where it is certain that this attempt is as
// if it had never been, what the book had before stays.
func (r *Run) note(order Order, result purchase.Result) Order {
	delete(r.Open, order.Number)
	switch result.Verdict {
	case purchase.NotBought:
		return order
	case purchase.Refused:
		order.Status, order.OrderID = purchase.StatusRejected, ""
	case purchase.Unconfirmed:
		order.Status = purchase.StatusUnconfirmed
		r.Open[order.Number] = result.Intent
	default:
		order.take(result.Order)
		record(r.Payouts, order.Rewards, result.Order.Items)
	}
	r.Book.put(order)
	return order
}
