package provider

import (
	"sync"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// tally is what one run has planned and bought so far. A provider process serves
// one walk, so every order is planned in it once, and bought in it at most once.
type tally struct {
	planned *purchase.Budget // everything the plan would buy
	spent   *purchase.Budget // what was sent

	mu       sync.Mutex
	keys     map[string]bool // of orders that are there or planned
	contents map[string]int  // how often an order without a key of its own was planned
	said     map[string]bool // what is worth saying only once
}

func newTally(limits map[string]decimal.Decimal) *tally {
	return &tally{
		planned: purchase.NewBudget(limits), spent: purchase.NewBudget(limits),
		keys: map[string]bool{}, contents: map[string]int{}, said: map[string]bool{},
	}
}

// claim takes a key, and reports whether it was free.
func (t *tally) claim(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keys[key] {
		return false
	}
	t.keys[key] = true
	return true
}

// repeats counts an order's content, and reports whether this is its second time.
func (t *tally) repeats(content string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.contents[content]++
	return t.contents[content] == 2
}

// once reports whether this is the first time that something is to be said.
func (t *tally) once(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := !t.said[what]
	t.said[what] = true
	return first
}
