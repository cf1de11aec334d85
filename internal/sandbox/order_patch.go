package sandbox

import (
	"cmp"
	"fmt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// OrderPatch is what the outside world does to an order after it was placed: it
// fails, a link is claimed, cancelled or expires. What is left empty stays.
type OrderPatch struct {
	// Status is COMPLETED, FAILED or PROCESSING, from now on and whatever the
	// clock says. A FAILED order shows no items (D, 3.3) unless Items is given:
	// {"status":"FAILED","items":[{}]} is one that failed with a live link.
	Status string `json:"status"`
	// Full gives a FAILED order the body that SPEC says it has: items and completed_at
	// (14.9). Its links are CANCELLED (D), unless Items says otherwise.
	Full bool `json:"full"`
	// Items are aligned with the order's; there may be fewer.
	Items []ItemPatch `json:"items"`
}

// ItemPatch changes one item of an order.
type ItemPatch struct {
	Payout PayoutPatch `json:"payout"`
}

// PayoutPatch changes the link of an item. A changed status is stamped with the
// sandbox's time.
type PayoutPatch struct {
	Status     string `json:"status"` // ACTIVE, CLAIMED, CANCELLED or EXPIRED (3.4)
	URL        string `json:"url"`
	NoURL      bool   `json:"no_url"`      // the link becomes null
	ExpiryDate string `json:"expiry_date"` // as it shall stand on the wire
}

// PatchOrder changes an order as only the outside world can. An unknown id, or a
// change that makes no sense, is an error, and nothing is changed. In production mode
// an order that fails is re-credited, and one that comes back to life is paid again.
func (s *Sandbox) PatchOrder(id string, p OrderPatch) error {
	if err := s.patchOrder(id, p); err != nil {
		return err
	}
	return s.settle()
}

func (s *Sandbox) patchOrder(id string, p OrderPatch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders.find(id)
	if !ok {
		return fmt.Errorf("order %q: %w", id, wire.ErrNotFound)
	}
	if err := p.validate(len(o.wire.Items)); err != nil {
		return fmt.Errorf("order %q: %w", id, err)
	}
	before := o.statusAt(s.clock.now())
	if p.Status != "" {
		if err := s.account.fail(o, p.Status == statusFailed); err != nil {
			return fmt.Errorf("order %q: %w", id, err)
		}
		o.forced, o.full = p.Status, p.Full
	}
	if len(p.Items) > 0 || p.Full {
		o.showItems = true
	}
	for i := range o.wire.Items {
		p.payout(i).apply(&o.wire.Items[i], wire.Timestamp(s.clock.now()))
	}
	s.announcePatched(o, before)
	s.store.hand(s.orderChange(o), s.accountChange())
	return nil
}

// payout is what the patch does to the ith link.
func (p OrderPatch) payout(i int) PayoutPatch {
	var change PayoutPatch
	if i < len(p.Items) {
		change = p.Items[i].Payout
	}
	if p.Full {
		change.Status = cmp.Or(change.Status, "CANCELLED")
	}
	return change
}

// validate says what is wrong with a patch of an order with so many items.
func (p OrderPatch) validate(items int) error {
	switch p.Status {
	case "", statusProcessing, statusCompleted, statusFailed:
	default:
		return fmt.Errorf("status %q is none of %s, %s, %s", p.Status, statusProcessing, statusCompleted, statusFailed)
	}
	if p.Full && p.Status != statusFailed {
		return fmt.Errorf("full goes with status %s only", statusFailed)
	}
	if len(p.Items) > items {
		return fmt.Errorf("%d items given, but there are %d", len(p.Items), items)
	}
	for i, item := range p.Items {
		switch item.Payout.Status {
		case "", "ACTIVE", "CLAIMED", "CANCELLED", "EXPIRED":
		default:
			return fmt.Errorf("items[%d].payout.status %q is none of ACTIVE, CLAIMED, CANCELLED, EXPIRED", i, item.Payout.Status)
		}
		if item.Payout.NoURL && item.Payout.URL != "" {
			return fmt.Errorf("items[%d].payout: url and no_url exclude one another", i)
		}
	}
	return nil
}

// apply changes an item's link, in both places where it stands.
func (p PayoutPatch) apply(to *wireItem, now string) {
	if p.Status != "" {
		to.Payout.Status, to.Payout.StatusUpdatedAt = p.Status, now
	}
	if p.URL != "" {
		to.Payout.URL = &p.URL
	}
	if p.NoURL {
		to.Payout.URL = nil
	}
	if to.RedemptionURL != nil {
		to.RedemptionURL = wire.JSON(to.Payout.URL)
	}
	if p.ExpiryDate != "" {
		to.Payout.ExpiryDate = &p.ExpiryDate
	}
}
