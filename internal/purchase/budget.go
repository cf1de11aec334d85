package purchase

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"
)

// Budget is the most that one run may spend, by payment currency. Currencies
// without a limit are not counted. It is safe for concurrent use.
type Budget struct {
	mu     sync.Mutex
	limits map[string]decimal.Decimal
	spent  map[string][]Expense
}

// Expense is one order's part of a Budget.
type Expense struct {
	Name   string // for messages
	Amount decimal.Decimal
}

// NewBudget limits the currencies it names.
func NewBudget(limits map[string]decimal.Decimal) *Budget {
	return &Budget{limits: limits, spent: map[string][]Expense{}}
}

// OverBudgetError says that an expense would pass the limit.
type OverBudgetError struct {
	Currency     string
	Limit, Total decimal.Decimal // Total includes the expense
	Largest      []Expense       // the largest expenses, this one included
}

func (e *OverBudgetError) Error() string {
	var lines []string
	for _, expense := range e.Largest {
		lines = append(lines, fmt.Sprintf("  - %s %s: %s", expense.Amount, e.Currency, expense.Name))
	}
	return fmt.Sprintf("%s %s would exceed the limit of %s %s. The largest orders so far:\n%s",
		e.Total, e.Currency, e.Limit, e.Currency, strings.Join(lines, "\n"))
}

// Add counts an expense, whether or not it passes the limit. It is for plans,
// where nothing is spent and the whole sum is worth knowing. An error is given for
// the expense that passes the limit, and not again for those after it.
func (b *Budget) Add(currency string, expense Expense) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.total(currency)
	b.spent[currency] = append(b.spent[currency], expense)
	if limit, limited := b.limits[currency]; !limited || before.GreaterThan(limit) {
		return nil
	}
	return b.check(currency)
}

// Spend counts an expense only if the limit holds. The caller gives it back with
// Return if nothing came of it.
func (b *Budget) Spend(currency string, expense Expense) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent[currency] = append(b.spent[currency], expense)
	err := b.check(currency)
	if err != nil {
		b.remove(currency, expense)
	}
	return err
}

// Return gives back an expense of which it is certain that nothing came.
func (b *Budget) Return(currency string, expense Expense) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(currency, expense)
}

// Limits reports whether the currency has a limit.
func (b *Budget) Limits(currency string) bool {
	_, limited := b.limits[currency]
	return limited
}

// Total is the sum counted in a currency.
func (b *Budget) Total(currency string) decimal.Decimal {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.total(currency)
}

func (b *Budget) remove(currency string, expense Expense) {
	same := func(e Expense) bool { return e.Name == expense.Name && e.Amount.Equal(expense.Amount) }
	if i := slices.IndexFunc(b.spent[currency], same); i >= 0 {
		b.spent[currency] = slices.Delete(b.spent[currency], i, i+1)
	}
}

func (b *Budget) total(currency string) (sum decimal.Decimal) {
	for _, expense := range b.spent[currency] {
		sum = sum.Add(expense.Amount)
	}
	return sum
}

func (b *Budget) check(currency string) error {
	const shown = 5
	limit, limited := b.limits[currency]
	total := b.total(currency)
	if !limited || total.LessThanOrEqual(limit) {
		return nil
	}
	largest := slices.Clone(b.spent[currency])
	slices.SortStableFunc(largest, func(x, y Expense) int { return y.Amount.Cmp(x.Amount) })
	return &OverBudgetError{Currency: currency, Limit: limit, Total: total, Largest: largest[:min(shown, len(largest))]}
}
