package preflight

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Shortage is the cheapest order of a currency that this run was refused for its sum.
// What costs as much is not sent any more.
type Shortage struct {
	cost     decimal.Decimal
	currency string
	limit    bool // of the account's spending, rather than what it holds
}

func (s Shortage) Error() string {
	if s.limit {
		return fmt.Sprintf("the account's spending limit in %s was reached by another order of this run that costs no more", s.currency)
	}
	return fmt.Sprintf("the account's balance in %s was too low for another order of this run that costs no more", s.currency)
}

// NoteShortage keeps the sum of an order that was refused for it. A refusal that Runa
// repeats under its key may be older than the last top-up: where the account holds
// enough now, it says nothing of other orders.
func (r *Run) NoteShortage(ctx context.Context, order catalog.Order, refusal error) {
	var api *client.APIError
	if !errors.As(refusal, &api) || (api.Type != client.TypeInsufficientFunds && api.Type != client.TypeOrderingRestricted) {
		return
	}
	cost, err := r.Cost(ctx, order)
	if err != nil {
		return // then every order is tried
	}
	limit := api.Type == client.TypeOrderingRestricted
	if !limit && r.Production {
		if balance, err := r.API.Balance(ctx, order.Currency); err == nil && balance.Balance.Decimal().GreaterThanOrEqual(cost) {
			return
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.shortages[order.Currency]; !ok || cost.LessThan(known.cost) {
		r.shortages[order.Currency] = Shortage{cost, order.Currency, limit}
	}
}

// CheckShortage objects to an order that costs as much as one that was refused for its
// sum. The error is a Shortage.
func (r *Run) CheckShortage(ctx context.Context, order catalog.Order) error {
	r.mu.Lock()
	known, short := r.shortages[order.Currency]
	r.mu.Unlock()
	if !short {
		return nil
	}
	if cost, err := r.Cost(ctx, order); err != nil || cost.LessThan(known.cost) {
		return nil //nolint:nilerr // Runa says whether it is too dear
	}
	return known
}
