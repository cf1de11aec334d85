package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// hasty is a configuration that gives up after a second.
func hasty(changes attrs) attrs {
	config := plain(changes)
	config["timeouts"] = attrs{"create": "1s", "update": "1s"}
	return config
}

func onOrders(fault sandbox.Fault) sandbox.Fault {
	fault.Method, fault.Path = http.MethodPost, "/order"
	return fault
}

func onReading(fault sandbox.Fault) sandbox.Fault {
	fault.Method, fault.Path = http.MethodGet, "/order/*"
	return fault
}

// readAs answers whoever reads an order.
func readAs(status int, body string) sandbox.Fault {
	return onReading(sandbox.Fault{Action: sandbox.ActionStatus, Status: status, Body: body})
}

func (c *orderHarness) fault(fault sandbox.Fault) {
	c.t.Helper()
	if err := c.sb.AddFault(fault); err != nil {
		c.t.Fatal(err)
	}
}

// expect checks what a run came to. Says are pieces of its errors and warnings.
func (c *orderHarness) expect(got run, action, status string, ledger int, says ...string) {
	c.t.Helper()
	if got.action != action {
		c.t.Errorf("the run was %q, want %q", got.action, action)
	}
	if c.get("status") != status {
		c.t.Errorf("status is %q, want %q", c.get("status"), status)
	}
	if orders := len(c.sb.Ledger()); orders != ledger {
		c.t.Errorf("the ledger has %d orders, want %d", orders, ledger)
	}
	said := got.errors() + "\n" + got.warnings()
	for _, piece := range says {
		if !strings.Contains(said, piece) {
			c.t.Errorf("want it to say %q, got:\n%s", piece, said)
		}
	}
	if len(says) == 0 && len(got.diags) > 0 {
		c.t.Errorf("want no errors and no warnings, got: %s", said)
	}
	if c.t.Failed() {
		c.t.FailNow()
	}
}

const (
	asError   = "error"
	asWarning = "warning"
)

// severity checks that a run said something as an error, or only as warnings.
func (c *orderHarness) severity(got run, want string) {
	c.t.Helper()
	if (got.errors() != "") != (want == asError) {
		c.t.Fatalf("want an %s, got errors %q and warnings %q", want, got.errors(), got.warnings())
	}
}

func TestUnconfirmedOrdersAreSettled(t *testing.T) {
	tests := map[string]struct {
		fault  sandbox.Fault
		ledger int // after the run that lost its answer
	}{
		"answer lost":                  {sandbox.Fault{Action: sandbox.ActionDropAfter}, 1},
		"request lost":                 {sandbox.Fault{Action: sandbox.ActionDropBefore}, 0},
		"answer cut short":             {sandbox.Fault{Action: sandbox.ActionTruncate}, 1},
		"answer garbled":               {sandbox.Fault{Action: sandbox.ActionGarbage}, 1},
		"gateway timeout, placed":      {sandbox.Fault{Action: sandbox.ActionStatus, Status: 504, Place: true}, 1},
		"gateway timeout, not placed":  {sandbox.Fault{Action: sandbox.ActionStatus, Status: 504}, 0},
		"stored failure of a purchase": {sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Place: true, Store: true}, 1},
	}
	for name, test := range tests {
		for _, key := range []any{nil, "given-key"} {
			for _, mode := range []string{"async", "sync"} {
				t.Run(name+"/"+mode+map[bool]string{true: "/own key", false: "/given key"}[key == nil], func(t *testing.T) {
					t.Parallel()
					c := newCore(t, newSandbox(t, quick), nil)
					c.fault(onOrders(test.fault))
					config := hasty(attrs{"idempotency_key": key, "execution_mode": mode})

					got := c.apply(config)
					c.severity(got, asWarning)
					c.expect(got, "create", "UNCONFIRMED", test.ledger, unconfirmedSummary, "key "+c.get("id"), applyAgain)
					if c.tainted {
						t.Fatal("the order is tainted, want it not to be, since the next run would buy again")
					}
					c.sb.ClearFaults()
					c.expect(c.apply(config), "update", "COMPLETED", 1, "still not known whether an order was placed")
					c.expect(c.apply(config), "", "COMPLETED", 1)
				})
			}
		}
	}
}

func TestStoredFailureWithoutPurchaseStaysOpen(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Times: 1}))
	for _, action := range []string{"create", "update", "update"} {
		got := c.apply(hasty(nil))
		c.severity(got, asWarning)
		c.expect(got, action, "UNCONFIRMED", 0, "500")
	}
}

func TestRefusedOrders(t *testing.T) {
	tests := map[string]struct {
		settings attrs
		config   attrs
		fault    *sandbox.Fault
		says     []string
	}{
		"product that is not sold": {
			config: items(item(nil, attrs{"type": "SINGLE", "value": "GONE-US"}, "25")),
			says:   []string{"Nothing was bought", "product_validation_error", "Next:"},
		},
		"no funds": {
			settings: attrs{"headers": attrs{"X-Trigger-Error": "insufficient_funds"}}, config: plain(nil),
			says: []string{`AttributeName("payment_method")`, "Nothing was bought", "top up the account, then apply again."},
		},
		"other currency in async": {
			config: items(item(nil, attrs{"type": "SINGLE", "value": "TEA-GB"}, "25")),
			says:   []string{`AttributeName("payment_method")`, "currency_mismatch"},
		},
		"wrong key":       {settings: attrs{"api_key": "XXwrong"}, config: plain(nil), says: []string{"Nothing was bought", "403", "check the API key"}},
		"retired version": {config: plain(nil), fault: &sandbox.Fault{Action: sandbox.ActionStatus, Status: 410}, says: []string{"Nothing was bought", "410", "api_version"}},
		"unknown version": {settings: attrs{"api_version": "2031-01-01"}, config: plain(nil), says: []string{"Nothing was bought", "invalid_version", "api_version"}},
		"nobody there":    {settings: attrs{"base_url": "http://127.0.0.1:1/v2"}, config: hasty(nil), says: []string{"Nothing was bought", "refused"}},
		"spending limit":  {config: plain(nil), fault: &sandbox.Fault{Action: sandbox.ActionStatus, Status: 403, Body: `{"type":"ordering_restricted","message":"Limit."}`}, says: []string{"spending limit"}},
		"too many":        {config: hasty(nil), fault: &sandbox.Fault{Action: sandbox.ActionStatus, Status: 429}, says: []string{"Nothing was bought", "rate exceeded", "orders_per_minute"}},
		"another server":  {config: plain(nil), fault: &sandbox.Fault{Action: sandbox.ActionStatus, Status: 404, Body: "<html>"}, says: []string{"Nothing was bought", "web page", "base_url"}},
		"echoed address": {
			config: plain(nil), fault: &sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Body: `{"type":"validation_error","message":"bad ana@example.test","details":[{"type":"value_error","message":"no ana@example.test","location":["items",0,"face_value"]}]}`},
			says: []string{"items.0.face_value", "(hidden)"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := attrs{"validate_catalog": false} // what Runa says, not the plan
			maps.Copy(settings, test.settings)
			c := newCore(t, newSandbox(t, quick), settings)
			if test.fault != nil {
				c.fault(onOrders(*test.fault))
			}
			got := c.apply(test.config)
			c.severity(got, asError)
			c.expect(got, "create", "(no state)", 0, test.says...)
			if strings.Contains(got.errors(), "example.test") {
				t.Errorf("errors %q, want no e-mail address in them", got.errors())
			}
		})
	}
}

func TestKeyOfAnotherOrder(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	first := newCore(t, sb, nil)
	first.expect(first.apply(plain(attrs{"idempotency_key": "k"})), "create", "COMPLETED", 1)

	sb.Advance(time.Minute)
	same := newCore(t, sb, nil)
	same.expect(same.apply(plain(attrs{"idempotency_key": "k"})), "create", "COMPLETED", 1, earlierSummary)
	if same.get("order_id") != first.get("order_id") {
		t.Errorf("a lost state found order %s, want %s", same.get("order_id"), first.get("order_id"))
	}

	other := newCore(t, sb, nil)
	got := other.apply(plain(attrs{"idempotency_key": "k", "description": "another"}))
	other.severity(got, asError)
	other.expect(got, "create", "(no state)", 1, `AttributeName("idempotency_key")`, "was used for another request", first.get("order_id"), "Differences: description", "import ADDRESS")
}

func TestUnfinishedOrders(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
	got := c.apply(hasty(nil))
	c.severity(got, asWarning)
	c.expect(got, "create", "PROCESSING", 1, "is bought", "Nothing is bought again")
	if c.get("order_id") == "" || c.get("total_price") != "" {
		t.Errorf("order_id %q, total_price %q, want an id and no price", c.get("order_id"), c.get("total_price"))
	}
	got = c.apply(hasty(nil))
	c.severity(got, asWarning)
	c.expect(got, "update", "PROCESSING", 1, "is bought")

	done, _ := c.plan(hasty(nil))
	c.sb.Advance(2 * time.Hour)
	c.expect(done, "update", "PROCESSING", 1)
	c.expect(c.apply(hasty(nil)), "update", "COMPLETED", 1)
	c.expect(c.apply(hasty(nil)), "", "COMPLETED", 1)
	if c.get("total_price") != "25.00" {
		t.Errorf("total_price = %q, want 25.00", c.get("total_price"))
	}
}

func TestFinishedWhileApplying(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
	c.apply(hasty(nil))
	done, planned := c.plan(hasty(nil))
	c.sb.Advance(2 * time.Hour)
	c.expect(c.carryOut(done, planned, hasty(nil)), "update", "COMPLETED", 1)
}

// failing makes the one order of the ledger fail at Runa, with or without a link
// that someone could still redeem.
func (c *orderHarness) failing(live bool) {
	c.t.Helper()
	patch := sandbox.OrderPatch{Status: "FAILED"}
	if live {
		patch.Items = []sandbox.ItemPatch{{}}
	}
	for _, entry := range c.sb.Ledger() {
		if err := c.sb.PatchOrder(entry.ID, patch); err != nil {
			c.t.Fatal(err)
		}
	}
}

func TestFailedOrders(t *testing.T) {
	t.Run("own key", func(t *testing.T) {
		t.Parallel()
		c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
		c.apply(hasty(nil))
		c.failing(false)
		first := c.get("id")

		done, planned := c.plan(hasty(nil))
		c.severity(done, asWarning)
		c.expect(done, "update", "FAILED", 1, "This plan buys", "places the order again")
		c.expect(c.carryOut(done, planned, hasty(nil)), "update", "PROCESSING", 2, "places the order again")
		if c.get("id") == first {
			t.Errorf("the replacement has the failed order's key %q, want another", first)
		}
	})
	t.Run("while creating", func(t *testing.T) {
		t.Parallel()
		c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
		c.clock = shiftedClock{} // waits for the others
		placed := func(orders int) {
			for len(c.sb.Ledger()) < orders && t.Context().Err() == nil {
				time.Sleep(time.Millisecond)
			}
		}
		go func() {
			placed(1)
			_ = c.sb.PatchOrder(c.sb.Ledger()[0].ID, sandbox.OrderPatch{Status: "FAILED"})
			placed(2)
			c.sb.Advance(2 * time.Hour)
		}()
		config := plain(attrs{"idempotency_key": "k"})
		got := c.apply(config)
		c.severity(got, asError)
		c.expect(got, "create", "FAILED", 1, "accepted and then failed", "no link of it can be spent")
		if !c.tainted {
			t.Error("the order is not tainted, want it tainted")
		}
		got = c.apply(config)
		c.severity(got, asWarning)
		c.expect(got, "replace", "COMPLETED", 2, "Attempt 1 with idempotency key k was refused or failed")
		c.stands("k", 2)
	})
	t.Run("given key", func(t *testing.T) {
		t.Parallel()
		c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
		config := hasty(attrs{"idempotency_key": "k"})
		c.apply(config)
		c.failing(false)
		c.stands("k", 1)
		got := c.apply(config)
		c.severity(got, asWarning)
		c.expect(got, "update", "PROCESSING", 2, "This plan buys", "attempt 2 with the same idempotency key")
		c.stands("k", 2)
	})
	t.Run("with a live link", func(t *testing.T) {
		t.Parallel()
		c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
		c.apply(hasty(nil))
		done, planned := c.plan(hasty(nil))
		c.failing(true)
		got := c.carryOut(done, planned, hasty(nil))
		c.severity(got, asWarning)
		c.expect(got, "update", "FAILED", 1, "treated as bought")
		c.expect(c.apply(hasty(nil)), "", "FAILED", 1, "treated as bought")
	})
}

func TestRejectedWhileSettling(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropBefore}))
	c.apply(hasty(nil))
	c.sb.ClearFaults()
	no := false
	if err := c.sb.PatchProduct("ACME-US", sandbox.ProductPatch{IsOrderable: &no}); err != nil {
		t.Fatal(err)
	}
	got := c.apply(hasty(nil))
	c.severity(got, asError)
	c.expect(got, "update", "REJECTED", 0, "now certain that nothing was bought", "product_validation_error", "next apply makes attempt 2")

	yes := true
	if err := c.sb.PatchProduct("ACME-US", sandbox.ProductPatch{IsOrderable: &yes}); err != nil {
		t.Fatal(err)
	}
	rejected := c.get("id")
	got = c.apply(hasty(nil))
	c.severity(got, asWarning)
	c.expect(got, "update", "COMPLETED", 1, "This plan buys")
	if c.get("id") == rejected {
		t.Errorf("the replacement has the rejected order's key %q, want another", rejected)
	}
}

func TestPlacedOrdersCannotChange(t *testing.T) {
	changes := map[string]struct {
		change attrs
		path   string // "" where more than one attribute changes
		names  string
	}{
		"face value":  {items(item(nil, nil, "50")), `AttributeName("items").ElementKeyInt(0).AttributeName("face_value")`, "items[0].face_value"},
		"product":     {items(item(nil, attrs{"type": "SINGLE", "value": "BOLT-US"}, "25")), `AttributeName("items").ElementKeyInt(0).AttributeName("products").AttributeName("value")`, "items[0].products.value"},
		"delivery":    {items(item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25")), "", "items[0].distribution_method.email_address, items[0].distribution_method.type"},
		"more items":  {items(item(nil, nil, "25"), item(nil, nil, "25")), `AttributeName("items")`, "items"},
		"description": {attrs{"description": "now"}, `AttributeName("description")`, "description"},
		"metadata":    {attrs{"metadata": attrs{"a": "b"}}, `AttributeName("metadata")`, "metadata"},
		"currency":    {attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "EUR"}}, `AttributeName("payment_method").AttributeName("currency")`, "payment_method.currency"},
		"key":         {attrs{"idempotency_key": "another"}, `AttributeName("idempotency_key")`, "idempotency_key"},
	}
	for name, test := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			c.apply(plain(nil))
			changed := plain(test.change)

			got, _ := c.plan(changed)
			c.severity(got, asError)
			c.expect(got, got.action, "COMPLETED", 1, test.path+": A placed order cannot be changed", "undo the change of "+test.names+";", "on_change")

			first := c.get("order_id")
			changed["on_change"] = "buy_again"
			if name == "currency" {
				changed["execution_mode"] = "sync" // as an exchange must be
			}
			done, planned := c.plan(changed)
			c.severity(done, asWarning)
			c.expect(done, "update", "COMPLETED", 1, "This plan buys again", first)
			got = c.carryOut(done, planned, changed)
			c.expect(got, "update", "COMPLETED", 2, "stays bought")
			if c.get("order_id") == first {
				t.Errorf("order_id = %q, as the first purchase, want another", first)
			}
		})
	}
}

func TestBuyingAgainIsDecidedAtPlan(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(nil))
	got, _ := c.plan(plain(attrs{"description": unknown, "on_change": "buy_again"}))
	c.severity(got, asError)
	c.expect(got, got.action, "COMPLETED", 1, "cannot tell whether it buys again", "-target")
}

// TestFailedOrdersThatMayBeSpendable: what purchase took for bought must not be
// replaced by the next plan.
func TestFailedOrdersThatMayBeSpendable(t *testing.T) {
	bodies := map[string]string{
		"shape that nobody knows":   `{"id":%q,"status":"FAILED","items":"new shape"}`,
		"link without a state":      `{"id":%q,"status":"FAILED","items":[{"payout":{"url":"https://spend.example/x"}}]}`,
		"link without an address":   `{"id":%q,"status":"FAILED","items":[{"payout":{"status":"CLAIMED"}}]}`,
		"state that nobody knows":   `{"id":%q,"status":"FAILED","items":[{"payout":{"status":"HELD","url":"https://spend.example/x"}}]}`,
		"one dead and one live one": `{"id":%q,"status":"FAILED","items":[{"payout":{"status":"EXPIRED"}},{"payout":{"status":"ACTIVE"}}]}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, sandbox.Options{Processing: time.Hour}), nil)
			c.apply(hasty(nil))
			c.fault(readAs(http.StatusOK, fmt.Sprintf(body, c.get("order_id"))))
			for range 3 {
				got := c.apply(hasty(nil))
				c.severity(got, asWarning)
				if strings.Contains(got.warnings(), "This plan buys") || len(c.sb.Ledger()) != 1 {
					t.Fatalf("the run was %q, and the ledger has %d orders, want no purchase and 1: %s", got.action, len(c.sb.Ledger()), got.warnings())
				}
			}
		})
	}
}

func TestBoughtOrderThatFailsLaterIsKept(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(nil))
	c.failing(false) // Runa shows no items any more
	c.expect(c.apply(plain(nil)), "", "FAILED", 1, "treated as bought")
}

func TestSameAmountWrittenDifferently(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(items(item(nil, attrs{"type": "SINGLE", "value": "BOLT-US"}, "9.90000000000000000000000000000000000001")))
	got := c.apply(items(item(nil, attrs{"type": "SINGLE", "value": "BOLT-US"}, "9.9")))
	c.expect(got, "update", "COMPLETED", 1)
}

func TestSettlingIgnoresTheLimitForWhatIsBought(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.apply(hasty(nil))
	c.sb.ClearFaults()
	c.restart(attrs{"spend_limit": attrs{"USD": "10"}}, nil)
	c.expect(c.apply(hasty(nil)), "update", "COMPLETED", 1, "still not known whether an order was placed")

	c = newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropBefore}))
	c.apply(hasty(nil))
	c.sb.ClearFaults()
	c.restart(attrs{"spend_limit": attrs{"USD": "10"}}, nil)
	got := c.apply(hasty(nil))
	c.severity(got, asError)
	c.expect(got, "update", "UNCONFIRMED", 0, "was not sent again because of spend_limit", "25 USD would exceed the limit of 10 USD")
}

func TestOldOrderUnderAKey(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	first := newCore(t, sb, nil)
	first.apply(plain(attrs{"idempotency_key": "k"}))
	sb.Advance(2 * time.Hour)
	again := newCore(t, sb, nil)
	again.clock = shiftedClock{2 * time.Hour}
	got := again.apply(plain(attrs{"idempotency_key": "k"}))
	again.severity(got, asWarning)
	again.expect(got, "create", "COMPLETED", 1, "Runa already had this order; nothing new was bought")
}

func TestBuyingAgainNeedsAnotherKey(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(attrs{"idempotency_key": "k"}))
	changed := plain(attrs{"idempotency_key": "k", "description": "new", "on_change": "buy_again"})
	got := c.apply(changed)
	c.severity(got, asError)
	c.expect(got, got.action, "COMPLETED", 1, `AttributeName("idempotency_key"): A second purchase needs its own idempotency key`)
	changed["idempotency_key"] = "k2"
	c.expect(c.apply(changed), "update", "COMPLETED", 2, "stays bought")
}

func TestSettingsChangeInPlace(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(attrs{"idempotency_key": "k"}))
	posts := c.sb.requests(http.MethodPost, "/order")
	for _, change := range []attrs{
		{"timeouts": attrs{"create": "1m"}}, {"execution_mode": "sync"}, {"on_change": "buy_again"},
	} {
		change["idempotency_key"] = "k"
		c.expect(c.apply(plain(change)), "update", "COMPLETED", 1)
	}
	c.apply(plain(nil)) // the key in the state stays without being configured
	c.expect(c.apply(plain(nil)), "", "COMPLETED", 1)
	if got := c.sb.requests(http.MethodPost, "/order"); got != posts {
		t.Errorf("changing settings posted %d times, want never", got-posts)
	}
}

func TestUnconfirmedOrdersAreGuarded(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.apply(hasty(nil))
	posts := c.sb.requests(http.MethodPost, "/order")

	got := c.apply(hasty(attrs{"description": "now", "on_change": "buy_again"}))
	c.severity(got, asError)
	c.expect(got, got.action, "UNCONFIRMED", 1, `AttributeName("description"): An unconfirmed order cannot be changed`)

	got = c.apply(nil)
	c.severity(got, asError)
	c.expect(got, "delete", "UNCONFIRMED", 1, "cannot be destroyed", "restore its resource block")

	for range 3 {
		c.refresh()
		c.plan(hasty(nil))
	}
	if got := c.sb.requests(http.MethodPost, "/order"); got != posts {
		t.Errorf("planning posted %d times, want never", got-posts)
	}
}

func TestDestroyForgets(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(nil))
	got := c.apply(nil)
	c.severity(got, asWarning)
	c.expect(got, "delete", "(no state)", 1, "stays bought")
}

func TestReadNeverDropsAnOrder(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(nil))
	c.sb.Reset() // as if asked with another environment's key
	got, _ := c.plan(plain(nil))
	c.severity(got, asError)
	c.expect(got, "", "COMPLETED", 0, `AttributeName("order_id")`, "is not found at "+c.sb.URL, "stays in the state", "state rm")
}

func TestOutsideChangesAreRead(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.apply(plain(nil))
	if err := c.sb.PatchOrder(c.sb.Ledger()[0].ID, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CLAIMED"}}}}); err != nil {
		t.Fatal(err)
	}
	c.expect(c.apply(plain(nil)), "", "COMPLETED", 1)
	if !strings.Contains(c.state.String(), "CLAIMED") {
		t.Errorf("the state is %s, want the link's new state CLAIMED", c.state)
	}
}

func TestUnknownAtPlan(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	known := items(item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25"))
	c.apply(known)
	later := items(item(attrs{"type": "EMAIL", "email_address": unknown}, nil, "25"))

	done, planned := c.plan(later)
	c.expect(done, "update", "COMPLETED", 1)
	planned.PlannedState = pack(t, c.typ, *c.state)
	c.expect(c.carryOut(done, planned, known), "update", "COMPLETED", 1)

	other := items(item(attrs{"type": "EMAIL", "email_address": "bo@example.test"}, nil, "25"))
	done, planned = c.plan(later)
	planned.PlannedState = pack(t, c.typ, proposed(t, c.typ, build(c.typ, other), *c.state))
	got := c.carryOut(done, planned, other)
	c.severity(got, asError)
	c.expect(got, "update", "COMPLETED", 1, "is different now")
	if strings.Contains(got.errors(), "example.test") {
		t.Errorf("errors %q, want no e-mail address in them", got.errors())
	}
}

func TestKeysExpire(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Times: 1}))
	c.apply(hasty(nil))
	posts := c.sb.requests(http.MethodPost, "/order")

	c.restart(nil, shiftedClock{31 * 24 * time.Hour})
	c.sb.Advance(31 * 24 * time.Hour)
	got := c.apply(hasty(nil))
	c.severity(got, asError)
	c.expect(got, "update", "UNCONFIRMED", 0, "can no longer find out whether this order was placed", "search Runa's portal")
	if got := c.sb.requests(http.MethodPost, "/order"); got != posts {
		t.Errorf("an expired key was sent %d times, want never", got-posts)
	}
}

func TestOtherAccountsDoNotSettle(t *testing.T) {
	t.Parallel()
	options := quick
	options.APIKeys = []string{sandbox.Key, otherKey}
	c := newCore(t, newSandbox(t, options), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.apply(hasty(nil))
	c.sb.ClearFaults()
	posts := c.sb.requests(http.MethodPost, "/order")

	c.restart(attrs{"api_key": otherKey}, nil)
	got := c.apply(hasty(nil))
	c.severity(got, asError)
	c.expect(got, "update", "UNCONFIRMED", 1, "sent with another API key")
	if got := c.sb.requests(http.MethodPost, "/order"); got != posts {
		t.Errorf("another account sent the order %d times, want never", got-posts)
	}
	c.restart(nil, nil)
	c.expect(c.apply(hasty(nil)), "update", "COMPLETED", 1, "still not known whether an order was placed")
}

func TestInterruptLetsTheAnswerArrive(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	arrived, stopped := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			close(arrived)
			<-stopped
		}
		sb.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	c := newCore(t, sb, attrs{"base_url": slow.URL + "/v2"})
	c.clock = shiftedClock{} // waits until it is interrupted
	var interrupted time.Time
	go func() {
		<-arrived
		interrupted = time.Now()
		_, _ = c.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
		close(stopped)
	}()
	got := c.apply(plain(nil))
	c.severity(got, asWarning)
	c.expect(got, "create", "PROCESSING", 1, "interrupted")
	if took := time.Since(interrupted); took > 5*time.Second {
		t.Errorf("the run ended %s after the interrupt, want at most 5s", took)
	}
}

func TestOrdersAreTagged(t *testing.T) {
	full := pairs(20, "k", "v")
	tests := map[string]struct {
		settings, config attrs
		tagged           bool
	}{
		"by default":       {nil, plain(nil), true},
		"beside labels":    {nil, plain(attrs{"metadata": attrs{"team": "growth"}}), true},
		"turned off":       {attrs{"tag_orders": false}, plain(nil), false},
		"no room for more": {nil, plain(attrs{"metadata": full}), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), test.settings)
			c.expect(c.apply(test.config), "create", "COMPLETED", 1)
			body := c.sb.Ledger()[0].Body
			if got := strings.Contains(body, `"terraform_order_key":"`+c.get("id")+`"`); got != test.tagged {
				t.Errorf("tagged %t, want %t: %s", got, test.tagged, body)
			}
			c.expect(c.apply(test.config), "", "COMPLETED", 1)
		})
	}
}

func TestIntentIsNotReadable(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	config := hasty(items(item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25")))
	got := c.apply(config)
	c.expect(got, "create", "UNCONFIRMED", 1, unconfirmedSummary)
	if strings.Contains(c.unconfirmedRequest(), "example.test") || strings.Contains(got.warnings(), "example.test") {
		t.Errorf("kept request %q, warnings %q, want no e-mail address in them", c.unconfirmedRequest(), got.warnings())
	}
	c.sb.ClearFaults()
	c.apply(config)
	if c.unconfirmedRequest() != "" {
		t.Errorf("a settled order holds the request %q, want none", c.unconfirmedRequest())
	}
}

// When a provider dies in an Update, Terraform keeps the prior state, and not what was
// private.
func TestSettlingSurvivesAKilledProvider(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.expect(c.apply(hasty(nil)), "create", "UNCONFIRMED", 1, unconfirmedSummary)
	c.private = nil
	c.sb.ClearFaults()
	c.expect(c.apply(hasty(nil)), "update", "COMPLETED", 1, "still not known whether an order was placed")
}

// movedClock is the machine's clock, put forward.
type shiftedClock struct{ by time.Duration }

func (m shiftedClock) Now() time.Time { return time.Now().Add(m.by) }

func (m shiftedClock) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
