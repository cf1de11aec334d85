package main

import "github.com/runa-community/terraform-provider-runa/internal/sandbox"

// ware is one reward that is to be bought once. Its contents are "" where the name
// alone tells what was bought.
type ware struct{ name, contents string }

// sale is a ware that an order of the ledger has sold.
type sale struct {
	ware
	order  string
	mark   string // see holding
	status string
}

// declaration is what a run declares: single orders, or a campaign.
type declaration interface {
	// wares are the rewards that the final configuration asks for.
	wares() []ware
	// files are what a directory needs: name → text.
	files(run string, s scenario) map[string]string
	// sales says what orders of the ledger have sold.
	sales(ledger []sandbox.LedgerEntry) []sale
	// worth is the sum of the face values, by currency.
	worth() map[string]int
}

// declare draws what a run declares.
func (e *experiment) declare() {
	if e.job.scenario.campaign {
		e.campaign = drawCampaign(e.random)
		e.declared = e.campaign
		if e.job.scenario.mistakes {
			e.campaign.mistake(e.random)
		}
		return
	}
	e.declared = drawOrders(e.random)
}
