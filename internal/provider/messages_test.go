package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// errorList are a run's errors, one by one.
func (r run) errorList() (list []string) {
	for _, d := range r.diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			list = append(list, textOf([]*tfprotov6.Diagnostic{d}, d.Severity))
		}
	}
	return list
}

// thrice changes three attributes of plain.
var thrice = attrs{
	"description": "now", "metadata": attrs{"a": "b"},
	"items": []any{item(nil, nil, "50")},
}

var thriceNames = []string{"description", "metadata", "items[0].face_value"}

// wantOne wants one error that names all of these.
func wantOne(t *testing.T, got run, summary string, names ...string) {
	t.Helper()
	list := got.errorList()
	if len(list) != 1 {
		t.Fatalf("%d errors, want one:\n%s", len(list), strings.Join(list, "\n"))
	}
	for _, piece := range append(names, summary) {
		if !strings.Contains(list[0], piece) {
			t.Errorf("the error is %q, want it to say %q", list[0], piece)
		}
	}
}

// TestOneCauseIsOneDiagnostic: a run of a thousand orders says each thing once for each
// order, not once for each attribute.
func TestOneCauseIsOneDiagnostic(t *testing.T) {
	t.Run("placed order", func(t *testing.T) {
		c := newCore(t, newSandbox(t, quick), nil)
		c.apply(plain(nil))
		got, _ := c.plan(plain(thrice))
		wantOne(t, got, "A placed order cannot be changed", thriceNames...)
	})
	t.Run("imported order", func(t *testing.T) {
		c := newCore(t, newSandbox(t, quick), nil)
		c.apply(plain(nil))
		id := c.get("order_id")
		c.forget()
		c.adopt(id)
		config := plain(thrice)
		config["on_change"] = "buy_again"
		got, _ := c.plan(config)
		wantOne(t, got, "The imported order differs from the configuration", thriceNames...)
	})
	t.Run("unconfirmed order", func(t *testing.T) {
		c := newCore(t, newSandbox(t, quick), nil)
		c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
		c.apply(hasty(nil))
		got, _ := c.plan(hasty(thrice))
		wantOne(t, got, "An unconfirmed order cannot be changed", thriceNames...)
	})
	t.Run("values that were unknown at plan", func(t *testing.T) {
		c := newCore(t, newSandbox(t, quick), nil)
		c.apply(plain(nil))
		done, planned := c.plan(plain(attrs{"description": unknown, "metadata": unknown}))
		known := plain(attrs{"description": "now", "metadata": attrs{"a": "b"}})
		planned.PlannedState = pack(t, c.typ, proposed(t, c.typ, build(c.typ, known), *c.state))
		wantOne(t, c.carryOut(done, planned, known), "A placed order cannot be changed", "description", "metadata", "not known at plan")
	})
	t.Run("catalogue", func(t *testing.T) {
		nope := item(nil, product("NOPE-US"), "25")
		got, _ := newCore(t, newSandbox(t, quick), nil).plan(items(nope, item(nil, product("ACME-US"), "30"), nope))
		list := got.errorList()
		if len(list) != 2 {
			t.Fatalf("%d errors, want one for each cause:\n%s", len(list), strings.Join(list, "\n"))
		}
		for _, piece := range []string{"NOPE-US", "items[0].products.value", "items[2].products.value"} {
			if !strings.Contains(list[0], piece) {
				t.Errorf("the error is %q, want it to say %q", list[0], piece)
			}
		}
		if at := `AttributeName("items").ElementKeyInt(1).AttributeName("face_value")`; !strings.HasPrefix(list[1], at) {
			t.Errorf("the second error is %q, want it at %s", list[1], at)
		}
	})
	t.Run("recipients", func(t *testing.T) {
		nobody := item(attrs{"type": "EMAIL"}, nil, "25")
		got, _ := newCore(t, newSandbox(t, quick), nil).plan(items(nobody, nobody, nobody))
		wantOne(t, got, "Missing field", "items[0].distribution_method.email_address", "items[2].distribution_method.email_address")
	})
}
