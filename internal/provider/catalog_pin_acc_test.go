package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccCatalogPin follows a pin through drift with each on_drift, with an order
// that takes its product from it.
func TestAccCatalogPin(t *testing.T) {
	sb := newSandbox(t, quick)
	const pin = "runa_catalog_pin.prizes"
	config := func(onDrift string) string {
		return providerBlock(sb) + fmt.Sprintf(`
resource "runa_catalog_pin" "prizes" {
  codes    = ["BOLT-US", "ACME-US"]
  on_drift = %q
}

resource "runa_order" "this" {
  payment_method = { type = "ACCOUNT_BALANCE", currency = runa_catalog_pin.prizes.products["ACME-US"].currency }
  items = [{
    face_value          = 25
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = runa_catalog_pin.prizes.codes[1] }
  }]
}
`, onDrift)
	}
	discount := func(multiplier string) func() {
		return func() { sb.must(t, sb.PatchProduct("ACME-US", sandbox.ProductPatch{DiscountMultiplier: multiplier})) }
	}
	check := func(name, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(pin, name, value)
	}
	action := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(pin, action), plancheck.ExpectResourceAction("runa_order.this", plancheck.ResourceActionNoop),
		}}
	}
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config("warn"), Check: resource.ComposeAggregateTestCheckFunc(check("drifted", "false"), check("products.%", "2"), sb.bought(1))},
			{Config: config("warn"), ConfigPlanChecks: noChanges},
			{
				PreConfig: discount("0.0200"), Config: config("warn"), ConfigPlanChecks: noChanges,
			},
			{
				RefreshState: true,
				Check: resource.ComposeAggregateTestCheckFunc(
					check("drifted", "true"), check("drift.#", "1"), check("drift.0.code", "ACME-US"), check("drift.0.field", "discount_multiplier"),
					check("drift.0.pinned", "0.013"), check("drift.0.current", "0.02"),
				),
			},
			{Config: config("error"), ExpectError: flat("ACME-US discount_multiplier: pinned 0.013, now 0.02")},
			{
				Config: config("update"), ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(
					check("drifted", "false"), check("drift.#", "0"), check("products.ACME-US.discount_multiplier", "0.0200"), sb.bought(1),
				),
			},
			{Config: config("update"), ConfigPlanChecks: noChanges},
			{PreConfig: discount("0.02"), Config: config("error"), ConfigPlanChecks: noChanges}, // agreed to once, and no diff is left
			{PreConfig: discount("0.03"), Config: config("error"), ExpectError: flat("The catalogue differs from the pin")},
			// A destroy plans as usual first, and so meets the error too.
			{Config: config("error"), Destroy: true, ExpectError: flat("or use -refresh=false to destroy it")},
			{Config: config("warn"), Destroy: true},
		},
	})
}
