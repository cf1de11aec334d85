package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestPlansRefuseAWrongKey: a plan that could not be checked, because Runa does not know
// the API key, is no plan to apply.
func TestPlansRefuseAWrongKey(t *testing.T) {
	refusing := func(status int) func(*orderHarness) {
		return func(c *orderHarness) {
			c.fault(sandbox.Fault{Method: http.MethodGet, Action: sandbox.ActionStatus, Status: status})
		}
	}
	tests := map[string]struct {
		settings attrs
		arrange  func(*orderHarness)
	}{
		"a key that Runa does not know": {attrs{"api_key": "XX-wrong.key"}, func(*orderHarness) {}},
		"401":                           {nil, refusing(401)},
		"403":                           {nil, refusing(403)},
		"403, only the balance is read": {attrs{"api_key": sandbox.ProductionKey, "environment": "production", "validate_catalog": false}, refusing(403)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), test.settings)
			test.arrange(c)
			for i, want := range []int{1, 0} { // said once for all orders of a run
				got, _ := c.another().plan(plain(attrs{"idempotency_key": fmt.Sprint(i)}))
				if said := strings.Count(got.errors(), "Runa refuses the API key"); said != want || strings.Count(got.errors(), "\n\nNext:") != want {
					t.Errorf("order %d: errors %q, want %d that says that the API key is refused, with a next step", i, got.errors(), want)
				}
				if got.warnings() != "" {
					t.Errorf("order %d: warnings %q, want none", i, got.warnings())
				}
			}
		})
	}
}

// crowd plans several orders in one run, one after the other, and applies them.
func crowd(c *orderHarness, configs ...attrs) (orders []*orderHarness, runs []run) {
	for _, config := range configs {
		one := c.another()
		one.forget()
		done, planned := one.plan(config)
		if done.errors() == "" {
			done = one.carryOut(done, planned, config)
		}
		orders, runs = append(orders, one), append(runs, done)
	}
	return orders, runs
}

// keyed are orders of these face values, each with a key of its own.
func keyed(values ...any) (configs []attrs) {
	for i, value := range values {
		config := items(item(nil, product("BOLT-US"), value))
		config["idempotency_key"] = fmt.Sprint("reward ", i)
		configs = append(configs, config)
	}
	return configs
}

const (
	notSent      = "Not sent: Runa refused the API key for another order of this run. Nothing was bought."
	notSentFunds = "Not sent: the account's balance in USD was too low for another order of this run that costs no more. Nothing was bought."
)

// saysOnly wants an order that was not sent, and says only that.
func saysOnly(t *testing.T, c *orderHarness, got run, want string) {
	t.Helper()
	if list := got.errorList(); len(list) != 1 || list[0] != fmt.Sprintf("%s: %s: ", "", want) {
		t.Errorf("errors %q, want %q alone", list, want)
	}
	if c.state != nil {
		t.Errorf("the state has an order that was not sent as %s, want no state", c.get("status"))
	}
}

func TestARefusedKeyEndsTheRun(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: status}))
			configs := keyed("25", "25", "25", "25")
			orders, runs := crowd(c, configs...)
			orders[0].severity(runs[0], asError)
			orders[0].expect(runs[0], "create", "(no state)", 0, "Nothing was bought by this run with idempotency key reward 0", "check the API key")
			for i := range runs[1:] {
				saysOnly(t, orders[i+1], runs[i+1], notSent)
			}
			if posts := c.sb.requests(http.MethodPost, "/order"); posts != 1 {
				t.Errorf("%d orders were sent with an API key that Runa refuses, want 1", posts)
			}

			c.sb.ClearFaults()
			c.restart(nil, nil)
			crowd(c, configs...)
			if orders := len(c.sb.Ledger()); orders != len(configs) {
				t.Errorf("then the ledger has %d orders, want %d", orders, len(configs))
			}
		})
	}
}

// TestARefusedKeyKeepsUnconfirmedOrders: they are not sent again, and stay what they are.
func TestARefusedKeyKeepsUnconfirmedOrders(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.apply(hasty(attrs{"idempotency_key": "lost"}))
	c.sb.ClearFaults()
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 401}))
	c.fault(sandbox.Fault{Method: http.MethodGet, Path: "/order", Action: sandbox.ActionStatus, Status: 401})
	c.restart(nil, nil)
	crowd(c, keyed("25")...)

	c.sameRun = true
	posts := c.sb.requests(http.MethodPost, "/order")
	got := c.apply(hasty(attrs{"idempotency_key": "lost"}))
	c.severity(got, asWarning)
	c.expect(got, "update", "UNCONFIRMED", 1, "is still unconfirmed", "Runa refused the API key for another order of this run", "Before that: check the API key")
	if now := c.sb.requests(http.MethodPost, "/order"); now != posts {
		t.Errorf("it was sent %d times, want never", now-posts)
	}
	c.sb.ClearFaults()
	c.sameRun = false
	c.expect(c.apply(hasty(attrs{"idempotency_key": "lost"})), "update", "COMPLETED", 1, "still not known whether an order was placed")
}

func TestMissingFundsEndTheRun(t *testing.T) {
	c := producing(t, map[string]string{"USD": "30.00", "GBP": "1000.00"}, attrs{"validate_catalog": false})
	configs := keyed("50", "50", "60", "20", "49")
	pounds := paid("GBP", attrs{"idempotency_key": "pounds", "items": []any{item(nil, product("TEA-GB"), "100")}})
	orders, runs := crowd(c, append(configs, pounds)...)

	orders[0].expect(runs[0], "create", "REJECTED", 2, "insufficient_funds", "top up the account")
	saysOnly(t, orders[1], runs[1], notSentFunds)
	saysOnly(t, orders[2], runs[2], notSentFunds)
	orders[3].expect(runs[3], "create", "COMPLETED", 2)
	orders[4].expect(runs[4], "create", "REJECTED", 2, "insufficient_funds") // cheaper than the first: it had to be tried
	if got := orders[5].get("status"); got != "COMPLETED" {
		t.Errorf("status of the order in pounds = %q, want COMPLETED: %s", got, runs[5].errors())
	}
	if posts := c.sb.requests(http.MethodPost, "/order"); posts != 4 {
		t.Errorf("%d orders were sent, want 4", posts)
	}

	if err := c.sb.SetBalance("USD", "1000.00"); err != nil {
		t.Fatal(err)
	}
	c.restart(c.settings, nil)
	crowd(c, configs[1:3]...)
	if bought := len(c.sb.Ledger()); bought != 4 {
		t.Errorf("after topping up, %d orders are bought, want 4", bought)
	}
}

// TestARepeatedRefusalStopsNothing: Runa answers a key as it did before the account was
// topped up, and that says nothing of the others.
func TestARepeatedRefusalStopsNothing(t *testing.T) {
	c := producing(t, map[string]string{"USD": "10.00"}, attrs{"validate_catalog": false})
	configs := keyed("50", "50", "50")
	crowd(c, configs[0])
	if err := c.sb.SetBalance("USD", "1000.00"); err != nil {
		t.Fatal(err)
	}
	c.restart(c.settings, nil) // with a lost state
	orders, runs := crowd(c, configs...)
	orders[0].expect(runs[0], "create", "REJECTED", 2, "insufficient_funds")
	for i := range 2 {
		if got := orders[i+1].get("status"); got != "COMPLETED" {
			t.Errorf("status of order %d = %q, want COMPLETED: %s", i+1, got, runs[i+1].errors())
		}
	}
}
