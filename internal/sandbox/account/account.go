// Package account is the customer's account at Runa, with everything that an order touches:
// orders, idempotency keys, balances and limits, the clock, and the events that follow. One
// lock guards all of it, and nothing outside this package can hold it. What must happen
// together, such as an order, its price and its idempotency key, happens in one method. With a
// data file it is kept: see store.go.
//
// It must not know HTTP requests, faults and pages.
package account

import (
	"fmt"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
)

// Account is the account. It is safe for concurrent use.
type Account struct {
	options   Options
	catalogue *catalogue.Catalogue
	store     *store // nil: in memory only
	clock     clock  // has a lock of its own

	// mu guards everything below. It is never held across a delay, while a file
	// is written or while an answer is.
	mu      sync.Mutex
	epoch   int // how often all this was reset
	orders  ledger
	keys    keyStore
	funds   funds
	events  *webhook.Queue
	patches int // of products, in the data file
}

// Options say what a new account is like.
type Options struct {
	Mode          string // as the data file notes it
	Production    bool   // orders cost money
	Processing    time.Duration
	Now           func() time.Time
	Balances      map[string]string // by currency
	OrderingLimit map[string]string
	Webhooks      []webhook.Endpoint
	Announced     func() // is called when an event may be due; it must not wait
	Data          string // the data file, "" for none
}

// Open makes an account with valid amounts, or goes on from where its data file stands.
func Open(options Options, products *catalogue.Catalogue) (*Account, error) {
	a := &Account{options: options, catalogue: products}
	a.clock.base = options.Now
	a.reset()
	if options.Data != "" {
		if err := a.openData(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Reset makes the account as new: no orders and keys, the first balances, the products as
// they were, the clock back at its base. Requests that came before it buy nothing any more.
func (a *Account) Reset() {
	a.mu.Lock()
	a.reset()
	a.store.add(append([]change{clearAll}, a.metaChanges()...)...)
	a.mu.Unlock()
	_ = a.Sync() // every later answer reports it
}

// reset empties everything that requests have changed. The caller holds mu.
func (a *Account) reset() {
	a.epoch++
	a.clock.reset()
	a.catalogue.Reset()
	a.patches = 0
	a.orders = newLedger()
	a.keys = newKeyStore()
	a.funds, _ = newFunds(a.options.Production, a.options.Balances, a.options.OrderingLimit) // they are valid
	a.events = webhook.NewQueue(a.options.Webhooks)
}

// Close gives the data file back. Nothing can be kept any more.
func (a *Account) Close() { a.store.close() }

// LoseFile makes the data file fail, as a full or broken disk would. It is for tests.
func (a *Account) LoseFile() error { return a.store.db.Close() }

// Sync waits until everything that has happened so far is on disk. With an error it never will
// be.
func (a *Account) Sync() error { return a.store.sync() }

// Epoch tells how often the account was reset. A request belongs to the epoch in which it came.
func (a *Account) Epoch() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.epoch
}

// View is what a page shows. It is valid while Read runs.
type View struct {
	Now        time.Time
	Orders     []*order.Order // oldest first
	Deliveries []webhook.Delivery
	Balances   money.Amounts
	Limits     money.Amounts
}

// Read calls show with a view. Nothing changes meanwhile, so show must not wait.
func (a *Account) Read(show func(View)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	deliveries, _ := a.events.Deliveries()
	show(View{a.clock.now(), a.orders.placed, deliveries, a.funds.balances, a.funds.limits})
}

// clock is the sandbox's time: a base clock and how far ahead of it tests have
// moved. Everything the API says about time comes from here; only the waits of
// Latency and of faults are real.
type clock struct {
	base func() time.Time

	mu    sync.Mutex
	ahead time.Duration
}

// now is the time in UTC, in the microseconds that the wire carries (REC, 3.2).
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().Add(c.ahead).UTC().Truncate(time.Microsecond)
}

// maxAhead is how far a clock can be moved in all, a hundred years: a Duration holds no
// three hundred, and a timestamp no year 10000.
const maxAhead = 100 * 365 * 24 * time.Hour

// errTooFar says that the clock stays where it is.
var errTooFar = fmt.Errorf("the clock can be moved on by %s in all, and no further", maxAhead)

func (c *clock) advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > maxAhead-c.ahead {
		return errTooFar
	}
	c.ahead += d
	return nil
}

func (c *clock) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = 0
}

// Now is the sandbox's time.
func (a *Account) Now() time.Time { return a.clock.now() }

// Advance moves the clock on: orders finish and idempotency keys grow old. It fails if the
// clock would be more than a hundred years ahead.
func (a *Account) Advance(d time.Duration) error {
	a.mu.Lock()
	err := a.clock.advance(d)
	if err == nil {
		a.store.add(a.clockChange())
	}
	a.mu.Unlock()
	if err != nil {
		return err
	}
	a.options.Announced()
	_ = a.Sync() // every later answer reports it
	return nil
}
