package sandbox

import (
	"net/http"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// createOrder answers POST /order. Whatever it comes to, a refusal and a crash
// included, is kept under the idempotency key (IDEM, 4).
func (a *api) createOrder(c *call) wire.Answer {
	key := c.r.Header.Get("X-Idempotency-Key")
	if key == "" {
		return a.refuseWithoutKey(c)
	}
	reserved, early, replay := a.account.Reserve(c.epoch, key, c.digest)
	if replay {
		a.journal.replay(c.entry)
	}
	if reserved == nil {
		return early
	}
	c.reservation = reserved
	a.delay(c) // with the key reserved: a repeat must wait meanwhile
	crashed := internalError().With("X-Api-Version", c.version)
	return a.account.Complete(reserved, crashed, func(tx *account.Transaction) wire.Answer {
		return a.placeOrder(c, key, tx).With("X-Api-Version", c.version)
	})
}

// refuseWithoutKey is the 422 for a missing key (D, 4), together with everything
// else that is wrong. Nothing can be stored.
func (a *api) refuseWithoutKey(c *call) wire.Answer {
	body, refusal, ok := c.decode()
	if !ok {
		return refusal
	}
	_, found := order.Read(body, executionMode(c), a.options.Strict)
	missing := wire.Detail{Type: "missing", Message: "Field required", Location: []string{"header", "X-Idempotency-Key"}}
	return wire.Invalid(append([]wire.Detail{missing}, found...), a.options.production())
}

// placeOrder checks a request from the outside in, and places the order when all is
// well.
func (a *api) placeOrder(c *call, key string, tx *account.Transaction) wire.Answer {
	mode := executionMode(c)
	if mode != order.ModeAsync && mode != order.ModeSync {
		return wire.Refuse(http.StatusBadRequest, "invalid_execution_mode", "X-Execution-Mode must be async or sync.", "")
	}
	body, refusal, ok := c.decode()
	if !ok {
		return refusal
	}
	request, found := order.Read(body, mode, a.options.Strict)
	if len(found) > 0 {
		return wire.Invalid(found, a.options.production())
	}
	basket, complaint := request.Resolve(a.catalogue, mode)
	if refused := basket.AllRefused(); len(refused) > 0 {
		return order.ProductsRefused(refused)
	}
	if complaint != "" {
		return order.CurrencyMismatch(complaint)
	}
	if refusal, forced := a.forcedError(c); forced {
		return refusal
	}
	placed, refusal, ok := tx.Buy(order.Purchase{
		Basket: basket, Cost: basket.Price(a.options.production()), Mode: mode, Key: key, Body: c.body,
	})
	if !ok {
		return refusal
	}
	done := wire.Reply(http.StatusAccepted, order.Accepted{ID: placed.ID, Status: order.StatusProcessing})
	if mode == order.ModeSync {
		done = wire.Reply(http.StatusOK, placed.WireAt(placed.Created))
	}
	if echo := c.r.Header.Get("X-Send-Email"); echo != "" && !a.options.production() {
		done = done.With("X-Send-Email", echo) // PLAY, 1.4; nothing is ever sent from here
	}
	return done
}

// forcedError is the failure that the playground's X-Trigger-Error asks for. It
// strikes only what would otherwise succeed (PLAY, 9.2).
func (a *api) forcedError(c *call) (wire.Answer, bool) {
	if a.options.production() {
		return wire.Answer{}, false
	}
	switch c.r.Header.Get("X-Trigger-Error") {
	case "insufficient_funds":
		return account.InsufficientFunds(), true
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
func (a *api) estimateOrder(c *call) wire.Answer {
	if !a.options.production() {
		return wire.Refuse(http.StatusNotFound, "not_found", "Estimates are not available in the playground.", "")
	}
	body, refusal, ok := c.decode()
	if !ok {
		return refusal
	}
	request, found := order.ReadEstimate(body, a.options.Strict)
	if len(found) > 0 {
		return wire.Invalid(found, a.options.production())
	}
	// Like an order that is synchronous where it may be: there is no mode to ask for.
	basket, complaint := request.Resolve(a.catalogue, order.ModeSync)
	if found := basket.EstimateDetails(complaint); len(found) > 0 {
		return wire.Invalid(found, a.options.production())
	}
	return wire.Reply(http.StatusOK, basket.Estimate(a.amountsAsText.Load()))
}
