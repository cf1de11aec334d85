package sandbox

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// completion is the body of order.completion: the order as lists have it, without items
// and links, or of a FAILED one nothing but that (WH-O, 8).
func (o *order) completion(now time.Time) json.RawMessage {
	if status := o.statusAt(now); status == statusFailed {
		return wire.JSON(accepted{o.id, status})
	}
	return wire.JSON(o.basicAt(now))
}

// productUpdate is the body of product.update (WH-P, 8).
type productUpdate struct {
	ProductCode string       `json:"product_code"`
	OldState    productState `json:"old_state"`
	NewState    productState `json:"new_state"`
	Timestamp   string       `json:"timestamp"`
}

// productState is what product.update says about a product. Subscriptions have no
// denominations.
type productState struct {
	PriceMultiplier string          `json:"price_multiplier"`
	IsOrderable     bool            `json:"is_orderable"`
	Denominations   json.RawMessage `json:"denominations,omitempty"`
}

// state is what product.update says about a product as it is now. Its price multiplier is
// what is left of one after the discount (13.18; samples differ, 8). A withdrawn product
// cannot be ordered (D).
func (s shelf) state(code string) productState {
	p, ok := s.byCode[code]
	if !ok {
		return productState{}
	}
	if changed, ok := s.changed[code]; ok {
		p = changed
	}
	discount, _ := decimal.NewFromString(p.DiscountMultiplier) // "" where there is none
	out := productState{
		PriceMultiplier: decimal.NewFromInt(1).Sub(discount).String(),
		IsOrderable:     p.IsOrderable && !s.withdrawn[code],
	}
	switch p.PayoutType {
	case payoutGiftCard:
		out.Denominations = wire.JSON(p.GiftCard.Denominations)
	case payoutPayment:
		out.Denominations = wire.JSON(p.Payment.Denominations)
	}
	return out
}

// announceProduct sends product.update where a product's state is no longer what it
// was. A change that the event does not tell of, such as a name, sends nothing (D). The
// caller holds mu.
func (s *Sandbox) announceProduct(code string, before productState) {
	after := s.shelf.state(code)
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
func (s *Sandbox) awaitOrder(o *order) {
	if o.mode == modeAsync && o.forced == "" {
		s.announce(message{event: EventOrderCompletion, about: o.id, order: o, due: o.ready})
	}
}

// announcePatched sends order.completion where a patch has ended an asynchronous order,
// or has ended it in another way. One that the patch keeps PROCESSING is no longer
// awaited. The caller holds mu.
func (s *Sandbox) announcePatched(o *order, before string) {
	now := s.clock.now()
	after := o.statusAt(now)
	if o.mode != modeAsync || o.forced == "" || before == after && after != statusProcessing {
		return
	}
	s.messages.forgetAwaited(o)
	if after != statusProcessing {
		s.announce(message{event: EventOrderCompletion, about: o.id, body: o.completion(now), due: now})
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
