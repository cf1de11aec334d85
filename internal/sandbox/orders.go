package sandbox

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
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
	body, refusal, ok := c.decode()
	if !ok {
		return refusal
	}
	_, found := order.Read(body, executionMode(c), s.options.Strict)
	missing := wire.Detail{Type: "missing", Message: "Field required", Location: []string{"header", "X-Idempotency-Key"}}
	return wire.Invalid(append([]wire.Detail{missing}, found...), s.options.production())
}

// placeOrder checks a request from the outside in, and places the order when all is
// well. The caller holds mu.
func (s *Sandbox) placeOrder(c *call, key string) wire.Answer {
	mode := executionMode(c)
	if mode != order.ModeAsync && mode != order.ModeSync {
		return wire.Refuse(http.StatusBadRequest, "invalid_execution_mode", "X-Execution-Mode must be async or sync.", "")
	}
	body, refusal, ok := c.decode()
	if !ok {
		return refusal
	}
	request, found := order.Read(body, mode, s.options.Strict)
	if len(found) > 0 {
		return wire.Invalid(found, s.options.production())
	}
	basket, complaint := request.Resolve(s.catalogue, mode)
	if refused := basket.AllRefused(); len(refused) > 0 {
		return order.ProductsRefused(refused)
	}
	if complaint != "" {
		return order.CurrencyMismatch(complaint)
	}
	if refusal, forced := s.forcedError(c); forced {
		return refusal
	}
	cost := basket.Price(s.options.production())
	if refusal, refused := s.account.refuses(request.Currency, cost.Total); refused {
		return refusal
	}
	o := order.Purchase{
		Basket: basket, Cost: cost, Mode: mode, Key: key, Body: c.body,
		Production: s.options.production(), Processing: s.options.Processing,
	}.Place(&s.orders.ids, s.clock.now())
	s.account.draw(o.Currency, cost.Total)
	s.orders.add(o)
	s.awaitOrder(o)
	c.changes = append(c.changes, s.orderChange(o), s.accountChange())
	done := wire.Reply(http.StatusAccepted, order.Accepted{ID: o.ID, Status: order.StatusProcessing})
	if mode == order.ModeSync {
		done = wire.Reply(http.StatusOK, o.WireAt(o.Created))
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
	return order.ModeAsync
}

// decode reads the request's body as JSON.
func (c *call) decode() (any, wire.Answer, bool) {
	return order.Decode(c.r.Header.Get("Content-Type"), c.body)
}

func internalError() wire.Answer {
	return wire.Refuse(http.StatusInternalServerError, "internal_server_error", "Something went wrong at our end.",
		"Try again with the same idempotency key.")
}

// estimateOrder answers POST /order/estimate. It asks neither for funds nor for the
// ordering limit, and buys nothing. The playground does not know it (PLAY, 9.2; that
// the answer is 404 is D, 12).
func (s *Sandbox) estimateOrder(c *call) wire.Answer {
	if !s.options.production() {
		return wire.Refuse(http.StatusNotFound, "not_found", "Estimates are not available in the playground.", "")
	}
	body, refusal, ok := c.decode()
	if !ok {
		return refusal
	}
	request, found := order.ReadEstimate(body, s.options.Strict)
	if len(found) > 0 {
		return wire.Invalid(found, s.options.production())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Like an order that is synchronous where it may be: there is no mode to ask for.
	basket, complaint := request.Resolve(s.catalogue, order.ModeSync)
	if found := basket.EstimateDetails(complaint); len(found) > 0 {
		return wire.Invalid(found, s.options.production())
	}
	return wire.Reply(http.StatusOK, basket.Estimate(s.strings))
}

// getOrder answers GET /order/{id}.
func (s *Sandbox) getOrder(c *call) wire.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders.find(strings.TrimPrefix(c.under, "/order/"))
	if !ok {
		return wire.Refuse(http.StatusNotFound, "not_found", "There is no such order.", "")
	}
	return wire.Reply(http.StatusOK, o.WireAt(s.clock.now()))
}

// listOrders answers GET /order: newest first (D, 12), 100 a page unless asked
// otherwise (SPEC, 1.6).
func (s *Sandbox) listOrders(c *call) wire.Answer {
	page, err := wire.ReadPage(c.query, 100)
	if err != nil {
		return wire.PaginationError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	newestFirst := slices.Clone(s.orders.placed)
	slices.Reverse(newestFirst)
	found, err := wire.Window(newestFirst, page, s.orders.split, func(*order.Order) bool { return true })
	if err != nil {
		return wire.PaginationError(err)
	}
	items := make([]any, len(found))
	for i, o := range found {
		items[i] = o.BasicAt(s.clock.now())
	}
	return wire.Reply(http.StatusOK, struct {
		Items      []any           `json:"items"`
		Pagination wire.Pagination `json:"pagination"`
	}{items, wire.Paginate(found, page, func(o *order.Order) string { return orderCursor(o.ID) })})
}

// orderCursor is opaque, as the older official samples show (2).
func orderCursor(id string) string {
	return base64.StdEncoding.EncodeToString([]byte("order " + id))
}

// split finds where a cursor stands among the orders, newest first.
func (b *orderBook) split(cursor string) (int, int, error) {
	plain, err := base64.StdEncoding.DecodeString(cursor)
	id, ours := strings.CutPrefix(string(plain), "order ")
	i, known := b.byID[id]
	if err != nil || !ours || !known {
		return 0, 0, errors.New("the cursor is not one of ours")
	}
	before := len(b.placed) - 1 - i
	return before, before + 1, nil
}

// OrderPatch is what the outside world does to an order after it was placed.
type OrderPatch = order.Patch

// ItemPatch changes one item of an order.
type ItemPatch = order.ItemPatch

// PayoutPatch changes the link of an item.
type PayoutPatch = order.PayoutPatch

// PatchOrder changes an order as only the outside world can. An unknown id, or a
// change that makes no sense, is an error, and nothing is changed. In production mode
// an order that fails is re-credited, and one that comes back to life is paid again.
func (s *Sandbox) PatchOrder(id string, p order.Patch) error {
	if err := s.patchOrder(id, p); err != nil {
		return err
	}
	return s.settle()
}

func (s *Sandbox) patchOrder(id string, p order.Patch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders.find(id)
	if !ok {
		return fmt.Errorf("order %q: %w", id, wire.ErrNotFound)
	}
	if err := p.Validate(len(o.Wire.Items)); err != nil {
		return fmt.Errorf("order %q: %w", id, err)
	}
	before := o.StatusAt(s.clock.now())
	if p.Status != "" {
		if err := s.account.fail(o, p.Status == order.StatusFailed); err != nil {
			return fmt.Errorf("order %q: %w", id, err)
		}
	}
	p.Apply(o, s.clock.now())
	s.announcePatched(o, before)
	s.store.hand(s.orderChange(o), s.accountChange())
	return nil
}

// SetEstimateStrings makes estimates write amounts as strings, or as numbers again.
// It is a habit of this process, like its faults: no data file keeps it.
func (s *Sandbox) SetEstimateStrings(strings bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strings = strings
}
