package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestDestroyingIsSaidOnce: a run that destroys many orders says once that they stay
// bought, when it is planned and when it is carried out.
func TestDestroyingIsSaidOnce(t *testing.T) {
	t.Parallel()
	first := newCore(t, newSandbox(t, quick), nil)
	orders := []*orderHarness{first}
	for range 4 {
		orders = append(orders, first.another())
	}
	first.sameRun = true
	for _, c := range orders {
		c.apply(plain(attrs{"idempotency_key": c.t.Name() + string(rune('a'+len(c.sb.Ledger())))}))
	}
	const said = "Destroying does not cancel an order"
	first.restart(first.settings, nil)
	warned := 0
	for _, c := range orders {
		c.server = first.server
		done, planned := c.plan(nil)
		if planned == nil || done.errors() != "" {
			t.Fatalf("errors %q, want a plan and none", done.errors())
		}
		warned += strings.Count(done.warnings(), said)
		if strings.Contains(done.warnings(), said) && !strings.Contains(done.warnings(), "applies to every runa_order that this run destroys") {
			t.Errorf("warnings %q, want them to say that this applies to every runa_order", done.warnings())
		}
	}
	if warned != 1 {
		t.Errorf("the plan says it %d times, want once", warned)
	}
	first.restart(first.settings, nil) // the apply is another process
	warned = 0
	for _, c := range orders {
		c.server = first.server
		nothing := tftypes.NewValue(c.typ, nil)
		resp := c.change(*c.state, nothing, nothing, c.private, c.identity)
		warned += strings.Count(textOf(resp.Diagnostics, tfprotov6.DiagnosticSeverityWarning), said)
	}
	if warned != 1 {
		t.Errorf("the apply says it %d times, want once", warned)
	}
	if got := len(first.sb.Ledger()); got != len(orders) {
		t.Errorf("the ledger has %d orders, want %d", got, len(orders))
	}
}
