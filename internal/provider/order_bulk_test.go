package provider

import (
	"strings"
	"testing"
)

// TestOneDiagnosticForEachOrder: what has one cause is said once, with all its places.
func TestOneDiagnosticForEachOrder(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := plain(attrs{"idempotency_key": "k", "description": "before"})
	if got := c.apply(config); got.errors() != "" {
		t.Fatal(got.errors())
	}
	config["description"], config["metadata"], config["idempotency_key"] = "after", attrs{"team": "blue"}, "l"
	got, _ := c.plan(config)
	if lines := strings.Count(got.errors(), "A placed order cannot be changed"); lines != 1 || !strings.Contains(got.errors(), "undo the change of idempotency_key, description, metadata") {
		t.Errorf("%d diagnostics: %s", lines, got.errors())
	}

	item := attrs{
		"face_value": 25, "distribution_method": attrs{"type": "PAYOUT_LINK"}, "products": attrs{"type": "SINGLE", "value": "ACNE-US"},
	}
	var items []any
	for range 30 {
		items = append(items, item)
	}
	got, _ = newCore(t, c.sb, nil).plan(plain(attrs{"items": items}))
	if lines := strings.Count(got.errors(), "No such product"); lines != 1 || !strings.Contains(got.errors(), "items[19].products.value and 10 more") {
		t.Errorf("%d diagnostics: %s", lines, got.errors())
	}
}
