package sandbox_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// acme is 13.10, with Acme's own denominations and categories.
const acme = `{"approval_state":"APPROVED","discount_multiplier":"0.0130","code":"ACME-US","name":"Acme","categories":["fashion","mens-fashion"],"countries_redeemable_in":["US"],"currency":"USD","customer_service":{"phone_number":null,"website_url":"https://acme.example"},"state":"LIVE","payout_type":"gift_card","is_orderable":true,"availability":"realtime","gift_card":{"barcode_format":"code-128","e_code_usage_type":"url-recommended","denominations":{"available_list":["10","25","50.00","100"],"minimum_value":"10.00","maximum_value":"100.00","type":"fixed"},"redeemable_at":"online","balance_check_url":null,"website_url":"https://acme.example","assets":{"card_image_url":"https://gift.runa.io/static/product_assets/ACME-US/ACME-US-card.png","icon_image_url":null,"primary_color":"#FFFFFF"},"expiry":{"date_policy":"Does not expire","in_months":0,"type":"indefinite"},"content_resources":{"description_markdown_url":"https://cdn.example/ACME-US/description.md","disclaimer_markdown_url":null,"locale":"en_US","refund_policy_markdown_url":null,"reissuance_policy_markdown_url":null,"terms_buyer_markdown_url":"https://cdn.example/ACME-US/terms_buyer.md","terms_consumer_markdown_url":"https://cdn.example/ACME-US/terms_consumer.md","redemption_instructions_markdown_url":"https://cdn.example/ACME-US/redemption_instructions.md"}}}`

func TestProductDetail(t *testing.T) {
	r := start(t, sandbox.Options{})
	if got := r.must(r.get("/v2/product/ACME-US"), 200); got != acme {
		t.Errorf("got\n%s\nwant\n%s", got, acme)
	}
	if got := r.must(r.get("/v2/product/ACME-US?content=url"), 200); got != acme {
		t.Errorf("content=url: got %s, want %s", got, acme)
	}
	payment := r.must(r.get("/v2/product/P2C-US?content=html"), 200)
	if !strings.Contains(payment, `"payment":{"assets":{"icon_image_url":"https://cdn.example/p2c.png","primary_color":"#112233"},"denominations":{"minimum_value":"5.00","maximum_value":"250.00"},"content_resources":{"description_html":"<h1>`) {
		t.Errorf("got %s, want the payment's icon, color and range first", payment)
	}
	subscription := r.must(r.get("/v2/product/TUNES-ES?content=md"), 200)
	for _, part := range []string{
		`"payout_type":"subscription"`,
		`{"name":"Subscription 6 months","length_unit":"MONTHS","length":6,"price":"59.94","subscription_plan_code":"TUNES6-ES"}`,
		`"description_md":"# Tunes`,
	} {
		if !strings.Contains(subscription, part) {
			t.Errorf("got %s, want %s in it", subscription, part)
		}
	}
	for path, kind := range map[string]string{
		"/v2/product/NONE-US": "not_found", "/v2/product/ACME-US?content=pdf": "bad_request", "/v2/product/ACME-US?content=": "bad_request",
	} {
		if got := r.get(path); errorOf(got.body) != kind {
			t.Errorf("%s: got %d %s, want %s", path, got.status, got.body, kind)
		}
	}
}

func TestProductContentFlavours(t *testing.T) {
	r := start(t, sandbox.Options{})
	for flavour, suffix := range map[string]string{"url": "_markdown_url", "md": "_md", "html": "_html"} {
		body := r.must(r.get("/v2/product/ACME-US?content="+flavour), 200)
		content := decode[struct {
			GiftCard struct {
				Content map[string]any `json:"content_resources"`
			} `json:"gift_card"`
		}](t, body).GiftCard.Content
		for _, stem := range []string{"description", "terms_buyer", "terms_consumer", "redemption_instructions"} {
			if text, _ := content[stem+suffix].(string); text == "" {
				t.Errorf("%s: got no %s, want a text in %v", flavour, stem, content)
			}
		}
		for _, stem := range []string{"disclaimer", "refund_policy", "reissuance_policy"} {
			if text, there := content[stem+suffix]; !there || text != nil {
				t.Errorf("%s: %s = %v, want null", flavour, stem, text)
			}
		}
		if len(content) != 8 || content["locale"] != "en_US" {
			t.Errorf("%s: got %v, want eight texts in en_US", flavour, content)
		}
	}
}

func TestProductVersion2026(t *testing.T) {
	r := start(t, sandbox.Options{})
	stamped := strings.Replace(acme, `-card.png"`, `-card.png?v=1"`, 1)
	if got := r.must(r.get("/v2/product/ACME-US", "X-Api-Version", "2026-09-08"), 200); got != stamped {
		t.Errorf("got\n%s\nwant\n%s", got, stamped)
	}
	if got := r.must(r.get("/v2/product/P2C-US", "X-Api-Version", "2026-09-08"), 200); !strings.Contains(got, `p2c.png?v=1"`) {
		t.Errorf("got %s, want the icon with ?v=1", got)
	}
	if got := r.must(r.get("/v2/product/ACME-US"), 200); got != acme {
		t.Errorf("the old version: got %s, want %s", got, acme)
	}
}

// page is a page of products as a test reads it.
type page struct {
	Catalog    []listed `json:"catalog"`
	Pagination struct {
		Cursors struct{ Before, After *string }
		Page    struct{ Limit int }
	} `json:"pagination"`
}

func TestProductListPages(t *testing.T) {
	r := start(t, sandbox.Options{Products: 120})
	all := decode[page](t, r.must(r.get("/v2/product"), 200))
	if len(all.Catalog) != 120 || all.Pagination.Page.Limit != 500 {
		t.Fatalf("got %d products, limit %d; want 120, limit 500", len(all.Catalog), all.Pagination.Page.Limit)
	}
	var codes []string
	for _, p := range all.Catalog {
		codes = append(codes, p.Code)
	}
	walk := func(first, turn string) (pages [][]string) {
		for query := first; ; {
			p := decode[page](t, r.must(r.get("/v2/product?limit=50"+query), 200))
			if len(p.Catalog) == 0 {
				return pages
			}
			var codes []string
			for _, p := range p.Catalog {
				codes = append(codes, p.Code)
			}
			if *p.Pagination.Cursors.Before != codes[0] || *p.Pagination.Cursors.After != codes[len(codes)-1] {
				t.Fatalf("got cursors %v, want the first and the last of %v", p.Pagination.Cursors, codes)
			}
			pages = append(pages, codes)
			if query = "&after=" + *p.Pagination.Cursors.After; turn == "before" {
				query = "&before=" + *p.Pagination.Cursors.Before
			}
		}
	}
	forward := walk("", "after")
	if len(forward) != 3 || !slices.Equal(slices.Concat(forward...), codes) {
		t.Errorf("forward: got %v, want %v in three pages", forward, codes)
	}
	backward := walk("&before=ZZZZ-ZZ", "before")
	slices.Reverse(backward)
	if len(backward) != 3 || len(backward[0]) != 20 || !slices.Equal(slices.Concat(backward...), codes) {
		t.Errorf("backward: got %v, want %v in three pages", backward, codes)
	}
	end := `{"catalog":[],"pagination":{"cursors":{},"page":{"limit":2}}}`
	if got := r.must(r.get("/v2/product?limit=2&after=ZZZZ-ZZ"), 200); got != end {
		t.Errorf("after the end: got %s, want %s", got, end)
	}
	if got := r.must(r.get("/v2/product?limit=2&before=AAA-AA"), 200); got != end {
		t.Errorf("before the beginning: got %s, want %s", got, end)
	}
}

func TestProductListRefusals(t *testing.T) {
	r := start(t, sandbox.Options{})
	for query, kind := range map[string]string{
		"limit=0": "pagination_error", "limit=501": "pagination_error", "limit=x": "pagination_error", "limit=": "pagination_error",
		"after=A-US&before=B-US": "pagination_error", "after=": "pagination_error", "before=": "pagination_error",
		"after=no+code": "pagination_error", "before=%20": "pagination_error",
		"is_orderable=perhaps": "bad_request", "countries_redeemable_in=us": "bad_request", "countries_redeemable_in=USA": "bad_request",
	} {
		if got := r.get("/v2/product?" + query); got.status != 400 || errorOf(got.body) != kind {
			t.Errorf("%s: got %d %s, want 400 %s", query, got.status, got.body, kind)
		}
	}
	for _, path := range []string{"/v2/order?limit=0", "/v2/order?limit=501", "/v2/order?after=QQ", "/v2/order?before=b3JkZXIgTy0x", "/v2/order?after=a&before=b"} {
		if got := r.get(path); got.status != 400 || errorOf(got.body) != "pagination_error" {
			t.Errorf("%s: got %d %s, want 400 pagination_error", path, got.status, got.body)
		}
	}
}

func TestProductFilters(t *testing.T) {
	r := start(t, sandbox.Options{Products: 500})
	all := decode[page](t, r.must(r.get("/v2/product"), 200)).Catalog
	has := func(values []string, wanted ...string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(wanted, v) })
	}
	for query, want := range map[string]func(listed) bool{
		"is_orderable=true":                            func(p listed) bool { return p.IsOrderable },
		"is_orderable=false":                           func(listed) bool { return true },
		"countries_redeemable_in=JP":                   func(p listed) bool { return has(p.Countries, "JP") },
		"categories=travel":                            func(p listed) bool { return has(p.Categories, "travel") },
		"categories=travel&categories=fashion":         func(p listed) bool { return has(p.Categories, "travel", "fashion") },
		"categories=travel&countries_redeemable_in=US": func(p listed) bool { return has(p.Categories, "travel") && has(p.Countries, "US") },
		"categories=nonsense":                          func(listed) bool { return false },
		// A parameter that is no more.
		"code=ACME-US": func(listed) bool { return true },

		"countries_redeemable_in=JP&countries_redeemable_in=DE": func(p listed) bool { return has(p.Countries, "JP", "DE") },
	} {
		var got, wanted []string
		for _, p := range decode[page](t, r.must(r.get("/v2/product?"+query), 200)).Catalog {
			got = append(got, p.Code)
		}
		for _, p := range all {
			if want(p) {
				wanted = append(wanted, p.Code)
			}
		}
		if !slices.Equal(got, wanted) {
			t.Errorf("%s: %d products, want %d", query, len(got), len(wanted))
		}
	}
	// Pages of a filtered list are full.
	first := decode[page](t, r.must(r.get("/v2/product?countries_redeemable_in=US&limit=5"), 200))
	second := decode[page](t, r.must(r.get("/v2/product?countries_redeemable_in=US&limit=5&after="+url.QueryEscape(*first.Pagination.Cursors.After)), 200))
	if len(first.Catalog) != 5 || len(second.Catalog) != 5 || first.Catalog[4].Code >= second.Catalog[0].Code {
		t.Errorf("got %v, then %v; want five and five, in order", first.Catalog, second.Catalog)
	}
}

func TestCategories(t *testing.T) {
	r := start(t, sandbox.Options{})
	got := decode[struct{ Categories []struct{ Code string } }](t, r.must(r.get("/v2/product/categories"), 200)).Categories
	if len(got) != 17 || got[0].Code != "beauty-and-lifestyle" || got[16].Code != "womens-fashion" {
		t.Errorf("got %v, want 17 categories from beauty-and-lifestyle to womens-fashion", got)
	}
}

func TestPatchProduct(t *testing.T) {
	r := start(t, sandbox.Options{})
	patch := func(code string, p sandbox.ProductPatch) {
		t.Helper()
		if err := r.box.PatchProduct(code, p); err != nil {
			t.Fatal(err)
		}
	}
	buy := func(value string) string {
		t.Helper()
		return errorOf(r.order(fmt.Sprint("key ", len(r.box.Journal())), one("USD", value, "ACME-US")).body)
	}
	patch("ACME-US", sandbox.ProductPatch{IsOrderable: new(false), State: "TEMPORARILY_DISABLED", Name: "Acme!", DiscountMultiplier: "0.05"})
	got := decode[listed](t, r.get("/v2/product/ACME-US").body)
	if got.IsOrderable || got.State != "TEMPORARILY_DISABLED" || got.Name != "Acme!" || got.DiscountMultiplier != "0.05" {
		t.Errorf("got %+v, want Acme!, disabled, discount 0.05", got)
	}
	if kind := buy("10"); kind != "product_validation_error" {
		t.Errorf("got %q, want product_validation_error", kind)
	}
	patch("ACME-US", sandbox.ProductPatch{IsOrderable: new(true), Denominations: &sandbox.DenominationPatch{AvailableList: []string{"12", "13.5"}}})
	for value, kind := range map[string]string{"10": "product_validation_error", "12": "", "13.50": ""} {
		if got := buy(value); got != kind {
			t.Errorf("%s: got %q, want %q", value, got, kind)
		}
	}
	patch("ACME-US", sandbox.ProductPatch{Denominations: &sandbox.DenominationPatch{Type: "open", MinimumValue: "1.00"}})
	d := decode[listed](t, r.get("/v2/product/ACME-US").body).GiftCard.Denominations
	if d.Type != "open" || d.AvailableList != nil || d.MinimumValue != "1.00" || d.MaximumValue != "13.50" {
		t.Errorf("got %+v, want open from 1.00 to 13.50, without a list", d)
	}
	if kind := buy("7.77"); kind != "" {
		t.Errorf("got %s, want the order placed", kind)
	}
	patch("ACME-US", sandbox.ProductPatch{Withdrawn: new(true)})
	r.must(r.get("/v2/product/ACME-US"), 404)
	if strings.Contains(r.get("/v2/product").body, `"ACME-US"`) || buy("7.77") != "product_validation_error" {
		t.Error("a withdrawn product is listed or sold, want neither")
	}
	patch("ACME-US", sandbox.ProductPatch{Withdrawn: new(false)})
	r.must(r.get("/v2/product/ACME-US"), 200)
	patch("TUNES-ES", sandbox.ProductPatch{Withdrawn: new(true)})
	if got := r.order("tunes", one("EUR", "59.94", "TUNES6-ES")); errorOf(got.body) != "product_validation_error" {
		t.Errorf("got %s, want product_validation_error", got.body)
	}
	patch("P2C-US", sandbox.ProductPatch{Denominations: &sandbox.DenominationPatch{MaximumValue: "6.00"}})
	if got := r.order("p2c", one("USD", "7", "P2C-US")); errorOf(got.body) != "product_validation_error" {
		t.Errorf("got %s, want product_validation_error", got.body)
	}
	r.box.Reset()
	if got := r.must(r.get("/v2/product/ACME-US"), 200); got != acme {
		t.Errorf("after a reset: got %s, want %s", got, acme)
	}
}

func TestPatchProductRefusals(t *testing.T) {
	r := start(t, sandbox.Options{})
	amounts := func(p sandbox.DenominationPatch) sandbox.ProductPatch { return sandbox.ProductPatch{Denominations: &p} }
	for name, test := range map[string]struct {
		code  string
		patch sandbox.ProductPatch
		says  string
	}{
		"unknown":         {"NONE-US", sandbox.ProductPatch{}, "no such thing"},
		"state":           {"ACME-US", sandbox.ProductPatch{State: "DEAD"}, "DEAD"},
		"discount":        {"ACME-US", sandbox.ProductPatch{DiscountMultiplier: "x"}, "discount_multiplier"},
		"amount":          {"ACME-US", amounts(sandbox.DenominationPatch{AvailableList: []string{""}}), "denominations"},
		"type":            {"ACME-US", amounts(sandbox.DenominationPatch{Type: "some"}), "neither open nor fixed"},
		"fixed, no list":  {"BOLT-US", amounts(sandbox.DenominationPatch{Type: "fixed"}), "available_list"},
		"subscription":    {"TUNES-ES", amounts(sandbox.DenominationPatch{MinimumValue: "1"}), "plans"},
		"payment of list": {"P2C-US", amounts(sandbox.DenominationPatch{AvailableList: []string{"5"}}), "minimum and a maximum"},
	} {
		before := r.get("/v2/product/" + test.code).body
		if err := r.box.PatchProduct(test.code, test.patch); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got error %v, want one with %q", name, err, test.says)
		}
		if r.get("/v2/product/"+test.code).body != before {
			t.Errorf("%s: the product was changed, want it as it was", name)
		}
	}
}
