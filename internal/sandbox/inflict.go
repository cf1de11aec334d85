package sandbox

import (
	"net"
	"net/http"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// inflict spoils the answer to a call as its fault says. real is what the call
// came to, and is empty where the fault kept it from being done.
func (s *Sandbox) inflict(w http.ResponseWriter, c *call, real wire.Answer) {
	f := *c.fault
	switch f.Action {
	case ActionDropBefore, ActionDropAfter:
		s.note(c, 0)
		cut(w)
	case ActionTruncate:
		if real.Status == 0 {
			s.send(w, c, real)
			return
		}
		s.sendHalf(w, c, real)
	case ActionHang:
		s.note(c, 0)
		s.hang(c)
		cut(w)
	case ActionGarbage:
		w.Header().Del(requestIDHeader) // the page of a proxy that has not reached API Gateway (D)
		s.sendFalse(w, c, f.answer(c.version))
	case ActionStatus:
		s.sendFalse(w, c, f.answer(c.version))
	case ActionInterim102:
		if f.Status == 0 {
			s.send(w, c, real)
			return
		}
		s.sendFalse(w, c, f.answer(c.version))
	default: // ActionDelay has done its work
		s.send(w, c, real)
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
func (s *Sandbox) sendFalse(w http.ResponseWriter, c *call, a wire.Answer) {
	if c.fault.Store && c.createsOrder() {
		s.keep(c, a)
	}
	s.send(w, c, a)
}

// keep stores a false answer under the call's idempotency key. What an earlier
// call has stored there stays, as it does at Runa.
func (s *Sandbox) keep(c *call, a wire.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.epoch != s.epoch {
		return // Reset has ended the world that this call came from
	}
	key := c.r.Header.Get("X-Idempotency-Key")
	if c.record == nil && c.refusal == nil && !c.fault.does() && key != "" {
		c.record, _, _ = s.keys.claim(key, c.digest, s.clock.now())
	}
	if c.record != nil {
		c.record.finish(a)
		s.store.hand(recordChange(key, c.record))
	}
}

// sendHalf promises the whole body and sends half of it; net/http then closes the
// connection, since the promise was not kept.
func (s *Sandbox) sendHalf(w http.ResponseWriter, c *call, a wire.Answer) {
	a = s.settled(a)
	s.note(c, a.Status)
	a = a.CompressedFor(c.r)
	a.WriteHead(w)
	_, _ = w.Write(a.Body[:len(a.Body)/2])
}

// hang waits until the caller goes away or nothing is to be held any more.
func (s *Sandbox) hang(c *call) {
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
