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
	keys     map[string]claim             // of orders that are there or planned
	stand    map[string]purchase.Position // where keys stand, as this run has seen
	contents map[string]int               // how often an order without a key of its own was planned
	said     map[string]bool              // what is worth saying only once
}

func newTally(limits map[string]decimal.Decimal) *tally {
	return &tally{
		planned: purchase.NewBudget(limits), spent: purchase.NewBudget(limits),
		keys: map[string]claim{}, stand: map[string]purchase.Position{}, contents: map[string]int{}, said: map[string]bool{},
	}
}

// claim is who uses a key in this run.
type claim struct {
	recorded bool   // an order that the state has, not one to be created
	contents string // as they go over the wire; "" while a part is unknown
}

// replaces reports whether two uses of a key are, or may well be, one resource:
// Terraform plans a replacement that a user forces first as an order that is there,
// and then as one to be created with the same contents.
func (c claim) replaces(other claim) bool {
	return c.recorded != other.recorded && c.contents != "" && c.contents == other.contents
}

// use is what a run learns when it takes a key.
type use int

const (
	keyFree     use = iota // nobody else uses the key
	keyReplaced            // the order that is there has it, with the same contents
	keyShared              // another order has it
)

// claim takes a key.
func (t *tally) claim(key string, by claim) use {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, taken := t.keys[key]
	t.keys[key] = by
	switch {
	case !taken:
		return keyFree
	case by.replaces(before):
		return keyReplaced
	}
	return keyShared
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
