package sandbox

import (
	"fmt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// productUpdate is the body of product.update (WH-P, 8).
type productUpdate struct {
	ProductCode string          `json:"product_code"`
	OldState    catalogue.State `json:"old_state"`
	NewState    catalogue.State `json:"new_state"`
	Timestamp   string          `json:"timestamp"`
}

// announceProduct sends product.update where a product's state is no longer what it
// was. A change that the event does not tell of, such as a name, sends nothing (D). The
// caller holds mu.
func (s *Sandbox) announceProduct(code string, before, after catalogue.State) {
	if string(wire.JSON(before)) == string(wire.JSON(after)) {
		return
	}
	now := s.clock.now()
	s.announce(message{
		event: EventProductUpdate,
		about: code,
		body:  wire.JSON(productUpdate{code, before, after, wire.Timestamp(now)}),
		due:   now,
	})
}

// awaitOrder sends order.completion when an asynchronous order has ended; a synchronous
// one has ended with its answer. The caller holds mu.
func (s *Sandbox) awaitOrder(o *order.Order) {
	if o.Mode == order.ModeAsync && o.Forced == "" {
		s.announce(message{event: EventOrderCompletion, about: o.ID, order: o, due: o.Ready})
	}
}

// announcePatched sends order.completion where a patch has ended an asynchronous order,
// or has ended it in another way. One that the patch keeps PROCESSING is no longer
// awaited. The caller holds mu.
func (s *Sandbox) announcePatched(o *order.Order, before string) {
	now := s.clock.now()
	after := o.StatusAt(now)
	if o.Mode != order.ModeAsync || o.Forced == "" || before == after && after != order.StatusProcessing {
		return
	}
	s.messages.forgetAwaited(o)
	if after != order.StatusProcessing {
		s.announce(message{event: EventOrderCompletion, about: o.ID, body: o.Completion(now), due: now})
	}
}

// announce sends an event to everybody who wants it, without waiting for anything. The
// caller holds mu.
func (s *Sandbox) announce(m message) {
	for _, hook := range s.options.Webhooks {
		if hook.wants(m.event) {
			copied := m
			copied.id, copied.to = newMessageID(s.clock.now()), hook
			s.messages.add(&copied)
		}
	}
	s.courier.wake()
}

// ProductPatch is what Runa does to a product between a plan and an apply.
type ProductPatch = catalogue.Patch

// DenominationPatch replaces a product's denominations.
type DenominationPatch = catalogue.DenominationPatch

// The product selection templates of a sandbox in production mode.
const (
	TemplateUSD = catalogue.TemplateUSD
	TemplateGBP = catalogue.TemplateGBP
)

// PatchProduct changes a product of the catalogue, or withdraws it and brings it
// back. An unknown code, or a change that makes no sense, is an error.
func (s *Sandbox) PatchProduct(code string, p catalogue.Patch) error {
	if err := s.patchProduct(code, p); err != nil {
		return err
	}
	return s.settle()
}

func (s *Sandbox) patchProduct(code string, p catalogue.Patch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, after, err := s.catalogue.Patch(code, p)
	if err != nil {
		return fmt.Errorf("product %q: %w", code, err)
	}
	s.announceProduct(code, before, after)
	s.store.hand(s.patchChange(code, p))
	return nil
}
