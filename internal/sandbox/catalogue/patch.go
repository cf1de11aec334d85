package catalogue

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// discountPattern is a multiplier that leaves a price between nothing and the whole.
var discountPattern = regexp.MustCompile(`^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$`)

// Patch is what Runa does to its catalogue between a plan and an apply
// (6.5). What is left empty stays.
type Patch struct {
	IsOrderable        *bool              `json:"is_orderable"`
	Withdrawn          *bool              `json:"withdrawn"` // gone from the list, 404, and not for sale
	State              string             `json:"state"`     // LIVE, TEMPORARILY_DISABLED or TEMPORARILY_DEGRADED
	Name               string             `json:"name"`
	DiscountMultiplier string             `json:"discount_multiplier"`
	Denominations      *DenominationPatch `json:"denominations"`
}

// DenominationPatch replaces a product's denominations. With a list, minimum and
// maximum follow from it unless they are given as well.
type DenominationPatch struct {
	Type          string   `json:"type"` // fixed or open
	AvailableList []string `json:"available_list"`
	MinimumValue  string   `json:"minimum_value"`
	MaximumValue  string   `json:"maximum_value"`
}

// Patch changes a product, or withdraws it and brings it back. It gives the product's
// state before and after. An unknown code, or a change that makes no sense, is an error.
func (c *Catalogue) Patch(code string, p Patch) (before, after State, err error) {
	original, known := c.byCode[code]
	if !known {
		return before, after, wire.ErrNotFound
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before = c.state(code)
	changed := c.patched(original).clone()
	if err := p.apply(changed); err != nil {
		return before, before, err
	}
	c.changed[code] = changed.encode()
	if p.Withdrawn != nil {
		c.withdrawn[code] = *p.Withdrawn
	}
	return before, c.state(code), nil
}

// apply changes a product, or says what is wrong with the change.
func (p Patch) apply(to *Product) error {
	if p.IsOrderable != nil {
		to.IsOrderable = *p.IsOrderable
	}
	if p.Name != "" {
		to.Name = p.Name
	}
	switch p.State {
	case "":
	case stateLive, stateDisabled, stateDegraded:
		to.State = p.State
	default:
		return fmt.Errorf("state %q is none of %s, %s, %s", p.State, stateLive, stateDisabled, stateDegraded)
	}
	if p.DiscountMultiplier != "" {
		if !discountPattern.MatchString(p.DiscountMultiplier) {
			return fmt.Errorf("discount_multiplier %q is no decimal from 0 to 1 with up to four decimals, such as 0.0500", p.DiscountMultiplier)
		}
		to.DiscountMultiplier = p.DiscountMultiplier
	}
	if p.Denominations == nil {
		return nil
	}
	return p.Denominations.apply(to)
}

// apply changes the denominations of a gift card or a payment product.
func (p DenominationPatch) apply(to *Product) error {
	switch {
	case to.PayoutType == payoutSubscription:
		return errors.New("a subscription has plans, not denominations")
	case to.PayoutType == PayoutPayment && (p.Type != "" || p.AvailableList != nil):
		return errors.New("a payment product has a minimum and a maximum only")
	}
	limits := slices.DeleteFunc([]string{p.MinimumValue, p.MaximumValue}, func(limit string) bool { return limit == "" })
	for _, amount := range append(limits, p.AvailableList...) {
		if _, err := decimal.NewFromString(amount); err != nil {
			return fmt.Errorf("denominations: %w", err)
		}
	}
	if to.PayoutType == PayoutPayment {
		to.Payment.Denominations.MinimumValue = cmp.Or(p.MinimumValue, to.Payment.Denominations.MinimumValue)
		to.Payment.Denominations.MaximumValue = cmp.Or(p.MaximumValue, to.Payment.Denominations.MaximumValue)
		return nil
	}
	d, err := p.over(to.GiftCard.Denominations)
	to.GiftCard.Denominations = d
	return err
}

// over is what the patch makes of denominations.
func (p DenominationPatch) over(d denominations) (denominations, error) {
	if len(p.AvailableList) > 0 {
		d = listOf(p.AvailableList...)
	}
	d.Type = cmp.Or(p.Type, d.Type)
	d.MinimumValue = cmp.Or(p.MinimumValue, d.MinimumValue)
	d.MaximumValue = cmp.Or(p.MaximumValue, d.MaximumValue)
	if err := d.check(); err != nil {
		return d, err
	}
	if d.Type == typeRange && p.AvailableList == nil {
		d.AvailableList = nil
	}
	return d, nil
}

// State is what product.update says about a product. Subscriptions have no
// denominations.
type State struct {
	PriceMultiplier string          `json:"price_multiplier"`
	IsOrderable     bool            `json:"is_orderable"`
	Denominations   json.RawMessage `json:"denominations,omitempty"`
}

// state is what product.update says about a product as it is now. Its price multiplier is
// what is left of one after the discount (13.18; samples differ, 8). A withdrawn product
// cannot be ordered (D). The caller holds mu.
func (c *Catalogue) state(code string) State {
	p := c.patched(c.byCode[code])
	discount, _ := decimal.NewFromString(p.DiscountMultiplier) // "" where there is none
	out := State{
		PriceMultiplier: decimal.NewFromInt(1).Sub(discount).String(),
		IsOrderable:     p.IsOrderable && !c.withdrawn[code],
	}
	switch p.PayoutType {
	case PayoutGiftCard:
		out.Denominations = wire.JSON(p.GiftCard.Denominations)
	case PayoutPayment:
		out.Denominations = wire.JSON(p.Payment.Denominations)
	}
	return out
}
