package sandbox

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"
)

// balance is one balance of the account (7).
type balance struct {
	Balance  string `json:"balance"`
	Currency string `json:"currency"`
}

// playgroundBalances are the balances above zero. They never change: playground
// orders cost nothing (PLAY, 9.2). What the real playground shows is not known (D).
var playgroundBalances = map[string]int64{"EUR": 10_000, "GBP": 10_000, "JPY": 1_000_000, "USD": 25_000}

// getBalance answers GET /balance: an array of what there is, or one object where a
// currency is asked for (SPEC, 7).
func (s *Sandbox) getBalance(c *call) answer {
	if c.query.Has("currency") {
		return oneBalance(c.query.Get("currency"))
	}
	var all []balance
	for currency := range playgroundBalances {
		all = append(all, balanceIn(currency))
	}
	slices.SortFunc(all, func(a, b balance) int { return cmp.Compare(a.Currency, b.Currency) })
	return reply(http.StatusOK, all)
}

// oneBalance is zero for a currency that the account could hold, and an error for
// any other (D, 12).
func oneBalance(currency string) answer {
	if info, ok := currencies[currency]; !ok || info.reach != holdable {
		return refuse(http.StatusBadRequest, "bad_request", "There are no balances in this currency.", "")
	}
	return reply(http.StatusOK, balanceIn(currency))
}

func balanceIn(currency string) balance {
	return balance{money(decimal.NewFromInt(playgroundBalances[currency]), currency), currency}
}
