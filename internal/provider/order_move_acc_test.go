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
	tools.standIns(t, "mastercard/restapi")
	sb := newSandbox(t, sandbox.Options{Processing: -1})
	order := foreignOrders()["single"]
	id := sb.place(t, order)
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	p.needs(8, 12, "moved from another provider's resource")
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
		t.Errorf("another face value: exit code %d, want 1 and an error that says %q\n%s", done.code, "A placed order cannot be changed", done.said())
	}
	p.write("main.tf", moved(25))
	if said := p.run("apply", "-auto-approve", "-input=false", "-no-color"); !strings.Contains(said, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the move: want 0 added, 1 changed, 0 destroyed, got: %s", said)
	}
	if said := p.run("plan", "-input=false", "-no-color", "-detailed-exitcode"); !strings.Contains(said, "No changes") {
		t.Errorf("after the move: want no changes, got: %s", said)
	}
	if got := sb.Ledger(); len(got) != 1 || got[0].ID != id {
		t.Errorf("the ledger has %d orders, want 1, %s", len(got), id)
	}
}

// standIns lets copies of our provider stand in for others.
func (k tools) standIns(t *testing.T, sources ...string) {
	t.Helper()
	dir := filepath.Dir(k.config)
	settings, err := os.ReadFile(k.config)
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		copyFile(t, filepath.Join(dir, "terraform-provider-runa"), filepath.Join(dir, "terraform-provider-"+filepath.Base(source)))
		override := fmt.Sprintf("dev_overrides {\n    %q = %q", source, filepath.ToSlash(dir))
		settings = []byte(strings.Replace(string(settings), "dev_overrides {", override, 1))
	}
	if err := os.WriteFile(k.config, settings, 0o600); err != nil {
		t.Fatal(err)
	}
}
