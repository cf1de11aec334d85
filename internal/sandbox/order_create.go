package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// createOrder answers POST /order. Whatever it comes to, a refusal and a crash
// included, is kept under the idempotency key (IDEM, 4).
func (s *Sandbox) createOrder(c *call) wire.Answer {
	key := c.r.Header.Get("X-Idempotency-Key")
	if key == "" {
		return s.refuseWithoutKey(c)
	}
	mine, early := s.claim(c, key)
	if mine == nil {
		return early
	}
	s.hold(c) // with the key claimed: a repeat meanwhile is told to wait

	s.mu.Lock()
	defer s.mu.Unlock()
	if c.epoch != s.epoch {
		return wire.Answer{} // Reset has ended the world that this call came from
	}
	defer func() {
		if !mine.done { // a panic is passing
			mine.finish(internalError().With("X-Api-Version", c.version))
		}
		// The order and its key together, or a restart could sell it twice.
		s.store.hand(append(c.changes, recordChange(key, mine))...)
	}()
	mine.finish(s.placeOrder(c, key).With("X-Api-Version", c.version))
	return mine.answer
}

// claim takes the idempotency key, or gives the answer to a repeat.
func (s *Sandbox) claim(c *call, key string) (*record, wire.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mine, early, replay := s.keys.claim(key, c.digest, s.clock.now())
	c.record, c.entry.Replayed = mine, replay
	return mine, early
}

// refuseWithoutKey is the 422 for a missing key (D, 4), together with everything
// else that is wrong. Nothing can be stored.
func (s *Sandbox) refuseWithoutKey(c *call) wire.Answer {
	body, refusal, ok := decodeOrder(c)
	if !ok {
		return refusal
	}
	_, found := readOrder(body, executionMode(c), s.options.Strict)
	missing := wire.Detail{Type: "missing", Message: "Field required", Location: []string{"header", "X-Idempotency-Key"}}
	return wire.Invalid(append([]wire.Detail{missing}, found...), s.options.production())
}

// placeOrder checks a request from the outside in, and places the order when all is
// well. The caller holds mu.
func (s *Sandbox) placeOrder(c *call, key string) wire.Answer {
	mode := executionMode(c)
	if mode != modeAsync && mode != modeSync {
		return wire.Refuse(http.StatusBadRequest, "invalid_execution_mode", "X-Execution-Mode must be async or sync.", "")
	}
	body, refusal, ok := decodeOrder(c)
	if !ok {
		return refusal
	}
	request, found := readOrder(body, mode, s.options.Strict)
	if len(found) > 0 {
		return wire.Invalid(found, s.options.production())
	}
	basket, complaint := request.resolve(s.catalogue, mode)
	if refused := basket.allRefused(); len(refused) > 0 {
		return notAllowed(refused)
	}
	if complaint != "" {
		return mismatch(complaint)
	}
	if refusal, forced := s.forcedError(c); forced {
		return refusal
	}
	cost := basket.price(s.options.production())
	if refusal, refused := s.account.refuses(request.currency, cost.total); refused {
		return refusal
	}
	o := s.newOrder(basket, cost, mode, key, c.body)
	s.account.draw(o.currency, cost.total)
	s.orders.add(o)
	s.awaitOrder(o)
	c.changes = append(c.changes, s.orderChange(o), s.accountChange())
	done := wire.Reply(http.StatusAccepted, accepted{o.id, statusProcessing})
	if mode == modeSync {
		done = wire.Reply(http.StatusOK, o.wireAt(o.created))
	}
	if echo := c.r.Header.Get("X-Send-Email"); echo != "" && !s.options.production() {
		done = done.With("X-Send-Email", echo) // PLAY, 1.4; nothing is ever sent from here
	}
	return done
}

// forcedError is the failure that the playground's X-Trigger-Error asks for. It
// strikes only what would otherwise succeed (PLAY, 9.2).
func (s *Sandbox) forcedError(c *call) (wire.Answer, bool) {
	if s.options.production() {
		return wire.Answer{}, false
	}
	switch c.r.Header.Get("X-Trigger-Error") {
	case "insufficient_funds":
		return insufficientFunds(), true
	case "internal_server_error":
		return internalError(), true
	}
	return wire.Answer{}, false
}

// executionMode is the mode asked for; async unless said otherwise (3.2).
func executionMode(c *call) string {
	if mode := c.r.Header.Get("X-Execution-Mode"); mode != "" {
		return mode
	}
	return modeAsync
}

// decodeOrder reads the body as JSON, numbers as they are written.
func decodeOrder(c *call) (any, wire.Answer, bool) {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind != "application/json" {
		return nil, wire.Refuse(http.StatusBadRequest, "bad_request", "The Content-Type must be application/json.", ""), false
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber()
	var body any
	err := decoder.Decode(&body)
	if err == nil && decoder.Decode(new(any)) == io.EOF && utf8.Valid(c.body) {
		return body, wire.Answer{}, true
	}
	return nil, wire.Refuse(http.StatusBadRequest, "bad_request", "The body is not JSON.", "Check the syntax."), false
}

func internalError() wire.Answer {
	return wire.Refuse(http.StatusInternalServerError, "internal_server_error", "Something went wrong at our end.",
		"Try again with the same idempotency key.")
}
