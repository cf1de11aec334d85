package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestInvalidDataSources(t *testing.T) {
	tests := map[string]struct {
		source string
		config attrs
		path   string
		says   string
	}{
		"no code":               {"runa_product", attrs{}, `AttributeName("code")`, "required"},
		"code with a blank":     {"runa_product", attrs{"code": "ACME-US "}, `AttributeName("code")`, "has a space at its end"},
		"order id with a BOM":   {"runa_order", attrs{"id": "\ufeffO-01J7Z3K5N8QWERTYASDFGHZXCV"}, `AttributeName("id")`, "has an invisible character (U+FEFF) at position 1"},
		"empty code":            {"runa_product", attrs{"code": ""}, `AttributeName("code")`, "at least 1"},
		"name of a country":     {"runa_products", attrs{"countries_redeemable_in": []any{"US", "Germany"}}, `AttributeName("countries_redeemable_in").ElementKeyValue(tftypes.String<"Germany">)`, "two capital letters"},
		"small country":         {"runa_products", attrs{"countries_redeemable_in": []any{"us"}}, `AttributeName("countries_redeemable_in").ElementKeyValue(tftypes.String<"us">)`, "two capital letters"},
		"no such content":       {"runa_product", attrs{"code": "ACME-US", "content": "pdf"}, `AttributeName("content")`, `"url" "md" "html"`},
		"a null country":        {"runa_products", attrs{"countries_redeemable_in": []any{nil}}, `AttributeName("countries_redeemable_in")`, "null"},
		"empty category":        {"runa_products", attrs{"categories": []any{""}}, `AttributeName("categories").ElementKeyValue(tftypes.String<"">)`, "at least 1"},
		"small currency":        {"runa_products", attrs{"currency": "usd"}, `AttributeName("currency")`, "three capital letters"},
		"currency's sign":       {"runa_products", attrs{"currency": "$"}, `AttributeName("currency")`, "three capital letters"},
		"empty payout type":     {"runa_products", attrs{"payout_type": ""}, `AttributeName("payout_type")`, "at least 1"},
		"no regular expression": {"runa_products", attrs{"name_regex": "Acme("}, `AttributeName("name_regex")`, "missing closing )"},
		"Perl's lookahead":      {"runa_products", attrs{"name_regex": "(?=x)"}, `AttributeName("name_regex")`, "invalid or unsupported Perl syntax"},
		"balance's currency":    {"runa_balance", attrs{"currency": "dollar"}, `AttributeName("currency")`, "three capital letters"},
		"no order id":           {"runa_order", attrs{"id": ""}, `AttributeName("id")`, "Runa's id of an order"},
		"a link as an order id": {"runa_order", attrs{"id": "https://spend.runa.io/1"}, `AttributeName("id")`, "may be a secret"},
		"no status":             {"runa_orders", attrs{"status": ""}, `AttributeName("status")`, "at least 1"},
		"limit of none":         {"runa_orders", attrs{"limit": 0}, `AttributeName("limit")`, "at least 1"},
		"half a limit":          {"runa_orders", attrs{"limit": "1.5"}, `AttributeName("limit")`, "whole number, at least 1, and it is 1.5."},
		"not a time":            {"runa_orders", attrs{"created_after": "yesterday"}, `AttributeName("created_after")`, "RFC3339"},
		"no time between":       {"runa_orders", attrs{"created_after": "2026-05-01T00:00:00Z", "created_before": "2026-05-01T02:00:00+02:00"}, `AttributeName("created_before")`, "No time lies in this range"},
		"estimate of nothing":   {"runa_order_estimate", estimateOf(), `AttributeName("items")`, "at least 1"},
		"estimate of a template": {
			"runa_order_estimate", estimateOf(attrs{"face_value": 10, "products": attrs{"type": "TEMPLATE", "template_id": "PT-1"}}),
			`AttributeName("items").ElementKeyInt(0).AttributeName("products").AttributeName("type")`, "A template cannot be priced",
		},
		"estimate without products": {
			"runa_order_estimate", estimateOf(attrs{"face_value": 10}), `AttributeName("items").ElementKeyInt(0).AttributeName("products")`, "is required",
		},
		"estimate of a broken choice": {
			"runa_order_estimate", estimateOf(attrs{"face_value": "10.5", "products": attrs{"type": "MULTIPLE", "values": []any{"A-US", "B-US"}}}),
			`AttributeName("items").ElementKeyInt(0).AttributeName("face_value")`, "whole number",
		},
		"an empty code": {"runa_products", attrs{"codes": []any{"ACME-US", ""}}, `AttributeName("codes").ElementKeyInt(1)`, "at least 1"},
	}
	sb := newSandbox(t, sandbox.Options{})
	r := readerOf(t, sb, nil)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, done := r.read(test.source, test.config)
			wantFinding(t, done, test.path, test.says)
		})
	}
	if sent := sb.requests("", ""); sent != 0 {
		t.Errorf("%d requests were sent, want none", sent)
	}
}

// wantFinding requires an error at a path with some words.
func wantFinding(t *testing.T, done run, path, says string) {
	t.Helper()
	for _, d := range done.diags {
		if d.Attribute.String() == path && strings.Contains(d.Summary+" "+d.Detail, says) {
			return
		}
	}
	t.Errorf("no finding at %q says %q, want one among:\n%s\n%s", path, says, done.errors(), done.warnings())
}

func TestUnknownFiltersAreNotRefused(t *testing.T) {
	r := readerOf(t, newSandbox(t, sandbox.Options{}), nil)
	for name, config := range map[string]attrs{
		"all":         {"countries_redeemable_in": unknown, "categories": unknown, "is_orderable": unknown, "currency": unknown, "payout_type": unknown, "name_regex": unknown, "codes": unknown},
		"within sets": {"countries_redeemable_in": []any{unknown}, "categories": []any{unknown}, "codes": []any{unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			if done := r.validate("runa_products", config); len(done.diags) > 0 {
				t.Errorf("errors %q, warnings %q, want none", done.errors(), done.warnings())
			}
		})
	}
}

func TestReadProduct(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	got, done := readerOf(t, sb, nil).read("runa_product", attrs{"code": "ACME-US"})
	if len(done.diags) > 0 {
		t.Fatal(done.errors(), done.warnings())
	}
	want := attrs{
		"code": "ACME-US", "name": "Acme", "currency": "USD", "state": "LIVE", "is_orderable": true, "approval_state": "APPROVED",
		"payout_type": "gift_card", "availability": "realtime", "categories": []any{"fashion", "mens-fashion"},
		"countries_redeemable_in": []any{"US"}, "discount_multiplier": "0.0130",
		"customer_service": attrs{"phone_number": nil, "website_url": "https://acme.example"},
		"denominations": attrs{
			"type": "fixed", "minimum_value": "10.00", "maximum_value": "100.00", "available_list": []any{"10", "25", "50.00", "100"},
		},
		"subscription_plans": nil,
		"assets": attrs{
			"card_image_url": "https://gift.runa.io/static/product_assets/ACME-US/ACME-US-card.png", "icon_image_url": nil, "primary_color": "#FFFFFF",
		},
		"expiry":        attrs{"date_policy": "Does not expire", "in_months": 0.0, "type": "indefinite"},
		"redeemable_at": "online", "website_url": "https://acme.example", "balance_check_url": nil,
		"barcode_format": "code-128", "e_code_usage_type": "url-recommended",
		"content": nil, "content_resources": attrs{"locale": "en_US", "texts": attrs{
			"description_markdown_url": "https://cdn.example/ACME-US/description.md", "disclaimer_markdown_url": nil,
			"refund_policy_markdown_url": nil, "reissuance_policy_markdown_url": nil,
			"terms_buyer_markdown_url": "https://cdn.example/ACME-US/terms_buyer.md", "terms_consumer_markdown_url": "https://cdn.example/ACME-US/terms_consumer.md",
			"redemption_instructions_markdown_url": "https://cdn.example/ACME-US/redemption_instructions.md",
		}},
	}
	for name := range want {
		if !reflect.DeepEqual(got[name], want[name]) {
			t.Errorf("%s: got %v, want %v", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d attributes, want %d", len(got), len(want))
	}
	if requests := sb.requests("", ""); requests != 1 {
		t.Errorf("%d requests, want 1", requests)
	}
}

func TestReadProductTexts(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	r := readerOf(t, sb, nil)
	for content, begins := range map[string]string{"url": "https://", "md": "# Acme", "html": "<h1>Acme"} {
		got, done := r.read("runa_product", attrs{"code": "ACME-US", "content": content})
		if len(done.diags) > 0 {
			t.Fatal(done.errors(), done.warnings())
		}
		texts := got["content_resources"].(attrs)["texts"].(attrs)
		name := "description" + contentSuffixes[client.Content(content)]
		if text, _ := texts[name].(string); len(texts) != 7 || !strings.HasPrefix(text, begins) {
			t.Errorf("content %s: texts %v, want 7, with a %s that begins with %q", content, texts, name, begins)
		}
	}
}

func TestReadProducts(t *testing.T) {
	tests := map[string]struct {
		config attrs
		want   []string // codes, sorted
		asks   []string // the first page of each list, and products
	}{
		"country": {
			attrs{"countries_redeemable_in": []any{"GB"}, "name_regex": "^(Tea House|Shoe Tree)$"},
			[]string{"SHOE-GB", "TEA-GB"},
			[]string{"countries_redeemable_in=GB&limit=500"},
		},
		"categories and countries": {
			attrs{"countries_redeemable_in": []any{"GB", "US"}, "categories": []any{"fashion"}, "name_regex": "^(Acme|Shoe)"},
			[]string{"ACME-US", "SHOE-GB"},
			[]string{"countries_redeemable_in=GB&limit=500", "countries_redeemable_in=US&limit=500"},
		},
		"category":      {attrs{"categories": []any{"booksellers"}, "name_regex": "^Buch"}, []string{"BUCH-DE"}, []string{"categories=booksellers&limit=500"}},
		"orderable":     {attrs{"is_orderable": true, "name_regex": "^(Acme|Gone)$"}, []string{"ACME-US"}, []string{"limit=500"}},
		"not orderable": {attrs{"is_orderable": false, "name_regex": "^(Acme|Gone)$"}, []string{"GONE-US"}, []string{"limit=500"}},
		"currency":      {attrs{"currency": "EUR", "name_regex": "^(Buch|Caf|Acme)"}, []string{"BUCH-DE", "CAFE-DE"}, []string{"limit=500"}},
		"payout type":   {attrs{"payout_type": "payment", "codes": []any{"P2C-US"}}, []string{"P2C-US"}, []string{"/product/P2C-US"}},
		"codes, unsorted and twice": {
			attrs{"codes": []any{"TEA-GB", "ACME-US", "TEA-GB"}}, []string{"ACME-US", "TEA-GB"}, []string{"/product/ACME-US", "/product/TEA-GB"},
		},
		"no codes":       {attrs{"codes": []any{}}, []string{}, nil},
		"no countries":   {attrs{"countries_redeemable_in": []any{}}, []string{}, nil},
		"no categories":  {attrs{"categories": []any{}}, []string{}, nil},
		"nothing passes": {attrs{"name_regex": "^no such name$"}, []string{}, []string{"limit=500"}},
	}
	sb := newSandbox(t, sandbox.Options{})
	digests := map[any]string{}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(sb.Journal())
			got, done := readerOf(t, sb, nil).read("runa_products", test.config)
			if len(done.diags) > 0 {
				t.Fatal(done.errors(), done.warnings())
			}
			codes := []string{}
			for _, code := range got["codes"].([]any) {
				codes = append(codes, code.(string))
			}
			if !slices.Equal(codes, test.want) {
				t.Errorf("codes %v, want %v", codes, test.want)
			}
			products := got["products"].(attrs)
			if len(products) != len(test.want) {
				t.Errorf("%d products, want %d", len(products), len(test.want))
			}
			for _, code := range test.want {
				if product, ok := products[code].(attrs); !ok || product["code"] != code || product["name"] == nil {
					t.Errorf("products[%q] = %v, want the product with this code and a name", code, products[code])
				}
			}
			var asks []string
			for _, entry := range sb.Journal()[before:] {
				switch {
				case entry.Path != "/product":
					asks = append(asks, entry.Path)
				case !strings.Contains(entry.Query, "after="):
					asks = append(asks, entry.Query)
				}
			}
			if slices.Sort(asks); !slices.Equal(asks, test.asks) {
				t.Errorf("asked for %s, want %s", asks, test.asks)
			}
			digest := got["digest"].(string)
			selection := strings.Join(test.want, " ")
			if other, same := digests[digest]; same && other != selection || len(digest) != 64 {
				t.Errorf("digest of %q = %s, as of %q, want 64 digits of its own", selection, digest, other)
			}
			digests[digest] = selection
		})
	}
}

func TestDigestFollowsTheCatalogue(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	digest := func() any {
		t.Helper()
		got, done := readerOf(t, sb, nil).read("runa_products", attrs{"codes": []any{"ACME-US", "TEA-GB"}})
		if done.errors() != "" {
			t.Fatal(done.errors())
		}
		return got["digest"]
	}
	change := func(patch sandbox.ProductPatch) {
		t.Helper()
		if err := sb.PatchProduct("ACME-US", patch); err != nil {
			t.Fatal(err)
		}
	}
	before := digest()
	change(sandbox.ProductPatch{Name: "Acme Inc."})
	if after := digest(); after != before {
		t.Errorf("digest after a change of a name = %v, want %v, as before", after, before)
	}
	no := false
	change(sandbox.ProductPatch{IsOrderable: &no})
	if after := digest(); after == before {
		t.Errorf("digest with a product that cannot be ordered = %v, want another than before", after)
	}
}

func TestMissingCodes(t *testing.T) {
	many := []any{}
	for i := range 13 {
		many = append(many, fmt.Sprintf("NONE%02d-US", i))
	}
	const all = 2 // the two pages of the catalogue, for suggestions
	tests := map[string]struct {
		config   attrs
		says     []string
		requests int
	}{
		"does not exist":  {attrs{"codes": []any{"ACME-US", "NONE-US"}}, []string{"\n  - NONE-US does not exist. Did you mean GONE-US (Gone)?\n"}, 2 + all},
		"nothing like it": {attrs{"codes": []any{"ACME-US", "NOTHING-LIKE-IT-US"}}, []string{"\n  - NOTHING-LIKE-IT-US does not exist\n"}, 2 + all},
		"case matters":    {attrs{"codes": []any{"acme-us"}}, []string{"acme-us does not exist. Did you mean ACME-US (Acme)?"}, 1 + all},
		"several, sorted": {attrs{"codes": []any{"Z-US", "ACME-US", "A-US"}}, []string{"- A-US does not exist\n  - Z-US does not exist"}, 3 + all},
		"excluded by a filter": {
			attrs{"codes": []any{"TEA-GB", "ACME-US"}, "countries_redeemable_in": []any{"US"}},
			[]string{"TEA-GB exists, but is excluded by countries_redeemable_in\n"},
			2,
		},
		"excluded by a filter of Runa's": {
			attrs{"codes": []any{"TEA-GB", "ACME-US", "BOLT-US"}, "countries_redeemable_in": []any{"US"}},
			[]string{"TEA-GB exists, but is excluded by countries_redeemable_in\n"},
			3, // the list's two pages, and TEA-GB
		},
		"excluded by is_orderable": {
			attrs{"codes": []any{"GONE-US"}, "is_orderable": true}, []string{"GONE-US exists, but is excluded by is_orderable\n"}, 1,
		},
		"excluded by two": {
			attrs{"codes": []any{"TEA-GB"}, "currency": "USD", "name_regex": "Acme"}, []string{"excluded by currency and name_regex"}, 1,
		},
		"one of each": {
			attrs{"codes": []any{"TEA-GB", "NONE-US"}, "currency": "USD"},
			[]string{"NONE-US does not exist", "TEA-GB exists, but is excluded by currency"},
			2 + all,
		},
		"many": {attrs{"codes": many, "currency": "USD"}, []string{"NONE09-US does not exist\n  - and 3 more"}, 12},
	}
	sb := newSandbox(t, sandbox.Options{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			asked := sb.requests("", "")
			_, done := readerOf(t, sb, nil).read("runa_products", test.config)
			for _, says := range append(test.says, sb.URL, "Next: ") {
				wantFinding(t, done, `AttributeName("codes")`, says)
			}
			if len(done.diags) != 1 {
				t.Errorf("%d findings, want 1:\n%s", len(done.diags), done.errors())
			}
			if asked = sb.requests("", "") - asked; asked != test.requests {
				t.Errorf("%d requests, want %d", asked, test.requests)
			}
		})
	}
}

// TestMissingCodeThatCannotBeExplained: looking the code up fails, or Runa leaves a
// product out for reasons of its own.
func TestMissingCodeThatCannotBeExplained(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	fault := func(fault sandbox.Fault) {
		t.Helper()
		if err := sb.AddFault(fault); err != nil {
			t.Fatal(err)
		}
	}
	config := attrs{"codes": []any{"ACME-US", "BOLT-US", "HINT-US"}, "countries_redeemable_in": []any{"US"}}

	fault(sandbox.Fault{Path: "/product", Action: sandbox.ActionStatus, Status: 200, Body: `{"catalog":[]}`})
	_, done := readerOf(t, sb, nil).read("runa_products", config)
	wantFinding(t, done, `AttributeName("codes")`, "ACME-US exists, but Runa's list does not have it")

	fault(sandbox.Fault{Path: "/product/*", Action: sandbox.ActionStatus, Status: 403})
	_, done = readerOf(t, sb, nil).read("runa_products", config)
	wantFinding(t, done, `AttributeName("codes")`, "ACME-US was not found, and looking it up failed: GET /product/ACME-US: 403")
}

func TestReadingFails(t *testing.T) {
	reads := map[string]struct {
		config attrs
		path   string // of the 404
	}{
		"runa_product":            {attrs{"code": "ACME-US"}, `AttributeName("code")`},
		"runa_products":           {attrs{}, ""},
		"runa_product_categories": {attrs{}, ""},
		"runa_product_countries":  {attrs{}, ""},
		"runa_order":              {attrs{"id": "O-1"}, ""},
		"runa_orders":             {attrs{}, ""},
		"runa_ping":               {attrs{}, ""},
	}
	tests := map[string]struct {
		status int
		body   any
		says   string
	}{
		"wrong key":        {403, map[string]string{"type": "forbidden", "message": "No."}, "check the API key"},
		"missing key":      {401, map[string]string{"type": "unauthorized", "message": "No."}, "check the API key"},
		"version is gone":  {410, map[string]string{"type": "version_removed", "message": "No."}, "set api_version"},
		"version is wrong": {400, map[string]string{"type": "invalid_version", "message": "No."}, "set api_version"},
		"bad filter":       {400, map[string]string{"type": "bad_request", "message": "No such country."}, "fix the problem above"},
		"a proxy":          {405, "<html>", "This answer did not come from Runa itself"},
	}
	for source, read := range reads {
		for name, test := range tests {
			t.Run(source+", "+name, func(t *testing.T) {
				body, err := json.Marshal(test.body)
				if text, ok := test.body.(string); ok {
					body = []byte(text)
				}
				if err != nil {
					t.Fatal(err)
				}
				sb := newSandbox(t, sandbox.Options{})
				if err := sb.AddFault(sandbox.Fault{Action: sandbox.ActionStatus, Status: test.status, Body: string(body)}); err != nil {
					t.Fatal(err)
				}
				_, done := readerOf(t, sb, nil).read(source, read.config)
				wantFinding(t, done, "", test.says)
				wantFinding(t, done, "", sb.URL)
				if len(done.diags) != 1 || strings.Contains(done.errors(), sandbox.Key) {
					t.Errorf("%d findings, want 1, without the API key:\n%s", len(done.diags), done.errors())
				}
			})
		}
	}

	t.Run("no such product", func(t *testing.T) {
		sb := newSandbox(t, sandbox.Options{})
		_, done := readerOf(t, sb, nil).read("runa_product", attrs{"code": "NONE-US"})
		wantFinding(t, done, `AttributeName("code")`, `There is no product "NONE-US" at `+sb.URL)
	})
}

func TestReadRemedy(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		says string
	}{
		"too many":    {&client.APIError{Status: 429}, "lower -parallelism"},
		"their fault": {&client.APIError{Status: 503}, "run this again later"},
		"unreadable":  {&client.UnreadableError{Status: 200}, "check base_url"},
		"wrapped":     {fmt.Errorf("listing: %w", &client.APIError{Status: 403}), "check the API key"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readRemedy(test.err); !strings.Contains(got, test.says) {
				t.Errorf("readRemedy(%v) = %q, want one that says %q", test.err, got, test.says)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel() // the retries take a moment
	sb := &testSandbox{URL: "http://127.0.0.1:1/v2"}
	_, done := readerOf(t, sb, nil).read("runa_product", attrs{"code": "ACME-US"})
	wantFinding(t, done, "", "check base_url, the network and any proxy")
}

// TestReadingBeforeSettingsAreKnown happens where the provider's own settings come
// from another resource.
func TestReadingBeforeSettingsAreKnown(t *testing.T) {
	r := newReader(t, nil)
	if done := r.configure(attrs{"api_key": unknown}); len(done.diags) > 0 {
		t.Fatal(done.errors())
	}
	for source, config := range map[string]attrs{
		"runa_product": {"code": "ACME-US"}, "runa_products": {}, "runa_product_categories": {}, "runa_product_countries": {},
		"runa_balance": {"currency": "USD"}, "runa_balances": {}, "runa_order": {"id": "O-1"}, "runa_orders": {}, "runa_ping": {},
		"runa_order_estimate": estimateOf(attrs{"face_value": 10, "products": attrs{"type": "SINGLE", "value": "ACME-US"}}),
	} {
		_, done := r.read(source, config)
		wantFinding(t, done, "", "Runa cannot be reached yet")
	}
}

// TestListingSurvivesAHiccup reads past what goes wrong once.
func TestListingSurvivesAHiccup(t *testing.T) {
	t.Parallel()
	failed := false
	s := sandbox.New(sandbox.Options{Products: 60})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !failed {
			failed = true
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	got, done := readerOf(t, &testSandbox{Sandbox: s, URL: server.URL + "/v2"}, nil).read("runa_products", attrs{"codes": []any{"ACME-US"}})
	if done.errors() != "" || got["products"].(attrs)["ACME-US"] == nil {
		t.Errorf("codes %v, errors %q, want ACME-US and none", got["codes"], done.errors())
	}
}
