package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// campaignConfig reads its rewards from winners.csv.
const campaignConfig = needsRuna + campaignList + campaignBlock

const campaignList = `
locals {
  rewards = jsonencode([for row in csvdecode(file("winners.csv")) : {
    id                  = row.id
    face_value          = row.amount
    products            = { type = "SINGLE", value = row.product }
    distribution_method = { type = "EMAIL", email_address = "${row.id}@example.com" }
  }])
}
`

const campaignBlock = `
resource "runa_campaign" "this" {
  name    = "spring"
  rewards = local.rewards
}
`

// campaignRoad is a campaign in the hands of a user.
func (k tools) campaignUser(t *testing.T, options sandbox.Options, config string) cliHarness {
	t.Helper()
	sb := newSandbox(t, options)
	r := cliHarness{k.at(t, t.TempDir(), sb.URL, sandbox.Key), sb}
	r.write("main.tf", config)
	return r
}

// winners writes the list: so many, and then further lines.
func (r cliHarness) winners(first, n int, further ...string) {
	var text strings.Builder
	text.WriteString("id,amount,product\n")
	for _, line := range further {
		text.WriteString(line + "\n")
	}
	for i := range n {
		fmt.Fprintf(&text, "w-%05d,25,ACME-US\n", first+i)
	}
	r.write("winners.csv", text.String())
}

// addressesOf are those that an order in the ledger was sent to.
func addressesOf(t *testing.T, entry sandbox.LedgerEntry) (addresses []string) {
	t.Helper()
	var body struct {
		Items []struct {
			DistributionMethod struct {
				EmailAddress string `json:"email_address"`
			} `json:"distribution_method"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(entry.Body), &body); err != nil {
		t.Fatal(err)
	}
	for _, item := range body.Items {
		addresses = append(addresses, item.DistributionMethod.EmailAddress)
	}
	return addresses
}

// once wants so many rewards in the ledger, each once.
func (r cliHarness) once(want int) {
	r.t.Helper()
	counts := map[string]int{}
	for _, entry := range r.sb.Ledger() {
		if entry.Status != "FAILED" {
			for _, address := range addressesOf(r.t, entry) {
				counts[address]++
			}
		}
	}
	for id, times := range counts {
		if times > 1 {
			r.t.Errorf("%s was bought %d times, want once at most", id, times)
		}
	}
	if len(counts) != want {
		r.t.Errorf("%d rewards were bought, want %d", len(counts), want)
	}
}

// forget deletes the state.
func (r cliHarness) forget() {
	r.t.Helper()
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.Remove(filepath.Join(r.work, name)); err != nil && !os.IsNotExist(err) {
			r.t.Fatal(err)
		}
	}
}

// TestAccCampaign buys a list, appends to it, refuses changes, reports removals,
// survives a lost state, and is imported by name.
func TestAccCampaign(t *testing.T) {
	r := needTools(t).campaignUser(t, quick, campaignConfig)
	r.winners(0, 450)
	r.step(0, 3, []string{`Campaign "spring" buys 450 rewards in 3 orders, 11,250.00 USD`}, "apply")
	r.done()

	r.winners(0, 450, "x-1,20,TEA-GB", "x-2,25,ACME-US")
	r.step(0, 5, []string{"2 rewards in 2 orders, 20.00 GBP and 25.00 USD", "450 rewards in 3 orders are already bought"}, "apply")
	r.done()

	r.winners(0, 450, "x-1,25,TEA-GB", "x-2,25,ACME-US")
	r.step(1, 5, []string{"Bought rewards cannot be changed", "row 1, id x-1: order", "undo the change to these rewards"}, "apply")
	r.winners(0, 450, "x-2,25,ACME-US")
	r.step(0, 5, []string{"Removed rewards stay bought", "x-1"}, "apply")
	r.done()
	r.winners(0, 450, "x-1,20,TEA-GB", "x-2,25,ACME-US")
	r.step(0, 5, nil, "apply")
	r.done()

	r.forget()
	r.winners(0, 460, "x-1,20,TEA-GB", "x-2,25,ACME-US")
	r.step(0, 6, []string{"5 orders with 452 rewards of campaign \"spring\" were found at Runa", "buys 10 rewards in 1 order"}, "apply")
	r.done()

	r.forget()
	r.run("import", "runa_campaign.this", "spring")
	before := len(r.sb.Journal())
	r.done()
	for _, call := range r.sb.Journal()[before:] {
		if call.Method != http.MethodGet || !strings.HasPrefix(call.Path, "/order/") {
			t.Errorf("a plan that buys nothing sent %s %s, want reads of orders only", call.Method, call.Path)
		}
	}
	r.once(462)
}

// TestAccCampaignRefused: what is refused is bought by the next apply, with what the list
// says then, and the rest is kept.
func TestAccCampaignRefused(t *testing.T) {
	for name, keep := range map[string]int{"some of it": 1, "all of it": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := needTools(t).campaignUser(t, quick, campaignConfig)
			fault := sandbox.Fault{
				Method: http.MethodPost, Path: "/order", Skip: keep, Action: sandbox.ActionStatus, Status: http.StatusBadRequest, Store: true,
				Body: `{"type":"insufficient_funds","message":"Not enough USD.","help":"Top up."}`,
			}
			if err := r.sb.AddFault(fault); err != nil {
				t.Fatal(err)
			}
			r.winners(0, 402)
			code := 1 - keep // what is bought in part is a warning: an error would taint it
			r.step(code, keep, []string{"An order of the campaign was refused", "top up the account", "The same happened to"}, "apply")
			r.sb.ClearFaults()
			r.step(0, 3, nil, "apply")
			r.done()
			r.once(402)
		})
	}
}

// TestAccCampaignLostAnswers: orders without an answer are found by the next apply.
func TestAccCampaignLostAnswers(t *testing.T) {
	t.Parallel()
	r := needTools(t).campaignUser(t, quick, strings.Replace(campaignConfig, "  rewards = local", "  timeouts = { create = \"10s\", update = \"1m\" }\n  rewards = local", 1))
	if err := r.sb.AddFault(sandbox.Fault{Method: http.MethodPost, Path: "/order", Skip: 1, Action: sandbox.ActionDropAfter}); err != nil {
		t.Fatal(err)
	}
	r.winners(0, 700)
	r.step(0, 2, []string{"It is not known whether this order was placed", "2 further orders were not sent"}, "apply")
	r.step(1, 2, []string{"cannot be destroyed"}, "destroy")
	r.sb.ClearFaults()
	r.step(0, 4, nil, "apply")
	r.done()
	r.once(700)
}

// TestAccCampaignOpenOrder: the rewards of an order without an answer can be neither removed
// nor changed, and the plan says what the next apply may buy.
func TestAccCampaignOpenOrder(t *testing.T) {
	t.Parallel()
	r := needTools(t).campaignUser(t, quick, strings.Replace(campaignConfig, "  rewards = local", "  order_size = 2\n  timeouts = { create = \"10s\", update = \"1m\" }\n  rewards = local", 1))
	if err := r.sb.AddFault(sandbox.Fault{Method: http.MethodPost, Path: "/order", Skip: 1, Action: sandbox.ActionDropBefore}); err != nil {
		t.Fatal(err)
	}
	r.winners(0, 4)
	r.step(0, 1, []string{unconfirmedSummary, "(2 rewards: w-00002 to w-00003)"}, "apply")
	r.sb.ClearFaults()

	refused := []string{"Rewards of an unconfirmed order cannot be changed", "id w-00002: it is in order 2 (UNCONFIRMED), and no longer in the list", "undo the change to these rewards, or put them back into the list"}
	r.winners(0, 2)
	r.step(1, 1, refused, "plan")
	r.step(1, 1, refused, "apply")
	r.winners(0, 2, "c2,25,ACME-US", "w-00003,25,ACME-US")
	r.step(1, 1, refused, "apply")
	r.winners(0, 2, "w-00002,30,ACME-US", "w-00003,25,ACME-US")
	r.step(1, 1, []string{"row 1, id w-00002: order 2 (UNCONFIRMED) was sent with different contents"}, "apply")

	r.winners(0, 4, "x,25,ACME-US")
	r.step(0, 1, []string{"Unconfirmed orders are waiting", "buys 1 reward in 1 order, 25.00 USD. In addition, it may buy 2 rewards in 1 order, 50.00 USD"}, "plan", "-out=saved")
	r.step(0, 1, []string{"it may buy 2 rewards in 1 order, 50.00 USD"}, "plan", "-refresh=false")
	r.run("apply", "-input=false", "-no-color", "saved")
	r.done()
	r.once(5)
	r.winners(0, 2, "x,25,ACME-US")
	r.step(0, 3, []string{"Removed rewards stay bought", "2 rewards of campaign \"spring\" are bought but no longer in the list: w-00002, w-00003"}, "apply")
	r.done()
	r.once(5)
}

// TestAccCampaignKilled buys 10,000 rewards with 50 appended anywhere, killed twice and
// with a state that is deleted once: each exactly once by the ledger, and then the plan
// is empty.
func TestAccCampaignKilled(t *testing.T) {
	r := needTools(t).campaignUser(t, sandbox.Options{RatePerMinute: -1, Latency: 20 * time.Millisecond}, campaignConfig+"provider \"runa\" {\n  orders_per_minute = 3000\n}\n")
	r.winners(0, 10_000)
	r.killedAfter(15)
	r.winners(0, 10_020)
	r.killedAfter(30)
	r.forget()
	r.winners(0, 10_020, "x-1,25,ACME-US")
	r.run("apply", "-input=false", "-no-color", "-auto-approve")
	var further []string
	for i := range 30 {
		further = append(further, fmt.Sprintf("x-%d,25,ACME-US", i))
	}
	r.winners(0, 10_020, further...)
	r.run("apply", "-input=false", "-no-color", "-auto-approve")
	r.once(10_050)
	r.done()
}

// killedAfter applies, and kills the CLI when Runa has so many orders.
func (r cliHarness) killedAfter(orders int) {
	r.t.Helper()
	command := r.command("apply", "-input=false", "-no-color", "-auto-approve")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		r.t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); len(r.sb.Ledger()) < orders; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("the ledger has %d orders after a minute, want %d: %s", len(r.sb.Ledger()), orders, said.String())
		}
	}
	if err := command.Process.Kill(); err != nil {
		r.t.Fatal(err)
	}
	_ = command.Wait()
}

// TestAccCampaignWriteOnly: with rewards_wo, neither plan file nor state has a recipient.
func TestAccCampaignWriteOnly(t *testing.T) {
	t.Parallel()
	r := needTools(t).campaignUser(t, quick, strings.Replace(campaignConfig, "  rewards = local", "  store_payout_links = false\n  rewards_wo = local", 1))
	r.needs(11, 11, "write-only arguments")
	r.winners(0, 300)
	r.run("plan", "-input=false", "-no-color", "-out=saved")
	r.run("apply", "-input=false", "-no-color", "saved")
	r.done()
	r.winners(0, 301)
	r.step(0, 3, nil, "apply")
	r.done()
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		state, err := os.ReadFile(filepath.Join(r.work, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(state, []byte("@example.com")) || bytes.Contains(state, []byte("spend.")) || !bytes.Contains(state, []byte("w-00299")) {
			t.Errorf("%s has a recipient or a link, or lacks the ids, want the ids alone", name)
		}
	}
	r.once(301)
}

// TestAccCampaignSavedPlan: a saved plan buys the write-only list that was approved, and no
// other one.
func TestAccCampaignSavedPlan(t *testing.T) {
	t.Parallel()
	r := needTools(t).campaignUser(t, quick, needsRuna+`
variable "rewards" {
  type      = string
  ephemeral = true
}

resource "runa_campaign" "this" {
  name       = "spring"
  order_size = 2
  rewards_wo = var.rewards
}
`)
	r.needs(11, 11, "write-only arguments")
	inOneLine := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	plan := func(list string) string {
		return inOneLine(r.run("plan", "-input=false", "-no-color", "-out=saved", "-var=rewards="+list))
	}
	apply := func(list string) outcome {
		return r.try("apply", "-input=false", "-no-color", "-var=rewards="+list, "saved")
	}
	refuse := func(approved, list string, orders int, says ...string) {
		t.Helper()
		plan(approved) // anew: a refused apply leaves a state that is newer than its plan
		done := apply(list)
		if done.code == 0 {
			t.Errorf("another list than the approved one was applied, want a refusal: %s", done.said())
		}
		wantPieces(t, inOneLine(flatten(done.said())), append(says, "Provider produced inconsistent final plan", ".rewards_wo_digest")...)
		if got := len(r.sb.Ledger()); got != orders {
			t.Errorf("the ledger has %d orders, want %d", got, orders)
		}
	}
	three := gifts("a", "b", "c")
	refuse(three, gifts("a", "b:x", "c", "d", "e"), 0, `was cty.StringVal("3 rewards, digest`, `but now cty.StringVal("5 rewards, digest`)
	refuse(three, gifts("a", "b:x", "c"), 0)
	wantPieces(t, plan(three), "buys 3 rewards in 2 orders, 75.00 USD", "3 rewards, digest")
	if done := apply(gifts("c", "b", "a")); done.code != 0 {
		t.Fatalf("apply of the approved list: exit code %d, want 0: %s", done.code, done.said())
	}
	r.once(3)

	more := gifts("a", "b", "c", "d")
	refuse(more, gifts("a", "b", "c", "d:x"), 2)
	refuse(more, gifts("a", "b", "c", "d", "e"), 2)
	wantPieces(t, plan(more), "buys 1 reward in 1 order, 25.00 USD")
	if done := apply(more); done.code != 0 {
		t.Fatalf("apply of the approved list: exit code %d, want 0: %s", done.code, done.said())
	}
	r.once(4)
	if end := r.try("plan", "-input=false", "-no-color", "-detailed-exitcode", "-var=rewards="+gifts("d", "a", "b", "c")); end.code != 0 {
		t.Errorf("plan: exit code %d, want 0 for an empty plan: %s", end.code, end.said())
	}
	for _, name := range []string{"terraform.tfstate", "terraform.tfstate.backup"} {
		state, err := os.ReadFile(filepath.Join(r.work, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(state, []byte("@example.com")) {
			t.Errorf("%s has a recipient, want none", name)
		}
	}
}

// TestAccCampaignMistakes: mistakes are named by row, before anything is bought.
func TestAccCampaignMistakes(t *testing.T) {
	tools := needTools(t)
	again := strings.Replace(campaignBlock, `"this"`, `"again"`, 1)
	tests := map[string]struct {
		config  string
		further []string
		says    []string
	}{
		"no such product": {campaignConfig, []string{"a,25,ACNE-US", "b,25,ACNE-US"}, []string{"row 1, id a:", "row 2, id b:", "Did you mean ACME-US"}},
		"value not sold":  {campaignConfig, []string{"a,7.77,SHOE-GB"}, []string{"Face value is not sold", "row 1, id a:"}},
		"same id":         {campaignConfig, []string{"a,25,ACME-US", "a,25,ACME-US"}, []string{"row 2, id a: row 1 has the same id"}},
		"no value":        {campaignConfig, []string{"a,,ACME-US"}, []string{"row 1, id a: face_value"}},
		"same name":       {campaignConfig + again, nil, []string{"Two campaigns have the same name"}},
		"over the limit":  {campaignConfig + "provider \"runa\" {\n  spend_limit = { USD = 40 }\n}\n", nil, []string{"The plan exceeds the spending limit", "campaign spring, order 1 (2 rewards)"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tools.campaignUser(t, quick, test.config)
			r.winners(0, 2, test.further...)
			r.step(1, 0, test.says, "plan")
			r.step(1, 0, test.says, "apply")
		})
	}
}

// TestAccCampaignKeepsItsName: another name is another campaign.
func TestAccCampaignKeepsItsName(t *testing.T) {
	r := needTools(t).campaignUser(t, quick, campaignConfig)
	r.winners(0, 2)
	r.step(0, 1, nil, "apply")
	r.write("main.tf", strings.Replace(campaignConfig, `"spring"`, `"autumn"`, 1))
	r.step(1, 1, []string{"The name of a campaign cannot be changed", "declare another runa_campaign"}, "apply")
	r.write("main.tf", needsRuna)
	r.step(0, 1, []string{"2 rewards in 1 order of campaign \"spring\" stay bought"}, "apply")
}

// TestAccCampaignMessagesShowNoAddress: with rewards_wo, a CLI shows no line of the
// configuration that has an e-mail address.
func TestAccCampaignMessagesShowNoAddress(t *testing.T) {
	t.Parallel()
	tools := needTools(t)
	const address = "ada.ng@example.com"
	reward := `{ id = "a", face_value = 10, products = { type = "SINGLE", value = "ACME-US" }, distribution_method = { type = "EMAIL", email_address = "` + address + `" } }`
	write := func(lists string) string {
		return needsRuna + "resource \"runa_campaign\" \"this\" {\n  name = \"Spring\"\n" + lists + "}\n"
	}
	for name, test := range map[string]struct{ config, says string }{
		"both lists": {write("  rewards = \"[]\"\n  rewards_wo = jsonencode([" + reward + "])\n"), "both rewards and rewards_wo are set"},
		"same id":    {write("  rewards_wo = jsonencode([" + reward + ", " + reward + "])\n"), "row 2, id a"},
	} {
		t.Run(name, func(t *testing.T) {
			tools.road(t, test.config).refusedWithout(address, test.says)
		})
	}
}
