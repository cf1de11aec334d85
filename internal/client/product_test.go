package client

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const giftCard = `{"approval_state":"APPROVED","discount_multiplier":"0.0130","code":"ACME-US","name":"Acme","categories":["fashion"],"countries_redeemable_in":["US"],"currency":"USD","customer_service":{"phone_number":null,"website_url":"https://acme.example"},"state":"LIVE","payout_type":"gift_card","is_orderable":true,"availability":"realtime","gift_card":{"barcode_format":"code-128","e_code_usage_type":"url-recommended","denominations":{"available_list":["10","25","50.00"],"minimum_value":"10.00","maximum_value":"50.00","type":"fixed"},"redeemable_at":"online","balance_check_url":null,"website_url":"https://acme.example","assets":{"card_image_url":"https://gift.runa.io/static/product_assets/ACME-US/ACME-US-card.png","icon_image_url":null,"primary_color":"#FFFFFF"},"expiry":{"date_policy":"Does not expire","in_months":0,"type":"indefinite"},"content_resources":{"description_markdown_url":"https://cdn.example/ACME-US/description.md","disclaimer_markdown_url":null,"locale":"en_US"}},"new_field":{"a":[1]}}`

func TestProduct(t *testing.T) {
	w := serve(t, answering(200, giftCard))
	p, err := w.client(t).Product(t.Context(), "ACME-US", "")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/product/ACME-US"})

	g := p.Payout()
	if g == nil || g != p.GiftCard {
		t.Fatalf("Payout() = %v, want the gift card %v", g, p.GiftCard)
	}
	wantEqual(t, "texts", []string{
		p.Code, p.Name, p.Currency, p.State, p.PayoutType, p.ApprovalState, p.Availability,
		p.CustomerService.PhoneNumber, p.CustomerService.WebsiteURL, string(p.DiscountMultiplier),
		g.BarcodeFormat, g.ECodeUsageType, g.RedeemableAt, g.BalanceCheckURL, g.WebsiteURL,
		g.Assets.CardImageURL, g.Assets.IconImageURL, g.Assets.PrimaryColor, g.Expiry.DatePolicy, g.Expiry.Type,
	}, []string{
		"ACME-US", "Acme", "USD", "LIVE", "gift_card", "APPROVED", "realtime",
		"", "https://acme.example", "0.0130",
		"code-128", "url-recommended", "online", "", "https://acme.example",
		"https://gift.runa.io/static/product_assets/ACME-US/ACME-US-card.png", "", "#FFFFFF", "Does not expire", "indefinite",
	})
	wantEqual(t, "categories", p.Categories, []string{"fashion"})
	wantEqual(t, "countries", p.CountriesRedeemableIn, []string{"US"})
	if !p.IsOrderable || g.Expiry.InMonths != 0 {
		t.Errorf("orderable %t, expiry in %d months, want true and 0", p.IsOrderable, g.Expiry.InMonths)
	}
	d := g.Denominations
	if d.Type != "fixed" || d.MinimumValue != "10.00" || d.MaximumValue != "50.00" {
		t.Errorf("denominations = %+v, want fixed, from 10.00 to 50.00", d)
	}
	wantEqual(t, "list", d.AvailableList, []Amount{"10", "25", "50.00"})
	if want := (Texts{"description_markdown_url": "https://cdn.example/ACME-US/description.md", "locale": "en_US"}); !maps.Equal(g.ContentResources, want) {
		t.Errorf("ContentResources = %v, want %v", g.ContentResources, want)
	}
}

func TestPayoutTypes(t *testing.T) {
	tests := map[string]struct {
		body  string
		check func(*testing.T, Product)
	}{
		"subscription": {
			`{"code":"TUNES-ES","payout_type":"subscription","subscription":{"subscription_plans":[{"name":"Subscription 6 months","length_unit":"MONTHS","length":6,"price":"59.94","subscription_plan_code":"TUNES6-ES"}]}}`,
			func(t *testing.T, p Product) {
				want := SubscriptionPlan{Name: "Subscription 6 months", LengthUnit: "MONTHS", Length: 6, Price: "59.94", Code: "TUNES6-ES"}
				if p.Payout() != p.Subscription || !slices.Equal(p.Payout().SubscriptionPlans, []SubscriptionPlan{want}) {
					t.Errorf("Payout() = %+v, want the subscription with the plan %+v", p.Payout(), want)
				}
			},
		},
		"payment": {
			`{"code":"P2C-US","payout_type":"payment","payment":{"assets":{"icon_image_url":"https://cdn.example/p2c.png","primary_color":"#112233"},"denominations":{"minimum_value":"5.00","maximum_value":"250.00"}}}`,
			func(t *testing.T, p Product) {
				if d := p.Payout().Denominations; p.Payout() != p.Payment || d.Type != "" || d.MinimumValue != "5.00" || d.MaximumValue != "250.00" || d.AvailableList != nil {
					t.Errorf("Payout() = %+v, want the payment with denominations from 5.00 to 250.00, no type, no list", p.Payout())
				}
			},
		},
		"a type to come": {
			`{"code":"NEW-US","payout_type":"lottery","lottery":{"denominations":null}}`,
			func(t *testing.T, p Product) {
				if p.Payout() != nil || p.PayoutType != "lottery" {
					t.Errorf("payout %+v of type %q, want none, of type lottery", p.Payout(), p.PayoutType)
				}
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := serve(t, answering(200, test.body)).client(t).Product(t.Context(), "X", ContentURL)
			if err != nil {
				t.Fatal(err)
			}
			test.check(t, p)
		})
	}
}

func TestProductContent(t *testing.T) {
	for _, content := range []Content{ContentURL, ContentMarkdown, ContentHTML} {
		w := serve(t, answering(200, giftCard))
		if _, err := w.client(t).Product(t.Context(), "ACME-US", content); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, "requests", w.lines(), []string{"GET /v2/product/ACME-US?content=" + string(content)})
	}
}

func TestProductsFilter(t *testing.T) {
	tests := map[string]struct {
		filter ProductFilter
		want   string
	}{
		"none":         {ProductFilter{}, "GET /v2/product?limit=500"},
		"orderable":    {ProductFilter{OrderableOnly: true}, "GET /v2/product?is_orderable=true&limit=500"},
		"two each":     {ProductFilter{CountriesRedeemableIn: []string{"US", "GB"}, Categories: []string{"fashion", "travel"}}, "GET /v2/product?categories=fashion&categories=travel&countries_redeemable_in=US&countries_redeemable_in=GB&limit=500"},
		"signs within": {ProductFilter{Categories: []string{"a&b"}}, "GET /v2/product?categories=a%26b&limit=500"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := serve(t, answering(200, page("")))
			for _, err := range w.client(t).Products(t.Context(), test.filter) {
				t.Error(err)
			}
			wantEqual(t, "requests", w.lines(), []string{test.want})
		})
	}
}

func TestProductCountries(t *testing.T) {
	w := serve(t, answering(200, `{"countries":["AT","US"]}`))
	got, err := w.client(t).ProductCountries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "countries", got, []string{"AT", "US"})
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/product/countries"})
}

func TestProductCategories(t *testing.T) {
	w := serve(t, answering(200, `{"categories":[{"code":"fashion"},{"code":"travel"}]}`))
	got, err := w.client(t).ProductCategories(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "categories", got, []string{"fashion", "travel"})
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/product/categories"})
}

// TestAnswersThatSayNothing: valid JSON without the fields that make it an answer
// must not pass for an empty catalogue or an empty account.
func TestAnswersThatSayNothing(t *testing.T) {
	for operation, run := range operations {
		for _, body := range []string{`{}`, `{"status":"ok"}`, `null`} {
			t.Run(operation+" "+body, func(t *testing.T) {
				err := run(t.Context(), serve(t, answering(200, body)).client(t))
				var unreadable *UnreadableError
				if !errors.As(err, &unreadable) {
					t.Errorf("got %v, want an UnreadableError", err)
				}
			})
		}
	}
}

// TestIDsStayWithinTheirPath asks for things by names that would lead elsewhere.
func TestIDsStayWithinTheirPath(t *testing.T) {
	w := serve(t, answering(404, `{"type":"not_found","message":"No."}`))
	c := w.client(t)
	for _, id := range []string{"", ".", ".."} {
		if _, err := c.Order(t.Context(), id); err == nil || IsNotFound(err) {
			t.Errorf("Order(%q) = error %v, want one, but not a 404", id, err)
		}
		if _, err := c.Product(t.Context(), id, ""); err == nil || IsNotFound(err) {
			t.Errorf("Product(%q) = error %v, want one, but not a 404", id, err)
		}
	}
	for _, id := range []string{"a/b", "../order", "a?b=c", "a#b", "a%2Fb", "é"} {
		if _, err := c.Order(t.Context(), id); !IsNotFound(err) {
			t.Errorf("Order(%q) = error %v, want a 404", id, err)
		}
	}
	wantEqual(t, "requests", w.lines(), []string{
		"GET /v2/order/a%2Fb", "GET /v2/order/..%2Forder", "GET /v2/order/a%3Fb=c",
		"GET /v2/order/a%23b", "GET /v2/order/a%252Fb", "GET /v2/order/%C3%A9",
	})
}

// TestDecodingNeverPanics feeds the decoders what they were never told of.
func TestDecodingNeverPanics(t *testing.T) {
	value := rapid.SampledFrom([]string{`null`, `0`, `1.5`, `""`, `"x"`, `[]`, `{}`, `[null]`, `{"a":1}`, `true`})
	name := rapid.SampledFrom([]string{
		"id", "status", "items", "payout", "metadata", "transaction_detail", "total_price", "payment_method",
		"code", "gift_card", "categories", "customer_service", "discount_multiplier", "catalog", "pagination", "details",
	})
	c := &Client{}
	rapid.Check(t, func(t *rapid.T) {
		body := "{"
		for i, field := range rapid.SliceOfN(name, 0, 6).Draw(t, "fields") {
			if i > 0 {
				body += ","
			}
			body += `"` + field + `":` + value.Draw(t, field)
		}
		got := answer{status: 200, body: []byte(body + "}")}
		for _, into := range []any{&Product{}, &[]Product{}, &Estimate{}, &Balance{}, &pagination{}} {
			var unreadable *UnreadableError
			if err := c.decode(context.Background(), got, into); err != nil && !errors.As(err, &unreadable) {
				t.Fatalf("reading %s as %T: error %v, want an UnreadableError or none", got.body, into, err)
			}
		}
		if order, err := c.decodeOrder(context.Background(), got); err == nil && (order.ID == "" || order.Status == "") {
			t.Fatalf("order %+v of %s has no id or status, want an error", order, got.body)
		}
		_ = apiError(got, []string{testKey}).Error()
	})
}
