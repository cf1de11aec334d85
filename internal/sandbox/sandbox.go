package sandbox

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
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
// catalogue and balances, the clock back at its base. Calls that are
// delayed or hang are released.
func (s *Sandbox) Reset() {
	s.faults.remove()
	s.journal.reset()
	s.api.rate.reset()
	s.api.amountsAsText.Store(s.options.EstimateStrings)
	s.account.Reset() // before the waits end: what has waited buys nothing any more
	s.faults.release()
}

// Close releases the calls that are delayed or hang, now and from now on, so that
// the server around the sandbox can shut down. A data file is given back as soon as
// no call is being answered any more; later ones are answered 500. No events are
// sent any more.
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

// What tests and admin calls can see and change. Everything that the HTTP interface under
// /_sandbox does is here as a method.

// Now is the sandbox's time.
func (s *Sandbox) Now() time.Time { return s.account.Now() }

// Advance moves the clock on by d: orders finish, rate windows slide and
// idempotency keys grow old without anybody waiting. It panics if the clock would be
// more than a hundred years ahead.
func (s *Sandbox) Advance(d time.Duration) {
	if err := s.account.Advance(d); err != nil {
		panic("sandbox: " + err.Error())
	}
}

// LedgerEntry is one order that was really placed: the thing to count.
type LedgerEntry = account.LedgerEntry

// Ledger is every order really placed, oldest first.
func (s *Sandbox) Ledger() []LedgerEntry { return s.account.Ledger() }

// Journal is the calls to the API, oldest first: all of them, or as many of the newest
// as Options.Journal says. The number of the first shows how many earlier ones are gone.
func (s *Sandbox) Journal() []JournalEntry { return s.journal.list() }

// AddFault makes the calls that match f go wrong from now on. Earlier faults come
// first. An f that makes no sense is an error that says why.
func (s *Sandbox) AddFault(f Fault) error {
	if err := f.validate(); err != nil {
		return err
	}
	s.faults.add(f)
	return nil
}

// ClearFaults ends all faults: what they delay goes on at once, what they hang is
// cut off.
func (s *Sandbox) ClearFaults() { s.faults.clear() }

// OrderPatch is what the outside world does to an order after it was placed.
type OrderPatch = order.Patch

// ItemPatch changes one item of an order.
type ItemPatch = order.ItemPatch

// PayoutPatch changes the link of an item.
type PayoutPatch = order.PayoutPatch

// PatchOrder changes an order as only the outside world can. An unknown id, or a
// change that makes no sense, is an error, and nothing is changed. In production mode
// an order that fails is re-credited, and one that comes back to life is paid again.
func (s *Sandbox) PatchOrder(id string, p OrderPatch) error { return s.account.PatchOrder(id, p) }

// ProductPatch is what Runa does to its catalogue between a plan and an apply.
type ProductPatch = catalogue.Patch

// DenominationPatch replaces a product's denominations.
type DenominationPatch = catalogue.DenominationPatch

// PatchProduct changes a product of the catalogue, or withdraws it and brings it
// back. An unknown code, or a change that makes no sense, is an error.
func (s *Sandbox) PatchProduct(code string, p ProductPatch) error {
	return s.account.PatchProduct(code, p)
}

// Balances are the balances of the account by currency, zeros included.
func (s *Sandbox) Balances() map[string]string { return s.account.Balances() }

// SetBalance sets a balance, to "250.00", or tops it up, by "+250.00".
func (s *Sandbox) SetBalance(currency, amount string) error {
	return s.account.SetBalances(map[string]string{currency: amount})
}

// OrderingLimits are the ordering limits in force, by currency.
func (s *Sandbox) OrderingLimits() map[string]string { return s.account.OrderingLimits() }

// SetOrderingLimit limits how much orders in a payment currency may draw, those
// already placed included; "" lifts the limit. An order beyond it is refused with
// 403 ordering_restricted (ERR, 5.2).
func (s *Sandbox) SetOrderingLimit(currency, amount string) error {
	return s.account.SetOrderingLimits(map[string]string{currency: amount})
}

// SetEstimateStrings makes estimates write amounts as strings, or as numbers again.
// It is a habit of this process, like its faults: no data file keeps it.
func (s *Sandbox) SetEstimateStrings(strings bool) { s.api.amountsAsText.Store(strings) }

// Delivery is one event and its result.
type Delivery = webhook.Delivery

// Deliveries is every event of this process that is remembered, oldest first, and how
// many were lost because 10,000 others were waiting.
func (s *Sandbox) Deliveries() (all []Delivery, lost int) { return s.account.Deliveries() }

// SendAgain sends an event once more, under the same id, and starts the pauses between
// its attempts again.
func (s *Sandbox) SendAgain(id string) error { return s.account.SendAgain(id) }
