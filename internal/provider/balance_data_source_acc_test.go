package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccProductionMoney looks at balances, prices an order, buys it, and looks again.
func TestAccProductionMoney(t *testing.T) {
	for name, asText := range map[string]bool{"numbers": false, "strings": true} {
		t.Run(name, func(t *testing.T) {
			sb := newSandbox(t, sandbox.Options{
				Mode: sandbox.ModeProduction, Processing: -1, EstimateStrings: asText,
				Balances: map[string]string{"USD": "200", "JPY": "45000"},
			})
			config := strings.Replace(providerBlock(sb), sandbox.Key, sandbox.ProductionKey, 1) + `
locals {
  method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 100
    distribution_method = { type = "EMAIL", email_address = "ada@example.com" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}

data "runa_order_estimate" "this" {
  payment_method = local.method
  items          = local.items
}

resource "runa_order" "this" {
  payment_method = local.method
  items          = local.items
}

data "runa_order" "this" {
  id = runa_order.this.order_id
}

data "runa_balances" "all" {}

data "runa_balance" "usd" {
  currency = "USD"
}
`
			price := regexp.MustCompile(`^98\.70?$`) // Runa writes one price in two ways
			resource.ParallelTest(t, resource.TestCase{
				TerraformVersionChecks:   emptyPlans(),
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{
					{Config: config, Check: resource.ComposeAggregateTestCheckFunc(
						resource.TestMatchResourceAttr("data.runa_order_estimate.this", "total_price", price),
						resource.TestMatchResourceAttr("runa_order.this", "total_price", price),
						resource.TestMatchResourceAttr("data.runa_order.this", "total_price", price),
						resource.TestCheckResourceAttr("data.runa_order.this", "payouts.0.status", "ACTIVE"),
					)},
					{Config: config, Check: resource.ComposeAggregateTestCheckFunc(
						resource.TestCheckResourceAttr("data.runa_balance.usd", "balance", "101.30"),
						resource.TestCheckResourceAttr("data.runa_balances.all", "by_currency.JPY", "45000"),
						sb.bought(1),
					)},
				},
			})
		})
	}
}
