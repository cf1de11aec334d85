package client

import (
	"context"
	"net/http"
	"net/url"
)

// Balance is the money an account holds in one currency (BAL).
type Balance struct {
	Balance  Amount `json:"balance" read:"strict"`
	Currency string `json:"currency" read:"strict"`
}

// Balances lists the currencies with money in them; it may be empty.
func (c *Client) Balances(ctx context.Context) ([]Balance, error) {
	var balances []Balance
	_, err := c.read(ctx, call{method: http.MethodGet, path: "/balance"}, &balances)
	return balances, err
}

// Balance reads one currency, an ISO 4217 code. A currency that Runa supports
// but the account does not hold is zero; any other is a 400.
func (c *Client) Balance(ctx context.Context, currency string) (Balance, error) {
	var balance Balance
	_, err := c.read(ctx, call{
		method: http.MethodGet, path: "/balance", query: url.Values{"currency": {currency}},
		needs: []string{"balance", "currency"},
	}, &balance)
	return balance, err
}
