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

// aged moves Runa's clock and this machine's on, in a new process.
func (c *orderHarness) aged(by time.Duration) {
	c.sb.Advance(by)
	before, _ := c.clock.(shiftedClock)
	c.restart(c.settings, shiftedClock{before.by + by})
}

// renamed plans that an order is destroyed and created at another address.
func (c *orderHarness) renamed(config attrs, destroyFirst bool) (says string) {
	c.restart(c.settings, c.clock)
	old, fresh := c.another(), c.another()
	fresh.forget()
	destroyed := func() { got, _ := old.plan(nil); says += got.errors() }
	created := func() { got, _ := fresh.plan(config); says += got.errors() }
	if destroyFirst {
		destroyed()
		created()
	} else {
		created()
		destroyed()
	}
	return says
}

// TestLapsedKeys: Runa forgets an idempotency key after 30 days. An order that leaves the
// state and comes back under its key is bought once before that, and refused after, with the
// state as it was.
func TestLapsedKeys(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	config := plain(attrs{"idempotency_key": "k"})
	roads := map[string]struct {
		walk func(c *orderHarness) (says string)
		from time.Duration // the age from which on it is refused
	}{
		"renamed, its destruction planned first": {func(c *orderHarness) string { return c.renamed(config, true) }, 28 * day},
		"renamed, its creation planned first":    {func(c *orderHarness) string { return c.renamed(config, false) }, 28 * day},
		"renamed, not refreshed, destroyed first": {func(c *orderHarness) string {
			c.refreshing = never
			return c.renamed(config, true)
		}, 28 * day},
		"renamed, not refreshed, created first": {func(c *orderHarness) string {
			c.refreshing = never
			return c.renamed(config, false)
		}, 28 * day},
		"replaced": {func(c *orderHarness) string {
			c.restart(c.settings, c.clock)
			return c.forced(config)
		}, 28 * day},
		"tainted": {func(c *orderHarness) string {
			c.tainted = true
			return c.apply(config).errors()
		}, 28 * day},
		"tainted, not refreshed": {func(c *orderHarness) string { // no plan sees its age
			c.tainted, c.refreshing = true, never
			return c.apply(config).errors()
		}, 29 * day},
	}
	for name, road := range roads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, age := range []time.Duration{27 * day, road.from - time.Hour, road.from + time.Hour, 400 * day} {
				c := newCore(t, newSandbox(t, quick), nil)
				c.expect(c.apply(config), "create", "COMPLETED", 1)
				c.aged(age)
				for range 2 { // whoever tries again buys no more
					says := road.walk(c)
					if refused := age >= road.from; refused != (strings.Contains(says, lapsedSummary) && strings.Contains(says, "Nothing was bought")) || !refused && says != "" {
						t.Errorf("after %s it says %q, want it to refuse: %t", age, says, refused)
					}
					if c.state == nil {
						t.Errorf("after %s the order has left the state, want it kept", age)
					}
				}
				if sold := len(c.sb.Ledger()); sold != 1 {
					t.Errorf("after %s the ledger has %d orders, want 1", age, sold)
				}
			}
		})
	}
}

// TestLapsedKeysByRunasClock: this machine's clock may be some hours behind.
func TestLapsedKeysByRunasClock(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := plain(attrs{"idempotency_key": "k"})
	c.apply(config)
	c.sb.Advance(28*24*time.Hour + time.Hour)
	c.restart(nil, shiftedClock{27*24*time.Hour + 20*time.Hour})
	if says := c.renamed(config, true); !strings.Contains(says, lapsedSummary) {
		t.Errorf("it says %q, want %q", says, lapsedSummary)
	}
}

// TestLapsedKeysOfAnOlderPlan: a plan that was right is applied a day later, and the order
// that it removes is bought back.
func TestLapsedKeysOfAnOlderPlan(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := plain(attrs{"idempotency_key": "k"})
	c.expect(c.apply(config), "create", "COMPLETED", 1)
	order := c.get("order_id")
	c.aged(27*24*time.Hour + 20*time.Hour)
	c.tainted = true
	done, planned := c.plan(config)
	if got := done.errors(); got != "" {
		t.Fatalf("the plan has errors %q, want none", got)
	}
	c.aged(6 * time.Hour)
	c.expect(c.carryOut(done, planned, config), "replace", "COMPLETED", 1, "stays bought")
	if got := c.get("order_id"); got != order {
		t.Errorf("got order %s back, want %s", got, order)
	}

	c.tainted = true
	c.refreshing = never
	done, planned = c.plan(config)
	c.aged(24 * time.Hour) // 29 days and two hours: it must not leave the state
	c.expect(c.carryOut(done, planned, config), "replace", "COMPLETED", 1, lapsedSummary)
	c.tainted = false
	c.refreshing = always
	c.aged(400 * 24 * time.Hour)
	c.expect(c.apply(nil), "delete", "(no state)", 1, "stays bought") // no creation follows
}

// TestLapsedKeyOfALaterAttempt: who creates it again begins with an attempt of which nobody
// knows any more how old it is.
func TestLapsedKeyOfALaterAttempt(t *testing.T) {
	t.Parallel()
	for _, destroyFirst := range []bool{true, false} {
		c := newCore(t, newSandbox(t, quick), nil)
		config := plain(attrs{"idempotency_key": "k"})
		c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Times: 1}))
		c.apply(config)
		c.aged(8 * 24 * time.Hour)
		c.expect(c.apply(config), "replace", "COMPLETED", 1, "This plan buys")
		c.stands("k", 2)
		c.aged(23 * 24 * time.Hour)
		if says := c.renamed(config, destroyFirst); !strings.Contains(says, lapsedSummary) || !strings.Contains(says, "more than one attempt") {
			t.Errorf("destroyed first %t: it says %q, want %q", destroyFirst, says, lapsedSummary)
		}
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
			for range 2 { // whoever tries again buys no more
				r.step(1, 1, []string{lapsedSummary, "Nothing was bought"}, "apply", append(road.args, "-refresh=false")...)
			}
			if known := r.run("state", "list"); known != "runa_order.this\n" {
				t.Errorf("the state knows %q, want the order still", known)
			}
		})
	}
}
