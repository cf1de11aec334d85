package account

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// funds are the customer's money, by currency (BAL, 7). Orders draw it down one at
// a time, under the account's lock: a balance is never negative.
type funds struct {
	free     bool // the playground's: orders cost nothing, and no limit binds (PLAY, 9.2)
	balances money.Amounts
	limits   money.Amounts // how much may be drawn; a currency that is not there is not limited
	drawn    money.Amounts // by orders that have not failed
}

// ErrNoLimits says that only production has ordering limits.
var ErrNoLimits = errors.New("the playground has no ordering limit")

var errTooPoor = errors.New("the balance does not cover the order")

// newFunds are the funds before any order.
func newFunds(production bool, balances, limits map[string]string) (funds, error) {
	f := funds{free: !production, drawn: money.Amounts{}}
	var wrongBalance, wrongLimit error
	f.balances, wrongBalance = money.Amounts{}.With(balances)
	f.limits, wrongLimit = money.Amounts{}.With(limits)
	return f, errors.Join(wrongBalance, wrongLimit)
}

// ValidateAmounts says what is wrong with balances and limits.
func ValidateAmounts(balances, limits map[string]string) error {
	_, err := newFunds(true, balances, limits)
	return err
}

// refuses says why an order may not be paid: first the limit, then the funds (the
// order of the two is D).
func (f *funds) refuses(currency string, price decimal.Decimal) (wire.Answer, bool) {
	switch {
	case f.free:
		return wire.Answer{}, false
	case f.overLimit(currency, price):
		return wire.Refuse(http.StatusForbidden, "ordering_restricted", "The order would exceed the account's spending limit.",
			"Ask Runa to raise the limit, then order with a new idempotency key."), true
	case !f.covers(currency, price):
		return InsufficientFunds(), true
	}
	return wire.Answer{}, false
}

// overLimit tells whether an order would draw more than the limit. Runa says neither
// over which time the limit runs nor in which currency (D: all of it, and the
// payment's).
func (f *funds) overLimit(currency string, price decimal.Decimal) bool {
	limit, limited := f.limits[currency]
	return limited && f.drawn[currency].Add(price).GreaterThan(limit)
}

// covers tells whether the balance is enough: a balance may come down to zero.
func (f *funds) covers(currency string, price decimal.Decimal) bool {
	return f.balances[currency].GreaterThanOrEqual(price)
}

// draw takes the price of an order, where orders cost anything.
func (f *funds) draw(currency string, price decimal.Decimal) {
	if f.free {
		return
	}
	f.balances[currency] = f.balances[currency].Sub(price)
	f.drawn[currency] = f.drawn[currency].Add(price)
}

// fail pays back an order that fails, and draws its price again if, by a patch, it comes back
// to life (D, 3.3).
func (f *funds) fail(o *order.Order, failed bool) error {
	price := o.Price()
	switch {
	case f.free || failed == (o.Forced == order.StatusFailed):
	case failed:
		f.draw(o.Currency, price.Neg())
	case !f.covers(o.Currency, price):
		return errTooPoor
	default:
		f.draw(o.Currency, price)
	}
	return nil
}

// InsufficientFunds is the 400 of a balance that is too small (ERR, 5.2). It stays
// under its idempotency key, like every answer (IDEM, 4).
func InsufficientFunds() wire.Answer {
	return wire.Refuse(http.StatusBadRequest, "insufficient_funds", "The balance does not cover the order.",
		"Top up the account, then order with a new idempotency key.")
}

// balance is one balance of the account (7).
type balance struct {
	Balance  string `json:"balance"`
	Currency string `json:"currency"`
}

// GetBalance answers GET /balance: an array of what there is, or one object where a
// currency is asked for (SPEC, 7).
func (a *Account) GetBalance(query url.Values) wire.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	if query.Has("currency") {
		return a.funds.one(query.Get("currency"))
	}
	return wire.Reply(http.StatusOK, a.funds.all())
}

// all is every balance above zero.
func (f funds) all() []balance {
	all := []balance{}
	for _, currency := range slices.Sorted(maps.Keys(f.balances)) {
		if amount := f.balances[currency]; amount.IsPositive() {
			all = append(all, balance{money.Format(amount, currency), currency})
		}
	}
	return all
}

// one is zero for a currency that the account could have, and an error for any other
// (D, 12).
func (f funds) one(currency string) wire.Answer {
	if !money.CanBeBalance(currency) {
		return wire.Refuse(http.StatusBadRequest, "bad_request", "There are no balances in this currency.", "")
	}
	return wire.Reply(http.StatusOK, balance{money.Format(f.balances[currency], currency), currency})
}

// Balances are the balances by currency, zeros included.
func (a *Account) Balances() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.funds.balances.Formatted()
}

// SetBalances changes some balances, all of them or none: "250.00" is the new amount,
// "+250.00" comes on top.
func (a *Account) SetBalances(changes map[string]string) error {
	return a.changeFunds(func(f *funds) (err error) {
		f.balances, err = f.balances.With(changes)
		return err
	})
}

// OrderingLimits are the ordering limits in force, by currency.
func (a *Account) OrderingLimits() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.funds.limits.Formatted()
}

// SetOrderingLimits changes some limits, all of them or none; "" lifts one.
func (a *Account) SetOrderingLimits(changes map[string]string) error {
	return a.changeFunds(func(f *funds) (err error) {
		if f.free {
			return ErrNoLimits
		}
		f.limits, err = f.limits.With(changes)
		return err
	})
}

// changeFunds changes the funds and keeps them, or leaves them as they are.
func (a *Account) changeFunds(change func(*funds) error) error {
	a.mu.Lock()
	changed := a.funds
	err := change(&changed)
	if err == nil {
		a.funds = changed
		a.store.add(a.fundsChange())
	}
	a.mu.Unlock()
	if err != nil {
		return err
	}
	return a.Sync()
}
