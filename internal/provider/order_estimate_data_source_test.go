package provider

import (
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// estimateOf asks for the price of items.
func estimateOf(items ...any) attrs {
	return attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"}, "items": append([]any{}, items...)}
}

// TestReadEstimate gives an order's items as they are, and takes numbers and strings.
func TestReadEstimate(t *testing.T) {
	items := []any{
		attrs{
			"face_value": "12.50", "distribution_method": attrs{"type": "EMAIL", "email_address": "ana@example.com"},
			"products": attrs{"type": "SINGLE", "value": "ACME-US", "usage_config": attrs{"spend_rules_template_id": "PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}},
		},
		attrs{"face_value": 50, "products": attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "BOLT-US"}}},
	}
	const wantBody = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[` +
		`{"face_value":12.5,"products":{"type":"SINGLE","value":"ACME-US"}},{"face_value":50,"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}}]}`
	bodies := map[string]string{
		"numbers": `{"currency":"USD","total_discount":0.5,"total_price":62.00,"items":[{"face_value":12.5,"price":12,"discount_multiplier":"0.05","currency":"USD"},
			{"face_value":50,"price":50,"currency":"USD"}],"transaction_detail":{"USD":{"value":"62.50","fx":null}}}`,
		"strings": `{"currency":"USD","total_discount":"0.5","total_price":"62.00","items":[{"face_value":"12.5","price":"12","discount_multiplier":"0.05","currency":"USD"},
			{"face_value":"50","price":"50","currency":"USD"}],"transaction_detail":{"USD":{"value":62.50,"fx":null}}}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			sb := answering(t, 200, body, func(r *http.Request) {
				if sent, err := io.ReadAll(r.Body); err != nil || string(sent) != wantBody {
					t.Errorf("sent %s, error %v, want %s", sent, err, wantBody)
				}
			})
			got, done := readerOf(t, sb, nil).read("runa_order_estimate", estimateOf(items...))
			if len(done.diags) > 0 {
				t.Fatal(done.errors(), done.warnings())
			}
			want := attrs{
				"currency": "USD", "total_price": "62.00", "total_discount": "0.5",
				"estimates": []any{
					attrs{"currency": "USD", "face_value": "12.5", "price": "12", "discount_multiplier": "0.05"},
					attrs{"currency": "USD", "face_value": "50", "price": "50", "discount_multiplier": nil},
				},
				"transaction_detail": attrs{"USD": attrs{"value": "62.50", "fx": nil}},
			}
			for name, value := range want {
				if !reflect.DeepEqual(got[name], value) {
					t.Errorf("%s: got %v, want %v", name, got[name], value)
				}
			}
		})
	}
}

func TestEstimateFindings(t *testing.T) {
	item := attrs{"face_value": 10, "products": attrs{"type": "SINGLE", "value": "ACME-US"}}
	tests := map[string]struct {
		status     int
		body       string
		path, says string
	}{
		"forbidden":    {403, `{"type":"forbidden","message":"No."}`, "", "playground has none at all"},
		"not sold":     {400, `{"type":"product_validation_error","message":"Not allowed to order products: ACME-US"}`, "", "Not allowed to order"},
		"no such pair": {400, `{"type":"currency_mismatch","message":"No."}`, `AttributeName("payment_method")`, "would refuse the order"},
		"wrong key":    {401, `{"type":"unauthorized","message":"No."}`, "", "check the API key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, done := readerOf(t, answering(t, test.status, test.body), nil).read("runa_order_estimate", estimateOf(item))
			wantFinding(t, done, test.path, test.says)
		})
	}
	t.Run("playground", func(t *testing.T) {
		sb := newSandbox(t, sandbox.Options{})
		_, done := readerOf(t, sb, nil).read("runa_order_estimate", estimateOf(item))
		wantFinding(t, done, "", "does not have the call POST /order/estimate")
		wantFinding(t, done, "", sb.URL)
	})
}

func TestUnknownEstimatesAreNotRefused(t *testing.T) {
	r := readerOf(t, newSandbox(t, sandbox.Options{}), nil)
	for name, config := range map[string]attrs{
		"items":    {"payment_method": unknown, "items": unknown},
		"an item":  estimateOf(unknown),
		"products": estimateOf(attrs{"face_value": unknown, "products": unknown}),
		"a type":   estimateOf(attrs{"face_value": "10.5", "products": attrs{"type": unknown}}),
	} {
		t.Run(name, func(t *testing.T) {
			if done := r.validate("runa_order_estimate", config); len(done.diags) > 0 {
				t.Errorf("errors %q, warnings %q, want none", done.errors(), done.warnings())
			}
		})
	}
}
