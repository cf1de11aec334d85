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

// Refresh reads the placed orders of a book again. Without relink it changes no link:
// what a state has of them stays, as for a single order. An unfinished order is left to
// a Run, which takes its links over, too. It returns all that could not be read, joined.
func Refresh(ctx context.Context, api API, book *Book, payouts map[string]Payout, relink bool) error {
	var mu sync.Mutex
	var failed []error
	var reads errgroup.Group
	reads.SetLimit(readsAtOnce)
	for i := range book.Orders {
		order := &book.Orders[i]
		if order.Standing() != purchase.Placed {
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
			if relink {
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
