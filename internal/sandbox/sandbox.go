package sandbox

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// Sandbox is a local Runa. It is an http.Handler, safe for concurrent use; make
// one with New, or with Open if it shall remember.
type Sandbox struct {
	options   Options
	catalogue *catalogue.Catalogue
	account   *account.Account
	faults    *faultList
	journal   *journal
	redactor  redactor
	sender    *webhook.Sender // nil: nobody receives events

	api   *api
	page  *pageHandler
	admin http.Handler
	calls callCounter
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
	o := options.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	products, err := catalogue.New(o.Products, o.OwnProducts, o.production())
	if err != nil {
		return nil, err
	}
	s := &Sandbox{options: o, catalogue: products, faults: newFaultList()}
	s.redactor = redactor{keys: o.APIKeys, versions: o.Versions, catalogue: products}
	s.account, err = account.Open(account.Options{
		Mode:          o.Mode,
		Production:    o.production(),
		Processing:    o.Processing,
		Now:           o.Now,
		Balances:      o.Balances,
		OrderingLimit: o.OrderingLimit,
		Webhooks:      o.Webhooks,
		Announced:     func() { s.sender.Wake() },
		Data:          o.Data,
	}, products)
	if err != nil {
		return nil, err
	}
	s.journal = &journal{limit: o.Journal, now: s.account.Now}
	s.api = &api{
		options: o, catalogue: products, account: s.account, faults: s.faults, journal: s.journal, redactor: s.redactor,
		rate: &rateLimit{perMinute: o.RatePerMinute, now: s.account.Now},
	}
	s.api.amountsAsText.Store(o.EstimateStrings)
	s.page = &pageHandler{s}
	s.admin = newAdmin(s)
	if len(o.Webhooks) > 0 {
		s.sender = webhook.NewSender(o.WebhookSecret, o.Now, &deliveries{account: s.account, journal: s.journal})
	}
	return s, nil
}

// ServeHTTP answers the API under /v2, the admin calls under /_sandbox, and people
// at their browsers at the root. What may come from a web page of somebody else's is
// refused before anything is done or noted.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calls.enter()
	defer func() {
		if s.calls.leave() {
			s.account.Close()
		}
	}()
	defer s.redactor.recoverPanic(r)
	limitBody(w, r, s.options.BodyTime)
	if why := guard(r); why != "" {
		wire.Refuse(http.StatusForbidden, "forbidden", why, "").WriteLine(w)
		return
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/_sandbox"):
		s.admin.ServeHTTP(w, r)
	case r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.page.serve(w, r)
	default:
		s.api.serve(w, r)
	}
}

// Reset makes the sandbox as new: no orders, keys, faults or journal, the first
// catalogue and balances, the clock back at its base. Calls being delayed or hung
// are let go.
func (s *Sandbox) Reset() {
	s.faults.remove()
	s.journal.reset()
	s.api.rate.reset()
	s.api.amountsAsText.Store(s.options.EstimateStrings)
	s.account.Reset() // before the waits end: what has waited buys nothing any more
	s.faults.release()
}

// Close lets go of the calls being delayed or hung, now and from now on, so that
// the server around the sandbox can shut down. A data file is given back as soon as
// no call is being answered any more; later ones are answered 500. Nobody is told about
// events any more.
func (s *Sandbox) Close() {
	s.sender.Stop()
	s.faults.close()
	if s.calls.close() {
		s.account.Close()
	}
}

// callCounter counts the calls that are being answered, so that the data file is given back
// after the last one.
type callCounter struct {
	mu     sync.Mutex
	calls  int
	closed bool
}

func (c *callCounter) enter() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
}

// leave ends what enter began, and tells whether it was the last call after close.
func (c *callCounter) leave() (last bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls--
	return c.closed && c.calls == 0
}

// close tells whether no call is being answered.
func (c *callCounter) close() (idle bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return c.calls == 0
}

// deliveries is the account as a source of webhook messages. The journal shows every attempt.
type deliveries struct {
	account *account.Account
	journal *journal
	entries sync.Map // *JournalEntry by *webhook.Attempt
}

// NextAttempt takes out a message that is due.
func (d *deliveries) NextAttempt() (*webhook.Attempt, time.Duration) {
	attempt, wait := d.account.NextAttempt()
	if attempt != nil {
		d.entries.Store(attempt, d.journal.add(JournalEntry{
			Method: http.MethodPost, Path: attempt.To.Host(),
			Webhook: attempt.Event, About: attempt.About, Message: attempt.ID, Attempt: attempt.Number,
		}))
	}
	return attempt, wait
}

// Ready waits until nothing that the attempt reports can be lost.
func (d *deliveries) Ready() error { return d.account.Sync() }

// FinishAttempt notes the status of the answer.
func (d *deliveries) FinishAttempt(attempt *webhook.Attempt, status int) {
	if entry, ok := d.entries.LoadAndDelete(attempt); ok {
		d.journal.finish(entry.(*JournalEntry), status)
	}
	d.account.FinishAttempt(attempt, status)
}
