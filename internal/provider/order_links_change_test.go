package provider

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// tells has Runa tell of an order as given. Items are JSON, "" for none.
func tells(id, status, items string) sandbox.Fault {
	body := fmt.Sprintf(`{"id": %q, "status": %q, "created_at": "2026-07-12T10:00:00Z", "currency": "USD", "total_price": "25.00"`, id, status)
	if items != "" {
		body += `, "items": ` + items
	}
	return readAs(http.StatusOK, body+"}")
}

// withPayout is one item whose payout is the given JSON.
func withPayout(payout string) string {
	return `[{"id": "E-1", "face_value": "25.00", "price": "25.00", "currency": "USD",
		"distribution_method": {"type": "PAYOUT_LINK"}, "products": {"type": "SINGLE", "value": "ACME-US"}, "payout": ` + payout + `}]`
}

// payout is a payout of the stored order.
func (c *orderHarness) payout(i int) attrs {
	c.t.Helper()
	return c.field("payouts").([]any)[i].(attrs)
}

// link is that of a payout of the stored order, nil where there is none.
func (c *orderHarness) link(i int) any {
	c.t.Helper()
	links, _ := c.field("payout_links").([]any)
	if i >= len(links) {
		return nil
	}
	return links[i]
}

const alive = `{"status": "ACTIVE", "url": "https://spend.example.test/1"}`

// nowTells replaces what Runa says about the stored order.
func (c *orderHarness) nowTells(status, items string) {
	c.t.Helper()
	c.sb.ClearFaults()
	c.fault(tells(c.get("order_id"), status, items))
}

// TestMovedLinksWaitForAnApply: a refresh takes over everything but the links, however
// often, until an apply takes those too.
func TestChangedLinksWaitForAnApply(t *testing.T) {
	t.Parallel()
	tests := map[string]sandbox.PayoutPatch{
		"another link":             {URL: "https://spend.playground.runa.io/another"},
		"a link goes":              {NoURL: true},
		"a link goes, and is dead": {Status: "CANCELLED", NoURL: true},
	}
	for name, changed := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			c.expect(c.apply(plain(three)), "create", "COMPLETED", 1)
			before, status := c.links(), "ACTIVE"
			if changed.Status != "" {
				status = changed.Status
			}
			c.sb.must(t, c.sb.PatchOrder(c.get("order_id"), sandbox.OrderPatch{Items: []sandbox.ItemPatch{{}, {Payout: changed}}}))
			c.refresh()
			done, planned := c.plan(plain(three))
			if !slices.Equal(c.links(), before) || c.payout(1)["status"] != status {
				t.Errorf("after a refresh the links are %q, the payout %v, want %q and status %s", c.links(), c.payout(1), before, status)
			}
			c.expect(c.carryOut(done, planned, plain(three)), "update", "COMPLETED", 1)
			var want any
			if changed.URL != "" {
				want = changed.URL
			}
			if got := c.payout(1); c.link(1) != want || got["status"] != status {
				t.Errorf("after an apply the payout is %v with link %v, want status %s with %v", got, c.link(1), status, want)
			}
			c.expect(c.apply(plain(three)), "", "COMPLETED", 1)
		})
	}
}

// TestLinksStayWithTheirRewards: no link is shown beside a reward that is not its own.
func TestLinksStayWithTheirRewards(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.expect(c.apply(plain(nil)), "create", "COMPLETED", 1)
	before := c.payout(0)["item_id"]
	c.nowTells("COMPLETED", withPayout(alive))
	c.refresh()
	if got := c.payout(0); got["item_id"] != before || c.link(0) == "https://spend.example.test/1" {
		t.Errorf("after a refresh the payout is %v with link %v, want item_id %v, with the link of before", got, c.link(0), before)
	}
	c.expect(c.apply(plain(nil)), "update", "COMPLETED", 1)
	if got := c.payout(0); got["item_id"] != "E-1" || c.link(0) != "https://spend.example.test/1" {
		t.Errorf("after an apply the payout is %v with link %v, want item_id E-1 with https://spend.example.test/1", got, c.link(0))
	}
}

// TestFailedOrderComesBackToLife: an order that was recorded as failed for nothing, and
// has a live link after all, is not bought again.
func TestFailedOrderComesBackToLife(t *testing.T) {
	t.Parallel()
	for _, settings := range []attrs{nil, {"store_payout_links": false}} {
		for _, dead := range []string{"", "[]", withPayout(`null`), withPayout(`{"status": "CANCELLED", "url": "https://spend.example.test/0"}`)} {
			for _, status := range []string{"FAILED", "COMPLETED"} {
				t.Run(fmt.Sprint(settings, dead, status), func(t *testing.T) {
					t.Parallel()
					c := newCore(t, newSandbox(t, quick), settings)
					c.fault(readAs(http.StatusServiceUnavailable, ""))
					c.expect(c.apply(hasty(nil)), "create", "PROCESSING", 1, "not finished yet")
					c.nowTells("FAILED", dead)
					if done, _ := c.plan(hasty(nil)); done.action != "update" || !strings.Contains(done.warnings(), "This plan buys") {
						t.Fatalf("planned %q for an order that failed, want an update that warns that it buys: %s", done.action, done.warnings())
					}
					c.nowTells(status, withPayout(alive))
					for range 2 {
						done := c.apply(hasty(nil))
						if done.errors() != "" || c.get("status") != status || len(c.sb.Ledger()) != 1 {
							t.Errorf("%q: status %q, %d orders, errors %q, want %s, 1 and none", done.action, c.get("status"), len(c.sb.Ledger()), done.errors(), status)
						}
					}
					if links := len(c.links()); settings == nil && links != 1 || settings != nil && links != 0 {
						t.Errorf("the state holds %d links with settings %v, want 1, or none if they are not stored", links, settings)
					}
				})
			}
		}
	}
}

// TestSeenLinksAreNotForgotten: an order that has shown a link counts as bought when it
// fails and Runa tells no more of it, whatever was applied in between.
func TestSeenLinksAreNotForgotten(t *testing.T) {
	t.Parallel()
	stored := func(links any) attrs {
		config := hasty(nil)
		config["store_payout_links"] = links
		return config
	}
	roads := map[string]func(c *orderHarness){
		"links taken out and in": func(c *orderHarness) {
			c.nowTells("FAILED", "")
			c.apply(stored(false))
			c.apply(stored(true))
		},
		"failed without items while a link moved": func(c *orderHarness) {
			c.nowTells("COMPLETED", withPayout(alive))
			done, planned := c.plan(stored(nil))
			c.nowTells("FAILED", "[]")
			c.carryOut(done, planned, stored(nil))
		},
		"told in a new way while a link moved": func(c *orderHarness) {
			c.nowTells("COMPLETED", withPayout(alive))
			done, planned := c.plan(stored(nil))
			c.nowTells("COMPLETED", `{"count": 1}`)
			got := c.carryOut(done, planned, stored(nil))
			c.severity(got, asWarning)
			c.expect(got, "update", "COMPLETED", 1, "does not know")
			c.nowTells("FAILED", "")
		},
		"processing once more": func(c *orderHarness) {
			c.sb.ClearFaults()
			c.fault(readAs(http.StatusOK, fmt.Sprintf(`{"id": %q, "status": "PROCESSING"}`, c.get("order_id"))))
			done, planned := c.plan(stored(nil))
			c.nowTells("FAILED", "")
			c.carryOut(done, planned, stored(nil))
		},
	}
	for name, walk := range roads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			c.expect(c.apply(hasty(nil)), "create", "COMPLETED", 1)
			walk(c)
			for range 2 {
				if done := c.apply(stored(nil)); done.action == "replace" || done.errors() != "" {
					t.Errorf("planned %q, errors %q, want no replacement and none", done.action, done.errors())
				}
			}
			if c.get("status") != "FAILED" || len(c.sb.Ledger()) != 1 {
				t.Errorf("status %q, %d orders, want FAILED and 1", c.get("status"), len(c.sb.Ledger()))
			}
		})
	}
}

// TestLinksBeforeTheProviderIsConfigured: what a plan without an API key says must hold
// when the provider turns out to store links, or not.
func TestLinksBeforeTheProviderIsConfigured(t *testing.T) {
	t.Parallel()
	for _, first := range []bool{true, false} {
		for _, then := range []bool{true, false} {
			for _, own := range []any{nil, true, false} {
				t.Run(fmt.Sprint(first, then, own), func(t *testing.T) {
					t.Parallel()
					c := newCore(t, newSandbox(t, quick), attrs{"store_payout_links": first})
					c.expect(c.apply(plain(nil)), "create", "COMPLETED", 1)
					_, provider := protocolTypes()
					c.server = serverOf(&runaProvider{version: "test", getenv: func(string) string { return "" }})
					_, err := c.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
						TerraformVersion: "1.99.0",
						Config:           pack(t, provider, build(provider, attrs{"api_key": unknown, "store_payout_links": then})),
					})
					c.sb.must(t, err)
					c.refresh()
					if unchanged := c.propose(plain(nil), c.state); !unpack(t, c.typ, unchanged.PlannedState).Equal(*c.state) {
						t.Errorf("the plan of what did not change is %s, want %s", unpack(t, c.typ, unchanged.PlannedState), c.state)
					}
					config := hasty(nil)
					config["store_payout_links"] = own
					early := c.propose(config, c.state)
					c.restart(attrs{"store_payout_links": then}, nil)
					late := c.propose(config, c.state)
					if got := errorsOf(append(early.Diagnostics, late.Diagnostics...)); got != "" {
						t.Fatal(got)
					}
					before, after := unpack(t, c.typ, early.PlannedState), unpack(t, c.typ, late.PlannedState)
					for _, name := range []string{"payouts", "payout_links"} {
						planned := as[map[string]tftypes.Value](t, before)[name]
						if planned.IsFullyKnown() && !planned.Equal(as[map[string]tftypes.Value](t, after)[name]) {
							t.Errorf("%s: planned %s, and then %s, want the same", name, before, after)
						}
					}
					c.expect(c.carryOut(run{action: "update"}, late, config), "update", "COMPLETED", 1)
					c.apply(config) // the first plan that could look
					want := then
					if said, ok := own.(bool); ok {
						want = said
					}
					if got := len(c.links()); (got == 1) != want {
						t.Errorf("the state holds %d links, want one: %t", got, want)
					}
				})
			}
		}
	}
}
