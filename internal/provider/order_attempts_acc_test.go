package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// The trials of people who met a refusal, with the real programs: once the cause is
// gone, applying again finishes everything, and no key is edited.

const winnersConfig = needsRuna + `
variable "winners" { type = number }
resource "runa_order" "reward" {
  count           = var.winners
  idempotency_key = uuidv5("url", "https://rewards.example.com/attempts/${count.index}")
  description     = "winner ${count.index}"
  payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 50
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
`

// lose throws the state away.
func (p *program) lose() {
	p.t.Helper()
	if err := os.Remove(filepath.Join(p.work, "terraform.tfstate")); err != nil {
		p.t.Fatal(err)
	}
}

// wantAllBought wants a ledger of so many rewards, each there once, and nothing left to do.
func (p *program) wantAllBought(sb *testSandbox, want int, args ...string) {
	p.t.Helper()
	seen := map[string]int{}
	for _, entry := range sb.Ledger() {
		var request struct {
			Description string `json:"description"`
		}
		if err := json.Unmarshal([]byte(entry.Body), &request); err != nil {
			p.t.Fatal(err)
		}
		if entry.Status != "FAILED" {
			seen[request.Description]++
		}
	}
	for reward, orders := range seen {
		if orders != 1 {
			p.t.Errorf("%s was bought %d times, want once", reward, orders)
		}
	}
	if len(seen) != want {
		p.t.Errorf("%d rewards were bought, want %d", len(seen), want)
	}
	if done := p.try(append([]string{"plan", "-input=false", "-no-color", "-detailed-exitcode"}, args...)...); done.code != 0 {
		p.t.Errorf("plan: exit code %d, want 0 for an empty plan: %s", done.code, done.said())
	}
}

// TestAccToppedUpCampaign: the money runs out in mid-campaign.
func TestAccToppedUpCampaign(t *testing.T) {
	tools := needTools(t)
	tests := map[string]struct {
		winners, paid int
		lost          bool
	}{
		"state kept": {winners: 10, paid: 4},
		"state lost": {winners: 10, paid: 4, lost: true},
		"a hundred":  {winners: 100, paid: 60},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			winners, paid := test.winners, test.paid
			sb := newSandbox(t, sandbox.Options{
				Mode: sandbox.ModeProduction, Processing: -1, RatePerMinute: -1, Balances: map[string]string{"USD": fmt.Sprintf("%d.00", 50*paid)},
			})
			p := tools.at(t, t.TempDir(), sb.URL, sandbox.ProductionKey)
			p.write("main.tf", winnersConfig+"provider \"runa\" {\n  orders_per_minute = 1000000\n}\n")
			vars := fmt.Sprintf("-var=winners=%d", winners)
			apply := []string{"apply", "-input=false", "-auto-approve", "-no-color", vars}
			done := p.try(apply...)
			if orders := len(sb.Ledger()); done.code == 0 || orders < paid || orders > paid*11/10 || orders == winners {
				t.Fatalf("exit code %d, %d orders, want a failure and %d to %d: %s", done.code, orders, paid, paid*11/10, done.said())
			}
			if said := flatten(done.said()); !strings.Contains(said, "top up the account, then apply again") || !strings.Contains(said, "Do not change idempotency_key") {
				t.Errorf("want it to say to top up the account, and not to change idempotency_key, got: %s", done.said())
			}
			sb.must(t, sb.SetBalance("USD", "100000.00"))
			if test.lost {
				p.lose()
				if done := p.try(apply...); done.code == 0 {
					t.Errorf("exit code %d, want a failure, since Runa repeats its refusal: %s", done.code, done.said())
				}
			}
			p.run(apply...)
			p.wantAllBought(sb, winners, vars)
		})
	}
}

// TestAccCorrectedAddress: Runa refuses an address, and takes the corrected one.
func TestAccCorrectedAddress(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, quick)
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	config := strings.Replace(winnersConfig, `{ type = "PAYOUT_LINK" }`, `{ type = "EMAIL", email_address = "brook.smith@example.com" }`, 1)
	p.write("main.tf", config)
	apply := []string{"apply", "-input=false", "-auto-approve", "-no-color", "-var=winners=1"}
	sb.must(t, sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Store: true, Times: 1})))
	if done := p.try(apply...); done.code == 0 || !strings.Contains(flatten(done.said()), "The next apply makes attempt 2") {
		t.Fatalf("exit code %d, want a failure that says %q: %s", done.code, "The next apply makes attempt 2", done.said())
	}
	p.write("main.tf", strings.Replace(config, "brook.smith@", "brook@", 1))
	p.run(apply...)
	p.wantAllBought(sb, 1, "-var=winners=1")
}

// TestAccFailedOrderIsTriedAgain: orders that fail while they are waited for, and later.
func TestAccFailedOrderIsTriedAgain(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	p.write("main.tf", strings.Replace(winnersConfig, "  payment_method", "  timeouts = { create = \"1s\", update = \"30s\" }\n  payment_method", 1))
	apply := []string{"apply", "-input=false", "-auto-approve", "-no-color", "-var=winners=1"}
	p.run(apply...)
	sb.must(t, sb.PatchOrder(sb.Ledger()[0].ID, sandbox.OrderPatch{Status: "FAILED"}))
	p.lose()
	if done := p.try(apply...); done.code == 0 || !strings.Contains(flatten(done.said()), "The order failed at Runa") {
		t.Fatalf("exit code %d, want a failure that says %q: %s", done.code, "The order failed at Runa", done.said())
	}
	bought := p.run(append(apply, "-parallelism=1")...) // waits its second, and goes on
	if !strings.Contains(flatten(bought), "makes attempt 2") {
		t.Errorf("want the plan to announce the purchase, attempt 2, got: %s", bought)
	}
	sb.Advance(2 * time.Hour)
	p.run(apply...)
	p.wantAllBought(sb, 1, "-var=winners=1")
}

// TestAccPreventDestroyNeedsUntaint shows what the message says of prevent_destroy.
func TestAccPreventDestroyNeedsUntaint(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, quick)
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	p.write("main.tf", strings.Replace(winnersConfig, "  payment_method", "  lifecycle { prevent_destroy = true }\n  payment_method", 1))
	apply := []string{"apply", "-input=false", "-auto-approve", "-no-color", "-var=winners=1"}
	sb.must(t, sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Store: true, Times: 1})))
	if done := p.try(apply...); done.code == 0 || !strings.Contains(flatten(done.said()), "run untaint first") {
		t.Fatalf("exit code %d, want a failure that says %q: %s", done.code, "run untaint first", done.said())
	}
	if done := p.try(apply...); done.code == 0 {
		t.Fatalf("exit code %d, want a failure because of prevent_destroy: %s", done.code, done.said())
	}
	p.run("untaint", "-no-color", "runa_order.reward[0]")
	p.run(apply...)
	p.wantAllBought(sb, 1, "-var=winners=1")
}

// TestAccReplacedOrderMeetsItself: -replace, taint and replace_triggered_by with a key
// that stays buy nothing.
func TestAccReplacedOrderMeetsItself(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, quick)
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	p.write("main.tf", winnersConfig)
	apply := []string{"apply", "-input=false", "-auto-approve", "-no-color", "-var=winners=1"}
	p.run(apply...)
	p.run(append(apply, "-replace=runa_order.reward[0]")...)
	p.run("taint", "-no-color", "runa_order.reward[0]")
	p.run(apply...)
	p.wantAllBought(sb, 1, "-var=winners=1")
	if orders := len(sb.Ledger()); orders != 1 {
		t.Errorf("the ledger has %d orders, want 1", orders)
	}
}

// flatten undoes how a CLI breaks lines.
func flatten(said string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(said)), " ")
}
