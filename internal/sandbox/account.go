package sandbox

import (
	"errors"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// account is the customer's money, by currency (BAL, 7). Orders draw it down one at
// a time, under the sandbox's lock: a balance is never negative.
type account struct {
	free     bool // the playground's: orders cost nothing, and no limit binds (PLAY, 9.2)
	balances money.Amounts
	limits   money.Amounts // how much may be drawn; a currency that is not there is not limited
	drawn    money.Amounts // by orders that have not failed
}

// usualBalances are what an account starts with. What the real playground shows is
// not known (D).
var usualBalances = map[string]string{"EUR": "10000", "GBP": "10000", "JPY": "1000000", "USD": "25000"}

var (
	errNoLimits = errors.New("the playground has no ordering limit")
	errTooPoor  = errors.New("the balance does not cover the order")
)

// newAccount is the account that options describe, before any order.
func newAccount(o Options) (account, error) {
	a := account{free: !o.production(), drawn: money.Amounts{}}
	var wrongBalance, wrongLimit error
	a.balances, wrongBalance = money.Amounts{}.With(o.Balances)
	a.limits, wrongLimit = money.Amounts{}.With(o.OrderingLimit)
	return a, errors.Join(wrongBalance, wrongLimit)
}

// refuses says why an order may not be paid: first the limit, then the funds (the
// order of the two is D).
func (a *account) refuses(currency string, price decimal.Decimal) (wire.Answer, bool) {
	switch {
	case a.free:
		return wire.Answer{}, false
	case a.overLimit(currency, price):
		return wire.Refuse(http.StatusForbidden, "ordering_restricted", "The order would exceed the account's spending limit.",
			"Ask Runa to raise the limit, then order with a new idempotency key."), true
	case !a.covers(currency, price):
		return insufficientFunds(), true
	}
	return wire.Answer{}, false
}

// overLimit tells whether an order would draw more than the limit. Runa says neither
// over which time the limit runs nor in which currency (D: all of it, and the
// payment's).
func (a *account) overLimit(currency string, price decimal.Decimal) bool {
	limit, limited := a.limits[currency]
	return limited && a.drawn[currency].Add(price).GreaterThan(limit)
}

// covers tells whether the balance is enough: a balance may come down to zero.
func (a *account) covers(currency string, price decimal.Decimal) bool {
	return a.balances[currency].GreaterThanOrEqual(price)
}

// draw takes the price of an order, where orders cost anything.
func (a *account) draw(currency string, price decimal.Decimal) {
	if a.free {
		return
	}
	a.balances[currency] = a.balances[currency].Sub(price)
	a.drawn[currency] = a.drawn[currency].Add(price)
}

// fail settles what an order costs when it fails or, by a patch, comes back to life:
// a FAILED order is re-credited (D, 3.3).
func (a *account) fail(o *order.Order, failed bool) error {
	price := o.Price()
	switch {
	case a.free || failed == (o.Forced == order.StatusFailed):
	case failed:
		a.draw(o.Currency, price.Neg())
	case !a.covers(o.Currency, price):
		return errTooPoor
	default:
		a.draw(o.Currency, price)
	}
	return nil
}

// insufficientFunds is the 400 of a balance that is too small (ERR, 5.2). It stays
// under its idempotency key, like every answer (IDEM, 4).
func insufficientFunds() wire.Answer {
	return wire.Refuse(http.StatusBadRequest, "insufficient_funds", "The balance does not cover the order.",
		"Top up the account, then order with a new idempotency key.")
}
