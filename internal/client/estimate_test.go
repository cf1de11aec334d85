package client

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"
)

func TestEstimateOrder(t *testing.T) {
	want := Estimate{
		PaymentMethod: PaymentMethod{Type: "ACCOUNT_BALANCE", Currency: "USD"},
		Currency:      "USD", TotalDiscount: "0.5", TotalPrice: "9.5",
		Items: []EstimatedItem{{
			Products: Products{Type: "SINGLE", Value: "ACME-US"}, FaceValue: "10", Price: "9.5", DiscountMultiplier: "0.05", Currency: "USD",
		}},
		TransactionDetail: map[string]TransactionDetail{"USD": {Value: "10.00"}},
	}
	for name, body := range map[string]string{
		"numbers, as specified":        `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"currency":"USD","total_discount":0.5,"total_price":9.5,"items":[{"products":{"type":"SINGLE","value":"ACME-US"},"face_value":10,"price":9.5,"discount_multiplier":"0.05","currency":"USD"}],"transaction_detail":{"USD":{"value":"10.00","fx":null}}}`,
		"strings, as the guide prints": `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"currency":"USD","total_discount":"0.5","total_price":"9.5","items":[{"products":{"type":"SINGLE","value":"ACME-US"},"face_value":"10","price":"9.5","discount_multiplier":"0.05","currency":"USD"}],"transaction_detail":{"USD":{"value":"10.00","fx":null}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, answering(200, body))
			got, err := w.client(t).EstimateOrder(t.Context(), EstimateRequest{
				PaymentMethod: PaymentMethod{Type: "ACCOUNT_BALANCE", Currency: "USD"},
				Items:         []EstimateItem{{decimal.RequireFromString("10.50"), Products{Type: "MULTIPLE", Values: []string{"ACME-US", "BOLT-US"}}}},
			})
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("EstimateOrder() = %+v, error %v, want %+v", got, err, want)
			}
			const sent = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":10.5,"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}}]}`
			if r := w.requests(); len(r) != 1 || r[0].line != "POST /v2/order/estimate" || r[0].body != sent {
				t.Errorf("sent %+v, want one POST /v2/order/estimate with body %s", r, sent)
			}
			if key := w.requests()[0].header.Get("X-Idempotency-Key"); key != "" {
				t.Errorf("X-Idempotency-Key of an estimate = %q, want none", key)
			}
		})
	}
}
