package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Key is the API key that a sandbox accepts unless Options say otherwise. It
// starts with XX, as playground keys do (AUTH, 1.2), and opens nothing.
const Key = "XXsandbox.not-a-real-key"

// Options say how a sandbox behaves. The zero value is a good playground.
type Options struct {
	// Products is the size of the catalogue; 0 means 5,000. The products that
	// examples, tests and templates rely on are there whatever it says.
	Products int

	// Processing is how long an asynchronous order stays PROCESSING; 0 means the
	// playground's one second (ASYNC, 3.2), negative means not at all.
	Processing time.Duration

	// Latency is added to every answer. An order holds its idempotency key
	// meanwhile, and is placed even when the caller has gone away.
	Latency time.Duration

	// RatePerMinute limits order creation; 0 means Runa's 300 (RATE, 5.3),
	// negative means no limit.
	RatePerMinute int

	// APIKeys are the keys to accept; none means Key alone. They share one
	// account, and so one set of orders and idempotency keys (D, 4).
	APIKeys []string

	// Now is the clock; nil means time.Now. Advance adds to it.
	Now func() time.Time

	// Versions are the X-Api-Version values to accept, the first of them being the
	// account's own where a call names none (VER, 1.5); none means 2024-02-05 and
	// 2026-09-08.
	Versions []string
}

// withDefaults fills in what the caller left at zero.
func (o Options) withDefaults() Options {
	if o.Products <= 0 {
		o.Products = 5000
	}
	if o.Processing == 0 {
		o.Processing = time.Second
	}
	if o.RatePerMinute == 0 {
		o.RatePerMinute = 300
	}
	if len(o.APIKeys) == 0 {
		o.APIKeys = []string{Key}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(o.Versions) == 0 {
		o.Versions = []string{version20240205, version20260908}
	}
	o.APIKeys, o.Versions = slices.Clone(o.APIKeys), slices.Clone(o.Versions)
	return o
}

// Sandbox is a local Runa. It is an http.Handler, safe for concurrent use; make
// one with New.
type Sandbox struct {
	options Options
	admin   *http.ServeMux

	// mu guards everything below. It is never held across a delay or while an
	// answer is written.
	mu       sync.Mutex
	clock    clock
	shelf    shelf
	orders   orderBook
	keys     keyStore
	rate     rateLimit
	faults   faultList
	journal  journal
	epoch    int           // how often all this was made new
	released chan struct{} // closed when everything held or hung is let go
	closed   bool
}

// New makes a sandbox with a full catalogue, no orders and no faults.
func New(options Options) *Sandbox {
	s := &Sandbox{options: options.withDefaults()}
	s.clock.base = s.options.Now
	s.admin = s.adminRoutes()
	s.released = make(chan struct{})
	s.wipe()
	return s
}

// ServeHTTP answers the API under /v2 and the admin calls under /_sandbox.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sandbox") {
		s.admin.ServeHTTP(w, r)
		return
	}
	s.serveAPI(w, r)
}

// Reset makes the sandbox as new: no orders, keys, faults or journal, the first
// catalogue, the clock back at its base. Calls being delayed or hung are let go.
func (s *Sandbox) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	s.letGo()
}

// Close lets go of the calls being delayed or hung, now and from now on, so that
// the server around the sandbox can shut down.
func (s *Sandbox) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.letGo()
}

// wipe empties everything that calls have changed. The caller holds mu.
func (s *Sandbox) wipe() {
	s.epoch++
	s.clock.ahead = 0
	s.shelf = newShelf(s.options.Products)
	s.orders = newOrderBook()
	s.keys = newKeyStore()
	s.rate = rateLimit{perMinute: s.options.RatePerMinute}
	s.faults = faultList{}
	s.journal = journal{}
}

// letGo ends the waits in progress. The caller holds mu.
func (s *Sandbox) letGo() {
	select {
	case <-s.released:
	default:
		close(s.released)
	}
	if !s.closed {
		s.released = make(chan struct{})
	}
}
