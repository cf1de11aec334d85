package provider

import (
	"net/http"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// leakyCampaign has a reward of each kind, and the lines that a test adds to its block.
func leakyCampaign(further string) string {
	items := strings.NewReplacer("{ face_value = 10, distribution_method = { type = \"EMAIL\"", "{ id = \"mail\", face_value = 10, distribution_method = { type = \"EMAIL\"",
		"{ face_value = 10, distribution_method = { type = \"RECIPIENT\"", "{ id = \"payee\", face_value = 10, distribution_method = { type = \"RECIPIENT\"").Replace("[" + toMailbox + ", " + toPayee + "]")
	return "resource \"runa_campaign\" \"this\" {\n  name = \"spring\"\n  rewards = jsonencode(" + items + ")\n  " + further + "\n}\n" +
		"output \"statuses\" {\n  value = runa_campaign.this.statuses\n}\noutput \"links\" {\n  value = runa_campaign.this.links\n  sensitive = true\n}\n"
}

// liveCampaign loses an answer, finds it, refreshes what moved, is imported, and refuses
// a change.
func liveCampaign(s *leakHarness) {
	s.configure("", leakyCampaign(`timeouts = { create = "2s" }`))
	s.cli(0, "validate", "-json")
	plan := s.plan()
	s.cli(0, "show", plan)
	s.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	s.apply(0, unconfirmedSummary)
	s.fails("cannot be destroyed", "destroy", "-input=false", "-auto-approve")
	s.cli(0, "plan", "-input=false", "-json")
	s.sb.ClearFaults()
	s.apply(0, "Resources: 0 added, 1 changed")
	s.unchanged()
	if got := strings.Count(s.read("terraform.tfstate"), "https://spend."); got == 0 {
		s.t.Error("the state holds no links, want those of the campaign")
	}
	for _, entry := range s.sb.Ledger() {
		s.sb.must(s.t, s.sb.PatchOrder(entry.ID, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CLAIMED"}}}}))
	}
	s.cli(0, "apply", "-input=false", "-auto-approve", "-refresh-only")
	s.cli(0, "show", "-json")
	s.cli(0, "state", "show", "runa_campaign.this")
	s.cli(0, "output", "-json")
	s.cli(0, "state", "rm", "runa_campaign.this")
	s.cli(0, "import", "-input=false", "runa_campaign.this", "spring")
	s.cli(0, "state", "pull")
	s.configure("", strings.Replace(leakyCampaign(""), fromFile("e-mail address"), fromFile("malformed address"), 1))
	s.fails("Rewards with missing or wrong fields", "plan", "-input=false")
	s.configure("", strings.Replace(leakyCampaign(""), fromFile("e-mail address"), `"other@example.com"`, 1))
	s.fails("Bought rewards cannot be changed", "plan", "-input=false")
	s.configure("", leakyCampaign("store_payout_links = false"))
	s.apply(0, "Resources: 0 added, 1 changed")
	s.cli(0, "destroy", "-input=false", "-auto-approve", "-json")
}

// refusedCampaign is refused with an answer that quotes it.
func refusedCampaign(s *leakHarness) {
	s.configure("", leakyCampaign(""))
	s.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: http.StatusUnprocessableEntity}))
	s.apply(1, "An order of the campaign was refused")
	s.cli(0, "show", "-json")
	s.sb.ClearFaults()
	s.apply(0, "Apply complete!")
	s.unchanged()
}
