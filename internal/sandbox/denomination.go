package sandbox

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// denominations are the amounts of a gift card (6.1). An open card may have a list
// too: it is a suggestion and binds nobody.
type denominations struct {
	AvailableList []string `json:"available_list"`
	MinimumValue  string   `json:"minimum_value"`
	MaximumValue  string   `json:"maximum_value"`
	Type          string   `json:"type"`
}

// amountRange is the amounts of a payment product, which has no list (6.1).
type amountRange struct {
	MinimumValue string `json:"minimum_value"`
	MaximumValue string `json:"maximum_value"`
}

// The denomination types.
const (
	openAmounts  = "open"
	fixedAmounts = "fixed"
)

// fixed makes denominations of a list, whose entries keep their own spelling.
func fixed(list ...string) denominations {
	first, last := decimal.RequireFromString(list[0]), decimal.RequireFromString(list[len(list)-1])
	return denominations{list, first.StringFixed(2), last.StringFixed(2), fixedAmounts}
}

// open makes denominations of a range.
func open(minimum, maximum string) denominations {
	return denominations{nil, minimum, maximum, openAmounts}
}

// check says what is wrong with the type.
func (d denominations) check() error {
	switch {
	case d.Type != openAmounts && d.Type != fixedAmounts:
		return fmt.Errorf("denominations: type %q is neither open nor fixed", d.Type)
	case d.Type == fixedAmounts && len(d.AvailableList) == 0:
		return errors.New("denominations: type fixed needs an available_list")
	}
	return nil
}

// allows tells whether a face value can be bought: as decimals, since "50" and
// "50.00" are the same amount.
func (d denominations) allows(value decimal.Decimal) bool {
	if d.Type == openAmounts {
		return amountRange{d.MinimumValue, d.MaximumValue}.allows(value)
	}
	for _, listed := range d.AvailableList {
		if decimal.RequireFromString(listed).Equal(value) {
			return true
		}
	}
	return false
}

// allows tells whether a face value is in range.
func (r amountRange) allows(value decimal.Decimal) bool {
	return value.GreaterThanOrEqual(decimal.RequireFromString(r.MinimumValue)) &&
		value.LessThanOrEqual(decimal.RequireFromString(r.MaximumValue))
}

// allows tells whether a product can be bought at a face value. A subscription's
// price is its plan's, not the product's.
func (p *product) allows(value decimal.Decimal) bool {
	if !value.Equal(value.Round(money.Places(p.Currency))) {
		return false
	}
	switch p.PayoutType {
	case payoutGiftCard:
		return p.GiftCard.Denominations.allows(value)
	case payoutPayment:
		return p.Payment.Denominations.allows(value)
	}
	return false
}

// allows tells whether a plan can be bought at a face value: at its price alone.
func (p plan) allows(value decimal.Decimal) bool {
	return decimal.RequireFromString(p.Price).Equal(value)
}

// minimum is the least that a gift card can be bought for.
func (p *product) minimum() decimal.Decimal {
	return decimal.RequireFromString(p.GiftCard.Denominations.MinimumValue)
}
