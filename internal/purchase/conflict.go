package purchase

import (
	"context"
	"fmt"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// ConflictError says that the key first came with other contents. It closes nothing:
// what became of those contents is another question, and Order answers it only
// where it was found.
type ConflictError struct {
	// Order carries the reward's key, whichever attempt placed it, and did not fail for
	// nothing; nil where none was found.
	Order *client.Order
	// Differs names the parts in which Order is not what was asked for.
	Differs []string
	// Search says why the search ended early; nil where all orders were seen.
	Search error
	// Tagged says whether an order of this attempt could be found by its tag at all.
	Tagged bool
	Err    error // Runa's answer; nil where the order was found without one
}

func (e *ConflictError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return fmt.Sprintf("order %s has this idempotency key and different contents", e.Order.ID)
}

func (e *ConflictError) Unwrap() error { return e.Err }

// conflict looks for whose key it is, among the orders of all the time for which Runa
// remembers one.
func (b *Buyer) conflict(ctx context.Context, intent Intent, deadline time.Time, cause error) error {
	found := &ConflictError{Err: cause, Tagged: intent.Tagged}
	now := b.clock.Now()
	order, err := b.search(ctx, intent, now.Add(-rememberedFor-clockSkew), now.Add(clockSkew), deadline, func(order client.Order) bool {
		key, _ := TagOf(order.Metadata)
		return key == intent.reward() && !FailedForNothing(order)
	})
	found.Order, found.Search = order, err
	if order != nil {
		found.Differs = differences(*order, intent.Body)
	}
	return found
}
