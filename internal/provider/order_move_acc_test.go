package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccMove moves an order out of a restapi_object with the real programs. They must
// find the old provider, and only ask the new one: a copy of ours stands in for it.
func TestAccMove(t *testing.T) {
	tools := needTools(t)
	dir := filepath.Dir(tools.config)
	binary, err := os.ReadFile(filepath.Join(dir, "terraform-provider-runa"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "terraform-provider-restapi"), binary, 0o700) //nolint:gosec // a program
	}
	if err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile(tools.config)
	if err != nil {
		t.Fatal(err)
	}
	settings = []byte(strings.Replace(string(settings), "dev_overrides {", fmt.Sprintf("dev_overrides {\n    \"mastercard/restapi\" = %q", filepath.ToSlash(dir)), 1))
	if err := os.WriteFile(tools.config, settings, 0o600); err != nil {
		t.Fatal(err)
	}

	sb := newSandbox(t, sandbox.Options{Processing: -1})
	order := foreignOrders()["single"]
	id := sb.place(t, order)
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	host := "registry.terraform.io"
	if strings.Contains(p.run("version"), "OpenTofu") {
		host = "registry.opentofu.org"
	}
	p.write("terraform.tfstate", fmt.Sprintf(`{"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "7d0c1f3e-0000-4000-8000-000000000001", "outputs": {}, "resources": [
		{"mode": "managed", "type": "restapi_object", "name": "ana", "provider": "provider[\"%s/mastercard/restapi\"]",
		 "instances": [{"schema_version": 0, "attributes": %s, "sensitive_attributes": []}]}]}`, host, restapiState(id, nil)))
	moved := func(value int) string {
		return needsRuna + fmt.Sprintf(`
moved {
  from = restapi_object.ana
  to   = runa_order.ana
}

resource "runa_order" "ana" {
  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = %d
    distribution_method = { type = "PAYOUT_LINK", template_id = "DT-01HPAAAAAAAAAAAAAAAAAAAAAA" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
  description = "by hand"
  metadata    = { team = "growth" }
}
`, value)
	}
	p.write("main.tf", moved(26))
	if done := p.try("plan", "-input=false", "-no-color"); done.code != 1 || !strings.Contains(done.said(), "A placed order cannot be changed") {
		t.Errorf("another face value: %d\n%s", done.code, done.said())
	}
	p.write("main.tf", moved(25))
	if said := p.run("apply", "-auto-approve", "-input=false", "-no-color"); !strings.Contains(said, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the move: %s", said)
	}
	if said := p.run("plan", "-input=false", "-no-color", "-detailed-exitcode"); !strings.Contains(said, "No changes") {
		t.Errorf("after the move: %s", said)
	}
	if got := sb.Ledger(); len(got) != 1 || got[0].ID != id {
		t.Errorf("the ledger has %d orders", len(got))
	}
}
