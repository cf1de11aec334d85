package purchase

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// clockSkew is how far Runa's clock and ours may be apart in a search.
const clockSkew = time.Hour

// enoughOlder is how many orders in a row must be older than the ones sought to
// end a search: nobody promises that the list is sorted.
const enoughOlder = 500

// find looks for the order that carries the intent's tag. It only reads. A nil
// order without an error means that none of the orders placed at the time has it.
func (b *Buyer) find(ctx context.Context, intent Intent, deadline time.Time) (*client.Order, error) {
	from, to := intent.placedBetween(b.clock.Now())
	return b.search(ctx, intent, from, to, deadline, func(order client.Order) bool { return intent.carriedBy(order.Metadata) })
}

// search gives the first order created within a time that matches, those nearest to the
// intent first.
func (b *Buyer) search(ctx context.Context, intent Intent, from, to, deadline time.Time, matches func(client.Order) bool) (*client.Order, error) {
	candidates, err := b.candidates(ctx, intent, from, to, deadline)
	if err != nil {
		return nil, err
	}
	for _, candidate := range candidates {
		if b.clock.Now().After(deadline) {
			return nil, errTimeUp
		}
		order, err := b.read(ctx, candidate.id)
		if err != nil {
			return nil, err
		}
		if matches(order) {
			return &order, nil
		}
	}
	return nil, nil
}

// candidate is an order that may be the one sought. A list's entries carry no
// metadata, so each must be read to be sure.
type candidate struct {
	id   string
	away time.Duration // from the first attempt
}

// candidates lists the orders that may be the intent's, likeliest first.
func (b *Buyer) candidates(ctx context.Context, intent Intent, from, to, deadline time.Time) ([]candidate, error) {
	var found []candidate
	var newest time.Time // as the list claims: its first entry's
	older := 0
	for order, err := range b.api.Orders(ctx) {
		if err != nil {
			return nil, err
		}
		if b.clock.Now().After(deadline) {
			return nil, errTimeUp
		}
		created, err := time.Parse(time.RFC3339, order.CreatedAt)
		if err != nil {
			// Still processing: it shows neither a time nor a key, now or when read.
			continue
		}
		if newest.IsZero() {
			newest = created
		}
		if created.Before(from) {
			if older++; older >= enoughOlder && created.Before(newest) {
				break // newest first, as far as seen: the rest is older still
			}
			continue
		}
		older = 0
		if created.After(to) || (order.Currency != "" && order.Currency != intent.Currency) {
			continue
		}
		found = append(found, candidate{order.ID, created.Sub(intent.FirstAttempt).Abs()})
	}
	slices.SortStableFunc(found, func(x, y candidate) int { return cmp.Compare(x.away, y.away) })
	return found, nil
}

// read remembers finished orders, so that a run that settles many intents reads
// each order around them once.
func (b *Buyer) read(ctx context.Context, id string) (client.Order, error) {
	if known, ok := b.seen.Load(id); ok {
		return known.(client.Order), nil
	}
	order, err := b.api.Order(ctx, id)
	if err == nil && order.Status != client.StatusProcessing {
		b.seen.Store(id, order)
	}
	return order, err
}
