package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// What the messages say to do next is done here, with the real programs: it must lead
// out of every one of these roads, and buy nothing twice.

// one is a configuration with one order. Extra stands in its block.
func one(extra string) string {
	return needsRuna + `
resource "runa_order" "this" {
  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 50
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
` + extra + "}\n"
}

const hurried = "  timeouts = { create = \"1s\", update = \"1s\" }\n"

// cliHarness is a configuration in the hands of a user.
type cliHarness struct {
	*program
	sb *testSandbox
}

func (k tools) road(t *testing.T, config string) cliHarness {
	t.Helper()
	sb := newSandbox(t, quick)
	r := cliHarness{k.at(t, t.TempDir(), sb.URL, sandbox.Key), sb}
	r.write("main.tf", config)
	return r
}

// step runs plan or apply, and wants pieces of what it says, its exit code (0 or 1),
// and so many orders in the ledger.
func (r cliHarness) step(code, ledger int, says []string, command string, args ...string) {
	r.t.Helper()
	args = append([]string{command, "-input=false", "-no-color"}, args...)
	if command == "apply" || command == "destroy" {
		args = append(args, "-auto-approve")
	}
	done := r.try(args...)
	said := flatten(done.said())
	if done.code != code {
		r.t.Fatalf("%s: exit code %d, want %d: %s", strings.Join(args, " "), done.code, code, said)
	}
	for _, piece := range says {
		if !strings.Contains(said, piece) {
			r.t.Errorf("%s: want it to say %q, got: %s", strings.Join(args, " "), piece, said)
		}
	}
	if orders := len(r.sb.Ledger()); orders != ledger {
		r.t.Errorf("%s: the ledger has %d orders, want %d", strings.Join(args, " "), orders, ledger)
	}
}

// done wants a plan with nothing to do.
func (r cliHarness) done() {
	r.t.Helper()
	if end := r.try("plan", "-input=false", "-no-color", "-detailed-exitcode"); end.code != 0 {
		r.t.Errorf("plan: exit code %d, want 0 for an empty plan: %s", end.code, end.said())
	}
}

// TestAccKeptFailure: Runa answers a key with the same crash again and again, and has no
// order of it.
func TestAccKeptFailure(t *testing.T) {
	r := needTools(t).road(t, one(hurried+"  idempotency_key = \"winner-1\"\n"))
	r.sb.must(t, r.sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: http.StatusInternalServerError, Store: true, Times: 1})))
	r.step(0, 0, []string{unconfirmedSummary}, "apply")
	r.step(0, 0, []string{"If you are certain that it does not exist, remove this resource from the state and, if idempotency_key is set, change it"}, "apply")
	r.run("state", "rm", "runa_order.this")
	r.write("main.tf", one("  idempotency_key = \"winner-1b\"\n"))
	r.step(0, 1, nil, "apply")
	r.done()
}

// TestAccUnconfirmedBlockRemoved: the block of an unconfirmed order is taken out.
func TestAccUnconfirmedBlockRemoved(t *testing.T) {
	r := needTools(t).road(t, one(hurried+"  idempotency_key = \"winner-1\"\n"))
	r.sb.must(t, r.sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter})))
	r.step(0, 1, []string{unconfirmedSummary}, "apply")
	r.sb.ClearFaults()
	r.write("main.tf", needsRuna)
	r.step(1, 1, []string{"restore its resource block"}, "apply")
	r.write("main.tf", one("  idempotency_key = \"winner-1\"\n")) // with the time that settling may take
	r.step(0, 1, nil, "apply")
	r.done()
	r.write("main.tf", needsRuna)
	r.step(0, 1, []string{"stays bought"}, "apply")
}

// TestAccOrderNotThere: a local Runa was restarted and has forgotten everything.
func TestAccOrderNotThere(t *testing.T) {
	tools := needTools(t)
	for name, leave := range map[string]func(cliHarness){
		"state rm": func(r cliHarness) { r.run("state", "rm", "runa_order.this") },
		"taken out, without a refresh": func(r cliHarness) {
			r.write("main.tf", needsRuna)
			r.step(1, 0, []string{"Order not found in this environment", "apply with -refresh=false"}, "plan")
			r.step(0, 0, nil, "apply", "-refresh=false")
			r.write("main.tf", one(""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tools.road(t, one(""))
			r.step(0, 1, nil, "apply")
			r.sb.Reset()
			r.step(1, 0, []string{"Order not found in this environment", "state rm"}, "plan")
			r.step(1, 0, []string{"Order not found in this environment"}, "destroy")
			leave(r)
			r.step(0, 1, nil, "apply")
			r.done()
		})
	}
}

// TestAccRefreshAtAnotherAccount: the order is there, for those who bought it.
func TestAccRefreshAtAnotherAccount(t *testing.T) {
	tools := needTools(t)
	first := tools.road(t, one(""))
	elsewhere := newSandbox(t, quick)
	other := cliHarness{tools.at(t, first.work, elsewhere.URL, sandbox.Key), elsewhere}
	first.step(0, 1, nil, "apply")
	other.step(1, 0, []string{"The order belongs to another account", "was bought with another API key or base URL than this run has"}, "plan")
	first.done()
}

// TestAccOneOrderTwoAddresses: one order is imported twice.
func TestAccOneOrderTwoAddresses(t *testing.T) {
	r := needTools(t).road(t, one("  idempotency_key = \"winner-1\"\n"))
	r.step(0, 1, nil, "apply")
	twice := one("  idempotency_key = \"winner-1\"\n") + strings.Replace(strings.TrimPrefix(one("  idempotency_key = \"winner-1\"\n"), needsRuna), `"this"`, `"copy"`, 1)
	r.write("main.tf", twice)
	if done := r.try("import", "-input=false", "-no-color", "runa_order.copy", r.sb.Ledger()[0].ID); done.code != 0 {
		t.Fatal(done.said())
	}
	r.step(1, 1, []string{"One order is in the state twice", "state rm"}, "plan")
	r.run("state", "rm", "runa_order.copy")
	r.write("main.tf", one("  idempotency_key = \"winner-1\"\n")+strings.Replace(strings.TrimPrefix(one("  idempotency_key = \"winner-2\"\n"), needsRuna), `"this"`, `"copy"`, 1))
	r.step(0, 2, nil, "apply")
	r.done()
}

// TestAccFailedAndFrozen: an order failed, and its resource may not be destroyed, or
// ignores every change.
func TestAccFailedAndFrozen(t *testing.T) {
	tools := needTools(t)
	for name, lifecycle := range map[string]string{"prevent_destroy": "prevent_destroy = true", "ignore_changes": "ignore_changes = all"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tools.road(t, one("  idempotency_key = \"winner-1\"\n  lifecycle { "+lifecycle+" }\n"))
			r.step(0, 1, nil, "apply")
			r.sb.must(t, r.sb.PatchOrder(r.sb.Ledger()[0].ID, sandbox.OrderPatch{Status: "FAILED", Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CANCELLED"}}}}))
			r.step(0, 1, []string{"This plan buys", "attempt 2 with the same idempotency key"}, "plan")
			r.step(0, 2, []string{"This plan buys"}, "apply")
			r.done()
		})
	}
}

// TestAccReplacingBuysAgain: what is made to be replaced has no second chance to warn.
func TestAccReplacingBuysAgain(t *testing.T) {
	tools := needTools(t)
	trigger := "resource \"terraform_data\" \"version\" { input = \"1\" }\n"
	keyless := one("  lifecycle { replace_triggered_by = [terraform_data.version] }\n") + trigger
	for name, keyed := range map[string]bool{"without a key": false, "with one": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, code, says := keyless, 1, []string{"Replacing this order would buy it again", "Nothing was bought"}
			if keyed {
				config, code, says = strings.Replace(keyless, "  payment_method", "  idempotency_key = \"winner-1\"\n  payment_method", 1), 0, []string{earlierSummary}
			}
			r := tools.road(t, config)
			r.step(0, 1, nil, "apply")
			r.step(code, 1, says, "apply", "-replace=runa_order.this")
			r.write("main.tf", strings.Replace(config, `"1"`, `"2"`, 1))
			r.step(code, 1, says, "apply")
			if keyed {
				r.done()
			}
		})
	}
}

// TestAccKeylessOrdersBoughtAgain: without a key, each of these buys once more, and the
// plan says so before it does.
func TestAccKeylessOrdersBoughtAgain(t *testing.T) {
	tools := needTools(t)
	tests := map[string]struct {
		after   string
		between []string
	}{
		"tainted": {after: one(""), between: []string{"taint", "runa_order.this"}},
		"renamed": {after: strings.Replace(one(""), `"this"`, `"that"`, 1)},
		"copied":  {after: one("") + strings.Replace(strings.TrimPrefix(one(""), needsRuna), `"this"`, `"copy"`, 1)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tools.road(t, one(""))
			r.step(0, 1, nil, "apply")
			r.write("main.tf", test.after)
			if len(test.between) > 0 {
				r.run(test.between...)
			}
			r.step(0, 1, []string{"This plan buys the same order again", "stays bought", "its own idempotency_key"}, "plan")
			r.step(0, 2, []string{"This plan buys the same order again"}, "apply")
			r.done()
		})
	}
}

// TestAccProvisionerFails taints what it created.
func TestAccProvisionerFails(t *testing.T) {
	r := needTools(t).road(t, one("  provisioner \"local-exec\" {\n    command = \"exit 1\"\n  }\n"))
	r.step(1, 1, nil, "apply")
	r.step(0, 1, []string{"This plan buys the same order again"}, "plan")
	r.run("untaint", "runa_order.this")
	r.done()
}

// TestAccRenamedReward: a reward has another id, and so another key.
func TestAccRenamedReward(t *testing.T) {
	r := needTools(t).road(t, one("  idempotency_key = \"winner-1\"\n"))
	r.step(0, 1, nil, "apply")
	r.write("main.tf", strings.Replace(one("  idempotency_key = \"winner-one\"\n"), `"this"`, `"that"`, 1))
	r.step(0, 1, []string{"This plan buys the same order with another idempotency key", "moved block"}, "plan")
	r.write("main.tf", strings.Replace(one("  idempotency_key = \"winner-1\"\n"), `"this"`, `"that"`, 1)+"moved {\n  from = runa_order.this\n  to   = runa_order.that\n}\n")
	r.step(0, 1, nil, "apply")
	r.done()
}

// TestAccKeysThatComeLater: keys that another resource makes are keys.
func TestAccKeysThatComeLater(t *testing.T) {
	key := "resource \"terraform_data\" \"key\" {\n  count = 2\n  input = count.index\n}\n"
	r := needTools(t).road(t, key+one("  count = 2\n  idempotency_key = \"winner-${terraform_data.key[count.index].id}\"\n"))
	done := r.try("plan", "-input=false", "-no-color")
	if done.code != 0 || strings.Contains(done.said(), "identical") {
		t.Errorf("exit code %d, want 0, and nothing about identical orders: %s", done.code, done.said())
	}
	r.step(0, 2, nil, "apply")
	r.done()
}
