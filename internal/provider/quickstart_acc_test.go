package provider

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const quickstartHeader = "winner,country,products,face_value,email\n"

// TestAccQuickstartLists: the quickstart takes lists as spreadsheets write them for what
// they are, and names what is wrong with others in one message, by row.
func TestAccQuickstartLists(t *testing.T) {
	r := needTools(t).quickstart(t, sandbox.Options{})
	r.step(0, 13, nil, "apply")
	clean, err := os.ReadFile(filepath.Join(r.work, "winners.csv"))
	r.sb.must(t, err)
	lists := readableLists(string(clean))
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		r.write("list.csv", lists[name])
		t.Log(name)
		r.step(0, 13, []string{"No changes."}, "plan", "-var", "winners_file=list.csv")
	}
	for _, list := range brokenLists {
		r.write("list.csv", list.text)
		done := r.try("plan", "-input=false", "-no-color", "-var", "winners_file=list.csv")
		said := flatten(done.said())
		if done.code != 1 || strings.Count(said, "Error: ") != 1 || !strings.Contains(said, "list.csv cannot be used, and nothing is bought: "+list.says) {
			t.Errorf("%s: exit code %d, want one error that says %q: %s", list.name, done.code, list.says, said)
		}
	}
}

// readableLists are one list of winners in the ways people have it.
func readableLists(clean string) map[string]string {
	lines := strings.Split(strings.TrimSpace(clean), "\n")
	spread := strings.NewReplacer(",", ";")
	var mess strings.Builder
	mess.WriteString("\ufeff;;;;;;\r\n")
	for i, line := range lines {
		if i == 0 {
			line = strings.ToUpper(line)
		}
		mess.WriteString(" " + strings.Join(strings.Split(line, ","), " ;\u00a0") + " ;;\t\r\n \r\n\r\n")
	}
	return map[string]string{
		"byte order mark":   "\ufeff" + clean,
		"windows":           strings.ReplaceAll(clean, "\n", "\r\n"),
		"old mac":           strings.ReplaceAll(clean, "\n", "\r"),
		"semicolons":        spread.Replace(clean),
		"quoted":            `"` + strings.NewReplacer(",", `";"`, "\n", "\"\n\"").Replace(strings.TrimSpace(clean)) + `"`,
		"quoted, comma":     `"` + strings.NewReplacer(",", `","`, "\n", "\"\n\"").Replace(strings.TrimSpace(clean)) + `"`,
		"trailing blanks":   strings.Join(lines, " \t\n"),
		"empty lines":       "\n" + strings.Join(lines, "\n\n,,,,\n  \n"),
		"an unknown column": strings.Join(lines, ",\n") + ",\n",
		"everything":        mess.String(),
	}
}

var brokenLists = []struct{ name, text, says string }{
	{"empty", "", "There is no winner in it."},
	{"header only", quickstartHeader, "There is no winner in it."},
	{"missing column", "winner;country;products;email\nw-1;US;ACME-US;\n", `row 1: there is no column "face_value".`},
	{"duplicate id", quickstartHeader + "w-1,US,ACME-US,25,\n\nw-1,US,BOLT-US,25,\n", `rows 2 and 4: winner "w-1" is there more than once.`},
	{"code with a blank", quickstartHeader + "w-1,US,ACME -US,25,\n", `row 2: products "ACME -US" has a code that is empty or has a blank in it.`},
	{"code with a hard blank", quickstartHeader + "w-1,US,ACME\u00a0-US,25,\n", "row 2: products"},
	{"no code", quickstartHeader + "w-1,US,ACME-US|,25,\n", `row 2: products "ACME-US|" has a code that is empty`},
	{"id with a blank", quickstartHeader + "w 1,US,ACME-US,25,\n", `row 2: winner "w 1" is empty or has a blank in it.`},
	{"decimal comma", "winner;country;products;face_value;email\nw-1;US;ACME-US;12,50;\n", `row 2: face_value "12,50" is not a number above 0, such as 12.50.`},
	{"nothing", quickstartHeader + "w-1,US,ACME-US,0,\n", `row 2: face_value "0" is not a number above 0`},
	{"short row", quickstartHeader + "w-1,US,ACME-US,25,\nw-2,US,ACME-US\n", "row 3: it does not have as many columns as row 1, which are 5."},
	{"stray quote", quickstartHeader + "w-1,US,AC\"ME-US,25,\n", "row 2: it does not have as many columns as row 1"},
	{"country", quickstartHeader + "w-1,us,ACME-US,25,\n", `row 2: country "us" is not a code of two capital letters`},
	{"address", quickstartHeader + "w-1,US,ACME-US,25,ada at example.com\n", "row 2: email is not an e-mail address."},
}

// TestAccQuickstartCampaigns: another campaign in the same state is refused, and has its
// own orders in a state of its own.
func TestAccQuickstartCampaigns(t *testing.T) {
	r := needTools(t).quickstart(t, sandbox.Options{})
	r.step(0, 13, nil, "apply")
	r.step(1, 13, []string{"A placed order cannot be changed"}, "apply", "-var", "campaign=spring-raffle")
	r.run("workspace", "new", "spring-raffle")
	r.step(0, 26, nil, "apply", "-var", "campaign=spring-raffle")
	r.step(0, 26, []string{"No changes."}, "plan", "-var", "campaign=spring-raffle")
}

// TestAccQuickstartNamespace: what two teams copy does not share idempotency keys
// anywhere but on a sandbox.
func TestAccQuickstartNamespace(t *testing.T) {
	r := needTools(t).quickstart(t, sandbox.Options{})
	r.step(0, 0, nil, "plan")
	main, err := os.ReadFile(filepath.Join(r.work, "main.tf"))
	r.sb.must(t, err)
	r.write("main.tf", strings.Replace(string(main), `can(regex("^http://"`, `can(regex("^nowhere://"`, 1)) // as if Runa were not on this machine
	r.step(1, 0, []string{"The namespace is still the example's."}, "plan")
	r.step(0, 0, nil, "plan", "-var", "namespace=https://rewards.harbour.test/marketing")
	r.step(1, 0, []string{"Give an address of your own"}, "plan", "-var", "namespace=marketing")
}

// TestAccQuickstartOutputs: the plan says what it will spend, and the outputs what became
// of it, also of orders that Runa refused.
func TestAccQuickstartOutputs(t *testing.T) {
	r := needTools(t).quickstart(t, sandbox.Options{Mode: sandbox.ModeProduction})
	r.sb.must(t, r.sb.SetBalance("GBP", "0"))
	r.step(0, 0, []string{"+ planned_spend = { + EUR = 75 + GBP = 117.75 + USD = 177.5 }"}, "plan")
	r.step(1, 9, []string{"insufficient_funds"}, "apply")
	r.step(0, 9, nil, "apply", "-refresh-only")
	r.output("failed", "w-006", "w-007", "w-008", "w-009")

	r.sb.must(t, r.sb.SetBalance("GBP", "1000"))
	r.step(0, 13, nil, "apply")
	r.output("failed")
	r.output("unfinished")
	r.output("claimed")
	claimed := sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CLAIMED"}}}}
	r.sb.must(t, r.sb.PatchOrder(r.sb.Ledger()[0].ID, claimed))
	r.step(0, 13, nil, "apply", "-refresh-only")
	if said := r.run("output", "-json", "claimed"); strings.Count(said, "w-0") != 1 {
		t.Errorf("claimed = %s, want one id", said)
	}
	r.done()
}

// quickstart is the quickstart in the hands of a user.
func (k tools) quickstart(t *testing.T, options sandbox.Options) cliHarness {
	t.Helper()
	options.Processing = -1
	sb, key := newSandbox(t, options), sandbox.Key
	if options.Mode == sandbox.ModeProduction {
		key = sandbox.ProductionKey
	}
	r := cliHarness{k.at(t, t.TempDir(), sb.URL, key), sb}
	copyExample(t, "../../examples/quickstart", r.work)
	return r
}

// output wants a list of an output.
func (r cliHarness) output(name string, want ...string) {
	r.t.Helper()
	var got []string
	r.sb.must(r.t, json.Unmarshal([]byte(r.try("output", "-json", name).stdout), &got))
	if !slices.Equal(got, want) && len(got)+len(want) > 0 {
		r.t.Errorf("output %s is %q, want %q", name, got, want)
	}
}

// TestAccCampaignLists: the campaign's example takes such lists too, and what is wrong with
// others is an error by row and id.
func TestAccCampaignLists(t *testing.T) {
	r := needTools(t).quickstart(t, sandbox.Options{})
	for _, name := range []string{"main.tf", "outputs.tf", "variables.tf", "winners.tf", "terraform.tfvars"} {
		r.sb.must(t, os.Remove(filepath.Join(r.work, name)))
	}
	copyExample(t, "../../examples/scenarios/campaign", r.work)
	r.step(0, 2, nil, "apply")
	clean, err := os.ReadFile(filepath.Join(r.work, "winners.csv"))
	r.sb.must(t, err)
	r.write("winners.csv", strings.ReplaceAll(string(clean), ",", ";"))
	r.step(0, 2, []string{"No changes."}, "plan")
	const header = "\ufeffid,email,product,amount\r\n"
	for text, says := range map[string]string{
		"id;email;product\nw-1;a@example.com;ACME-US\n":                                 "winners.csv has no column amount.",
		header + "w-1,a@example.com,ACME-US,25\r\n\r\nw-1,b@example.com,ACME-US,25\r\n": "row 2, id w-1: row 1 has the same id",
		header + "w-1,a@example.com,ACME -US,25\r\n":                                    "row 1, id w-1: products.value has a space",
		"id;email;product;amount\r\nw-1;a@example.com;ACME-US;\r\n":                     "row 1, id w-1: face_value",
	} {
		r.write("winners.csv", text)
		r.step(1, 2, []string{says}, "plan")
	}
}
