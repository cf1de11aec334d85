package client

import (
	"slices"
	"testing"
)

func TestBalances(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want []Balance
	}{
		"two":     {`[{"balance":"120.00","currency":"USD"},{"balance":"8.50","currency":"GBP"}]`, []Balance{{"120.00", "USD"}, {"8.50", "GBP"}}},
		"none":    {`[]`, nil},
		"yen":     {`[{"balance":"45000","currency":"JPY"}]`, []Balance{{"45000", "JPY"}}},
		"numbers": {`[{"balance":10.0,"currency":"EUR"}]`, []Balance{{"10.0", "EUR"}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, answering(200, test.body))
			got, err := w.client(t).Balances(t.Context())
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("Balances() = %v, error %v, want %v", got, err, test.want)
			}
			wantEqual(t, "requests", w.lines(), []string{"GET /v2/balance"})
		})
	}
}

func TestBalance(t *testing.T) {
	w := serve(t, answering(200, `{"balance":"0.00","currency":"CAD"}`))
	got, err := w.client(t).Balance(t.Context(), "CAD")
	if err != nil || got != (Balance{"0.00", "CAD"}) {
		t.Errorf("Balance() = %v, error %v, want 0.00 CAD", got, err)
	}
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/balance?currency=CAD"})
}
