package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"
)

// discountPattern is a multiplier that leaves a price between nothing and the whole.
var discountPattern = regexp.MustCompile(`^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$`)

// ProductPatch is what Runa does to its catalogue between a plan and an apply
// (6.5). What is left empty stays.
type ProductPatch struct {
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

// PatchProduct changes a product of the catalogue, or withdraws it and brings it
// back. An unknown code, or a change that makes no sense, is an error.
func (s *Sandbox) PatchProduct(code string, p ProductPatch) error {
	if err := s.patchProduct(code, p); err != nil {
		return err
	}
	return s.settle()
}

func (s *Sandbox) patchProduct(code string, p ProductPatch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.shelf.state(code)
	if err := s.shelf.patch(code, p); err != nil {
		return fmt.Errorf("product %q: %w", code, err)
	}
	s.announceProduct(code, before)
	s.store.hand(s.patchChange(code, p))
	return nil
}

// patch changes a product.
func (s shelf) patch(code string, p ProductPatch) error {
	original, ok := s.byCode[code]
	if !ok {
		return errNoSuchThing
	}
	if changed, ok := s.changed[code]; ok {
		original = changed
	}
	changed := original.clone()
	if err := p.apply(changed); err != nil {
		return err
	}
	s.changed[code] = changed.seal()
	if p.Withdrawn != nil {
		s.withdrawn[code] = *p.Withdrawn
	}
	return nil
}

// apply changes a product, or says what is wrong with the change.
func (p ProductPatch) apply(to *product) error {
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
func (p DenominationPatch) apply(to *product) error {
	switch {
	case to.PayoutType == payoutSubscription:
		return errors.New("a subscription has plans, not denominations")
	case to.PayoutType == payoutPayment && (p.Type != "" || p.AvailableList != nil):
		return errors.New("a payment product has a minimum and a maximum only")
	}
	for _, amount := range slices.Concat(nonEmpty(p.MinimumValue), nonEmpty(p.MaximumValue), p.AvailableList) {
		if _, err := decimal.NewFromString(amount); err != nil {
			return fmt.Errorf("denominations: %w", err)
		}
	}
	if to.PayoutType == payoutPayment {
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
		d = fixed(p.AvailableList...)
	}
	d.Type = cmp.Or(p.Type, d.Type)
	d.MinimumValue = cmp.Or(p.MinimumValue, d.MinimumValue)
	d.MaximumValue = cmp.Or(p.MaximumValue, d.MaximumValue)
	if err := d.check(); err != nil {
		return d, err
	}
	if d.Type == openAmounts && p.AvailableList == nil {
		d.AvailableList = nil
	}
	return d, nil
}
