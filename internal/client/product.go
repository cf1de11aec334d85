package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
)

// Product is what can be bought (CAT). Exactly one of GiftCard, Subscription and
// Payment is set for the payout types known today.
type Product struct {
	Code                  string          `json:"code" read:"strict"`
	Name                  string          `json:"name" read:"shown"`
	Currency              string          `json:"currency" read:"strict"`
	State                 string          `json:"state" read:"shown"`
	PayoutType            string          `json:"payout_type" read:"shown"`
	IsOrderable           bool            `json:"is_orderable" read:"strict"`
	ApprovalState         string          `json:"approval_state" read:"shown"`
	Availability          string          `json:"availability" read:"shown"`
	Categories            []string        `json:"categories" read:"shown"`
	CountriesRedeemableIn []string        `json:"countries_redeemable_in" read:"shown"`
	DiscountMultiplier    Amount          `json:"discount_multiplier" read:"shown"`
	CustomerService       CustomerService `json:"customer_service" read:"shown"`
	GiftCard              *Payout         `json:"gift_card" read:"shown"`
	Subscription          *Payout         `json:"subscription" read:"strict"`
	Payment               *Payout         `json:"payment" read:"shown"`
}

// Payout is the object of a product that is named after its payout type.
type Payout struct {
	Denominations     *Denominations     `json:"denominations" read:"shown"`
	SubscriptionPlans []SubscriptionPlan `json:"subscription_plans" read:"strict"`
	Assets            Assets             `json:"assets" read:"shown"`
	BalanceCheckURL   string             `json:"balance_check_url" read:"shown"`
	WebsiteURL        string             `json:"website_url" read:"shown"`
	BarcodeFormat     string             `json:"barcode_format" read:"shown"`
	ECodeUsageType    string             `json:"e_code_usage_type" read:"shown"`
	RedeemableAt      string             `json:"redeemable_at" read:"shown"`
	Expiry            *Expiry            `json:"expiry" read:"shown"`
	// ContentResources holds the locale and the product's texts, or their
	// addresses: its names depend on the Content asked for. A null entry is left out.
	ContentResources Texts `json:"content_resources" read:"shown"`
}

// Payout is the product's own payout object, or nil for a type not known here.
func (p Product) Payout() *Payout {
	for _, payout := range []*Payout{p.GiftCard, p.Subscription, p.Payment} {
		if payout != nil {
			return payout
		}
	}
	return nil
}

// Denominations are the face values that can be ordered. Type is "fixed" (only
// the listed ones) or "open" (any in the range; a list is then a suggestion).
// The list's entries are written in mixed formats: compare them as decimals. Its
// fields are strict because a part of them would mislead: without any, Runa checks.
type Denominations struct {
	Type          string   `json:"type" read:"strict"`
	MinimumValue  Amount   `json:"minimum_value" read:"strict"`
	MaximumValue  Amount   `json:"maximum_value" read:"strict"`
	AvailableList []Amount `json:"available_list" read:"strict"`
}

// SubscriptionPlan is one length of a subscription, ordered by its own code.
type SubscriptionPlan struct {
	Name       string `json:"name" read:"shown"`
	LengthUnit string `json:"length_unit" read:"shown"`
	Length     int64  `json:"length" read:"shown"`
	Price      Amount `json:"price" read:"strict"`
	Code       string `json:"subscription_plan_code" read:"strict"`
}

// CustomerService is where a recipient finds help.
type CustomerService struct {
	PhoneNumber string `json:"phone_number" read:"shown"`
	WebsiteURL  string `json:"website_url" read:"shown"`
}

// Assets are a product's pictures and colour.
type Assets struct {
	CardImageURL string `json:"card_image_url" read:"shown"`
	IconImageURL string `json:"icon_image_url" read:"shown"`
	PrimaryColor string `json:"primary_color" read:"shown"`
}

// Expiry says how long what the recipient gets stays valid. Its number is strict, so
// that one that cannot be read does not pass for 0 months.
type Expiry struct {
	DatePolicy string `json:"date_policy" read:"shown"`
	InMonths   int64  `json:"in_months" read:"strict"`
	Type       string `json:"type" read:"shown"`
}

// Texts is a flat object of strings.
type Texts map[string]string

// UnmarshalJSON leaves out whatever is not a string.
func (t *Texts) UnmarshalJSON(data []byte) error {
	var wire map[string]any
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*t = Texts{}
	for name, value := range wire {
		if text, ok := value.(string); ok {
			(*t)[name] = text
		}
	}
	return nil
}

// ProductFilter narrows a product list on Runa's side (CAT). Values of one field
// are alternatives, fields add up. The zero value asks for everything.
type ProductFilter struct {
	CountriesRedeemableIn []string // ISO 3166-1 alpha-2
	Categories            []string
	OrderableOnly         bool
}

// Products walks the catalogue in order of code.
func (c *Client) Products(ctx context.Context, filter ProductFilter) iter.Seq2[Product, error] {
	query := url.Values{}
	if filter.OrderableOnly {
		query.Set("is_orderable", "true")
	}
	if len(filter.CountriesRedeemableIn) > 0 {
		query["countries_redeemable_in"] = filter.CountriesRedeemableIn
	}
	if len(filter.Categories) > 0 {
		query["categories"] = filter.Categories
	}
	return walk(ctx, query, func(ctx context.Context, page url.Values) ([]Product, pagination, error) {
		var wire struct {
			Catalog    []Product  `json:"catalog" read:"strict"`
			Pagination pagination `json:"pagination" read:"strict"`
		}
		what := call{method: http.MethodGet, path: "/product", query: page, needs: []string{"catalog"}}
		_, err := c.read(ctx, what, &wire)
		return wire.Catalog, wire.Pagination, err
	})
}

// Content is the form in which a product's texts are given.
type Content string

// The forms of Content (SPEC, GET /product/{product_code}).
const (
	ContentURL      Content = "url"
	ContentMarkdown Content = "md"
	ContentHTML     Content = "html"
)

// Product reads one product. An unknown code is a 404.
func (c *Client) Product(ctx context.Context, code string, content Content) (Product, error) {
	at, err := pathTo("/product", code)
	if err != nil {
		return Product{}, err
	}
	what := call{method: http.MethodGet, path: at, needs: []string{"code"}}
	if content != "" {
		what.query = url.Values{"content": {string(content)}}
	}
	var product Product
	_, err = c.read(ctx, what, &product)
	return product, err
}

// ProductCountries lists the countries that products exist for, as ISO 3166-1 alpha-2.
func (c *Client) ProductCountries(ctx context.Context) ([]string, error) {
	var wire struct {
		Countries []string `json:"countries" read:"strict"`
	}
	_, err := c.read(ctx, call{method: http.MethodGet, path: "/product/countries", needs: []string{"countries"}}, &wire)
	return wire.Countries, err
}

// ProductCategories lists the codes of the categories that products are filed under.
func (c *Client) ProductCategories(ctx context.Context) ([]string, error) {
	var wire struct {
		Categories []struct {
			Code string `json:"code" read:"strict"`
		} `json:"categories" read:"strict"`
	}
	_, err := c.read(ctx, call{method: http.MethodGet, path: "/product/categories", needs: []string{"categories"}}, &wire)
	codes := make([]string, 0, len(wire.Categories))
	for _, category := range wire.Categories {
		codes = append(codes, category.Code)
	}
	return codes, err
}
