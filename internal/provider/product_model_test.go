package provider

import (
	"reflect"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func TestProductsFromWire(t *testing.T) {
	// What a product of a type to come has, and what is null in it.
	bare := func(more attrs) attrs {
		product := attrs{
			"code": "NEW-US", "is_orderable": false, "payout_type": "lottery", "customer_service": attrs{"phone_number": nil, "website_url": nil},
		}
		for name := range productType.AttrTypes {
			if _, ok := product[name]; !ok {
				product[name] = nil
			}
		}
		for name, value := range more {
			product[name] = value
		}
		return product
	}
	noAssets := attrs{"card_image_url": nil, "icon_image_url": nil, "primary_color": nil}
	tests := map[string]struct {
		wire client.Product
		want attrs
	}{
		"gift card": {
			client.Product{
				Code: "NEW-US", Name: "Acme", Currency: "USD", State: "LIVE", PayoutType: "gift_card", IsOrderable: true,
				ApprovalState: "APPROVED", Availability: "realtime", Categories: []string{"fashion", "fashion"}, CountriesRedeemableIn: []string{"US"},
				DiscountMultiplier: "0.0130", CustomerService: client.CustomerService{WebsiteURL: "https://help.acme.example"},
				GiftCard: &client.Payout{
					Denominations: &client.Denominations{Type: "fixed", MinimumValue: "10.00", MaximumValue: "50.00", AvailableList: []client.Amount{"10", "10.5", "50.00"}},
					Assets:        client.Assets{CardImageURL: "https://acme.example/card.png", PrimaryColor: "#FFFFFF"},
					Expiry:        &client.Expiry{Type: "from-issue-date", InMonths: 12, DatePolicy: "A year"},
					RedeemableAt:  "online", WebsiteURL: "https://acme.example", BalanceCheckURL: "https://acme.example/b",
					BarcodeFormat: "code-128", ECodeUsageType: "url-only",
				},
			},
			bare(attrs{
				"name": "Acme", "currency": "USD", "state": "LIVE", "is_orderable": true, "approval_state": "APPROVED", "payout_type": "gift_card",
				"availability": "realtime", "categories": []any{"fashion"}, "countries_redeemable_in": []any{"US"}, "discount_multiplier": "0.0130",
				"customer_service": attrs{"phone_number": nil, "website_url": "https://help.acme.example"},
				"denominations":    attrs{"type": "fixed", "minimum_value": "10.00", "maximum_value": "50.00", "available_list": []any{"10", "10.5", "50.00"}},
				"assets":           attrs{"card_image_url": "https://acme.example/card.png", "icon_image_url": nil, "primary_color": "#FFFFFF"},
				"expiry":           attrs{"type": "from-issue-date", "in_months": 12.0, "date_policy": "A year"},
				"redeemable_at":    "online", "website_url": "https://acme.example", "balance_check_url": "https://acme.example/b",
				"barcode_format": "code-128", "e_code_usage_type": "url-only",
			}),
		},
		"subscription": {
			client.Product{Code: "NEW-US", PayoutType: "lottery", Subscription: &client.Payout{
				SubscriptionPlans: []client.SubscriptionPlan{{Name: "6 months", LengthUnit: "MONTHS", Length: 6, Price: "59.94", Code: "TUNES6-ES"}},
			}},
			bare(attrs{"assets": noAssets, "subscription_plans": []any{
				attrs{"name": "6 months", "length_unit": "MONTHS", "length": 6.0, "price": "59.94", "subscription_plan_code": "TUNES6-ES"},
			}}),
		},
		"payment": {
			client.Product{Code: "NEW-US", PayoutType: "lottery", Payment: &client.Payout{
				Denominations: &client.Denominations{MinimumValue: "5.00", MaximumValue: "250.00"},
			}},
			bare(attrs{"assets": noAssets, "denominations": attrs{"type": nil, "minimum_value": "5.00", "maximum_value": "250.00", "available_list": nil}}),
		},
		"a type to come": {client.Product{Code: "NEW-US", PayoutType: "lottery"}, bare(nil)},
		"empty lists stay": {
			client.Product{Code: "NEW-US", PayoutType: "lottery", Categories: []string{}, CountriesRedeemableIn: []string{}},
			bare(attrs{"categories": []any{}, "countries_redeemable_in": []any{}}),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := unbuild(t, productsFromWire([]client.Product{test.wire}))
			if want := (attrs{"NEW-US": test.want}); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestContentFromWire(t *testing.T) {
	all := func(suffix string, more attrs) attrs {
		texts := attrs{}
		for _, stem := range contentStems {
			texts[stem+suffix] = nil
		}
		for name, text := range more {
			texts[name] = text
		}
		return texts
	}
	tests := map[string]struct {
		wire client.Product
		form client.Content
		want any
	}{
		"addresses": {
			client.Product{GiftCard: &client.Payout{ContentResources: client.Texts{"locale": "en_US", "description_markdown_url": "https://cdn.example/d.md"}}},
			client.ContentURL,
			attrs{"locale": "en_US", "texts": all("_markdown_url", attrs{"description_markdown_url": "https://cdn.example/d.md"})},
		},
		"a text to come": {
			client.Product{Payment: &client.Payout{ContentResources: client.Texts{"description_html": "<p>", "fees_html": "<b>"}}},
			client.ContentHTML,
			attrs{"locale": nil, "texts": all("_html", attrs{"description_html": "<p>", "fees_html": "<b>"})},
		},
		"no texts":       {client.Product{Payment: &client.Payout{}}, client.ContentMarkdown, attrs{"locale": nil, "texts": all("_md", nil)}},
		"a type to come": {client.Product{}, client.ContentURL, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := unbuild(t, contentFromWire(test.wire, test.form)); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %v\nwant %v", got, test.want)
			}
		})
	}
}

func with[T any](value T, edit func(*T)) T {
	edit(&value)
	return value
}
