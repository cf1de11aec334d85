package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// field is an attribute of the stored order, as plain Go values.
func (c *orderHarness) field(name string) any {
	c.t.Helper()
	return unbuild(c.t, as[map[string]tftypes.Value](c.t, *c.state)[name])
}

// links are those of the stored order.
func (c *orderHarness) links() (urls []string) {
	c.t.Helper()
	if c.state == nil {
		return nil
	}
	links, _ := c.field("payout_links").([]any) // null until they are known
	for _, link := range links {
		if url, ok := link.(string); ok {
			urls = append(urls, url)
		}
	}
	return urls
}

// secrets are the nested ones of the stored order. OpenTofu logs those that a refresh
// changes.
func (c *orderHarness) secrets() (secrets []string) {
	c.t.Helper()
	items, _ := c.field("items").([]any) // none in an order that was moved and not read yet
	for _, item := range items {
		method := item.(attrs)["distribution_method"].(attrs)
		secrets = append(secrets, fmt.Sprint(method["email_address"], " ", method["recipient_reference"]))
	}
	return append(secrets, c.links()...)
}

// wantLinks checks how many links the state holds, and that nothing else of it
// holds one.
func (c *orderHarness) wantLinks(want int) {
	c.t.Helper()
	if got := len(c.links()); got != want {
		c.t.Errorf("the state holds %d links, want %d", got, want)
	}
	if text := c.state.String(); want == 0 && strings.Contains(text, "spend.") {
		c.t.Errorf("the state holds a link, want none: %s", text)
	}
}

var three = attrs{"items": []any{
	item(nil, nil, "25"), item(attrs{"type": "EMAIL", "email_address": ana}, nil, "10"), item(nil, nil, "50"),
}}

// TestLinksStayOut walks every road by which a link can reach the state.
func TestLinksStayOut(t *testing.T) {
	type setting struct{ provider, order attrs }
	settings := map[string]setting{
		"the provider's": {provider: attrs{"store_payout_links": false}},
		"the order's":    {order: attrs{"store_payout_links": false}},
		"both, and the order wins": {
			provider: attrs{"store_payout_links": true}, order: attrs{"store_payout_links": false},
		},
	}
	roads := map[string]func(t *testing.T, c *orderHarness, config attrs){
		"create, refresh": func(_ *testing.T, c *orderHarness, config attrs) {
			c.expect(c.apply(config), "create", "COMPLETED", 1)
			c.wantLinks(0)
			c.expect(c.apply(config), "", "COMPLETED", 1)
		},
		"a link is claimed": func(t *testing.T, c *orderHarness, config attrs) {
			c.expect(c.apply(config), "create", "COMPLETED", 1)
			c.sb.must(t, c.sb.PatchOrder(c.get("order_id"), sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CLAIMED"}}}}))
			c.expect(c.apply(config), "", "COMPLETED", 1)
		},
		"settle": func(_ *testing.T, c *orderHarness, config attrs) {
			c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
			c.expect(c.apply(config), "create", "UNCONFIRMED", 1, unconfirmedSummary)
			c.sb.ClearFaults()
			c.expect(c.apply(config), "update", "COMPLETED", 1, "still not known whether an order was placed")
		},
		"wait": func(_ *testing.T, c *orderHarness, config attrs) {
			c.fault(readAs(http.StatusServiceUnavailable, ""))
			c.expect(c.apply(config), "create", "PROCESSING", 1, "not finished yet")
			c.sb.ClearFaults()
			c.refresh()
			c.wantLinks(0)
			c.expect(c.apply(config), "", "COMPLETED", 1)
		},
		"fail in part": func(t *testing.T, c *orderHarness, config attrs) {
			c.expect(c.apply(config), "create", "COMPLETED", 1)
			c.sb.must(t, c.sb.PatchOrder(c.get("order_id"), sandbox.OrderPatch{Status: "FAILED", Items: make([]sandbox.ItemPatch, 1)}))
			got := c.apply(config)
			c.severity(got, asWarning)
			c.expect(got, "", "FAILED", 1, "some of it was delivered")
		},
	}
	for name, setting := range settings {
		for road, walk := range roads {
			t.Run(name+"/"+road, func(t *testing.T) {
				t.Parallel()
				c := newCore(t, newSandbox(t, quick), setting.provider)
				config := hasty(three)
				for name, value := range setting.order {
					config[name] = value
				}
				walk(t, c, config)
				c.wantLinks(0)
			})
		}
	}
}

// TestLinksComeAndGo: what the order says can change at any time, costs at most a
// read, and buys nothing.
func TestLinksComeAndGo(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	say := func(stored any) attrs {
		config := plain(three)
		config["store_payout_links"] = stored
		return config
	}
	c.expect(c.apply(say(nil)), "create", "COMPLETED", 1)
	c.wantLinks(3)
	first := c.links()

	c.expect(c.apply(say(true)), "update", "COMPLETED", 1)
	c.wantLinks(3)
	c.expect(c.apply(say(false)), "update", "COMPLETED", 1)
	c.wantLinks(0)
	c.expect(c.apply(say(false)), "", "COMPLETED", 1)
	c.expect(c.apply(say(nil)), "update", "COMPLETED", 1)
	c.wantLinks(3)
	if got := c.links(); strings.Join(got, " ") != strings.Join(first, " ") {
		t.Errorf("the links that came back are %q, want %q", got, first)
	}
	if done, _ := c.plan(say(unknown)); done.action != "update" || len(done.diags) > 0 {
		t.Errorf("planned %q, errors %q, warnings %q, want an update and none", done.action, done.errors(), done.warnings())
	}
	c.apply(say(false))
	done, planned := c.plan(say(true))
	c.fault(readAs(http.StatusServiceUnavailable, ""))
	got := c.carryOut(done, planned, say(true))
	c.severity(got, asError)
	c.expect(got, "update", "COMPLETED", 1, "cannot be read", "is bought")
	c.sb.ClearFaults()
	c.expect(c.apply(say(true)), "update", "COMPLETED", 1)
	c.wantLinks(3)
}

// TestProviderDecidesAboutLinks: the provider's setting reaches every order that does
// not say otherwise, with an apply that buys nothing.
func TestProviderDecidesAboutLinks(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.expect(c.apply(plain(three)), "create", "COMPLETED", 1)
	c.wantLinks(3)
	c.restart(attrs{"store_payout_links": false}, nil)
	c.expect(c.apply(plain(three)), "update", "COMPLETED", 1)
	c.wantLinks(0)
	c.expect(c.apply(plain(three)), "", "COMPLETED", 1)
	c.restart(nil, nil)
	c.expect(c.apply(plain(three)), "update", "COMPLETED", 1)
	c.wantLinks(3)
	c.expect(c.apply(plain(three)), "", "COMPLETED", 1)
}

// TestHiddenLinkCountsAsDelivered: without its link in the state, a failed order must
// still be known to hold something that can be spent, whatever Runa says of the link.
func TestHiddenLinkCountsAsDelivered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		payout string
		action string
	}{
		"a link without a state": {`{"url": "https://spend.example.test/1"}`, ""},
		"a state without a link": {`{"status": "ACTIVE"}`, ""},
		"a dead link":            {`{"status": "CANCELLED", "url": "https://spend.example.test/1"}`, "update"},
		"nothing":                {`null`, "update"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), attrs{"store_payout_links": false})
			c.expect(c.apply(hasty(nil)), "create", "COMPLETED", 1)
			c.fault(tells(c.get("order_id"), "FAILED", withPayout(test.payout)))
			done, _ := c.plan(hasty(nil))
			if done.action != test.action {
				t.Errorf("planned %q, want %q", done.action, test.action)
			}
			if buys := strings.Contains(done.warnings(), "This plan buys"); buys != (test.action == "update") {
				t.Errorf("warnings %q, want them to say that the plan buys: %t", done.warnings(), !buys)
			}
			c.wantLinks(0)
		})
	}
}

func TestOrderDataSourceHidesLinks(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	c := newCore(t, sb, nil)
	c.expect(c.apply(plain(three)), "create", "COMPLETED", 1)
	for _, test := range []struct {
		settings attrs
		shown    bool
	}{{nil, true}, {attrs{"store_payout_links": true}, true}, {attrs{"store_payout_links": false}, false}} {
		got, done := readerOf(t, sb, test.settings).read("runa_order", attrs{"id": c.get("order_id")})
		if len(done.diags) > 0 {
			t.Fatal(done.errors(), done.warnings())
		}
		if shown := got["payout_links"] != nil; shown != test.shown {
			t.Errorf("with %v the links are shown: %t, want %t", test.settings, shown, test.shown)
		}
		for _, payout := range got["payouts"].([]any) {
			if payout.(attrs)["status"] != "ACTIVE" {
				t.Errorf("with %v the payout is %v, want it ACTIVE", test.settings, payout)
			}
		}
	}
}
