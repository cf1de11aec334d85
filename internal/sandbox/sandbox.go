package sandbox

import (
	"net/http"
	"strings"
	"sync"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// Sandbox is a local Runa. It is an http.Handler, safe for concurrent use; make
// one with New, or with Open where it shall remember.
type Sandbox struct {
	options   Options
	catalogue *catalogue.Catalogue
	admin     *http.ServeMux
	store     *store   // nil: in memory only
	courier   *courier // nil: nobody is told of events

	// mu guards everything below. It is never held across a delay, while a file
	// is written or while an answer is.
	mu       sync.Mutex
	clock    clock
	patches  int // in the data file
	account  account
	orders   orderBook
	keys     keyStore
	rate     rateLimit
	faults   faultList
	journal  journal
	messages messageList
	strings  bool          // estimates write amounts as strings
	epoch    int           // how often all this was made new
	released chan struct{} // closed when everything held or hung is let go
	closed   bool
	calls    int // being answered
}

// New makes a sandbox in memory, with a full catalogue, no orders and no faults.
// Options that make no sense, Data among them, make it panic: Open has an error.
func New(options Options) *Sandbox {
	if options.Data != "" {
		panic("sandbox: a data file needs Open")
	}
	s, err := Open(options)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return s
}

// Open makes a sandbox that goes on from where its data file stands; a file that
// is not there yet is made. Whatever such a sandbox has answered or shown to
// anybody is in the file: neither a restart nor a killed process loses it. One
// process at a time has the file, until Close.
func Open(options Options) (*Sandbox, error) {
	s := &Sandbox{options: options.withDefaults()}
	if err := s.options.validate(); err != nil {
		return nil, err
	}
	var err error
	if s.catalogue, err = catalogue.New(s.options.Products, s.options.OwnProducts, s.options.production()); err != nil {
		return nil, err
	}
	s.clock.base = s.options.Now
	s.admin = s.adminRoutes()
	s.released = make(chan struct{})
	s.wipe()
	if options.Data != "" {
		if err := s.openData(); err != nil {
			return nil, err
		}
	}
	s.startCourier()
	return s, nil
}

// ServeHTTP answers the API under /v2, the admin calls under /_sandbox, and people
// at their browsers at the root. What may come from a web page of somebody else's is
// refused before anything is done or noted.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.enter()
	defer s.leave()
	defer s.contain(r)
	s.limitBody(w, r)
	if why := guard(r); why != "" {
		wire.Refuse(http.StatusForbidden, "forbidden", why, "").WriteLine(w)
		return
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/_sandbox"):
		s.admin.ServeHTTP(w, r)
	case r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.servePage(w, r)
	default:
		s.serveAPI(w, r)
	}
}

// Reset makes the sandbox as new: no orders, keys, faults or journal, the first
// catalogue and balances, the clock back at its base. Calls being delayed or hung
// are let go.
func (s *Sandbox) Reset() {
	s.mu.Lock()
	s.wipe()
	s.letGo()
	s.store.hand(append([]change{clearAll}, s.metaChanges()...)...)
	s.mu.Unlock()
	_ = s.settle() // every later answer will tell
}

// Close lets go of the calls being delayed or hung, now and from now on, so that
// the server around the sandbox can shut down. A data file is given back as soon as
// no call is being answered any more; later ones are answered 500. Nobody is told of
// events any more.
func (s *Sandbox) Close() {
	s.courier.stop()
	s.mu.Lock()
	s.closed = true
	s.letGo()
	idle := s.calls == 0
	s.mu.Unlock()
	if idle {
		s.store.close()
	}
}

// enter counts a call.
func (s *Sandbox) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
}

// leave ends what enter began. The last call after Close gives the file back.
func (s *Sandbox) leave() {
	s.mu.Lock()
	s.calls--
	last := s.closed && s.calls == 0
	s.mu.Unlock()
	if last {
		s.store.close()
	}
}

// wipe empties everything that calls have changed. The caller holds mu.
func (s *Sandbox) wipe() {
	s.epoch++
	s.clock.ahead = 0
	s.catalogue.Reset()
	s.patches = 0
	s.account, _ = newAccount(s.options) // checked by validate
	s.orders = newOrderBook()
	s.keys = newKeyStore()
	s.rate = rateLimit{perMinute: s.options.RatePerMinute}
	s.faults = faultList{}
	s.journal = journal{most: s.options.Journal}
	s.messages = messageList{}
	s.strings = s.options.EstimateStrings
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
