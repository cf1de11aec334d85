package campaign

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// readsAtOnce is how many orders are read at the same time.
const readsAtOnce = 8

// Reading is how a Refresh goes about it.
type Reading struct {
	// Relink takes over links. Without it what a state has of them stays, as for a single
	// order.
	Relink bool
	// SkipFinal leaves out orders of which Runa has nothing new to tell.
	SkipFinal bool
}

// Refresh reads the placed orders of a book again. An unfinished order is left to a Run,
// which takes its links over, too. It returns all that could not be read, joined.
func Refresh(ctx context.Context, api API, book *Book, payouts map[string]Payout, how Reading) error {
	var mu sync.Mutex
	var failed []error
	var reads errgroup.Group
	reads.SetLimit(readsAtOnce)
	for i := range book.Orders {
		order := &book.Orders[i]
		if order.Standing() != purchase.Placed || how.SkipFinal && order.final(payouts) {
			continue
		}
		reads.Go(func() error {
			read, err := api.Order(ctx, order.OrderID)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = append(failed, fmt.Errorf("order %d: %w", order.Number, err))
				return nil
			}
			order.take(read)
			if how.Relink {
				record(payouts, order.Rewards, read.Items)
			} else {
				refresh(payouts, order.Rewards, read.Items)
			}
			return nil
		})
	}
	_ = reads.Wait() // nothing above fails it
	return errors.Join(failed...)
}

// final reports whether Runa has nothing new to tell of an order.
func (o Order) final(payouts map[string]Payout) bool {
	links := make([]client.PayoutLink, len(o.Rewards))
	for i, id := range o.Rewards {
		links[i].Status = payouts[id].Status
	}
	return purchase.Final(o.Status, links)
}

// refresh is record, but for the links.
func refresh(payouts map[string]Payout, ids []string, items []client.OrderedItem) {
	before := make(map[string]string, len(ids))
	for _, id := range ids {
		before[id] = payouts[id].URL
	}
	record(payouts, ids, items)
	for id, url := range before {
		if payout, ok := payouts[id]; ok {
			payout.URL = url
			payouts[id] = payout
		}
	}
}
