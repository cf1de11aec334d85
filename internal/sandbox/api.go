package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// api answers what Runa answers. Everything that its calls change is in the account, the
// faults, the journal and the rate limit, which have locks of their own.
type api struct {
	options   Options
	catalogue *catalogue.Catalogue
	account   *account.Account
	faults    *faultList
	journal   *journal
	rate      *rateLimit
	redactor  redactor

	amountsAsText atomic.Bool // in estimates
}

// requestIDHeader names the answer, for Runa's support to find it by: API Gateway puts
// it on every one, refusals and repeats too, each time another (REC, 1.1 and 14.13). The
// bodies of errors have no such id (5.1).
const requestIDHeader = "X-Amzn-Requestid"

// serve answers one call to the API: it is done, unless a fault forbids, and
// answered, unless a fault spoils that.
func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	c := a.receive(w, r)
	if c.broken {
		a.journal.finish(c.entry, 0)
		cut(w)
		return
	}
	w.Header().Set("Date", c.entry.Time.Format(http.TimeFormat)) // the sandbox's time, not the machine's
	w.Header().Set(requestIDHeader, c.entry.RequestID)
	if c.fault != nil && c.fault.Action == ActionInterim102 {
		w.WriteHeader(http.StatusProcessing)
	}
	var real wire.Answer
	if c.fault == nil || c.fault.takesEffect() {
		real = a.do(c)
	}
	a.delay(c)
	if c.fault == nil {
		a.send(w, c, real)
		return
	}
	a.applyFault(w, c, real)
}

// do handles the call for real. A panic becomes the 500 that it would be at Runa,
// and says in the log and in the message that it is the sandbox's own mistake.
func (a *api) do(c *call) (answer wire.Answer) {
	defer func() {
		if p := recover(); p != nil {
			answer = wire.Refuse(http.StatusInternalServerError, "internal_server_error",
				"The sandbox itself panicked: "+a.redactor.logPanic(c.r, p)+".", "This is a defect of runa-sandbox: please report it, with what its log says.")
		}
	}()
	// An order keeps its idempotency key while it waits, so it waits further down.
	if !c.createsOrder() {
		a.delay(c)
	}
	return a.gateway(c)
}

// send writes an answer, once everything that it may report is kept. An answer with
// no status is none: the connection is cut.
func (a *api) send(w http.ResponseWriter, c *call, answer wire.Answer) {
	answer = a.durable(answer)
	a.journal.finish(c.entry, answer.Status)
	if answer.Status == 0 {
		cut(w)
		return
	}
	answer = answer.CompressedFor(c.r)
	answer.WriteHead(w)
	_, _ = w.Write(answer.Body) // a caller that has gone away is no concern of ours
}

// durable is an answer that may be given: what it reports is kept. If it cannot be kept, the
// answer is another.
func (a *api) durable(answer wire.Answer) wire.Answer {
	err := a.account.Sync()
	if err == nil || answer.Status == 0 {
		return answer
	}
	return wire.Refuse(http.StatusInternalServerError, "internal_server_error", "The sandbox has lost its memory: "+err.Error()+".",
		"This is a defect of the sandbox's surroundings. Restart it, and repeat with the same idempotency key.")
}

// call is one request to the API on its way through the sandbox.
type call struct {
	r           *http.Request
	path        string       // under /v2
	query       url.Values   // parsed
	refusal     *wire.Answer // the API key is missing or wrong; the body is not read then
	body        []byte
	digest      [sha256.Size]byte // of the body
	broken      bool              // the body did not arrive whole
	tooLong     bool
	version     string // the API version the answer will speak
	fault       *Fault // what goes wrong, nil for nothing
	entry       *JournalEntry
	epoch       int                  // which Reset this call belongs to
	released    <-chan struct{}      // closed when the waits are ended
	delayed     bool                 // latency and delay have been waited for
	reservation *account.Reservation // the idempotency key that this call has taken
}

// receive checks the API key, reads the rest of the request only where that is right,
// writes it into the journal and finds out whether a fault is waiting for it.
func (a *api) receive(w http.ResponseWriter, r *http.Request) *call {
	c := &call{r: r, path: apiPath(r), query: r.URL.Query(), version: a.versionFor(r)}
	if refusal, ok := a.authenticate(r); !ok {
		c.refusal = &refusal
	} else {
		body, err := readBody(w, r)
		c.body, c.broken, c.tooLong = body, err != nil, len(body) > maxBody
	}
	c.digest = sha256.Sum256(c.body)
	c.epoch = a.account.Epoch() // first: what a reset has ended can buy nothing
	c.fault, c.released = a.faults.match(r.Method, c.path)
	c.entry = a.journal.add(a.journalEntry(c))
	if c.refusal != nil && c.fault != nil {
		skipBody(w, r)
	}
	return c
}

// apiPath is a request's path under /v2, or the whole one where it lies elsewhere. Runa's
// guide writes /v2/balance/ for /v2/balance (BAL, 14.6), and so of one path only.
func apiPath(r *http.Request) string {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/v2/"); ok {
		if rest == "balance/" {
			return "/balance"
		}
		return "/" + rest
	}
	return r.URL.Path
}

// journalEntry is what may be shown of the call.
func (a *api) journalEntry(c *call) JournalEntry {
	e := JournalEntry{
		Method:         redactMethod(c.r.Method),
		Path:           a.redactor.path(c.path),
		Query:          a.redactor.query(c.r.URL.RawQuery),
		IdempotencyKey: c.r.Header.Get("X-Idempotency-Key"),
		Mode:           redactMode(c.r.Header.Get("X-Execution-Mode")),
		UserAgent:      redactAgent(c.r.UserAgent()),
		APIVersion:     a.redactor.version(c.r.Header.Get("X-Api-Version")),
		RequestID:      uuid.NewString(),
	}
	if c.fault != nil {
		e.Fault = string(c.fault.Action)
	}
	if len(c.body) > 0 {
		e.BodySHA256 = hex.EncodeToString(c.digest[:])
	}
	return e
}

// createsOrder tells whether the call is the one that costs money.
func (c *call) createsOrder() bool {
	return c.r.Method == http.MethodPost && c.path == "/order"
}

// delay waits for the latency and for the fault's delay, once. It does not stop
// when the caller goes away: neither does Runa.
func (a *api) delay(c *call) {
	wait := a.options.Latency
	if c.fault != nil {
		wait += c.fault.Delay
	}
	if c.delayed || wait <= 0 {
		return
	}
	c.delayed = true
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.released:
	}
}

// maxBody is how much of a request is read; API Gateway takes 10 MB as well.
const maxBody = 10 << 20

// limitBody gives a request's body its time: what has not arrived by then never will.
// net/http ends this limit with the request, readBody as soon as the body is there.
func limitBody(w http.ResponseWriter, r *http.Request, limit time.Duration) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(limit)) // a recorder has none
	}
}

// readBody reads a request's body, and at most one byte more than maxBody. Afterwards
// the call may take as long as it likes.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) <= maxBody {
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
	return body, err
}

// skipBody reads a body that nobody wants, for net/http notices that a caller has gone
// away only when the body is read.
func skipBody(w http.ResponseWriter, r *http.Request) {
	if n, err := io.Copy(io.Discard, io.LimitReader(r.Body, maxBody+1)); err == nil && n <= maxBody {
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
}
