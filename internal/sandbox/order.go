package sandbox

import (
	"time"

	"github.com/shopspring/decimal"
)

// order is an order that was placed. It does not change by itself: what it looks
// like follows from the clock.
type order struct {
	id, key, mode string
	currency      string // of the payment
	created       time.Time
	ready         time.Time // PROCESSING until then
	body          []byte    // the request, byte for byte
	wire          wireOrder // as completed

	// What PatchOrder did.
	forced    string // a status that the clock has no say in
	showItems bool   // a FAILED order shows its items
	full      bool   // and its completed_at
}

// The order statuses (3.3).
const (
	statusProcessing = "PROCESSING"
	statusCompleted  = "COMPLETED"
	statusFailed     = "FAILED"
)

// The execution modes (SPEC, 1.3). Without the header an order is async.
const (
	modeAsync = "async"
	modeSync  = "sync"
)

// statusAt is the order's status at a time.
func (o *order) statusAt(now time.Time) string {
	switch {
	case o.forced != "":
		return o.forced
	case now.Before(o.ready):
		return statusProcessing
	}
	return statusCompleted
}

// wireAt is what GET /order/{id} answers at a time: one of two shapes, and for a
// FAILED order the basic one, without items (D, 12), unless a patch shows them, or the
// full one, which SPEC has (14.9).
func (o *order) wireAt(now time.Time) any {
	full := o.wire
	full.Status = o.statusAt(now)
	switch full.Status {
	case statusProcessing:
		return processing(o.id)
	case statusFailed:
		if !o.full {
			full.CompletedAt = nil // it never was (D)
		}
		if !o.showItems {
			return full.basicOrder
		}
	}
	return full
}

// basicAt is the order as GET /order lists it at a time (SPEC, 3.2).
func (o *order) basicAt(now time.Time) any {
	if full, ok := o.wireAt(now).(wireOrder); ok {
		return full.basicOrder
	}
	return o.wireAt(now)
}

// price is what the order costs, in its payment currency.
func (o *order) price() decimal.Decimal { return decimal.RequireFromString(o.wire.TotalPrice) }

// orderBook is all orders of the account.
type orderBook struct {
	placed []*order // oldest first
	byID   map[string]int
	ids    uint64 // made so far
}

func newOrderBook() orderBook {
	return orderBook{byID: map[string]int{}}
}

// add takes an order in.
func (b *orderBook) add(o *order) {
	b.byID[o.id] = len(b.placed)
	b.placed = append(b.placed, o)
}

// find finds an order by its id.
func (b *orderBook) find(id string) (*order, bool) {
	i, ok := b.byID[id]
	if !ok {
		return nil, false
	}
	return b.placed[i], true
}
