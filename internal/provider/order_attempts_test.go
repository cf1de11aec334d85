package provider

import (
	"maps"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// A refused or failed purchase is finished by applying again, with the key as it is.

// stands wants the state to be about an attempt at a reward.
func (c *orderHarness) stands(key string, attempt int64) {
	c.t.Helper()
	var fields map[string]tftypes.Value
	if err := c.state.As(&fields); err != nil {
		c.t.Fatal(err)
	}
	var number big.Float
	if err := fields["attempt"].As(&number); err != nil {
		c.t.Fatal(err)
	}
	got, _ := number.Int64()
	if want := purchase.AttemptKey(key, int(attempt)); got != attempt || c.get("id") != want {
		c.t.Errorf("attempt %d under %q, want attempt %d under %q", got, c.get("id"), attempt, want)
	}
}

// sells says whether Runa sells what plain orders.
func (c *orderHarness) sells(orderable bool) {
	c.t.Helper()
	c.sb.must(c.t, c.sb.PatchProduct("ACME-US", sandbox.ProductPatch{IsOrderable: &orderable}))
}

// refusedOrder is a core whose order with the key k was refused by Runa itself.
func refusedOrder(t *testing.T) (c *orderHarness, config attrs) {
	t.Helper()
	c = newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
	config = plain(attrs{"idempotency_key": "k"})
	c.sells(false)
	got := c.apply(config)
	c.severity(got, asError)
	c.expect(got, "create", "REJECTED", 0, "now certain that nothing was bought with idempotency key k (attempt 1)", "product_validation_error",
		"The next apply makes attempt 2", "Do not change idempotency_key", "untaint")
	c.stands("k", 1)
	if !c.tainted {
		t.Error("the order is not tainted, want it tainted, so that Terraform goes on by itself")
	}
	return c, config
}

func TestRefusedOrdersAreFinishedByApplyingAgain(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	got := c.apply(config) // the cause is still there
	c.severity(got, asError)
	c.expect(got, "replace", "REJECTED", 0, "(attempt 2)", "makes attempt 3")
	c.sells(true)
	got = c.apply(config)
	c.severity(got, asWarning)
	c.expect(got, "replace", "COMPLETED", 1, "This plan buys", "makes attempt 3")
	c.stands("k", 3)
	c.expect(c.apply(config), "", "COMPLETED", 1)
	if body := c.sb.Ledger()[0].Body; !strings.Contains(body, `"terraform_order_attempt":"3","terraform_order_key":"k"`) {
		t.Errorf("the order is %s, want it tagged as attempt 3 with key k", body)
	}
}

func TestUntaintedRefusalIsAnUpdate(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.tainted = false
	c.sells(true)
	config["description"] = "with today's contents"
	got := c.apply(config)
	c.severity(got, asWarning)
	c.expect(got, "update", "COMPLETED", 1, "This plan buys", "attempt 2 with the same idempotency key")
	c.stands("k", 2)
	c.expect(c.apply(config), "", "COMPLETED", 1)
}

func TestRefusalWithALostState(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.sells(true)
	c.forget()
	got := c.apply(config)
	c.severity(got, asError)
	c.expect(got, "create", "REJECTED", 0, "(attempt 1)", "makes attempt 2") // Runa repeats its refusal
	c.expect(c.apply(config), "replace", "COMPLETED", 1, "This plan buys")
	c.stands("k", 2)

	another := newCore(t, c.sb, nil) // and comes to the same purchase
	another.severity(another.apply(config), asError)
	another.expect(another.apply(config), "replace", "COMPLETED", 1, "This plan buys")
	if another.get("order_id") != c.get("order_id") {
		t.Errorf("order_id = %q, want %q, as in the other state", another.get("order_id"), c.get("order_id"))
	}
}

// TestEditedRefusalWithALostState: what Runa said to the earlier contents is not known
// any more, and nothing else may be sent until it is.
func TestEditedRefusalWithALostState(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.sells(true)
	c.forget()
	edited := maps.Clone(config)
	edited["description"] = "edited"
	for range 2 {
		got := c.apply(edited)
		c.severity(got, asError)
		c.expect(got, "create", "(no state)", 0, "was used for another request", "No order of the last 30 days has this idempotency key", "restore the earlier contents")
	}
	c.severity(c.apply(config), asError)
	c.expect(c.apply(edited), "replace", "COMPLETED", 1, "This plan buys")
	c.stands("k", 2)
}

func TestRefusedOrderMeetsAnotherRecipient(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
	c.sells(false)
	config := items(item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25"))
	config["idempotency_key"] = "k"
	c.apply(config)
	c.tainted = false
	c.sells(true)
	link := plain(attrs{"idempotency_key": "k"})
	c.expect(c.apply(link), "update", "COMPLETED", 1, "This plan buys")
	if body := c.sb.Ledger()[0].Body; strings.Contains(body, "email_address") {
		t.Errorf("the order is %s, want no recipient", body)
	}
}

// TestNothingClosesButRunaItself: after whatever is not a refusal by the order handler,
// the same attempt is made again.
func TestNothingClosesButRunaItself(t *testing.T) {
	for name, status := range map[string]int{"401": 401, "403": 403, "404": 404, "410": 410} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
			config := plain(attrs{"idempotency_key": "k"})
			c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: status}))
			got := c.apply(config)
			c.severity(got, asError)
			c.expect(got, "create", "(no state)", 0, "Nothing was bought by this run")
			c.sb.ClearFaults()
			c.expect(c.apply(config), "create", "COMPLETED", 1)
			c.stands("k", 1)
		})
	}
}

func TestTaintedOrderMeetsItself(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.sells(true)
	c.apply(config)
	order := c.get("order_id")
	c.stands("k", 2)
	c.tainted = true
	c.expect(c.apply(config), "replace", "COMPLETED", 1, "stays bought")
	c.stands("k", 2)
	if c.get("order_id") != order {
		t.Errorf("order_id = %q, want %q, as before", c.get("order_id"), order)
	}
}

// TestReplacementThatIsNotSent: the order that was deleted for it is out of the state, and
// the user must know that a new idempotency key would buy the reward again.
func TestReplacementThatIsNotSent(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := hasty(attrs{"idempotency_key": "k"})
	c.apply(config)
	order := c.get("order_id")
	c.tainted = true
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 401}))
	c.expect(c.apply(config), "replace", "(no state)", 1, "removed from the state stays bought", "same idempotency key")
	c.sb.ClearFaults()
	c.expect(c.apply(config), "create", "COMPLETED", 1, "Runa already had this order")
	if got := c.get("order_id"); got != order {
		t.Errorf("got order %s back, want %s", got, order)
	}
}

// TestRefusedSecondPurchase: the first order stays in the state, whatever becomes of
// the second, and undoing the edit buys nothing.
func TestRefusedSecondPurchase(t *testing.T) {
	causes := map[string]func(*orderHarness){
		"refused": func(c *orderHarness) { c.sells(false) },
		"validation": func(c *orderHarness) {
			c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Store: true}))
		},
		"wrong key":   func(c *orderHarness) { c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 403})) },
		"rate limit":  func(c *orderHarness) { c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 429})) },
		"version out": func(c *orderHarness) { c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 410})) },
	}
	for name, cause := range causes {
		for _, key := range []string{"", "k2"} {
			t.Run(name+key, func(t *testing.T) {
				t.Parallel()
				c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
				first := hasty(nil)
				c.apply(first)
				order := c.get("order_id")
				second := hasty(attrs{"description": "second", "on_change": "buy_again"})
				if key != "" {
					second["idempotency_key"] = key
				}
				cause(c)
				got := c.apply(second)
				c.severity(got, asError)
				c.expect(got, "update", "COMPLETED", 1, "The order was not placed")
				c.expect(c.apply(first), "", "COMPLETED", 1)
				if c.get("order_id") != order {
					t.Errorf("order_id = %q, want %q, as before", c.get("order_id"), order)
				}
				c.sb.ClearFaults()
				c.sells(true)
				c.expect(c.apply(second), "update", "COMPLETED", 2, "This plan buys again")
				c.expect(c.apply(second), "", "COMPLETED", 2)
			})
		}
	}
}

func TestUnconfirmedSecondPurchase(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(nil))
	order := c.get("order_id")
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	second := hasty(attrs{"description": "second", "on_change": "buy_again"})
	got := c.apply(second)
	c.severity(got, asWarning)
	c.expect(got, "update", "UNCONFIRMED", 2, "The first order is no longer in the state", "import ADDRESS "+order)
	c.sb.ClearFaults()
	c.expect(c.apply(second), "update", "COMPLETED", 2, "still not known whether an order was placed")
}

// TestSettlingComparesContents: an order with the key and other contents is not the one
// that was sent.
func TestSettlingComparesContents(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	c := newCore(t, sb, nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropBefore}))
	config := hasty(attrs{"idempotency_key": "k"})
	c.expect(c.apply(config), "create", "UNCONFIRMED", 0, unconfirmedSummary)
	sb.ClearFaults()

	other := newCore(t, sb, nil)
	other.expect(other.apply(plain(attrs{"idempotency_key": "k", "description": "another"})), "create", "COMPLETED", 1)
	got := c.apply(config)
	c.severity(got, asError)
	c.expect(got, "update", "UNCONFIRMED", 1, "was used for another request", other.get("order_id"), "Differences: description", "state rm")
	if strings.Contains(got.errors(), "certain that nothing") {
		t.Errorf("errors %q, want none that says it is certain that nothing was bought", got.errors())
	}
}

// TestConflictWhileSettling: an untagged order cannot be found, and the answer to
// other contents says nothing of what became of them.
func TestConflictWhileSettling(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	c := newCore(t, sb, attrs{"tag_orders": false})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropBefore}))
	config := hasty(attrs{"idempotency_key": "k"})
	c.expect(c.apply(config), "create", "UNCONFIRMED", 0, unconfirmedSummary)
	sb.ClearFaults()

	other := newCore(t, sb, attrs{"tag_orders": false})
	other.expect(other.apply(plain(attrs{"idempotency_key": "k", "description": "another"})), "create", "COMPLETED", 1)
	for range 2 {
		got := c.apply(config)
		c.severity(got, asError)
		c.expect(got, "update", "UNCONFIRMED", 1, "was used for another request", "No order of the last 30 days has this idempotency key", "without a tag")
		if strings.Contains(got.errors(), "certain that nothing") {
			t.Errorf("errors %q, want none that says it is certain that nothing was bought", got.errors())
		}
	}
}

// TestStatesWithoutAttempt: states that are older than attempts are about the first.
func TestStatesWithoutAttempt(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.tainted = false
	var fields map[string]tftypes.Value
	if err := c.state.As(&fields); err != nil {
		t.Fatal(err)
	}
	fields = maps.Clone(fields)
	fields["attempt"] = tftypes.NewValue(tftypes.Number, nil)
	older := tftypes.NewValue(c.typ, fields)
	c.state = &older
	c.sells(true)
	c.expect(c.apply(config), "update", "COMPLETED", 1, "attempt 2 with the same idempotency key")
	c.stands("k", 2)
}

// TestWhetherItBuysAgainIsKnownAtPlan: a plan that may buy says so, or is refused.
func TestWhetherItBuysAgainIsKnownAtPlan(t *testing.T) {
	for name, change := range map[string]attrs{
		"the key":            {"idempotency_key": unknown, "on_change": "buy_again"},
		"on_change too":      {"description": unknown, "on_change": unknown},
		"the key, on_change": {"idempotency_key": unknown, "on_change": unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			c.apply(plain(nil))
			got, _ := c.plan(plain(change))
			c.severity(got, asError)
			c.expect(got, got.action, "COMPLETED", 1, "cannot tell whether it buys again")
		})
	}
}

func TestFailedOrderOfALostState(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
	config := hasty(attrs{"idempotency_key": "k"})
	c.apply(config)
	c.failing(false)
	c.forget()
	got := c.apply(config)
	c.severity(got, asError)
	c.expect(got, "create", "FAILED", 1, "makes attempt 2", "untaint")
	c.expect(c.apply(config), "replace", "PROCESSING", 2, "makes attempt 2")
	c.stands("k", 2)
	if posts := c.sb.requests(http.MethodPost, "/order"); posts != 3 {
		t.Errorf("%d orders were sent, want 3", posts)
	}
}

// TestImportOfALaterAttempt: an order brings its reward's key and its attempt along.
func TestImportOfALaterAttempt(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.sells(true)
	c.apply(config)
	order := c.get("order_id")
	c.forget()
	c.expect(c.adopt(order), "import", "COMPLETED", 1)
	c.stands("k", 2)
	c.expect(c.apply(config), "", "COMPLETED", 1)
}

// TestConflictNamesTheOrderOfALaterAttempt: the reward is bought, though not by the
// attempt whose contents are in the way.
func TestConflictNamesTheOrderOfALaterAttempt(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.sells(true)
	edited := maps.Clone(config)
	edited["description"] = "edited"
	c.apply(edited)
	order := c.get("order_id")
	c.stands("k", 2)
	c.forget()
	got := c.apply(edited)
	c.severity(got, asError)
	c.expect(got, "create", "(no state)", 1, "was used for another request", "Order "+order, "import ADDRESS "+order)
}

// TestSettlingNeedsTheTime: while this machine's clock stands, Runa forgets the key of
// an order that cannot be found by a tag.
func TestSettlingNeedsTheTime(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), attrs{"tag_orders": false})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.expect(c.apply(hasty(nil)), "create", "UNCONFIRMED", 1, unconfirmedSummary)
	c.sb.ClearFaults()
	c.sb.Advance(31 * 24 * time.Hour)
	got := c.apply(hasty(nil))
	c.severity(got, asError)
	c.expect(got, "update", "UNCONFIRMED", 1, "This machine's clock is wrong", "not sent again")
}

// TestClosedAttemptStaysOnRecord: a create that follows a closed attempt and sends
// nothing does not forget where the key stands.
func TestClosedAttemptStaysOnRecord(t *testing.T) {
	t.Parallel()
	c, config := refusedOrder(t)
	c.sells(true)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: http.StatusForbidden}))
	got := c.apply(config)
	c.severity(got, asError)
	c.expect(got, "replace", "REJECTED", 0, "Nothing was bought by this run")
	c.stands("k", 1)

	c.sb.ClearFaults()
	c.settings = attrs{"validate_catalog": false, "spend_limit": attrs{"USD": "25"}}
	done, planned := c.plan(config)
	c.settings["spend_limit"] = attrs{"USD": "10"}
	c.restart(c.settings, nil)
	got = c.carryOut(done, planned, config)
	c.severity(got, asError)
	c.expect(got, "replace", "REJECTED", 0, "The spending limit is reached")
	c.stands("k", 1)

	c.settings = attrs{"validate_catalog": false}
	c.expect(c.apply(config), "replace", "COMPLETED", 1, "makes attempt 2")
	c.stands("k", 2)
}
