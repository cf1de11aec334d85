package sandbox

import "encoding/json"

// product is a product on the wire, member for member (REC, 6.1).
type product struct {
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

	own bool // somebody's own, and not of the sandbox's making

	// wire is the product as JSON with content=url, in the oldest version.
	wire json.RawMessage
}

// The payout types (6.1). Each names the member that holds the rest.
const (
	payoutGiftCard     = "gift_card"
	payoutSubscription = "subscription"
	payoutPayment      = "payment"
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
	Plans          []plan  `json:"subscription_plans"`
	card
}

type payment struct {
	Assets        paymentAssets    `json:"assets"`
	Denominations amountRange      `json:"denominations"`
	Content       contentResources `json:"content_resources"`
}

type plan struct {
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

// isReload tells whether a product tops up a card that the recipient has, and so
// may be sent to a RECIPIENT like a payment (3.1, 6.4).
func (p *product) isReload() bool { return p.Code == "VISARL-USD" }

// isVisa tells whether a product echoes usage_config back (3.1, 6.4).
func (p *product) isVisa() bool {
	switch p.Code {
	case "VISARL-USD", "VISASL-3M-USD", "VISASL-6M-USD", "VISASL-12M-USD":
		return true
	}
	return false
}
