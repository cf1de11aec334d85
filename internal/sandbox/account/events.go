package account

import (
	"fmt"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// productUpdate is the body of product.update (WH-P, 8).
type productUpdate struct {
	ProductCode string          `json:"product_code"`
	OldState    catalogue.State `json:"old_state"`
	NewState    catalogue.State `json:"new_state"`
	Timestamp   string          `json:"timestamp"`
}

// PatchProduct changes a product of the catalogue, or withdraws it and brings it
// back. An unknown code, or a change that makes no sense, is an error.
func (a *Account) PatchProduct(code string, p catalogue.Patch) error {
	if err := a.patchProduct(code, p); err != nil {
		return err
	}
	return a.Sync()
}

func (a *Account) patchProduct(code string, p catalogue.Patch) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, after, err := a.catalogue.Patch(code, p)
	if err != nil {
		return fmt.Errorf("product %q: %w", code, err)
	}
	a.announceProduct(code, before, after)
	a.patches++
	a.store.add(patchChange(a.patches, code, p))
	return nil
}

// announceProduct sends product.update if a product's state has changed. A change that the
// event does not show, such as a name, sends nothing (D). The caller holds mu.
func (a *Account) announceProduct(code string, before, after catalogue.State) {
	if string(wire.JSON(before)) == string(wire.JSON(after)) {
		return
	}
	now := a.clock.now()
	a.announce(webhook.Event{
		Type:  webhook.EventProductUpdate,
		About: code,
		Body:  wire.JSON(productUpdate{code, before, after, wire.Timestamp(now)}),
		Due:   now,
	})
}

// awaitOrder sends order.completion when an asynchronous order has ended; a synchronous
// one has ended with its answer. The caller holds mu.
func (a *Account) awaitOrder(o *order.Order) {
	if o.Mode == order.ModeAsync && o.Forced == "" {
		a.announce(webhook.Event{Type: webhook.EventOrderCompletion, About: o.ID, Await: o.Completion, Due: o.Ready})
	}
}

// announcePatched sends order.completion if a patch has ended an asynchronous order,
// or has ended it in another way. One that the patch keeps PROCESSING is no longer
// awaited. The caller holds mu.
func (a *Account) announcePatched(o *order.Order, before string) {
	now := a.clock.now()
	after := o.StatusAt(now)
	if o.Mode != order.ModeAsync || o.Forced == "" || before == after && after != order.StatusProcessing {
		return
	}
	a.events.ForgetAwaited(o.ID)
	if after != order.StatusProcessing {
		a.announce(webhook.Event{Type: webhook.EventOrderCompletion, About: o.ID, Body: o.Completion(now), Due: now})
	}
}

// announce sends an event to everybody who wants it, without waiting for anything. The
// caller holds mu.
func (a *Account) announce(e webhook.Event) {
	a.events.Announce(e, a.clock.now())
	a.options.Announced()
}

// NextAttempt takes out a message that is due, or says how long there is none.
func (a *Account) NextAttempt() (*webhook.Attempt, time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.events.Take(a.clock.now())
}

// FinishAttempt notes the result of an attempt: a status, 0 for none.
func (a *Account) FinishAttempt(attempt *webhook.Attempt, status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	attempt.Finish(status, a.clock.now())
}

// Deliveries is every event of this process that is remembered, oldest first, and how
// many were lost because 10,000 others were waiting.
func (a *Account) Deliveries() (all []webhook.Delivery, lost int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.events.Deliveries()
}

// SendAgain sends an event once more, under the same id, and starts the pauses between
// its attempts again.
func (a *Account) SendAgain(id string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.events.SendAgain(id, a.clock.now()); err != nil {
		return err
	}
	a.options.Announced()
	return nil
}
