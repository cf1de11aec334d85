package provider

import (
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccPayouts hands an order's links to another provider, which here shows what it
// got, past a state that holds none.
func TestAccPayouts(t *testing.T) {
	sb := newSandbox(t, quick)
	withEcho := maps.Clone(factories)
	withEcho["echo"] = echoprovider.NewProviderServer()
	hcl := providerBlock(sb, "store_payout_links = false") +
		order(`items = [`+linkItem(25, "ACME-US")+`, `+emailItem(10, "ACME-US", "ana@example.test")+`]`, giveUpOnce) + `
ephemeral "runa_payouts" "this" {
  order_id = runa_order.this.order_id
}

provider "echo" {
  data = ephemeral.runa_payouts.this.payouts[*].url
}

resource "echo" "got" {}
`
	noLink := func(at int) resource.TestCheckFunc {
		return resource.TestCheckNoResourceAttr(this, fmt.Sprintf("payout_links.%d", at))
	}
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
		ProtoV6ProviderFactories: withEcho,
		Steps: []resource.TestStep{
			{ // The answer is lost: there is nothing to hand over, and no reason to fail.
				PreConfig: func() { sb.must(t, sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))) },
				Config:    hcl, ExpectNonEmptyPlan: true,
				Check:             resource.TestCheckResourceAttr(this, "status", "UNCONFIRMED"),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("echo.got", tfjsonpath.New("data"), knownvalue.TupleExact(nil))},
			},
			{
				PreConfig: sb.ClearFaults,
				Config:    hcl, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(this, "payouts.#", "2"), noLink(0), noLink(1), sb.bought(1)),
			},
			{
				// The echo provider takes over what it is given only when it creates.
				Taint: []string{"echo.got"}, Config: hcl,
				Check: resource.ComposeAggregateTestCheckFunc(noLink(0), noLink(1), func(state *terraform.State) error {
					got := state.RootModule().Resources["echo.got"].Primary.Attributes
					for i, link := range sb.ledgerLinks() {
						if got[fmt.Sprintf("data.%d", i)] != link {
							return fmt.Errorf("link %d is %q, want the ledger's", i, got[fmt.Sprintf("data.%d", i)])
						}
					}
					return nil
				}),
			},
			{Config: hcl, ConfigPlanChecks: noChanges},
		},
	})
}
