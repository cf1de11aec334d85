package preflight

import (
	"context"
	"fmt"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Amount is what an order costs at most, in the currency paid in: its face values, or for
// an exchange what Runa quotes. Face values that are not known yet count nothing.
func (r *Run) Amount(ctx context.Context, order catalog.Order, products map[string]catalog.Product) (sum decimal.Decimal, err error) {
	for _, item := range order.Items {
		if item.FaceValue != nil {
			sum = sum.Add(*item.FaceValue)
		}
	}
	payout := catalog.PayoutCurrency(order, products)
	if payout == "" || payout == order.Currency {
		return sum, nil
	}
	request := client.EstimateRequest{PaymentMethod: client.PaymentMethod{Type: client.AccountBalance, Currency: order.Currency}}
	for _, item := range order.Items {
		if item.FaceValue == nil || len(item.Codes) == 0 {
			return decimal.Zero, nil // quoted when it is known
		}
		priced := client.EstimateItem{FaceValue: *item.FaceValue, Products: client.Products{Type: client.Single, Value: item.Codes[0]}}
		if item.Choice {
			priced.Products = client.Products{Type: client.Multiple, Values: item.Codes}
		}
		request.Items = append(request.Items, priced)
	}
	quote, err := r.API.EstimateOrder(ctx, request)
	if err != nil {
		return decimal.Zero, fmt.Errorf("the exchange cannot be priced: %w", err)
	}
	return quote.TotalPrice.Decimal(), nil
}

// Cost is Amount of an order whose products are yet to be looked up.
func (r *Run) Cost(ctx context.Context, order catalog.Order) (decimal.Decimal, error) {
	products, _, err := r.Catalogue.Resolve(ctx, order.Codes())
	if err != nil {
		return decimal.Zero, fmt.Errorf("the products' currency cannot be read: %w", err)
	}
	return r.Amount(ctx, order, products)
}

// Limited reports whether the run may spend only so much of a currency.
func (r *Run) Limited(currency string) bool { return r.planned.Limits(currency) }

// Plan adds a purchase to what the plan would spend. The error, a
// purchase.OverBudgetError, is given for the one that passes the limit.
func (r *Run) Plan(currency string, expense purchase.Expense) error {
	return r.planned.Add(currency, expense)
}

// Spend takes a purchase from the run's limit before it is sent, or says why it cannot.
// Refund gives it back, for one that bought nothing. Amount is asked for only where there
// is a limit.
func (r *Run) Spend(currency, name string, amount func() (decimal.Decimal, error)) (release func(), err error) {
	if !r.spent.Limits(currency) {
		return func() {}, nil
	}
	cost, err := amount()
	if err != nil {
		return nil, err
	}
	expense := purchase.Expense{Name: name, Amount: cost}
	if err := r.spent.Spend(currency, expense); err != nil {
		return nil, err
	}
	return func() { r.spent.Return(currency, expense) }, nil
}

// ShortBalance is an account that does not hold what a plan would spend.
type ShortBalance struct {
	Currency           string
	Planned, Available decimal.Decimal
}

func (e *ShortBalance) Error() string {
	return fmt.Sprintf("this plan would spend %s %s, but the account has %s", e.Planned, e.Currency, e.Available)
}

// Covered compares what the plan would spend with what the account holds, and returns a
// ShortBalance, or why the balance cannot be read, or nil.
func (r *Run) Covered(ctx context.Context, currency string) error {
	if !r.Production {
		return nil
	}
	available, err := r.balance(ctx, currency)
	if err != nil {
		return err
	}
	if planned := r.planned.Total(currency); planned.GreaterThan(available) {
		return &ShortBalance{Currency: currency, Planned: planned, Available: available}
	}
	return nil
}

// balance reads what the account holds in a currency, once in a run.
func (r *Run) balance(ctx context.Context, currency string) (decimal.Decimal, error) {
	read, _ := r.balances.LoadOrStore(currency, sync.OnceValues(func() (decimal.Decimal, error) {
		balance, err := r.API.Balance(ctx, currency)
		return balance.Balance.Decimal(), err
	}))
	return read.(func() (decimal.Decimal, error))()
}
