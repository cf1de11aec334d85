package preflight

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// fakeRuna answers what a test says, and counts.
type fakeRuna struct {
	now             time.Time // zero: it has not told the time, and a ping does not help
	silent          bool      // a ping fails
	balance, quote  string
	refuses         error
	balances, asked int
	currency        string
}

func (f *fakeRuna) Time() (earliest, latest time.Time, known bool) {
	return f.now, f.now, !f.now.IsZero()
}

func (f *fakeRuna) Ping(context.Context) (string, error) {
	if f.silent {
		return "", errors.New("no answer")
	}
	return "pong", nil
}

func (f *fakeRuna) Balance(_ context.Context, currency string) (client.Balance, error) {
	f.balances++
	return client.Balance{Currency: currency, Balance: client.Amount(f.balance)}, f.refuses
}

func (f *fakeRuna) EstimateOrder(context.Context, client.EstimateRequest) (client.Estimate, error) {
	f.asked++
	return client.Estimate{TotalPrice: client.Amount(f.quote)}, f.refuses
}

func (f *fakeRuna) Resolve(_ context.Context, codes []string) (map[string]catalog.Product, func(string) string, error) {
	found := map[string]catalog.Product{}
	for _, code := range codes {
		found[code] = catalog.Product{Product: client.Product{Currency: f.currency}}
	}
	return found, func(string) string { return "" }, nil
}

func (f *fakeRuna) run(limits map[string]decimal.Decimal) *Run {
	return New(Options{API: f, Catalogue: f, Now: time.Now, Production: true, Limits: limits})
}

func dollars(amounts ...string) catalog.Order {
	order := catalog.Order{Currency: "USD"}
	for _, amount := range amounts {
		value := decimal.RequireFromString(amount)
		order.Items = append(order.Items, catalog.Item{FaceValue: &value, Codes: []string{"ACME"}})
	}
	return order
}

func TestCost(t *testing.T) {
	t.Parallel()
	same := &fakeRuna{currency: "USD"}
	if cost, err := same.run(nil).Cost(t.Context(), dollars("10", "2.50")); err != nil || cost.String() != "12.5" || same.asked != 0 {
		t.Errorf("in one currency: %s %v after %d estimates, want 12.5 after none", cost, err, same.asked)
	}
	exchange := &fakeRuna{currency: "EUR", quote: "11.42"}
	if cost, err := exchange.run(nil).Cost(t.Context(), dollars("10")); err != nil || cost.String() != "11.42" {
		t.Errorf("an exchange: %s %v, want Runa's quote 11.42", cost, err)
	}
	exchange.refuses = errors.New("no")
	if _, err := exchange.run(nil).Cost(t.Context(), dollars("10")); err == nil || !strings.Contains(err.Error(), "cannot be priced") {
		t.Errorf("Cost() of an exchange without a quote = error %v, want one that says %q", err, "cannot be priced")
	}
}

func TestSpendAndReturn(t *testing.T) {
	t.Parallel()
	run := (&fakeRuna{}).run(map[string]decimal.Decimal{"USD": decimal.NewFromInt(30)})
	ten := func() (decimal.Decimal, error) { return decimal.NewFromInt(10), nil }
	twenty := func() (decimal.Decimal, error) { return decimal.NewFromInt(20), nil }
	release, err := run.Spend("USD", "a", twenty)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Spend("USD", "b", twenty); !errors.As(err, new(*purchase.OverBudgetError)) {
		t.Errorf("Spend() of 40 of 30 = error %v, want an OverBudgetError", err)
	}
	if _, err := run.Spend("USD", "c", ten); err != nil {
		t.Errorf("Spend() of 30 of 30 = error %v, want none", err)
	}
	release()
	if _, err := run.Spend("USD", "d", twenty); err != nil {
		t.Errorf("Spend() of 30 of 30 after a refund = error %v, want none", err)
	}
	unasked := func() (decimal.Decimal, error) { panic("asked where there is no limit") }
	if _, err := run.Spend("EUR", "e", unasked); err != nil {
		t.Error(err)
	}
}

func TestCovered(t *testing.T) {
	t.Parallel()
	runa := &fakeRuna{balance: "100"}
	run := runa.run(nil)
	plan := func(amount int64) {
		if err := run.Plan("USD", purchase.Expense{Amount: decimal.NewFromInt(amount)}); err != nil {
			t.Fatal(err)
		}
	}
	plan(100)
	if err := run.Covered(t.Context(), "USD"); err != nil {
		t.Errorf("Covered() with 100 of 100 = error %v, want none", err)
	}
	plan(1)
	short := (*ShortBalance)(nil)
	if err := run.Covered(t.Context(), "USD"); !errors.As(err, &short) || short.Planned.String() != "101" || short.Available.String() != "100" {
		t.Errorf("Covered() with 101 of 100 = error %v, want a ShortBalance of 101 planned and 100 available", err)
	}
	if runa.balances != 1 {
		t.Errorf("the balance was read %d times in a run, want once", runa.balances)
	}
	run.Production = false
	if err := run.Covered(t.Context(), "USD"); err != nil {
		t.Errorf("Covered() in the playground = error %v, want none", err)
	}
}

func TestShortages(t *testing.T) {
	t.Parallel()
	funds := &client.APIError{Status: 400, Type: client.TypeInsufficientFunds}
	for name, test := range map[string]struct {
		balance string
		refusal error
		brakes  bool
	}{
		"too little":               {"5", funds, true},
		"topped up since":          {"50", funds, false},
		"a limit of the account":   {"50", &client.APIError{Status: 403, Type: client.TypeOrderingRestricted}, true},
		"refused for another sake": {"5", &client.APIError{Status: 400, Type: "bad_request"}, false},
		"not refused":              {"5", nil, false},
	} {
		run := (&fakeRuna{balance: test.balance, currency: "USD"}).run(nil)
		run.NoteShortage(t.Context(), dollars("20"), test.refusal)
		run.NoteShortage(t.Context(), dollars("30"), test.refusal) // says less than the first
		for _, probe := range []struct {
			order catalog.Order
			stops bool
		}{
			{dollars("20"), test.brakes},
			{dollars("19.99"), false},
			{catalog.Order{Currency: "EUR", Items: dollars("20").Items}, false},
		} {
			err := run.CheckShortage(t.Context(), probe.order)
			if got := errors.As(err, new(Shortage)); got != probe.stops {
				t.Errorf("%s: %s of %s is stopped: %t (%v), want %t", name, probe.order.Items[0].FaceValue, probe.order.Currency, got, err, probe.stops)
			}
		}
	}
}

func TestClocks(t *testing.T) {
	t.Parallel()
	runa := &fakeRuna{silent: true}
	run := runa.run(nil)
	if err := run.NeedTime(t.Context()); err == nil {
		t.Error("NeedTime() before anybody has told the time = no error, want one")
	}
	runa.now = time.Now().Add(11 * time.Hour)
	if err := run.NeedTime(t.Context()); err != nil {
		t.Errorf("NeedTime() with 11 hours between the clocks = error %v, want none", err)
	}
	runa.now = time.Now().Add(-13 * time.Hour)
	clock := (*ClockError)(nil)
	if err := run.NeedTime(t.Context()); !errors.As(err, &clock) || clock.Hours() != 13 {
		t.Errorf("NeedTime() with 13 hours between the clocks = error %v, want a ClockError of 13 hours", err)
	}
}
