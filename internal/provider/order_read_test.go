package provider

import (
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

var modes = map[refreshing]string{always: "refreshed", never: "not refreshed", ifChanged: "planned twice"}

// TestUnrefreshedOrders: whatever a state says of an order, applying finishes it, and
// buys it once, also where nothing was read before the plan, or it was planned twice.
func TestUnrefreshedOrders(t *testing.T) {
	waiting, keyed := "It is still not known whether an order was placed", attrs{"idempotency_key": "k"}
	buyAgain := plain(attrs{"idempotency_key": "k", "on_change": "buy_again"})
	strike := func(action sandbox.Action) func(*orderHarness) {
		return func(c *orderHarness) {
			c.fault(onOrders(sandbox.Fault{Action: action}))
			c.apply(hasty(keyed))
			c.sb.ClearFaults()
		}
	}
	refuse := func(c *orderHarness) {
		c.sells(false)
		c.apply(hasty(keyed))
		c.sells(true)
	}
	buy := func(config attrs) func(*orderHarness) { return func(c *orderHarness) { c.apply(config) } }
	tests := map[string]struct {
		processing time.Duration
		leave      func(*orderHarness) // makes the order what the state says, and what has become of it since
		config     attrs
		action     string
		ledger     int
		says       []string
	}{
		"unconfirmed, bought":     {-1, strike(sandbox.ActionDropAfter), hasty(keyed), "update", 1, []string{waiting}},
		"unconfirmed, not bought": {-1, strike(sandbox.ActionDropBefore), hasty(keyed), "update", 1, []string{waiting}},
		"processing": {10 * time.Minute, func(c *orderHarness) {
			c.apply(hasty(keyed))
			c.sb.Advance(time.Hour)
		}, hasty(keyed), "update", 1, nil},
		"refused": {-1, refuse, hasty(keyed), "replace", 1, []string{""}},
		"refused, untainted": {-1, func(c *orderHarness) {
			refuse(c)
			c.tainted = false
		}, hasty(keyed), "update", 1, []string{"attempt 2 with the same idempotency key"}},
		"bought":          {-1, buy(plain(keyed)), plain(keyed), "", 1, nil},
		"changed setting": {-1, buy(plain(keyed)), hasty(keyed), "update", 1, nil},
		"bought again":    {-1, buy(plain(attrs{"idempotency_key": "first"})), buyAgain, "update", 2, []string{"This plan buys again"}},
	}
	for mode, name := range modes {
		for what, test := range tests {
			t.Run(name+"/"+what, func(t *testing.T) {
				t.Parallel()
				c := newCore(t, newSandbox(t, sandbox.Options{Processing: test.processing}), attrs{"validate_catalog": false})
				test.leave(c)
				c.restart(attrs{"validate_catalog": false, "spend_limit": attrs{"USD": "40"}}, nil) // enough for one order
				c.refreshing = mode
				got := c.apply(test.config)
				c.severity(got, asWarning)
				if mode == never && test.says != nil && test.says[0] == waiting {
					test.says = nil // it is said of what was read
				}
				c.expect(got, test.action, "COMPLETED", test.ledger, test.says...)
				c.refreshing = always
				if again, _ := c.plan(test.config); again.action != "" {
					t.Errorf("then a plan to %q, want nothing to do", again.action)
				}
			})
		}
	}
}

// TestFailureFoundWithoutARefresh: the failure is found by waiting for the order, and the
// apply after that goes on.
func TestFailureFoundWithoutARefresh(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
	config := hasty(attrs{"idempotency_key": "k"})
	c.apply(config)
	c.failing(false)
	c.sb.ClearFaults()
	c.refreshing = never
	got := c.apply(config)
	c.severity(got, asError)
	c.expect(got, "update", "FAILED", 1, "The next apply makes attempt 2")
	got = c.apply(config)
	c.severity(got, asWarning)
	c.expect(got, "update", "PROCESSING", 2, "attempt 2 with the same idempotency key")
	c.stands("k", 2)
	c.sb.Advance(2 * time.Hour)
	c.expect(c.apply(config), "update", "COMPLETED", 2)
}

// TestPlannedTwiceIsStillChecked: planning an order twice hides no other order's mistake.
func TestPlannedTwiceIsStillChecked(t *testing.T) {
	for mode, name := range modes {
		t.Run(name, func(t *testing.T) {
			sb := newSandbox(t, quick)
			c := newCore(t, sb, nil)
			c.apply(plain(attrs{"idempotency_key": "k"}))
			c.restart(nil, nil)
			c.refreshing = mode
			changed := plain(attrs{"idempotency_key": "k", "timeouts": attrs{"update": "3m"}})

			first, second := c.another(), c.another() // one order under two addresses
			if got, _ := first.plan(changed); got.errors() != "" {
				t.Fatalf("one order alone: errors %q, want none", got.errors())
			}
			got, _ := second.plan(changed)
			second.severity(got, asError)
			second.expect(got, got.action, "COMPLETED", 1, "One order is in the state twice")

			c.restart(nil, nil)
			first, fresh := c.another(), c.another()
			fresh.forget()
			first.plan(changed)
			got, _ = fresh.plan(plain(attrs{"idempotency_key": "k"}))
			fresh.severity(got, asError)
			fresh.expect(got, "create", "(no state)", 1, "Two orders have the same idempotency key")
		})
	}
}

// TestOneRefusedKeyAtTwoAddresses: two records of one closed attempt are two rewards with
// one key, however they are planned.
func TestOneRefusedKeyAtTwoAddresses(t *testing.T) {
	for mode, name := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, config := refusedOrder(t)
			c.tainted = false
			c.restart(attrs{"validate_catalog": false}, nil)
			c.refreshing = mode
			first, second := c.another(), c.another()
			if got, _ := first.plan(config); got.errors() != "" {
				t.Fatalf("one order alone: errors %q, want none", got.errors())
			}
			got, _ := second.plan(config)
			second.severity(got, asError)
			second.expect(got, got.action, "REJECTED", 0, "Two orders have the same idempotency key")
		})
	}
}

// TestFinalOrdersAreNotReadAgain: with refresh = "unfinished" a plan reads an order until
// all its links have come to an end, and never again.
func TestFinalOrdersAreNotReadAgain(t *testing.T) {
	t.Parallel()
	link := item(nil, nil, "25")
	config := plain(attrs{"idempotency_key": "k", "items": []any{link, link}})
	for _, setting := range []string{"", "all", "unfinished"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			settings := attrs{}
			if setting != "" {
				settings["refresh"] = setting
			}
			c := newCore(t, newSandbox(t, quick), settings)
			c.apply(config)
			id := c.get("order_id")
			claim := func(statuses ...string) {
				var links []sandbox.ItemPatch
				for _, status := range statuses {
					links = append(links, sandbox.ItemPatch{Payout: sandbox.PayoutPatch{Status: status}})
				}
				c.sb.must(t, c.sb.PatchOrder(id, sandbox.OrderPatch{Items: links}))
			}
			reads := func() int {
				before := c.sb.requests("GET", "/order/"+id)
				if got, _ := c.plan(config); got.action != "" || got.errors() != "" {
					t.Fatalf("planned %q, errors %q, want nothing to do and none", got.action, got.errors())
				}
				return c.sb.requests("GET", "/order/"+id) - before
			}
			claim("CLAIMED", "ACTIVE")
			if got := reads(); got != 1 {
				t.Errorf("with a live link: %d reads, want 1", got)
			}
			claim("CLAIMED", "CANCELLED")
			if got := reads(); got != 1 {
				t.Errorf("while the state knows a live link: %d reads, want 1", got)
			}
			want := 1
			if setting == "unfinished" {
				want = 0
			}
			if got := reads(); got != want {
				t.Errorf("with no live link: %d reads, want %d", got, want)
			}
			if status := c.payout(1)["status"]; status != "CANCELLED" {
				t.Errorf("status of the payout in the state = %v, want CANCELLED", status)
			}
		})
	}
}
