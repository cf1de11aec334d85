package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestAccProduct(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	value := func(at tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.runa_product.acme", at, want)
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: providerBlock(sb) + `data "runa_product" "acme" { code = "ACME-US" }`,
			ConfigStateChecks: []statecheck.StateCheck{
				value(tfjsonpath.New("name"), knownvalue.StringExact("Acme")),
				value(tfjsonpath.New("is_orderable"), knownvalue.Bool(true)),
				value(tfjsonpath.New("countries_redeemable_in"), knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("US")})),
				value(tfjsonpath.New("denominations").AtMapKey("available_list"), knownvalue.ListExact([]knownvalue.Check{
					knownvalue.StringExact("10"), knownvalue.StringExact("25"), knownvalue.StringExact("50.00"), knownvalue.StringExact("100"),
				})),
				value(tfjsonpath.New("subscription_plans"), knownvalue.Null()),
			},
		}, {
			Config: providerBlock(sb) + `data "runa_product" "tunes" { code = "TUNES-ES" }`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.runa_product.tunes",
					tfjsonpath.New("subscription_plans").AtSliceIndex(0).AtMapKey("subscription_plan_code"), knownvalue.StringExact("TUNES6-ES")),
				statecheck.ExpectKnownValue("data.runa_product.tunes", tfjsonpath.New("denominations"), knownvalue.Null()),
			},
		}, {
			Config:      providerBlock(sb) + `data "runa_product" "none" { code = "NONE-US" }`,
			ExpectError: flat(`There is no product "NONE-US" at`),
		}},
	})
}

// TestAccProducts chooses from a catalogue of more than one page.
func TestAccProducts(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Products: 600})
	const source = "data.runa_products.chosen"
	config := func(filters string) string {
		return providerBlock(sb) + fmt.Sprintf("data \"runa_products\" \"chosen\" {\n%s\n}\n", filters)
	}
	codes := func(want ...string) []statecheck.StateCheck {
		var list []knownvalue.Check
		for _, code := range want {
			list = append(list, knownvalue.StringExact(code))
		}
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue(source, tfjsonpath.New("codes"), knownvalue.ListExact(list)),
			statecheck.ExpectKnownValue(source, tfjsonpath.New("products"), knownvalue.MapSizeExact(len(want))),
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:      config(`name_regex = "("`),
			ExpectError: flat("Not a regular expression"),
		}, {
			Config:            config(`codes = toset(["TEA-GB", "ACME-US"])`),
			ConfigStateChecks: codes("ACME-US", "TEA-GB"),
		}, {
			Config:            config(`countries_redeemable_in = ["GB", "DE"]` + "\n" + `name_regex = "^(Tea House|Buchwinkel)$"`),
			ConfigStateChecks: codes("BUCH-DE", "TEA-GB"),
		}, {
			Config: config(""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(source, tfjsonpath.New("products"), knownvalue.MapSizeExact(600)),
			},
		}, {
			Config:      config(`codes = ["TEA-GB", "NONE-US"]` + "\n" + `currency = "USD"`),
			ExpectError: flat("TEA-GB exists, but is excluded by currency"),
		}},
	})
}

// TestAccProductsFeedOrders uses a selection the way pipelines do: to choose what
// is ordered, and to stop when its terms change.
func TestAccProductsFeedOrders(t *testing.T) {
	sb := newSandbox(t, quick)
	config := providerBlock(sb) + `
data "runa_products" "chosen" {
  codes = ["BOLT-US"]
}

resource "terraform_data" "pinned" {
  input            = data.runa_products.chosen.digest
  lifecycle { ignore_changes = [input] }
}

resource "runa_order" "this" {
  payment_method = { type = "ACCOUNT_BALANCE", currency = data.runa_products.chosen.products["BOLT-US"].currency }
  items = [{
    face_value          = tonumber(data.runa_products.chosen.products["BOLT-US"].denominations.minimum_value)
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = data.runa_products.chosen.codes[0] }
  }]
  lifecycle {
    precondition {
      condition     = data.runa_products.chosen.digest == terraform_data.pinned.output
      error_message = "The product's terms have changed."
    }
  }
}
`
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, Check: sb.bought(1)},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			{
				PreConfig: func() {
					if err := sb.PatchProduct("BOLT-US", sandbox.ProductPatch{DiscountMultiplier: "0.0500"}); err != nil {
						t.Error(err)
					}
				},
				Config: config, ExpectError: flat("The product's terms have changed."),
			},
		},
	})
	if got := len(sb.Ledger()); got != 1 {
		t.Errorf("the ledger has %d orders, want 1", got)
	}
}
