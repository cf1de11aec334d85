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
func (c *orderHarness) forced(config attrs) string {
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
				t.Fatalf("status = %q, want %q", c.get("status"), test.status)
			}
			c.restart(nil, nil)
			if got := c.forced(hasty(test.config)); (got != "") != (test.says != "") || !strings.Contains(got, test.says) {
				t.Errorf("it says %q, want %q", got, test.says)
			}
		})
	}
}

// TestForcedReplacementWithoutRecipients: a placed order may leave them out, and what
// replaces it may not. The old order would leave the state before that was noticed.
func TestForcedReplacementWithoutRecipients(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	to := func(address any) attrs {
		return plain(attrs{"idempotency_key": "k", "items": []any{item(attrs{"type": "EMAIL", "email_address": address}, nil, "25")}})
	}
	with, without := to(ana), to(nil)
	c.apply(with)
	c.restart(nil, nil)
	if got := c.forced(without); !strings.Contains(got, "Missing field") {
		t.Errorf("it says %q, want %q", got, "Missing field")
	}
	if got := c.forced(with); got != "" {
		t.Errorf("with its recipient it says %q, want nothing", got)
	}
}
