package sandbox

import (
	"maps"
	"net/http"
	"slices"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// balance is one balance of the account (7).
type balance struct {
	Balance  string `json:"balance"`
	Currency string `json:"currency"`
}

// getBalance answers GET /balance: an array of what there is, or one object where a
// currency is asked for (SPEC, 7).
func (s *Sandbox) getBalance(c *call) wire.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.query.Has("currency") {
		return s.account.one(c.query.Get("currency"))
	}
	return wire.Reply(http.StatusOK, s.account.all())
}

// all is every balance above zero.
func (a account) all() []balance {
	all := []balance{}
	for _, currency := range slices.Sorted(maps.Keys(a.balances)) {
		if amount := a.balances[currency]; amount.IsPositive() {
			all = append(all, balance{money.Format(amount, currency), currency})
		}
	}
	return all
}

// one is zero for a currency that the account could hold, and an error for any other
// (D, 12).
func (a account) one(currency string) wire.Answer {
	if !money.CanBeBalance(currency) {
		return wire.Refuse(http.StatusBadRequest, "bad_request", "There are no balances in this currency.", "")
	}
	return wire.Reply(http.StatusOK, balance{money.Format(a.balances[currency], currency), currency})
}

// Balances are the balances of the account by currency, zeros included.
func (s *Sandbox) Balances() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account.balances.Formatted()
}

// SetBalance sets a balance, to "250.00", or tops it up, by "+250.00".
func (s *Sandbox) SetBalance(currency, amount string) error {
	return s.setBalances(map[string]string{currency: amount})
}

// setBalances changes some balances, all of them or none.
func (s *Sandbox) setBalances(changes map[string]string) error {
	return s.changeAccount(func(a *account) (err error) {
		a.balances, err = a.balances.With(changes)
		return err
	})
}

// OrderingLimits are the ordering limits in force, by currency.
func (s *Sandbox) OrderingLimits() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account.limits.Formatted()
}

// SetOrderingLimit limits how much orders in a payment currency may draw, those
// already placed included; "" lifts the limit. An order beyond it is refused with
// 403 ordering_restricted (ERR, 5.2).
func (s *Sandbox) SetOrderingLimit(currency, amount string) error {
	return s.setLimits(map[string]string{currency: amount})
}

// setLimits changes some limits, all of them or none.
func (s *Sandbox) setLimits(changes map[string]string) error {
	return s.changeAccount(func(a *account) (err error) {
		if a.free {
			return errNoLimits
		}
		a.limits, err = a.limits.With(changes)
		return err
	})
}

// changeAccount changes the account and keeps it, or leaves it as it is.
func (s *Sandbox) changeAccount(change func(*account) error) error {
	s.mu.Lock()
	changed := s.account
	err := change(&changed)
	if err == nil {
		s.account = changed
		s.store.hand(s.accountChange())
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.settle()
}
