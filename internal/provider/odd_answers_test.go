package provider

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// TestOddAnswers: a field that is only shown never costs the answer that it is in.
func TestOddAnswers(t *testing.T) {
	estimate := attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"}, "items": []any{
		attrs{"face_value": "10", "products": attrs{"type": "SINGLE", "value": "ACME-US"}},
	}}
	const order = "O-01J7Z3K5N8QWERTYASDFGHZXCV"
	tests := map[string]struct {
		source, body string
		config       attrs
		check        func(attrs) bool
		logged       string // "" for nothing
	}{
		"Runa's sample of an estimate": {
			"runa_order_estimate", `{"currency":"USD","total_price":9.5,"items":[{"face_value":10,"price":9.5,"products":{"type":"SINGLE","values":"ACME-US"}}]}`, estimate,
			func(got attrs) bool {
				return got["total_price"] == "9.5" && got["estimates"].([]any)[0].(attrs)["price"] == "9.5"
			}, "",
		},
		"an estimate's discount": {
			"runa_order_estimate", `{"currency":"USD","total_price":9.5,"total_discount":{"value":0.5},"items":"one"}`, estimate,
			func(got attrs) bool { return got["total_price"] == "9.5" && got["total_discount"] == nil }, "total_discount, items",
		},
		"a product's texts": {
			"runa_product", `{"code":"ACME-US","currency":"USD","is_orderable":true,"name":{"en":"Acme"},"gift_card":{"assets":"none","denominations":{"type":"open","minimum_value":"5","maximum_value":"50"}}}`,
			attrs{"code": "ACME-US"},
			func(got attrs) bool {
				return got["name"] == nil && got["currency"] == "USD" && got["denominations"].(attrs)["minimum_value"] == "5"
			}, "name, gift_card.assets",
		},
		"an order's times": {
			"runa_order", `{"id":"` + order + `","status":"COMPLETED","completed_at":1,"currency":"USD","total_price":"10.00","items":[{"id":"E-1","price":"10.00","payout":{"url":"https://spend.example.test/1","status":"ACTIVE","expiry_date":{}}}]}`,
			attrs{"id": order},
			func(got attrs) bool {
				return got["completed_at"] == nil && got["total_price"] == "10.00" && got["payout_links"].([]any)[0] == "https://spend.example.test/1"
			}, "completed_at, items[0].payout.expiry_date",
		},
		"a ping": {"runa_ping", `{"message":{"text":"pong"}}`, attrs{}, func(got attrs) bool { return got["message"] == nil }, "message"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := readerOf(t, answering(t, 200, test.body), nil)
			var log bytes.Buffer
			read, err := r.server.ReadDataSource(tflogtest.RootLogger(t.Context(), &log), &tfprotov6.ReadDataSourceRequest{TypeName: test.source, Config: r.pack(test.source, test.config)})
			if err != nil || len(read.Diagnostics) > 0 {
				t.Fatalf("%s: %v, errors %q, warnings %q, want none", test.source, err, errorsOf(read.Diagnostics), textOf(read.Diagnostics, tfprotov6.DiagnosticSeverityWarning))
			}
			got := unbuild(t, unpack(t, r.schemas.DataSourceSchemas[test.source].ValueType(), read.State)).(attrs)
			if !test.check(got) {
				t.Errorf("%s = %v, want the odd field left out and the others read", test.source, got)
			}
			if warned := strings.Contains(log.String(), "unknown form"); warned != (test.logged != "") || !strings.Contains(log.String(), test.logged) {
				t.Errorf("the log is %q, want a warning about %q, or none if that is empty", log.String(), test.logged)
			}
			if strings.Contains(log.String(), "spend.") {
				t.Errorf("the log shows a link, want none: %s", log.String())
			}
		})
	}
}

// TestOddMoneyFails: what money turns on is never guessed, and the message names it.
func TestOddMoneyFails(t *testing.T) {
	estimate := attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"}, "items": []any{
		attrs{"face_value": "10", "products": attrs{"type": "SINGLE", "value": "ACME-US"}},
	}}
	for name, test := range map[string]struct {
		source, body string
		config       attrs
		says         string
	}{
		"an estimate's price": {"runa_order_estimate", `{"currency":"USD","total_price":{"value":9.5}}`, estimate, "its total_price is not an amount"},
		"a balance":           {"runa_balance", `{"currency":"USD","balance":[10]}`, attrs{"currency": "USD"}, "its balance is not an amount"},
		"a product's code":    {"runa_product", `{"code":5,"currency":"USD"}`, attrs{"code": "ACME-US"}, "its code is not text"},
		"a plan's price":      {"runa_product", `{"code":"T","subscription":{"subscription_plans":[{"price":"cheap"}]}}`, attrs{"code": "T"}, "its subscription.subscription_plans[0].price is not an amount"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, done := readerOf(t, answering(t, 200, test.body), nil).read(test.source, test.config)
			if !strings.Contains(done.errors(), test.says) {
				t.Errorf("errors %q, want one that says %q", done.errors(), test.says)
			}
		})
	}
}
