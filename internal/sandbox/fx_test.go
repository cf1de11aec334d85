package sandbox_test

import (
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// priced is the part of an order that speaks of money.
type priced struct {
	Currency      string `json:"currency"`
	TotalDiscount string `json:"total_discount"`
	TotalPrice    string `json:"total_price"`
	Detail        any    `json:"transaction_detail"`
	PaymentMethod any    `json:"payment_method"`
	Items         []struct {
		Currency  string `json:"currency"`
		FaceValue string `json:"face_value"`
		Price     string `json:"price"`
	} `json:"items"`
}

// TestExchange checks the sums of EFX: 9.1 and 13.8 of the facts page, and others.
func TestExchange(t *testing.T) {
	r := start(t, sandbox.Options{Products: 2000})
	tests := map[string]struct {
		payment, value, code string
		total, detail        string
	}{
		"20 GBP from EUR": {"EUR", "20", "TEA-GB", "25.48", `{"GBP":{"value":"20.00","fx":{"rate":"0.8","rate_symbol":"EURGBP","fee":{"value":"0.48","currency":"EUR"}}}}`},
		"10 USD from GBP": {"GBP", "10", "BOLT-US", "8.49", `{"USD":{"value":"10.00","fx":{"rate":"1.2","rate_symbol":"GBPUSD","fee":{"value":"0.16","currency":"GBP"}}}}`},
		"10 GBP from USD": {"USD", "10", "TEA-GB", "12.23", `{"GBP":{"value":"10.00","fx":{"rate":"1.2","rate_symbol":"GBPUSD","fee":{"value":"0.23","currency":"USD"}}}}`},
		"yen from USD":    {"USD", "500", "SUSHI-JP", "3.26", `{"JPY":{"value":"500","fx":{"rate":"156.25","rate_symbol":"USDJPY","fee":{"value":"0.06","currency":"USD"}}}}`},
		"10 USD from yen": {"JPY", "10", "BOLT-US", "1593", `{"USD":{"value":"10.00","fx":{"rate":"156.25","rate_symbol":"USDJPY","fee":{"value":"30","currency":"JPY"}}}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := decode[priced](t, r.must(r.sync(name, one(test.payment, test.value, test.code)), 200))
			if got.Currency != test.payment || got.TotalPrice != test.total {
				t.Errorf("total %s %s, want %s", got.TotalPrice, got.Currency, test.total)
			}
			sameJSON(t, string(mustMarshal(t, got.Detail)), test.detail)
			sameJSON(t, string(mustMarshal(t, got.PaymentMethod)), `{"type":"ACCOUNT_BALANCE","currency":"`+test.payment+`"}`)
			if got.Items[0].Currency == test.payment || got.Items[0].Price != got.Items[0].FaceValue {
				t.Errorf("got item %+v, want another currency than %s and no discount", got.Items[0], test.payment)
			}
		})
	}
}

// TestExchangePairs checks which currency pays for which (CUR, 10).
func TestExchangePairs(t *testing.T) {
	r := start(t, sandbox.Options{Products: 2000})
	all, _ := wholeCatalogue(t, r)
	in := map[string]listed{}
	for _, p := range all {
		if p.GiftCard != nil && p.IsOrderable {
			in[p.Currency] = p
		}
	}
	for _, pair := range []struct {
		payment, payout string
		want            int
	}{
		{"USD", "AED", 200},
		{"EUR", "AED", 400},
		{"USD", "COP", 200},
		{"GBP", "COP", 400},
		{"EUR", "KRW", 200},
		{"GBP", "ILS", 200},
		{"HUF", "CNY", 200},
		{"CNY", "USD", 400},
		{"AED", "USD", 400},
		{"AED", "AED", 400},
		{"ZAR", "PLN", 200},
		{"PLN", "ZAR", 200},
	} {
		p, ok := in[pair.payout]
		if !ok {
			t.Fatalf("got no product in %s, want one", pair.payout)
		}
		got := r.sync(pair.payment+pair.payout, one(pair.payment, p.GiftCard.Denominations.MinimumValue, p.Code))
		if got.status != pair.want || (pair.want == 400 && errorOf(got.body) != "currency_mismatch") {
			t.Errorf("%s for %s: got %d %s, want %d", pair.payment, pair.payout, got.status, got.body, pair.want)
		}
	}
}
