package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// shortage is the cheapest order of a currency that this run was refused for its sum.
// What costs as much is not sent any more.
type shortage struct {
	cost     decimal.Decimal
	currency string
	limit    bool // of the account's spending, rather than what it holds
}

func (s shortage) Error() string {
	if s.limit {
		return fmt.Sprintf("the account's spending limit is reached in %s for another order of this run that costs no more", s.currency)
	}
	return fmt.Sprintf("the account holds too little %s for another order of this run that costs no more", s.currency)
}

// noteShortage keeps the sum of an order that was refused for it. A refusal that Runa
// repeats under its key may be older than the last top-up: where the account holds
// enough now, it says nothing of other orders.
func (s *session) noteShortage(ctx context.Context, m orderModel, refusal error) {
	var api *client.APIError
	if !errors.As(refusal, &api) || (api.Type != client.TypeInsufficientFunds && api.Type != client.TypeOrderingRestricted) {
		return
	}
	currency := draft(m).Currency
	cost, err := s.cost(ctx, m)
	if err != nil {
		return // then every order is tried
	}
	limit := api.Type == client.TypeOrderingRestricted
	if !limit && s.environment == production { // the playground has no balances (PLAY)
		if balance, err := s.client.Balance(ctx, currency); err == nil && balance.Balance.Decimal().GreaterThanOrEqual(cost) {
			return
		}
	}
	s.tally.short(shortage{cost, currency, limit})
}

// checkShortage objects to an order that costs as much as one that was refused for its sum.
func (s *session) checkShortage(ctx context.Context, m orderModel) error {
	known, short := s.tally.shortage(draft(m).Currency)
	if !short {
		return nil
	}
	if cost, err := s.cost(ctx, m); err != nil || cost.LessThan(known.cost) {
		return nil //nolint:nilerr // Runa says whether it is too dear
	}
	return known
}

// cost is what an order costs at most, in the currency paid in.
func (s *session) cost(ctx context.Context, m orderModel) (decimal.Decimal, error) {
	order := draft(m)
	products, _, err := s.catalog.Resolve(ctx, order.Codes())
	if err != nil {
		return decimal.Zero, fmt.Errorf("the products' currency cannot be read: %w", err)
	}
	cost, err := s.amount(ctx, order, products)
	if err != nil {
		return decimal.Zero, fmt.Errorf("the exchange cannot be priced: %w", err)
	}
	return cost, nil
}

// heldBack is why an order was held back for what others of its run came to, nil where it
// was not, or not before it was sent.
func heldBack(result purchase.Result) error {
	held := errors.Is(result.Err, purchase.ErrKeyRefused) || errors.Is(result.Err, purchase.ErrOutage) || errors.As(result.Err, new(shortage))
	if held && result.Intent.FirstAttempt.IsZero() {
		return result.Err
	}
	return nil
}

// aboutUnsent is one line, since a run can have a thousand of them.
func aboutUnsent(why error) (diags diag.Diagnostics) {
	diags.AddError(fmt.Sprintf("Not sent: %v. Nothing was bought.", why), "")
	return diags
}

// refusesKey reports a no to the API key.
func refusesKey(err error) bool {
	var api *client.APIError
	return errors.As(err, &api) && (api.Status == http.StatusUnauthorized ||
		api.Status == http.StatusForbidden && api.Type != client.TypeOrderingRestricted)
}

// aboutRefusedKey is about a plan that cannot be checked, nor applied.
func aboutRefusedKey(err error, place string) (diags diag.Diagnostics) {
	diags.AddError("Runa refuses the API key",
		fmt.Sprintf("This plan could not be checked, because %s refuses the API key. Nothing was bought.\n\n%v\n\n%s", place, err, remedy(err)))
	return diags
}
