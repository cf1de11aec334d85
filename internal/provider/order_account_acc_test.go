package provider

import (
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccSavedPlanOfAnotherAccount: a plan that was saved for one account buys nothing
// with another's key. The CLI itself stops it: its second plan has another account.
func TestAccSavedPlanOfAnotherAccount(t *testing.T) {
	tools := needTools(t)
	sb := twoAccounts(t)
	work := t.TempDir()
	first, other := tools.at(t, work, sb.URL, sandbox.Key), tools.at(t, work, sb.URL, otherKey)
	first.write("main.tf", winnersConfig)
	plan := []string{"plan", "-input=false", "-no-color", "-var=winners=2", "-out=saved"}
	first.run(plan...)
	done := other.try("apply", "-input=false", "-no-color", "saved")
	said := flatten(done.said())
	if orders := len(sb.Ledger()); done.code == 0 || orders != 0 || !strings.Contains(said, ".account: was") || !strings.Contains(said, sb.URL) {
		t.Errorf("exit code %d, %d orders, want a failure and no order, and words about the account at %s: %s", done.code, orders, sb.URL, done.said())
	}
	first.run(plan...) // the CLI wrote the state, and takes the saved plan for stale now
	first.run("apply", "-input=false", "-no-color", "saved")
	first.wantAllBought(sb, 2, "-var=winners=2")
}
