package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccImport takes over an order of each kind with the real programs, in each way
// there is, as the examples show it. No plan after it changes anything, and nothing is
// bought.
func TestAccImport(t *testing.T) {
	tools := needTools(t)
	ways := map[string]func(p *program, ids map[string]string){
		"by block": func(p *program, ids map[string]string) {
			p.needs(8, 10, "-generate-config-out of nested attributes, where older OpenTofu crashes")
			adoptByBlocks(p, "import-by-string-id.tf", ids)
		},
		"by identity": func(p *program, ids map[string]string) {
			p.needs(12, 12, "identity")
			adoptByBlocks(p, "import-by-identity.tf", ids)
		},
		"by command": adoptByCommand,
	}
	for way, adopt := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, quick)
			ids := map[string]string{}
			for name, order := range foreignOrders() {
				t.Run(name, func(t *testing.T) { ids[name] = sb.place(t, order) })
			}
			adopt(tools.at(t, t.TempDir(), sb.URL, sandbox.Key), ids)
			if got := len(sb.Ledger()); got != len(ids) {
				t.Errorf("the ledger has %d orders, want %d", got, len(ids))
			}
			if sent := sb.requests("POST", "/order"); sent != len(ids) {
				t.Errorf("%d orders were sent, want %d", sent, len(ids))
			}
		})
	}
}

// adoptByBlocks imports with one of the examples, and lets the CLI write the resources.
func adoptByBlocks(p *program, example string, ids map[string]string) {
	p.t.Helper()
	p.write("main.tf", needsRuna)
	for name, id := range ids {
		p.write("import-"+name+".tf", asExample(p.t, example, name, id))
	}
	said := p.run("plan", "-input=false", "-no-color", "-generate-config-out=generated.tf", "-out=plan")
	if want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(ids)); !strings.Contains(said, want) {
		p.t.Errorf("the plan lacks a text, want %q in it:\n%s", want, said)
	}
	p.run("apply", "-input=false", "-no-color", "plan")
	p.run("plan", "-input=false", "-no-color", "-detailed-exitcode")
}

// adoptByCommand imports into resources that a user has written.
func adoptByCommand(p *program, ids map[string]string) {
	p.t.Helper()
	declared := attrs{}
	for name := range ids {
		declared[name] = foreignOrders()[name].config
	}
	content, err := json.Marshal(attrs{"resource": attrs{"runa_order": declared}})
	if err != nil {
		p.t.Fatal(err)
	}
	p.write("main.tf", needsRuna)
	p.write("orders.tf.json", string(content))
	for name, id := range ids {
		lines := strings.Split(strings.TrimSpace(asExample(p.t, "import.sh", name, id)), "\n")
		command := strings.Fields(lines[len(lines)-1])
		p.run(append([]string{command[1], "-input=false", "-no-color"}, command[2:]...)...)
	}
	p.run("plan", "-input=false", "-no-color", "-detailed-exitcode")
}

// asExample is an example of importing, for another order.
func asExample(t *testing.T, file, name, id string) string {
	t.Helper()
	content, err := os.ReadFile("../../examples/resources/runa_order/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(
		"runa_order.welcome", "runa_order."+name, "runa_order.thanks", "runa_order."+name, "O-01J7Z3K5N8QWERTYASDFGHZXCV", id,
	).Replace(string(content))
}
