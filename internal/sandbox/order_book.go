package sandbox

import (
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// orderBook is all orders of the account.
type orderBook struct {
	placed []*order.Order // oldest first
	byID   map[string]int
	ids    order.IDs
}

func newOrderBook() orderBook {
	return orderBook{byID: map[string]int{}}
}

// add takes an order in.
func (b *orderBook) add(o *order.Order) {
	b.byID[o.ID] = len(b.placed)
	b.placed = append(b.placed, o)
}

// find finds an order by its id.
func (b *orderBook) find(id string) (*order.Order, bool) {
	i, ok := b.byID[id]
	if !ok {
		return nil, false
	}
	return b.placed[i], true
}
