package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// failedForms are the two ways in which Runa may show a FAILED order: its schema has the
// full body, a bare one may occur.
var failedForms = map[string]sandbox.OrderPatch{
	"bare": {Status: "FAILED"},
	"full": {Status: "FAILED", Full: true},
}

// inBothForms runs a test for each of them, on a sandbox of its own.
func inBothForms(t *testing.T, name string, options sandbox.Options, test func(t *testing.T, sb *testSandbox, failed sandbox.OrderPatch)) {
	for form, patch := range failedForms {
		t.Run(name+", "+form, func(t *testing.T) {
			t.Parallel()
			test(t, newSandbox(t, options), patch)
		})
	}
}

// TestFailedForms compares every way in which the provider meets a FAILED order to both
// forms: it is never taken as bought, and the next attempt is made.
func TestFailedForms(t *testing.T) {
	slow := sandbox.Options{Processing: time.Hour}
	config := hasty(attrs{"idempotency_key": "k"})
	inBothForms(t, "read", slow, func(t *testing.T, sb *testSandbox, failed sandbox.OrderPatch) {
		c := newCore(t, sb, nil)
		c.apply(config)
		sb.must(t, sb.PatchOrder(c.get("order_id"), failed))
		got := c.apply(config)
		c.severity(got, asWarning)
		c.expect(got, "update", "PROCESSING", 2, "attempt 2 with the same idempotency key")
		sb.Advance(2 * time.Hour)
		c.expect(c.apply(config), "update", "COMPLETED", 2)
	})
	inBothForms(t, "waited for", slow, func(t *testing.T, sb *testSandbox, failed sandbox.OrderPatch) {
		c := newCore(t, sb, nil)
		c.apply(config)
		done, planned := c.plan(config)
		sb.must(t, sb.PatchOrder(c.get("order_id"), failed))
		got := c.carryOut(done, planned, config)
		c.severity(got, asError)
		c.expect(got, "update", "FAILED", 1, "accepted and then failed", "no link of it can be spent")
	})
	inBothForms(t, "while creating", sandbox.Options{Processing: time.Hour}, func(t *testing.T, sb *testSandbox, failed sandbox.OrderPatch) {
		c := newCore(t, sb, nil)
		c.clock = shiftedClock{} // waits for the other
		go func() {
			for len(sb.Ledger()) == 0 {
				time.Sleep(time.Millisecond)
			}
			_ = sb.PatchOrder(sb.Ledger()[0].ID, failed)
		}()
		got := c.apply(plain(attrs{"idempotency_key": "k"}))
		c.severity(got, asError)
		c.expect(got, "create", "FAILED", 1, "accepted and then failed", "no link of it can be spent")
	})
	inBothForms(t, "import", quick, func(t *testing.T, sb *testSandbox, failed sandbox.OrderPatch) {
		id := sb.place(t, foreignOrders()["single"])
		sb.must(t, sb.PatchOrder(id, failed))
		c := newCore(t, sb, nil)
		got := c.adopt(id)
		c.severity(got, asError)
		c.expect(got, "import", "(no state)", 1, "delivered nothing")
	})
	inBothForms(t, "data sources", quick, func(t *testing.T, sb *testSandbox, failed sandbox.OrderPatch) {
		id := sb.place(t, foreignOrders()["single"])
		sb.must(t, sb.PatchOrder(id, failed))
		r := readerOf(t, sb, nil)
		order, done := r.read("runa_order", attrs{"id": id})
		if done.errors() != "" || order["status"] != "FAILED" || (order["completed_at"] != nil) != failed.Full {
			t.Errorf("runa_order = %v, errors %q, want FAILED, a time of completion: %t, and none", order, done.errors(), failed.Full)
		}
		if failed.Full {
			if payout := order["payouts"].([]any)[0].(attrs); payout["status"] != "CANCELLED" {
				t.Errorf("payout = %v, want it CANCELLED", payout)
			}
		}
		orders, done := r.read("runa_orders", attrs{"status": "FAILED"})
		if done.errors() != "" || len(orders["orders"].([]any)) != 1 {
			t.Errorf("runa_orders = %v, errors %q, want one order and none", orders, done.errors())
		}
		links, done := r.open("runa_payouts", attrs{"order_id": id})
		dead := len(links["payouts"].([]any)) == 1 && links["payouts"].([]any)[0].(attrs)["status"] == "CANCELLED"
		if done.errors() != "" || links["status"] != "FAILED" || dead != failed.Full || strings.Contains(done.warnings(), "is FAILED") == failed.Full {
			t.Errorf("runa_payouts = %v, errors %q, warnings %q, want FAILED, no errors, and a cancelled payout: %t, otherwise a warning",
				links, done.errors(), done.warnings(), failed.Full)
		}
	})
}
