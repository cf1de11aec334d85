package order

import (
	"cmp"
	"fmt"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// Patch is what the outside world does to an order after it was placed: it
// fails, a link is claimed, cancelled or expires. What is left empty stays.
type Patch struct {
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

// Apply changes an order as only the outside world can. The patch is valid.
func (p Patch) Apply(o *Order, now time.Time) {
	if p.Status != "" {
		o.Forced, o.Full = p.Status, p.Full
	}
	if len(p.Items) > 0 || p.Full {
		o.ShowItems = true
	}
	for i := range o.Wire.Items {
		p.payout(i).apply(&o.Wire.Items[i], wire.Timestamp(now))
	}
}

// payout is what the patch does to the ith link.
func (p Patch) payout(i int) PayoutPatch {
	var change PayoutPatch
	if i < len(p.Items) {
		change = p.Items[i].Payout
	}
	if p.Full {
		change.Status = cmp.Or(change.Status, "CANCELLED")
	}
	return change
}

// Validate says what is wrong with a patch of an order with so many items.
func (p Patch) Validate(items int) error {
	switch p.Status {
	case "", StatusProcessing, StatusCompleted, StatusFailed:
	default:
		return fmt.Errorf("status %q is none of %s, %s, %s", p.Status, StatusProcessing, StatusCompleted, StatusFailed)
	}
	if p.Full && p.Status != StatusFailed {
		return fmt.Errorf("full goes with status %s only", StatusFailed)
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
func (p PayoutPatch) apply(to *WireItem, now string) {
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
