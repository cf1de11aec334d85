package purchase

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
)

func usd(limit string) *Budget {
	return NewBudget(map[string]decimal.Decimal{"USD": decimal.RequireFromString(limit)})
}

func expense(name, amount string) Expense {
	return Expense{Name: name, Amount: decimal.RequireFromString(amount)}
}

func TestBudgetOfAPlan(t *testing.T) {
	budget := usd("10")
	for i, step := range []struct {
		amount string
		over   bool
	}{{"4", false}, {"6", false}, {"0.01", true}, {"5", false}} {
		err := budget.Add("USD", expense("order", step.amount))
		if (err != nil) != step.over {
			t.Errorf("step %d: Add(%s) = %v, want an error: %t", i, step.amount, err, step.over)
		}
	}
	if total := budget.Total("USD"); total.String() != "15.01" {
		t.Errorf("the plan's sum is %s, want 15.01", total)
	}
	if err := budget.Add("EUR", expense("order", "1000")); err != nil || budget.Limits("EUR") || !budget.Limits("USD") {
		t.Errorf("Add() in EUR = %v, limits EUR: %t, USD: %t, want no error and a limit for USD only", err, budget.Limits("EUR"), budget.Limits("USD"))
	}
}

func TestBudgetNamesTheLargest(t *testing.T) {
	budget := usd("100")
	var err error
	for _, one := range []Expense{expense("a", "10"), expense("b", "30"), expense("c", "5"), expense("d", "20"), expense("e", "15"), expense("f", "40")} {
		err = errors.Join(err, budget.Spend("USD", one))
	}
	var over *OverBudgetError
	if !errors.As(err, &over) {
		t.Fatalf("Spend() = %v, want an OverBudgetError", err)
	}
	want := "120 USD would exceed the limit of 100 USD. The largest orders so far:\n  - 40 USD: f\n  - 30 USD: b\n  - 20 USD: d\n  - 15 USD: e\n  - 10 USD: a"
	if over.Error() != want {
		t.Errorf("got  %s\nwant %s", over, want)
	}
}

func TestBudgetIsNeverPassed(t *testing.T) {
	budget := usd("60")
	var wait sync.WaitGroup
	var mu sync.Mutex
	spent := 0
	for range 50 {
		wait.Go(func() {
			if budget.Spend("USD", expense("order", "25")) == nil {
				mu.Lock()
				defer mu.Unlock()
				spent++
			}
		})
	}
	wait.Wait()
	if spent != 2 || budget.Total("USD").String() != "50" {
		t.Errorf("spent %d times, %s in all, want 2 times and 50", spent, budget.Total("USD"))
	}
	budget.Return("USD", expense("order", "25"))
	budget.Return("USD", expense("no such order", "25"))
	if err := budget.Spend("USD", expense("order", "35")); err != nil {
		t.Errorf("Spend() of what was given back = %v, want no error", err)
	}
	if err := budget.Spend("USD", expense("order", "0.01")); err == nil || !strings.Contains(err.Error(), "60.01 USD would exceed") {
		t.Errorf("Spend() = %v, want an error that says %q", err, "60.01 USD would exceed")
	}
}
