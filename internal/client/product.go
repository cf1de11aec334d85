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
	Code                  string          `json:"code"`
	Name                  string          `json:"name"`
	Currency              string          `json:"currency"`
	State                 string          `json:"state"`
	PayoutType            string          `json:"payout_type"`
	IsOrderable           bool            `json:"is_orderable"`
	ApprovalState         string          `json:"approval_state"`
	Availability          string          `json:"availability"`
	Categories            []string        `json:"categories"`
	CountriesRedeemableIn []string        `json:"countries_redeemable_in"`
	DiscountMultiplier    Amount          `json:"discount_multiplier"`
	CustomerService       CustomerService `json:"customer_service"`
	GiftCard              *Payout         `json:"gift_card"`
	Subscription          *Payout         `json:"subscription"`
	Payment               *Payout         `json:"payment"`
}

// Payout is the object of a product that is named after its payout type.
type Payout struct {
	Denominations     *Denominations     `json:"denominations"`
	SubscriptionPlans []SubscriptionPlan `json:"subscription_plans"`
	Assets            Assets             `json:"assets"`
	BalanceCheckURL   string             `json:"balance_check_url"`
	WebsiteURL        string             `json:"website_url"`
	BarcodeFormat     string             `json:"barcode_format"`
	ECodeUsageType    string             `json:"e_code_usage_type"`
	RedeemableAt      string             `json:"redeemable_at"`
	Expiry            *Expiry            `json:"expiry"`
	// ContentResources holds the locale and the product's texts, or their
	// addresses: its names depend on the Content asked for. A null entry is left out.
	ContentResources Texts `json:"content_resources"`
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
// The list's entries are written in mixed formats: compare them as decimals.
type Denominations struct {
	Type          string   `json:"type"`
	MinimumValue  Amount   `json:"minimum_value"`
	MaximumValue  Amount   `json:"maximum_value"`
	AvailableList []Amount `json:"available_list"`
}

// SubscriptionPlan is one length of a subscription, ordered by its own code.
type SubscriptionPlan struct {
	Name       string `json:"name"`
	LengthUnit string `json:"length_unit"`
	Length     int64  `json:"length"`
	Price      Amount `json:"price"`
	Code       string `json:"subscription_plan_code"`
}

// CustomerService is where a recipient finds help.
type CustomerService struct {
	PhoneNumber string `json:"phone_number"`
	WebsiteURL  string `json:"website_url"`
}

// Assets are a product's pictures and colour.
type Assets struct {
	CardImageURL string `json:"card_image_url"`
	IconImageURL string `json:"icon_image_url"`
	PrimaryColor string `json:"primary_color"`
}

// Expiry says how long what the recipient gets stays valid.
type Expiry struct {
	DatePolicy string `json:"date_policy"`
	InMonths   int64  `json:"in_months"`
	Type       string `json:"type"`
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
			Catalog    []Product  `json:"catalog"`
			Pagination pagination `json:"pagination"`
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
	at, err := under("/product", code)
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
		Countries []string `json:"countries"`
	}
	_, err := c.read(ctx, call{method: http.MethodGet, path: "/product/countries", needs: []string{"countries"}}, &wire)
	return wire.Countries, err
}

// ProductCategories lists the codes of the categories that products are filed under.
func (c *Client) ProductCategories(ctx context.Context) ([]string, error) {
	var wire struct {
		Categories []struct {
			Code string `json:"code"`
		} `json:"categories"`
	}
	_, err := c.read(ctx, call{method: http.MethodGet, path: "/product/categories", needs: []string{"categories"}}, &wire)
	codes := make([]string, 0, len(wire.Categories))
	for _, category := range wire.Categories {
		codes = append(codes, category.Code)
	}
	return codes, err
}
