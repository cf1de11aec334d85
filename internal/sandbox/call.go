package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// call is one request to the API on its way through the sandbox.
type call struct {
	r        *http.Request
	under    string       // the path under /v2
	query    url.Values   // parsed
	refusal  *wire.Answer // the API key is missing or wrong; the body is not read then
	body     []byte
	digest   [sha256.Size]byte // of the body
	broken   bool              // the body did not arrive whole
	tooLong  bool
	version  string // the API version the answer will speak
	fault    *Fault // what goes wrong, nil for nothing
	entry    *JournalEntry
	epoch    int             // which Reset this call belongs to
	released <-chan struct{} // closed when nothing is to be held any more
	held     bool            // latency and delay have been waited for
	record   *record         // the idempotency record that this call made
	changes  []change        // what else is to be kept together with it
}

// receive checks the API key, reads the rest of the request only where that is right,
// writes it into the journal and finds out whether a fault is waiting for it.
func (s *Sandbox) receive(w http.ResponseWriter, r *http.Request) *call {
	c := &call{r: r, under: under(r), query: r.URL.Query()}
	if refusal, ok := s.authenticate(r); !ok {
		c.refusal = &refusal
	} else {
		body, err := readBody(w, r)
		c.body, c.broken, c.tooLong = body, err != nil, len(body) > maxBody
	}
	c.digest = sha256.Sum256(c.body)
	s.enterCall(c)
	if c.refusal != nil && c.fault != nil {
		skipBody(w, r)
	}
	return c
}

// enterCall writes a call into the journal and finds its fault.
func (s *Sandbox) enterCall(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.fault = s.faults.strike(c.r.Method, c.under)
	c.entry = s.journal.add(s.journalEntry(c))
	c.epoch, c.released = s.epoch, s.released
	c.version = s.versionFor(c.r)
}

// under is a request's path under /v2, or the whole one where it lies elsewhere. Runa's
// guide writes /v2/balance/ for /v2/balance (BAL, 14.6), and so of one path only.
func under(r *http.Request) string {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/v2/"); ok {
		if rest == "balance/" {
			return "/balance"
		}
		return "/" + rest
	}
	return r.URL.Path
}

// journalEntry is what may be told of the call. The caller holds mu.
func (s *Sandbox) journalEntry(c *call) JournalEntry {
	e := JournalEntry{
		Time:           s.clock.now(),
		Method:         tellMethod(c.r.Method),
		Path:           s.tellPath(c.under),
		Query:          s.tellQuery(c.r.URL.RawQuery),
		IdempotencyKey: c.r.Header.Get("X-Idempotency-Key"),
		Mode:           tellMode(c.r.Header.Get("X-Execution-Mode")),
		UserAgent:      tellAgent(c.r.UserAgent()),
		APIVersion:     s.tellVersion(c.r.Header.Get("X-Api-Version")),
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
	return c.r.Method == http.MethodPost && c.under == "/order"
}

// hold waits for the latency and for the fault's delay, once. It does not stop
// when the caller goes away: neither does Runa.
func (s *Sandbox) hold(c *call) {
	wait := s.options.Latency
	if c.fault != nil {
		wait += c.fault.Delay
	}
	if c.held || wait <= 0 {
		return
	}
	c.held = true
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.released:
	}
}

// note completes the journal entry with the status that is about to be sent.
func (s *Sandbox) note(c *call, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.entry.Status = status
}
