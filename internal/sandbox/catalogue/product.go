package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// Product is a product on the wire, member for member (REC, 6.1).
type Product struct {
	ApprovalState      string          `json:"approval_state"`
	DiscountMultiplier string          `json:"discount_multiplier"`
	Code               string          `json:"code"`
	Name               string          `json:"name"`
	Categories         []string        `json:"categories"`
	Countries          []string        `json:"countries_redeemable_in"`
	Currency           string          `json:"currency"`
	CustomerService    customerService `json:"customer_service"`
	State              string          `json:"state"`
	PayoutType         string          `json:"payout_type"`
	IsOrderable        bool            `json:"is_orderable"`
	Availability       string          `json:"availability"`
	GiftCard           *giftCard       `json:"gift_card,omitempty"`
	Subscription       *subscription   `json:"subscription,omitempty"`
	Payment            *payment        `json:"payment,omitempty"`

	custom bool // from a products file

	// wire is the product as JSON with content=url, in the oldest version.
	wire json.RawMessage
}

// The payout types (6.1). Each names the member that holds the rest.
const (
	PayoutGiftCard     = "gift_card"
	payoutSubscription = "subscription"
	PayoutPayment      = "payment"
)

var (
	countryPattern     = regexp.MustCompile(`^[A-Z]{2}$`)
	productCodePattern = regexp.MustCompile(`^[A-Z0-9]+(-[A-Z0-9]+)+$`)
)

type customerService struct {
	PhoneNumber *string `json:"phone_number"`
	WebsiteURL  *string `json:"website_url"`
}

// card is what gift cards and subscriptions have in common.
type card struct {
	RedeemableAt    string           `json:"redeemable_at"`
	BalanceCheckURL *string          `json:"balance_check_url"`
	WebsiteURL      *string          `json:"website_url"`
	Assets          cardAssets       `json:"assets"`
	Expiry          expiry           `json:"expiry"`
	Content         contentResources `json:"content_resources"`
}

type giftCard struct {
	BarcodeFormat  *string       `json:"barcode_format"`
	ECodeUsageType string        `json:"e_code_usage_type"`
	Denominations  denominations `json:"denominations"`
	card
}

type subscription struct {
	BarcodeFormat  *string `json:"barcode_format"`
	ECodeUsageType string  `json:"e_code_usage_type"`
	Plans          []Plan  `json:"subscription_plans"`
	card
}

type payment struct {
	Assets        paymentAssets    `json:"assets"`
	Denominations amountRange      `json:"denominations"`
	Content       contentResources `json:"content_resources"`
}

// Plan is one of the plans of a subscription.
type Plan struct {
	Name       string `json:"name"`
	LengthUnit string `json:"length_unit"`
	Length     int    `json:"length"`
	Price      string `json:"price"`
	Code       string `json:"subscription_plan_code"`
}

type cardAssets struct {
	CardImageURL *string `json:"card_image_url"`
	IconImageURL *string `json:"icon_image_url"`
	PrimaryColor *string `json:"primary_color"`
}

// paymentAssets are never null (14.7).
type paymentAssets struct {
	IconImageURL string `json:"icon_image_url"`
	PrimaryColor string `json:"primary_color"`
}

type expiry struct {
	DatePolicy *string `json:"date_policy"`
	InMonths   int     `json:"in_months"`
	Type       string  `json:"type"`
}

// IsReload tells whether a product tops up a card that the recipient has, and so
// may be sent to a RECIPIENT like a payment (3.1, 6.4).
func (p *Product) IsReload() bool { return p.Code == "VISARL-USD" }

// IsVisa tells whether a product echoes usage_config back (3.1, 6.4).
func (p *Product) IsVisa() bool {
	switch p.Code {
	case "VISARL-USD", "VISASL-3M-USD", "VISASL-6M-USD", "VISASL-12M-USD":
		return true
	}
	return false
}

// Allows tells whether a product can be bought at a face value. A subscription's
// price is its plan's, not the product's.
func (p *Product) Allows(value decimal.Decimal) bool {
	if !value.Equal(value.Round(money.Places(p.Currency))) {
		return false
	}
	switch p.PayoutType {
	case PayoutGiftCard:
		return p.GiftCard.Denominations.allows(value)
	case PayoutPayment:
		return p.Payment.Denominations.allows(value)
	}
	return false
}

// Allows tells whether a plan can be bought at a face value: at its price alone.
func (p Plan) Allows(value decimal.Decimal) bool {
	return decimal.RequireFromString(p.Price).Equal(value)
}

// MeetsMinimum tells whether a value is at least what a gift card costs at least.
func (p *Product) MeetsMinimum(value decimal.Decimal) bool {
	return value.GreaterThanOrEqual(decimal.RequireFromString(p.GiftCard.Denominations.MinimumValue))
}

// Amounts are what a product can be bought for, in short.
func (p *Product) Amounts() string {
	switch p.PayoutType {
	case payoutSubscription:
		var plans []string
		for _, plan := range p.Subscription.Plans {
			plans = append(plans, plan.Code+" "+plan.Price)
		}
		return strings.Join(plans, ", ")
	case PayoutPayment:
		return p.Payment.Denominations.MinimumValue + " – " + p.Payment.Denominations.MaximumValue
	}
	if d := p.GiftCard.Denominations; d.Type == typeList {
		return strings.Join(d.AvailableList, ", ")
	}
	return p.GiftCard.Denominations.MinimumValue + " – " + p.GiftCard.Denominations.MaximumValue
}

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
	typeRange = "open"
	typeList  = "fixed"
)

// listOf makes denominations of a list, whose entries keep their own spelling.
func listOf(list ...string) denominations {
	first, last := decimal.RequireFromString(list[0]), decimal.RequireFromString(list[len(list)-1])
	return denominations{list, first.StringFixed(2), last.StringFixed(2), typeList}
}

// rangeOf makes denominations of a range.
func rangeOf(minimum, maximum string) denominations {
	return denominations{nil, minimum, maximum, typeRange}
}

// check says what is wrong with the type.
func (d denominations) check() error {
	switch {
	case d.Type != typeRange && d.Type != typeList:
		return fmt.Errorf("denominations: type %q is neither open nor fixed", d.Type)
	case d.Type == typeList && len(d.AvailableList) == 0:
		return errors.New("denominations: type fixed needs an available_list")
	}
	return nil
}

// allows tells whether a face value can be bought: as decimals, since "50" and
// "50.00" are the same amount.
func (d denominations) allows(value decimal.Decimal) bool {
	if d.Type == typeRange {
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
