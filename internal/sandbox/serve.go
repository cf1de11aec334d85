package sandbox

import (
	"net/http"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// requestIDHeader names the answer, for Runa's support to find it by: API Gateway puts
// it on every one, refusals and repeats too, each time another (REC, 1.1 and 14.13). The
// bodies of errors have no such id (5.1).
const requestIDHeader = "X-Amzn-Requestid"

// serveAPI answers one call to the API: it is done, unless a fault forbids, and
// answered, unless a fault spoils that.
func (s *Sandbox) serveAPI(w http.ResponseWriter, r *http.Request) {
	c := s.receive(w, r)
	if c.broken {
		s.note(c, 0)
		cut(w)
		return
	}
	w.Header().Set("Date", c.entry.Time.Format(http.TimeFormat)) // the sandbox's time, not the machine's
	w.Header().Set(requestIDHeader, c.entry.RequestID)
	if c.fault != nil && c.fault.Action == ActionInterim102 {
		w.WriteHeader(http.StatusProcessing)
	}
	var real wire.Answer
	if c.fault == nil || c.fault.does() {
		real = s.do(c)
	}
	s.hold(c)
	if c.fault == nil {
		s.send(w, c, real)
		return
	}
	s.inflict(w, c, real)
}

// do handles the call for real. A panic becomes the 500 that it would be at Runa,
// and says in the log and in the message that it is the sandbox's own mistake.
func (s *Sandbox) do(c *call) (a wire.Answer) {
	defer func() {
		if p := recover(); p != nil {
			a = wire.Refuse(http.StatusInternalServerError, "internal_server_error",
				"The sandbox itself panicked: "+s.defect(c.r, p)+".", "This is a defect of runa-sandbox: please report it, with what its log says.")
		}
	}()
	// An order holds its key while it is held, so it waits further down.
	if !c.createsOrder() {
		s.hold(c)
	}
	return s.gateway(c)
}

// send writes an answer, once everything that it may tell of is kept. An answer with
// no status is none: the connection is cut.
func (s *Sandbox) send(w http.ResponseWriter, c *call, a wire.Answer) {
	a = s.settled(a)
	s.note(c, a.Status)
	if a.Status == 0 {
		cut(w)
		return
	}
	a = a.CompressedFor(c.r)
	a.WriteHead(w)
	_, _ = w.Write(a.Body) // a caller that has gone away is no concern of ours
}
