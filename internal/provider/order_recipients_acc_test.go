package provider

import (
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// twoHidden is one order of two items, of whose recipients a plan knows the first.
const twoHidden = `
variable "mail" {
  type      = string
  ephemeral = true
}
resource "terraform_data" "later" { input = "bo.chen@example.com" }
resource "runa_order" "this" {
  idempotency_key = "two"
  payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [for value in [10, 25] : {
    face_value          = value
    distribution_method = { type = "EMAIL" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
  recipients_wo = [{ email_address = var.mail }, { email_address = terraform_data.later.output }]
}
`

// TestAccSavedPlanOfAnotherRecipient: a saved plan buys for the recipients that it knew. The
// CLI itself stops it, in its own words: its second plan has another digest. The guide
// about secrets explains them.
func TestAccSavedPlanOfAnotherRecipient(t *testing.T) {
	t.Parallel()
	tools := needTools(t)
	for name, config := range map[string]string{
		"every recipient is known": strings.ReplaceAll(twoHidden, "terraform_data.later.output", "var.mail"),
		"another is not known":     twoHidden,
	} {
		t.Run(name, func(t *testing.T) {
			r := tools.road(t, needsRuna+config)
			r.needs(11, 11, "write-only arguments")
			plan := []string{"plan", "-input=false", "-no-color", "-out=saved", "-var=mail=ada.ng@example.com"}
			apply := []string{"apply", "-input=false", "-no-color", "-var=mail=eve.oz@example.com", "saved"}
			r.run(plan...)
			done := r.try(apply...)
			said := flatten(done.said())
			if orders := len(r.sb.Ledger()); done.code != 1 || orders != 0 {
				t.Fatalf("exit code %d, %d orders, want 1 and none: %s", done.code, orders, said)
			}
			for _, piece := range []string{"Provider produced inconsistent final plan", ".recipient_digests[0]: was cty.StringVal("} {
				if !strings.Contains(said, piece) {
					t.Errorf("the apply says %s, want %q", said, piece)
				}
			}
			if strings.Contains(said, "@example.com") {
				t.Errorf("the apply shows an address, want none: %s", said)
			}
			r.run(plan...) // the CLI wrote the state, and takes the saved plan for stale now
			r.run("apply", "-input=false", "-no-color", "-var=mail=ada.ng@example.com", "saved")
			if ledger := r.sb.Ledger(); len(ledger) != 1 || !strings.Contains(ledger[0].Body, "ada.ng@example.com") || strings.Contains(ledger[0].Body, "eve.oz") {
				t.Errorf("the ledger is %v, want one order, for the planned recipient", ledger)
			}
		})
	}
}

// TestAccCopyUnderARenewedKey: an order is bought, its API key is renewed, and its block
// gets another name. The plan says that this buys again.
func TestAccCopyUnderARenewedKey(t *testing.T) {
	t.Parallel()
	tools := needTools(t)
	config := order(`items = [{ face_value = 10, distribution_method = { type = "EMAIL" }, products = { type = "SINGLE", value = "ACME-US" } }]`,
		`recipients_wo = [{ email_address = "ada.ng@example.com" }]`)
	sb, work := twoAccounts(t), t.TempDir()
	first, renewed := cliHarness{tools.at(t, work, sb.URL, sandbox.Key), sb}, cliHarness{tools.at(t, work, sb.URL, otherKey), sb}
	first.needs(11, 11, "write-only arguments")
	first.write("main.tf", needsRuna+config)
	first.step(0, 1, nil, "apply")
	renewed.done()
	renewed.edit("main.tf", `"runa_order" "this"`, `"runa_order" "renamed"`)
	renewed.step(0, 1, []string{"This plan buys the same order again", "add a moved block"}, "plan")
	renewed.write("moved.tf", "moved {\n  from = runa_order.this\n  to   = runa_order.renamed\n}\n")
	renewed.step(0, 1, nil, "apply")
	renewed.done()
}

// eitherWay is a module's order: its recipient can be given in the item or write-only.
const eitherWay = `
variable "kind" { default = "EMAIL" }
variable "mail" { default = null }
variable "secret_mail" { default = null }
resource "runa_order" "this" {
  idempotency_key = "either"
  payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 10
    distribution_method = { type = var.kind, email_address = var.mail }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
  recipients_wo = [{ email_address = var.secret_mail }]
}
`

// TestAccEitherWayToNameARecipient: variables are not known when a CLI validates, and null
// is no recipient. What is wrong is found when they are.
func TestAccEitherWayToNameARecipient(t *testing.T) {
	t.Parallel()
	tools := needTools(t)
	const mail, secret, link = "-var=mail=ada.ng@example.com", "-var=secret_mail=eve.oz@example.com", "-var=kind=PAYOUT_LINK"
	for name, test := range map[string]struct {
		vars []string
		says string // "" if it buys
	}{
		"in the item":       {[]string{mail}, ""},
		"write-only":        {[]string{secret}, ""},
		"a link":            {[]string{link}, ""},
		"both":              {[]string{mail, secret}, "Recipient given twice"},
		"neither":           {nil, "or recipients_wo[0].email_address"},
		"a link for nobody": {[]string{link, secret}, "Field of another type"},
	} {
		t.Run(name, func(t *testing.T) {
			r := tools.road(t, needsRuna+eitherWay)
			r.needs(11, 11, "write-only arguments")
			r.run("validate", "-no-color")
			if test.says == "" {
				r.step(0, 1, nil, "apply", test.vars...)
				r.step(0, 1, []string{"No changes."}, "plan", test.vars...)
				return
			}
			r.step(1, 0, []string{test.says, "Nothing was bought"}, "plan", test.vars...)
		})
	}
}

// refusedWithout wants a plan to be refused in words that do not show a write-only address.
func (r cliHarness) refusedWithout(address, says string) {
	r.t.Helper()
	r.needs(11, 11, "write-only arguments")
	for _, output := range []string{"-no-color", "-json"} {
		done := r.try("plan", "-input=false", output)
		if said := done.said(); done.code != 1 || !strings.Contains(flatten(said), says) || strings.Contains(said, address) || len(r.sb.Ledger()) != 0 {
			r.t.Errorf("plan %s: exit code %d, want 1, %q, no order, and no address: %s", output, done.code, says, said)
		}
	}
}

// TestAccRecipientMessagesShowNoAddress: a CLI shows the line of the configuration that a
// message is about, which may hold an address.
func TestAccRecipientMessagesShowNoAddress(t *testing.T) {
	t.Parallel()
	tools := needTools(t)
	const address = "ada.ng@example.com"
	write := func(method, recipients string) string {
		return needsRuna + order(`items = [{ face_value = 10, distribution_method = `+method+`, products = { type = "SINGLE", value = "ACME-US" } }]`, "recipients_wo = "+recipients)
	}
	for name, test := range map[string]struct{ config, says string }{
		"too many": {write(`{ type = "EMAIL" }`, `[{ email_address = "`+address+`" }, null]`), "recipients_wo has 2 elements, and items has 1"},
		"too few": {
			needsRuna + order(`items = [`+linkItem(10, "ACME-US")+`, `+linkItem(25, "ACME-US")+`]`, `recipients_wo = [{ email_address = "`+address+`" }]`),
			"recipients_wo has 1 element, and items has 2",
		},
		"twice":           {write(`{ type = "EMAIL", email_address = "`+address+`" }`, `[{ email_address = "`+address+`" }]`), "Recipient given twice"},
		"of another type": {write(`{ type = "PAYOUT_LINK" }`, `[{ email_address = "`+address+`" }]`), "Field of another type"},
		"no address":      {write(`{ type = "EMAIL" }`, `[{ email_address = "Ada <`+address+`>" }]`), "recipients_wo[0].email_address"},
		"no reference": {
			needsRuna + order(`items = [{ face_value = 10, distribution_method = { type = "RECIPIENT" }, products = { type = "SINGLE", value = "P2C-US" } }]`,
				`recipients_wo = [{ email_address = "`+address+`" }]`),
			"recipients_wo[0].recipient_reference",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tools.road(t, test.config).refusedWithout(address, test.says)
		})
	}
}
