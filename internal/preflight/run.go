package preflight

import (
	"context"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// API is what of Runa's is asked before anything is bought. client.Client is one.
type API interface {
	Time() (earliest, latest time.Time, known bool)
	Ping(ctx context.Context) (string, error)
	Balance(ctx context.Context, currency string) (client.Balance, error)
	EstimateOrder(ctx context.Context, request client.EstimateRequest) (client.Estimate, error)
}

// Catalogue tells what products are. catalog.Catalog is one.
type Catalogue interface {
	Resolve(ctx context.Context, codes []string) (found map[string]catalog.Product, missing func(string) string, err error)
}

// Options are what a Run is for.
type Options struct {
	API       API
	Catalogue Catalogue
	Now       func() time.Time
	// Production says that the account has balances: the playground's does not run out
	// of money (PLAY, 9.2).
	Production bool
	// Limits are the most that the run may spend, by the currency paid in.
	Limits map[string]decimal.Decimal
}

// Run is what one run has planned and bought so far. A provider process serves one walk,
// so every order is planned in it once, and bought in it at most once. It is safe for
// concurrent use.
type Run struct {
	Options
	planned  *purchase.Budget // everything the plan would buy
	spent    *purchase.Budget // what was sent
	balances sync.Map         // by currency, func() (decimal.Decimal, error)

	mu         sync.Mutex
	keys       map[string]*claims           // by key, of orders that are there or planned
	looks      map[string]*looks            // by order that is there
	positions  map[string]purchase.Position // where keys stand, as this run has seen
	bought     map[string]Bought            // by key
	likenesses map[string]*likeness         // by contents, as they go over the wire
	told       map[string]bool              // what is worth saying only once
	shortages  map[string]Shortage          // by the currency paid in
}

// New is a run in which nothing is planned yet.
func New(options Options) *Run {
	return &Run{
		Options: options,
		planned: purchase.NewBudget(options.Limits), spent: purchase.NewBudget(options.Limits),
		keys: map[string]*claims{}, looks: map[string]*looks{}, positions: map[string]purchase.Position{},
		bought:     map[string]Bought{},
		likenesses: map[string]*likeness{}, told: map[string]bool{}, shortages: map[string]Shortage{},
	}
}

// Note notes where a key stands, for a Create of the same run: it is shown neither the
// order that was refreshed before it nor the one that was deleted.
func (r *Run) Note(at purchase.Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.positions[at.Key] = at
}

// Position is where a key stands as far as this run knows.
func (r *Run) Position(key string) purchase.Position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.positions[key]
}

// Once reports whether this is the first time that something is to be said.
func (r *Run) Once(what string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.told[what]
	r.told[what] = true
	return first
}
