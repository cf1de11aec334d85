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
	copies  *copies          // orders that look like each other

	mu    sync.Mutex
	keys  map[string]*holders          // by key, of orders that are there or planned
	looks map[string]*looks            // by order that is there
	stand map[string]purchase.Position // where keys stand, as this run has seen
	said  map[string]bool              // what is worth saying only once
	lacks map[string]shortage          // by the currency paid in
}

func newTally(limits map[string]decimal.Decimal) *tally {
	return &tally{
		planned: purchase.NewBudget(limits), spent: purchase.NewBudget(limits), copies: newCopies(),
		keys: map[string]*holders{}, looks: map[string]*looks{}, stand: map[string]purchase.Position{}, said: map[string]bool{}, lacks: map[string]shortage{},
	}
}

// note notes where a key stands, for a Create of the same run: it is shown neither
// the order that was refreshed before it nor the one that was deleted.
func (t *tally) note(at purchase.Position) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stand[at.Key] = at
}

// position is where a key stands as far as this run knows.
func (t *tally) position(key string) purchase.Position {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stand[key]
}

// short notes an order that was refused for its sum.
func (t *tally) short(by shortage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.lacks[by.currency]; !ok || by.cost.LessThan(known.cost) {
		t.lacks[by.currency] = by
	}
}

// shortage is the cheapest order of a currency that was refused for its sum.
func (t *tally) shortage(currency string) (known shortage, short bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, short = t.lacks[currency]
	return known, short
}

// once reports whether this is the first time that something is to be said.
func (t *tally) once(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	first := !t.said[what]
	t.said[what] = true
	return first
}
