package provider

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// The tests here show that the CLIs themselves make of the provider's answers what
// core, in harness_core_test.go, assumes.

const giveUpSoon = `timeouts = { create = "1s", update = "1s" }`

// giveUpOnce leaves the next apply the time to settle the order, however slow it is.
const giveUpOnce = `timeouts = { create = "1s" }`

func (sb *testSandbox) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAccLostAnswerIsSettled(t *testing.T) {
	sb := newSandbox(t, quick)
	hcl := providerBlock(sb) + order(giveUpOnce)
	sb.must(t, sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter})))
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: hcl, ExpectNonEmptyPlan: true,
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(this, "status", "UNCONFIRMED"),
					resource.TestCheckNoResourceAttr(this, "order_id"),
					sb.bought(1),
				),
			},
			{Config: hcl, Destroy: true, ExpectError: flat("An unconfirmed order cannot be destroyed")},
			{
				PreConfig: sb.ClearFaults,
				Config:    hcl, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(this, "status", "COMPLETED"),
					resource.TestMatchResourceAttr(this, "order_id", regexp.MustCompile("^O-")),
					sb.bought(1),
				),
			},
			{Config: hcl, ConfigPlanChecks: noChanges},
		},
	})
}

func TestAccUnfinishedOrderWaitsOn(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	hcl := providerBlock(sb) + order(giveUpSoon)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: hcl, ExpectNonEmptyPlan: true, Check: resource.TestCheckResourceAttr(this, "status", "PROCESSING")},
			{Config: hcl, ExpectNonEmptyPlan: true, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
			{
				PreConfig: func() { sb.Advance(2 * time.Hour) },
				Config:    hcl, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(this, "total_price", "25.00"), sb.bought(1)),
			},
		},
	})
}

func TestAccFailedOrderIsBoughtInPlace(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	hcl := providerBlock(sb) + order(giveUpSoon)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: hcl, ExpectNonEmptyPlan: true},
			{
				PreConfig: func() { sb.must(t, sb.PatchOrder(sb.Ledger()[0].ID, sandbox.OrderPatch{Status: "FAILED"})) },
				Config:    hcl, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ExpectNonEmptyPlan: true,
				Check: sb.bought(2),
			},
		},
	})
}

func TestAccPlacedOrderCannotChange(t *testing.T) {
	sb := newSandbox(t, quick)
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: providerBlock(sb) + order()},
			{Config: providerBlock(sb) + order(`description = "now"`), ExpectError: flat("A placed order cannot be changed")},
			{
				Config:           providerBlock(sb) + order(`description = "now"`, `on_change = "buy_again"`),
				ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check:            sb.bought(2),
			},
			{Config: providerBlock(sb) + order(`description = "now"`, `execution_mode = "sync"`), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), Check: sb.bought(2)},
		},
	})
}

func TestAccOnlyApplyBuys(t *testing.T) {
	sb := newSandbox(t, quick)
	hcl := providerBlock(sb) + order(`idempotency_key = "only-once"`)
	posts := func(want int) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if got := sb.requests(http.MethodPost, "/order"); got != want {
				t.Errorf("%d orders were sent, want %d", got, want)
			}
			return nil
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: hcl, PlanOnly: true, ExpectNonEmptyPlan: true},
			{Config: hcl, Check: posts(1)},
			{Config: hcl, PlanOnly: true},
			{RefreshState: true},
			{Config: hcl, Destroy: true, Check: posts(1)},
			{Config: hcl, Check: resource.ComposeAggregateTestCheckFunc(sb.bought(1), posts(2))}, // the key finds the order again
		},
		CheckDestroy: resource.ComposeAggregateTestCheckFunc(sb.bought(1), posts(2)),
	})
}

func TestAccImportRefusals(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	hcl := providerBlock(sb) + order(giveUpSoon)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: hcl, ExpectNonEmptyPlan: true},
			{
				Config: hcl, ResourceName: this, ImportState: true,
				ImportStateIdFunc: func(*terraform.State) (string, error) { return sb.Ledger()[0].ID, nil },
				ExpectError:       flat("It is still PROCESSING"),
			},
			{
				Config: hcl, ResourceName: this, ImportState: true, ImportStateId: "O-01K0AAAAAAAAAAAAAAAAAAAAAA",
				ExpectError: flat("There is no order O-01K0AAAAAAAAAAAAAAAAAAAAAA"),
			},
		},
	})
}

func TestAccRefusedBeforeAnythingIsSent(t *testing.T) {
	sb := newSandbox(t, quick)
	step := func(hcl, says string) resource.TestStep {
		return resource.TestStep{Config: hcl, ExpectError: flat(says)}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			step(providerBlock(sb)+order(`items = []`), "must contain at least 1 elements"),
			step(providerBlock(sb)+order(`items = [`+linkItem("10.001", "ACME-US")+`]`), "with at most two decimals"),
			step(providerBlock(sb)+order(`items = [`+emailItem(25, "ACME-US", "ana")+`]`), "must be one e-mail address, and nothing around it, such as ana@example.com, and this one has no @."),
			step(providerBlock(sb, `headers = { "X-Api-Key" = "x" }`)+order(), "set api_key instead"),
			step(providerBlock(sb, `request_timeout = "1ms"`)+order(), "Request timeout too short"),
		},
	})
	if sent := sb.requests("", "/order"); sent != 0 {
		t.Errorf("%d requests were sent to /order, want none", sent)
	}
}

// TestAccPostconditionDoesNotTaint shows what the guide says of making an
// unconfirmed order fail the run.
func TestAccPostconditionDoesNotTaint(t *testing.T) {
	sb := newSandbox(t, quick)
	hcl := providerBlock(sb) + strings.TrimSuffix(order(giveUpOnce), "}\n") +
		"  lifecycle {\n    postcondition {\n      condition = self.status == \"COMPLETED\"\n      error_message = \"It is ${self.status}.\"\n    }\n  }\n}\n"
	sb.must(t, sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter})))
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: hcl, ExpectError: flat("It is UNCONFIRMED.")},
			{
				PreConfig: sb.ClearFaults,
				Config:    hcl, ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
				Check: resource.ComposeAggregateTestCheckFunc(resource.TestCheckResourceAttr(this, "status", "COMPLETED"), sb.bought(1)),
			},
		},
	})
}

// TestAccCalculatedFaceValue: CLIs calculate in binary. What they cannot compare with
// itself is refused by its name, rather than by them as a mistake of the provider; and the
// way out that the message names works.
func TestAccCalculatedFaceValue(t *testing.T) {
	sb := newSandbox(t, quick)
	worth := func(calculation string) string {
		return providerBlock(sb) + order("items = ["+linkItem(calculation, "BOLT-US")+"]", `idempotency_key = "calculated"`)
	}
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   emptyPlans(),
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: worth("20 * pow(1.05, 2)"), ExpectError: flat("items[0].face_value was calculated, and is a little more or less than 22.05.")},
			{Config: worth("pow(1.05, 2) * 10"), ExpectError: flat("with at most two decimals, and it is 11.025.")},
			{Config: worth("1e100000"), ExpectError: flat("with at most two decimals, and it is far too large.")},
			{Config: worth(`tonumber(format("%.2f", 20 * pow(1.05, 2)))`), Check: sb.bought(1)},
			{Config: worth("22.05"), ConfigPlanChecks: noChanges},
			{Config: worth("3 * 7.35"), ConfigPlanChecks: noChanges},
			{Config: worth("floor(100 * 20 * pow(1.05, 2)) / 100"), ConfigPlanChecks: noChanges},
		},
	})
}
