package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// order is the HCL of one runa_order named "this". Each line replaces or adds an
// attribute of a plain one: "name = value".
func order(lines ...string) string {
	attributes := map[string]string{
		"payment_method": `{ type = "ACCOUNT_BALANCE", currency = "USD" }`,
		"items":          `[` + linkItem(25, "ACME-US") + `]`,
	}
	names := []string{"payment_method", "items"}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, " = ")
		if _, known := attributes[name]; !known {
			names = append(names, name)
		}
		attributes[name] = value
	}
	var hcl strings.Builder
	hcl.WriteString("resource \"runa_order\" \"this\" {\n")
	for _, name := range names {
		fmt.Fprintf(&hcl, "  %s = %s\n", name, attributes[name])
	}
	return hcl.String() + "}\n"
}

func linkItem(value any, code string) string {
	return fmt.Sprintf(`{ face_value = %v, distribution_method = { type = "PAYOUT_LINK" }, products = { type = "SINGLE", value = %q } }`, value, code)
}

func emailItem(value any, code, address string) string {
	return fmt.Sprintf(`{ face_value = %v, distribution_method = { type = "EMAIL", email_address = %q }, products = { type = "SINGLE", value = %q } }`, value, address, code)
}

// quick is a sandbox that finishes orders at once.
var quick = sandbox.Options{Processing: -1}

const this = "runa_order.this"

// bought checks the sandbox's ledger.
func (sb *testSandbox) bought(want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := len(sb.Ledger()); got != want {
			return fmt.Errorf("the ledger has %d orders, want %d", got, want)
		}
		return nil
	}
}

var noChanges = resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(this, action)}}
}

// flat makes a pattern of words that a CLI may have wrapped, in a box or not.
func flat(words string) *regexp.Regexp {
	return regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(words)), `[\s│|]+`))
}

func TestAccOrder(t *testing.T) {
	tests := map[string]struct {
		options sandbox.Options
		hcl     string
		checks  []resource.TestCheckFunc
	}{
		"async": {
			options: sandbox.Options{Processing: 1500 * time.Millisecond},
			hcl: order(`items = [`+emailItem("10", "ACME-US", "ana@example.test")+`, `+linkItem(99.5, "BOLT-US")+`]`,
				`description = "Spring"`, `metadata = { team = "growth" }`),
			checks: []resource.TestCheckFunc{
				resource.TestCheckResourceAttr(this, "status", "COMPLETED"),
				resource.TestCheckResourceAttr(this, "currency", "USD"),
				resource.TestCheckResourceAttr(this, "total_price", "109.50"),
				resource.TestCheckResourceAttr(this, "total_discount", "0.00"),
				resource.TestCheckResourceAttr(this, "payouts.#", "2"),
				resource.TestCheckResourceAttr(this, "payouts.0.product_codes.0", "ACME-US"),
				resource.TestCheckResourceAttr(this, "payouts.0.face_value", "10.00"),
				resource.TestCheckResourceAttr(this, "payouts.1.price", "99.50"),
				resource.TestCheckResourceAttr(this, "payouts.1.status", "ACTIVE"),
				resource.TestMatchResourceAttr(this, "payout_links.1", regexp.MustCompile(`^https://`)),
				resource.TestMatchResourceAttr(this, "order_id", regexp.MustCompile(`^O-[0-9A-Z]{26}$`)),
				resource.TestMatchResourceAttr(this, "id", regexp.MustCompile(`^[0-9a-f-]{36}$`)),
				resource.TestCheckResourceAttrPair(this, "id", this, "idempotency_key"),
				resource.TestCheckResourceAttr(this, "metadata.%", "1"),
				resource.TestCheckResourceAttrSet(this, "submission.submitted_at"),
				resource.TestCheckResourceAttrSet(this, "completed_at"),
			},
		},
		"sync with a given key": {
			options: quick,
			hcl:     order(`execution_mode = "sync"`, `idempotency_key = "spring-26/ana"`),
			checks: []resource.TestCheckFunc{
				resource.TestCheckResourceAttr(this, "id", "spring-26/ana"),
				resource.TestCheckResourceAttr(this, "status", "COMPLETED"),
			},
		},
		"paid in another currency": {
			options: quick,
			hcl: order(`execution_mode = "sync"`, `payment_method = { type = "ACCOUNT_BALANCE", currency = "EUR" }`,
				`items = [`+linkItem(20, "TEA-GB")+`]`),
			checks: []resource.TestCheckFunc{
				resource.TestCheckResourceAttr(this, "currency", "EUR"),
				resource.TestCheckResourceAttr(this, "total_price", "25.48"),
				resource.TestCheckResourceAttr(this, "transaction_detail.GBP.value", "20.00"),
				resource.TestCheckResourceAttr(this, "transaction_detail.GBP.fx.rate_symbol", "EURGBP"),
				resource.TestCheckResourceAttr(this, "transaction_detail.GBP.fx.fee.value", "0.48"),
			},
		},
		"a choice": {
			options: quick,
			hcl:     order(`items = [{ face_value = 25, distribution_method = { type = "PAYOUT_LINK", template_id = "DT-01HPAAAAAAAAAAAAAAAAAAAAAA" }, products = { type = "MULTIPLE", values = ["BOLT-US", "ACME-US"] } }]`),
			checks: []resource.TestCheckFunc{
				resource.TestCheckResourceAttr(this, "payouts.0.product_codes.#", "2"),
			},
		},
		"a template": {
			options: quick,
			hcl:     order(`items = [{ face_value = 50, distribution_method = { type = "PAYOUT_LINK" }, products = { type = "TEMPLATE", template_id = "PT-01HQ12PV4B8XMBRTK281JM54KK" } }]`),
			checks: []resource.TestCheckFunc{
				resource.TestCheckNoResourceAttr(this, "items.0.products.values"),
			},
		},
		"a payment": {
			options: quick,
			hcl:     order(`items = [{ face_value = 3 * 1.1 + 6.7, distribution_method = { type = "RECIPIENT", recipient_reference = "driver-77", email_address = "bo@example.test" }, products = { type = "SINGLE", value = "P2C-US" } }]`),
			checks:  []resource.TestCheckFunc{resource.TestCheckResourceAttr(this, "payouts.0.face_value", "10.00")},
		},
		"a prepaid card": {
			options: quick,
			hcl:     order(`items = [{ face_value = 40, distribution_method = { type = "PAYOUT_LINK" }, products = { type = "SINGLE", value = "VISASL-3M-USD", usage_config = { spend_rules_template_id = "PSR-01HPAAAAAAAAAAAAAAAAAAAAAA" } } }]`),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, test.options)
			hcl := providerBlock(sb) + test.hcl
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   emptyPlans(),
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{
					{Config: hcl, Check: resource.ComposeAggregateTestCheckFunc(append(test.checks, sb.bought(1))...)},
					{Config: hcl, ConfigPlanChecks: noChanges},
					{
						ResourceName: this, ImportState: true, ImportStateVerify: true,
						ImportStateIdFunc: func(s *terraform.State) (string, error) {
							return s.RootModule().Resources[this].Primary.Attributes["order_id"], nil
						},
						// The time of sending is known only to the machine that sent;
						// the mode is not on the wire, and changes nothing any more.
						ImportStateVerifyIgnore: []string{"submission", "submission.%", "submission.submitted_at", "execution_mode", "timeouts"},
					},
				},
				CheckDestroy: sb.bought(1),
			})
		})
	}
}
