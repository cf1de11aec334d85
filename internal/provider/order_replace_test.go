package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// forced plans a replacement as a CLI does that is made to: once as it is, and once as
// if it were not there. It gives the errors of the second plan, the only words of it
// that a user sees.
func (c *core) forced(config attrs) string {
	c.t.Helper()
	first := c.propose(config, c.state)
	configured, null := build(c.typ, config), tftypes.NewValue(c.typ, nil)
	resp, err := c.server.PlanResourceChange(c.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: "runa_order", PriorState: pack(c.t, c.typ, null), PriorPrivate: first.PlannedPrivate,
		ProposedNewState: pack(c.t, c.typ, proposed(c.t, c.typ, configured, null)), Config: pack(c.t, c.typ, configured),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return errorsOf(resp.Diagnostics)
}

// TestForcedReplacement: without a key it would buy again, unless nothing was bought.
func TestForcedReplacement(t *testing.T) {
	t.Parallel()
	const refusal = "Replacing this order would buy it again"
	tests := map[string]struct {
		config attrs
		fault  *sandbox.Fault
		status string
		says   string
	}{
		"bought, without a key":      {nil, nil, "COMPLETED", refusal},
		"bought, with a key":         {attrs{"idempotency_key": "k"}, nil, "COMPLETED", ""},
		"unconfirmed, without a key": {nil, &sandbox.Fault{Action: sandbox.ActionDropAfter}, "UNCONFIRMED", refusal},
		"refused":                    {attrs{"idempotency_key": "k"}, &sandbox.Fault{Action: sandbox.ActionStatus, Status: 422}, "REJECTED", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			if test.fault != nil {
				c.fault(onOrders(*test.fault))
			}
			c.apply(hasty(test.config))
			c.tainted = false
			if c.get("status") != test.status {
				t.Fatalf("the order is %s", c.get("status"))
			}
			c.restart(nil, nil)
			if got := c.forced(hasty(test.config)); (got != "") != (test.says != "") || !strings.Contains(got, test.says) {
				t.Errorf("it says %q, want %q", got, test.says)
			}
		})
	}
}

// TestCopiesInAnyOrder: whichever of two like orders is seen last tells of both, once.
func TestCopiesInAnyOrder(t *testing.T) {
	t.Parallel()
	type step func(*copies) (likeThis, string)
	there := step(func(c *copies) (likeThis, string) { return c.recorded("same", "O-1") })
	gone := step(func(c *copies) (likeThis, string) { return c.forgets("same", "k", "O-1") })
	fresh := step(func(c *copies) (likeThis, string) { return c.creates("same", "") })
	keyed := func(key string) step {
		return func(c *copies) (likeThis, string) { return c.creates("same", key) }
	}
	other := step(func(c *copies) (likeThis, string) { return c.creates("other", "") })
	unknown := step(func(c *copies) (likeThis, string) { return c.creates("", "") })
	tests := map[string]struct {
		steps []step
		want  []likeThis
	}{
		"one":                         {[]step{fresh}, []likeThis{alone}},
		"two":                         {[]step{fresh, fresh, fresh}, []likeThis{alone, twin, alone}},
		"two with keys":               {[]step{keyed("a"), keyed("b")}, []likeThis{alone, alone}},
		"one with a key":              {[]step{keyed("a"), fresh}, []likeThis{alone, alone}},
		"different":                   {[]step{there, other, gone}, []likeThis{alone, alone, alone}},
		"not known yet":               {[]step{unknown, unknown}, []likeThis{alone, alone}},
		"beside one":                  {[]step{there, fresh, fresh}, []likeThis{alone, again, alone}},
		"seen before the one":         {[]step{fresh, there}, []likeThis{alone, again}},
		"forgotten":                   {[]step{gone, fresh}, []likeThis{alone, again}},
		"forgotten later":             {[]step{fresh, gone}, []likeThis{alone, again}},
		"forgotten, its key":          {[]step{gone, keyed("k")}, []likeThis{alone, alone}},
		"forgotten, another key":      {[]step{gone, keyed("l")}, []likeThis{alone, renamed}},
		"another key, then forgotten": {[]step{keyed("l"), gone}, []likeThis{alone, renamed}},
		"beside one, with a key":      {[]step{there, keyed("l")}, []likeThis{alone, alone}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCopies()
			for i, step := range test.steps {
				got, order := step(c)
				if got != test.want[i] || (order == "O-1") != (got == again || got == renamed) {
					t.Errorf("step %d: %d %q, want %d", i, got, order, test.want[i])
				}
			}
		})
	}
}
