package sandbox

import (
	"net/http"
	"sync/atomic"

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
