package sandbox

import (
	"net"
	"net/http"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// applyFault spoils the answer to a call as its fault says. real is what the call
// came to, and is empty where the fault kept it from being done.
func (a *api) applyFault(w http.ResponseWriter, c *call, real wire.Answer) {
	f := *c.fault
	switch f.Action {
	case ActionDropBefore, ActionDropAfter:
		a.journal.finish(c.entry, 0)
		cut(w)
	case ActionTruncate:
		if real.Status == 0 {
			a.send(w, c, real)
			return
		}
		a.sendHalf(w, c, real)
	case ActionHang:
		a.journal.finish(c.entry, 0)
		c.hang()
		cut(w)
	case ActionGarbage:
		w.Header().Del(requestIDHeader) // the page of a proxy that has not reached API Gateway (D)
		a.sendFalse(w, c, f.answer(c.version))
	case ActionStatus:
		a.sendFalse(w, c, f.answer(c.version))
	case ActionInterim102:
		if f.Status == 0 {
			a.send(w, c, real)
			return
		}
		a.sendFalse(w, c, f.answer(c.version))
	default: // ActionDelay has done its work
		a.send(w, c, real)
	}
}

// answer is what the fault answers instead of Runa.
func (f Fault) answer(version string) wire.Answer {
	a := wire.ForStatus(f.Status)
	if f.Action == ActionGarbage {
		a = wire.Answer{Status: http.StatusOK, Body: []byte(garbagePage)}.With("Content-Type", "text/html; charset=utf-8")
		if f.Status != 0 {
			a.Status = f.Status
		}
	}
	if f.Body != "" {
		a.Body = []byte(f.Body)
	}
	if f.Action != ActionGarbage && !fromGateway(f.Status) {
		a = a.With("X-Api-Version", version)
	}
	for name, value := range f.Headers {
		a = a.With(name, value)
	}
	return a
}

// garbagePage is what proxies say for an API that is not there: such a page was
// once recorded (5.2).
const garbagePage = "<!DOCTYPE html>\n<html><head><title>Site Maintenance</title></head>" +
	"<body><h1>We&rsquo;ll be back soon!</h1></body></html>\n"

// sendFalse sends a false answer, and keeps it for repeats where the fault says so.
func (a *api) sendFalse(w http.ResponseWriter, c *call, answer wire.Answer) {
	if c.fault.Store && c.createsOrder() {
		a.keep(c, answer)
	}
	a.send(w, c, answer)
}

// keep stores a false answer under the call's idempotency key. What an earlier
// call has stored there stays, as it does at Runa.
func (a *api) keep(c *call, answer wire.Answer) {
	key := c.r.Header.Get("X-Idempotency-Key")
	switch {
	case c.reservation != nil:
		a.account.Overwrite(c.reservation, answer)
	case c.refusal == nil && !c.fault.takesEffect() && key != "":
		a.account.AnswerFor(c.epoch, key, c.digest, answer)
	}
}

// sendHalf promises the whole body and sends half of it; net/http then closes the
// connection, since the promise was not kept.
func (a *api) sendHalf(w http.ResponseWriter, c *call, answer wire.Answer) {
	answer = a.durable(answer)
	a.journal.finish(c.entry, answer.Status)
	answer = answer.CompressedFor(c.r)
	answer.WriteHead(w)
	_, _ = w.Write(answer.Body[:len(answer.Body)/2])
}

// hang waits until the caller goes away or the waits are ended.
func (c *call) hang() {
	select {
	case <-c.r.Context().Done():
	case <-c.released:
	}
}

// cut breaks the connection without a word: with a reset where the transport knows
// one, since that is what a dying server's peer sees.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 and recorders; net/http knows what is meant
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// fromGateway tells whether Runa answers a status before its own code is reached,
// and so without X-Api-Version (REC, 1.4; 410, 429 and 5xx of the proxies are D).
func fromGateway(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusGone, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
