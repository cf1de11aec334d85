package sandbox_test

import (
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// estimate asks what items would cost.
func (r *rig) estimate(currency string, items ...string) result {
	return r.call("POST", "/v2/order/estimate",
		`{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"`+currency+`"},"items":[`+strings.Join(items, ",")+`]}`)
}

const (
	oneAcme = `{"face_value":25,"products":{"type":"SINGLE","value":"ACME-US"}}`
	anyOf   = `{"face_value":50,"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}}`
	oneTea  = `{"face_value":20.00,"products":{"type":"SINGLE","value":"TEA-GB"}}`
)

func TestEstimate(t *testing.T) {
	r := production(t, sandbox.Options{Balances: map[string]string{}, OrderingLimit: map[string]string{"USD": "0"}})
	got := r.estimate("USD", oneAcme, anyOf)
	sameJSON(t, r.must(got, 200), `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"currency":"USD",
		"total_discount":0.32,"total_price":74.68,"items":[
		{"products":{"type":"SINGLE","value":"ACME-US"},"face_value":25,"price":24.68,"discount_multiplier":"0.0130","currency":"USD"},
		{"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]},"face_value":50,"price":50,"discount_multiplier":"0.0000","currency":"USD"}],
		"transaction_detail":{"USD":{"value":"75.00","fx":null}}}`)
	if got.header.Get("X-Api-Version") == "" {
		t.Error("got no X-Api-Version, want one")
	}
	exchanged := `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"EUR"},"currency":"EUR",
		"total_discount":"0.00","total_price":"25.48","items":[
		{"products":{"type":"SINGLE","value":"TEA-GB"},"face_value":"20.00","price":"20.00","discount_multiplier":"0.0000","currency":"GBP"}],
		"transaction_detail":{"GBP":{"value":"20.00","fx":{"rate":"0.8","rate_symbol":"EURGBP","fee":{"value":"0.48","currency":"EUR"}}}}}`
	r.must(r.call("PATCH", "/_sandbox/estimates", `{"strings":true}`), 204)
	sameJSON(t, r.must(r.estimate("EUR", oneTea), 200), exchanged)
	r.must(r.call("PATCH", "/_sandbox/estimates", `{"strings":false}`), 204)
	if got := r.must(r.estimate("EUR", oneTea), 200); !strings.Contains(got, `"total_price":25.48`) || !strings.Contains(got, `"total_discount":0,`) {
		t.Errorf("got %s, want total_price 25.48 and total_discount 0", got)
	}
	r.must(r.call("PATCH", "/_sandbox/estimates", `{}`), 400)
	r.must(r.call("PATCH", "/_sandbox/estimates", `{"string":true}`), 400)
	r.orders(0)

	strings := production(t, sandbox.Options{EstimateStrings: true})
	sameJSON(t, strings.must(strings.estimate("EUR", oneTea), 200), exchanged)
}

// TestEstimateOfOrder demands that an order can be estimated as it is, as a sample of
// Runa's does with its distribution method, and that a strict sandbox refuses that.
func TestEstimateOfOrder(t *testing.T) {
	order := one("EUR", "20", "TEA-GB")
	r := production(t, sandbox.Options{})
	if got := r.must(r.call("POST", "/v2/order/estimate", order), 200); got != r.must(r.estimate("EUR", oneTea), 200) {
		t.Errorf("got %s, want the estimate of one tea", got)
	}
	strict := production(t, sandbox.Options{Strict: true})
	if got := strict.must(strict.call("POST", "/v2/order/estimate", order), 422); !strings.Contains(got, `"location":["items","0","distribution_method"]`) {
		t.Errorf("got %s, want a detail at items 0 distribution_method", got)
	}
}

func TestEstimateRefusals(t *testing.T) {
	r := production(t, sandbox.Options{Strict: true})
	items := func(n int) string { return strings.TrimSuffix(strings.Repeat(oneAcme+",", n), ",") }
	for name, test := range map[string]struct {
		got    result
		status int
		says   string
	}{
		"500 items":        {r.estimate("USD", items(500)), 200, "12340"}, // 500 × 24.68
		"501 items":        {r.estimate("USD", items(501)), 422, `"value_error.list.max_items"`},
		"none":             {r.estimate("USD"), 422, `"value_error.list.min_items"`},
		"no object":        {r.call("POST", "/v2/order/estimate", `[]`), 422, `"location":[]`},
		"item":             {r.estimate("USD", "7"), 422, `"type_error.dict"`},
		"no JSON":          {r.call("POST", "/v2/order/estimate", `{`), 400, "bad_request"},
		"template":         {r.estimate("USD", `{"face_value":25,"products":{"type":"TEMPLATE","template_id":"`+sandbox.TemplateUSD+`"}}`), 422, "invalid_discriminator"},
		"broken choice":    {r.estimate("USD", strings.Replace(anyOf, "50", "50.5", 1)), 422, "whole number"},
		"misspelt":         {r.estimate("USD", `{"face_valu":25,"products":{"type":"SINGLE","value":"ACME-US"}}`), 422, `["items","0","face_valu"]`},
		"not for sale":     {r.estimate("USD", oneAcme, `{"face_value":20,"products":{"type":"SINGLE","value":"GONE-US"}}`), 422, `"Not allowed to order products: GONE-US","location":["items","1","products"]`},
		"two currencies":   {r.estimate("USD", oneAcme, oneTea), 422, `"location":["payment_method","currency"]`},
		"many in exchange": {r.estimate("EUR", oneTea, oneTea), 422, "one item"},
		"no such pair":     {r.estimate("KRW", oneTea), 422, "cannot be paid"},
	} {
		if body := r.must(test.got, test.status); !strings.Contains(body, test.says) {
			t.Errorf("%s: got %s, want %q in it", name, body, test.says)
		}
	}
	playground := start(t, sandbox.Options{})
	if got := playground.must(playground.estimate("USD", oneAcme), 404); errorOf(got) != "not_found" {
		t.Errorf("got %s, want not_found", got)
	}
}
