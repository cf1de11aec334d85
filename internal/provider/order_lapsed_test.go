package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const lapsedSummary = "This idempotency key would buy again"

// TestLapsedKeys: Runa forgets an idempotency key after 30 days. An order that leaves the
// state and comes back under its key is bought once before that, and refused after.
func TestLapsedKeys(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	config := plain(attrs{"idempotency_key": "k"})
	renamed := func(c *orderHarness, destroyFirst bool) string {
		c.restart(c.settings, c.clock)
		old, fresh := c.another(), c.another()
		fresh.forget()
		plans := []func() string{
			func() string { got, _ := old.plan(nil); return got.errors() },
			func() string { got, _ := fresh.plan(config); return got.errors() },
		}
		if destroyFirst {
			return plans[0]() + plans[1]()
		}
		return plans[1]() + plans[0]()
	}
	roads := map[string]func(c *orderHarness) (says string){
		"renamed, its destruction planned first": func(c *orderHarness) string { return renamed(c, true) },
		"renamed, its creation planned first":    func(c *orderHarness) string { return renamed(c, false) },
		"renamed, not refreshed": func(c *orderHarness) string {
			c.refreshing = never
			return renamed(c, false) + renamed(c, true)
		},
		"replaced": func(c *orderHarness) string {
			c.restart(c.settings, c.clock)
			return c.forced(config)
		},
		"tainted": func(c *orderHarness) string {
			c.tainted = true
			return c.apply(config).errors()
		},
		"tainted, not refreshed": func(c *orderHarness) string {
			c.tainted, c.refreshing = true, never
			return c.apply(config).errors()
		},
	}
	for name, road := range roads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for age, refused := range map[time.Duration]bool{27 * day: false, 29 * day: true, 400 * day: true} {
				c := newCore(t, newSandbox(t, quick), nil)
				c.expect(c.apply(config), "create", "COMPLETED", 1)
				c.sb.Advance(age)
				c.restart(nil, shiftedClock{age})
				says := road(c)
				if refused != (strings.Contains(says, lapsedSummary) && strings.Contains(says, "Nothing was bought")) || !refused && says != "" {
					t.Errorf("after %s it says %q, want it to refuse: %t", age, says, refused)
				}
				if sold := len(c.sb.Ledger()); sold != 1 {
					t.Errorf("after %s the ledger has %d orders, want 1", age, sold)
				}
			}
		})
	}
}

// TestLapsedKeyOfNothing: a key that has bought nothing may be sent however old it is.
func TestLapsedKeyOfNothing(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := plain(attrs{"idempotency_key": "k"})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Times: 1}))
	c.expect(c.apply(config), "create", "REJECTED", 0, "nothing was bought")
	c.sb.Advance(400 * 24 * time.Hour)
	c.restart(nil, shiftedClock{400 * 24 * time.Hour})
	c.expect(c.apply(config), "replace", "COMPLETED", 1, "This plan buys")
}

// TestLapsedKeyOfAnUnconfirmedOrder: it may have bought.
func TestLapsedKeyOfAnUnconfirmedOrder(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := hasty(attrs{"idempotency_key": "k"})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.expect(c.apply(config), "create", "UNCONFIRMED", 1, "may or may not have been bought")
	c.sb.ClearFaults()
	c.sb.Advance(31 * 24 * time.Hour)
	c.restart(nil, shiftedClock{31 * 24 * time.Hour})
	if says := c.forced(config); !strings.Contains(says, lapsedSummary) {
		t.Errorf("a replacement says %q, want %q", says, lapsedSummary)
	}
}

// TestAccLapsedKeys plays it on the real programs, on a state that is made to look old.
func TestAccLapsedKeys(t *testing.T) {
	tools := needTools(t)
	times := regexp.MustCompile(`"(created_at|submitted_at)": "\d{4}-`)
	for name, road := range map[string]struct {
		before []string // a command
		change func(config string) string
		args   []string
	}{
		"renamed": {change: func(config string) string { return strings.Replace(config, `"this"`, `"other"`, 1) }},
		"for_each": {change: func(config string) string {
			return strings.Replace(config, "{\n", "{\n  for_each = toset([\"a\"])\n", 1)
		}},
		"replaced": {args: []string{"-replace=runa_order.this"}},
		"tainted":  {before: []string{"taint", "runa_order.this"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := one(oneKey)
			r := tools.road(t, config)
			r.step(0, 1, nil, "apply")
			state, err := os.ReadFile(filepath.Join(r.work, "terraform.tfstate"))
			r.sb.must(t, err)
			r.write("terraform.tfstate", times.ReplaceAllString(string(state), `"$1": "1999-`))
			if road.before != nil {
				r.run(road.before...)
			}
			if road.change != nil {
				r.write("main.tf", needsRuna+road.change(strings.TrimPrefix(config, needsRuna)))
			}
			r.step(1, 1, []string{lapsedSummary, "Nothing was bought"}, "apply", append(road.args, "-refresh=false")...)
		})
	}
}
