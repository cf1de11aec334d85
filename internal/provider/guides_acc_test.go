package provider

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// The tests here run what the guides say beyond what every example is put through.

const guides = "../../examples/guides/"

// guide is the example of a guide in the hands of a user.
func (k tools) guide(t *testing.T, folder string, options sandbox.Options) cliHarness {
	t.Helper()
	sb := newSandbox(t, options)
	r := cliHarness{k.at(t, t.TempDir(), sb.URL, sandbox.Key), sb}
	copyExample(t, guides+folder, r.work)
	r.needNewCLI()
	return r
}

// edit replaces a piece of a file.
func (r cliHarness) edit(name, old, now string) {
	r.t.Helper()
	file, err := os.ReadFile(filepath.Join(r.work, name))
	r.sb.must(r.t, err)
	if !strings.Contains(string(file), old) {
		r.t.Fatalf("%s has no %q, want it there to replace it", name, old)
	}
	r.write(name, strings.ReplaceAll(string(file), old, now))
}

// TestAccGuidePipeline: the pipeline's script with a remote state, a lock and saved
// plans. A run whose order is not finished fails, and the next one finishes it.
func TestAccGuidePipeline(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipeline.sh needs a shell")
	}
	tools := needTools(t).mirrored(t)
	r := tools.guide(t, "in-a-pipeline", sandbox.Options{Processing: time.Hour})
	states := newStateServer(t)
	copyFile(t, guides+"in-a-pipeline/backend.tf", filepath.Join(r.work, "backend.tf"))
	r.env = append(r.env, "CLI="+tools.cli, "TF_CLI_ARGS=-no-color", "TF_HTTP_ADDRESS="+states.url+"/playground",
		"TF_HTTP_LOCK_ADDRESS="+states.url+"/playground", "TF_HTTP_UNLOCK_ADDRESS="+states.url+"/playground")
	r.edit("main.tf", `"20m"`, `"2s"`)

	r.pipeline(0, 0, "", "plan")
	r.pipeline(1, 1, "The order is PROCESSING. Run the pipeline again", "apply")
	r.pipeline(1, 1, "Saved plan is stale", "apply")
	r.step(0, 1, []string{"0 to add, 1 to change, 0 to destroy"}, "plan", "-refresh=false")
	r.sb.Advance(2 * time.Hour)
	r.pipeline(0, 1, "0 to add, 1 to change, 0 to destroy", "plan")
	r.pipeline(0, 1, "", "apply")

	before := len(r.sb.Journal())
	r.step(0, 1, []string{"No changes."}, "plan", "-refresh=false")
	for _, call := range r.sb.Journal()[before:] {
		if strings.HasPrefix(call.Path, "/order") {
			t.Errorf("plan -refresh=false sent %s %s, want no request for orders", call.Method, call.Path)
		}
	}

	states.lock("/playground")
	r.step(1, 1, []string{"Error acquiring the state lock"}, "plan", "-lock-timeout=1s")
	states.unlock("/playground")
	if states.locks["/playground"] == 0 {
		t.Errorf("locks = %v, want /playground locked by a run", states.locks)
	}

	production := newSandbox(t, sandbox.Options{Mode: sandbox.ModeProduction})
	r.env = append(r.env, "TF_VAR_environment=production", "RUNA_BASE_URL="+production.URL, "RUNA_API_KEY="+sandbox.ProductionKey,
		"TF_HTTP_ADDRESS="+states.url+"/production", "TF_HTTP_LOCK_ADDRESS="+states.url+"/production", "TF_HTTP_UNLOCK_ADDRESS="+states.url+"/production")
	r.pipeline(0, 1, "1 to add", "plan") // a state of its own
}

// pipeline runs the guide's script.
func (r cliHarness) pipeline(code, ledger int, says, step string) {
	r.t.Helper()
	var said bytes.Buffer
	command := exec.CommandContext(r.t.Context(), "sh", "pipeline.sh", step)
	command.Dir, command.Env, command.Stdout, command.Stderr = r.work, r.env, &said, &said
	if err := command.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		r.t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != code || !strings.Contains(flatten(said.String()), says) {
		r.t.Fatalf("pipeline.sh %s: exit code %d, want %d and %q: %s", step, got, code, says, flatten(said.String()))
	}
	if orders := len(r.sb.Ledger()); orders != ledger {
		r.t.Errorf("pipeline.sh %s: the ledger has %d orders, want %d", step, orders, ledger)
	}
}

// mirrored installs the provider from a folder, as from a registry, so that init works.
func (k tools) mirrored(t *testing.T) tools {
	t.Helper()
	mirror := t.TempDir()
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(mirror, registry, "runa-community", "runa", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		copyFile(t, filepath.Join(filepath.Dir(k.config), "terraform-provider-runa"), filepath.Join(folder, "terraform-provider-runa_v0.0.1"))
	}
	k.config = filepath.Join(mirror, "cli.tfrc")
	settings := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	if err := os.WriteFile(k.config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	file, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, file, 0o700) //nolint:gosec // it may be a program
	}
	if err != nil {
		t.Fatal(err)
	}
}

// stateServer is what the backend "http" talks to.
type stateServer struct {
	url    string
	mu     sync.Mutex
	states map[string][]byte
	locked map[string]bool
	locks  map[string]int // how often each was locked
}

func newStateServer(t *testing.T) *stateServer {
	t.Helper()
	s := &stateServer{states: map[string][]byte{}, locked: map[string]bool{}, locks: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *stateServer) lock(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locked[path] = true
}

func (s *stateServer) unlock(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locked[path] = false
}

func (s *stateServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	switch path := r.URL.Path; r.Method {
	case http.MethodGet:
		if s.states[path] == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(s.states[path])
	case http.MethodPost:
		s.states[path] = body
	case "LOCK":
		if s.locked[path] {
			w.WriteHeader(http.StatusLocked)
			_, _ = w.Write([]byte(`{"ID":"another-run","Operation":"apply","Who":"another run"}`))
			return
		}
		s.locked[path] = true
		s.locks[path]++
	case "UNLOCK":
		s.locked[path] = false
	}
}

// TestAccGuideMocks: mocks need neither Runa nor an API key, and need the values that the
// guide names.
func TestAccGuideMocks(t *testing.T) {
	r := needTools(t).guide(t, "test-your-configuration", quick)
	for i, variable := range r.env {
		if strings.HasPrefix(variable, "RUNA_") {
			r.env[i] = "RUNA_UNUSED="
		}
	}
	if said := r.run("test", "-no-color", "-filter=tests/mocked.tftest.hcl"); !strings.Contains(said, "2 passed, 0 failed") {
		t.Errorf("want 2 passed, 0 failed, got:\n%s", said)
	}
	r.edit("tests/mocked.tftest.hcl", `currency = "USD"`, `name = "Acme"`)
	done := r.try("test", "-no-color", "-filter=tests/mocked.tftest.hcl")
	if done.code != 1 || !strings.Contains(flatten(done.said()), "must be three capital letters") {
		t.Errorf("without a currency: exit code %d, want 1, and an error that says %q:\n%s", done.code, "must be three capital letters", done.said())
	}
	if sent := r.sb.requests("", ""); sent > 0 {
		t.Errorf("mocks sent %d requests, want none", sent)
	}
}

// TestAccGuideWrongAddress: a placed order cannot be changed, its link can be sent by
// hand, a link that was cancelled is seen, and a winner who is taken out stays bought.
func TestAccGuideWrongAddress(t *testing.T) {
	r := needTools(t).guide(t, "wrong-address/send-it-yourself", quick)
	r.write("send.sh", `printf %s "$LINK" >link`)
	r.step(0, 1, nil, "apply")
	link, err := os.ReadFile(filepath.Join(r.work, "link"))
	r.sb.must(t, err)
	if links := r.sb.ledgerLinks(); len(links) != 1 || string(link) != links[0] {
		t.Errorf("the script got the link %q, want the one of the ledger, %q", link, links)
	}
	r.edit("main.tf", "adda@example.com", "ada@example.com")
	r.step(1, 1, []string{"A placed order cannot be changed"}, "plan")
	r.edit("main.tf", "ada@example.com", "adda@example.com")
	r.step(0, 1, []string{"No changes."}, "plan")

	cancelled := sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CANCELLED"}}}}
	r.sb.must(t, r.sb.PatchOrder(r.sb.Ledger()[0].ID, cancelled))
	r.write("status.tf", "output \"status\" {\n  value = runa_order.reward.payouts[0].status\n}\n")
	r.step(0, 1, []string{`status = "CANCELLED"`}, "apply")
	r.done()

	r.write("main.tf", needsRuna)
	r.write("status.tf", "")
	r.step(0, 1, []string{"Destroying does not cancel an order"}, "apply")
}

// TestAccGuideFromAnotherProvider: orders that other providers bought move over, and those
// of a program are imported by id, not by idempotency key.
func TestAccGuideFromAnotherProvider(t *testing.T) {
	tools := needTools(t)
	tools.standIns(t, "mastercard/restapi", "magodo/restful")
	r := tools.guide(t, "from-another-provider", quick)
	money, link := attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"}, attrs{"type": "PAYOUT_LINK"}
	ana := r.sb.placeWith(t, sandbox.Key, "ana", foreign{body: attrs{
		"payment_method": money, "description": "spring raffle", "items": []any{item(link, attrs{"type": "SINGLE", "value": "ACME-US"}, 25.0)},
	}})
	ben := r.sb.placeWith(t, sandbox.Key, "ben", foreign{body: attrs{
		"payment_method": money, "items": []any{item(link, attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "BOLT-US"}}, 20.0)},
	}})
	host := "registry.terraform.io"
	if strings.Contains(r.run("version"), "OpenTofu") {
		host = "registry.opentofu.org"
	}
	r.write("terraform.tfstate", fmt.Sprintf(`{"version": 4, "terraform_version": "1.8.0", "serial": 1, "lineage": "7d0c1f3e-0000-4000-8000-000000000002", "outputs": {}, "resources": [
		{"mode": "managed", "type": "restapi_object", "name": "ana", "provider": "provider[\"%[1]s/mastercard/restapi\"]",
		 "instances": [{"schema_version": 0, "attributes": %[2]s, "sensitive_attributes": []}]},
		{"mode": "managed", "type": "restful_resource", "name": "ben", "provider": "provider[\"%[1]s/magodo/restful\"]",
		 "instances": [{"schema_version": 2, "attributes": %[3]s, "sensitive_attributes": []}]}]}`, host, restapiState(ana, nil), restfulState(ben, nil)))
	r.step(0, 2, []string{"0 added, 2 changed, 0 destroyed"}, "apply")
	r.done()

	byHand := r.sb.placeWith(t, sandbox.Key, "by-hand", foreign{body: attrs{
		"payment_method": money, "items": []any{item(link, attrs{"type": "SINGLE", "value": "ACME-US"}, 10.0)},
	}})
	declared := "resource \"runa_order\" \"by_hand\" {\n  %s\n  payment_method = { type = \"ACCOUNT_BALANCE\", currency = \"USD\" }\n" +
		"  items = [{ face_value = 10, distribution_method = { type = \"PAYOUT_LINK\" }, products = { type = \"SINGLE\", value = \"ACME-US\" } }]\n}\n"
	r.write("by_hand.tf", fmt.Sprintf(declared, `idempotency_key = "by-hand"`))
	r.step(1, 3, []string{"The idempotency key was used for another request"}, "apply")
	r.write("by_hand.tf", fmt.Sprintf(declared, ""))
	r.run("import", "-input=false", "-no-color", "runa_order.by_hand", byHand)
	r.done()
	if orders := len(r.sb.Ledger()); orders != 3 {
		t.Errorf("the ledger has %d orders, want 3", orders)
	}
}

// TestAccExampleAccounts: an API key in an ephemeral variable is enough.
func TestAccExampleAccounts(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, sandbox.Options{APIKeys: []string{"XXfirst.not-a-real-key", "XXsecond.not-a-real-key"}})
	r := cliHarness{tools.at(t, t.TempDir(), sb.URL, "XXfirst.not-a-real-key"), sb}
	copyExample(t, "../../examples/provider/accounts", r.work)
	r.needNewCLI()
	r.env = append(r.env, "TF_VAR_uk_api_key=XXnobody.not-a-real-key")
	r.step(1, 0, []string{"API key"}, "plan")
	r.env = append(r.env, "TF_VAR_uk_api_key=XXsecond.not-a-real-key", "RUNA_API_KEY=XXfirst.not-a-real-key")
	r.step(0, 0, nil, "plan")
}

// TestAccReadme buys what the README shows.
func TestAccReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "```terraform\n")
	block, _, _ = strings.Cut(block, "```")
	r := needTools(t).road(t, block)
	r.step(0, 1, nil, "apply")
	r.done()
}

// TestAccGuideManyOrders: the links of each order are handed over by themselves, also in
// the apply that adds a winner.
func TestAccGuideManyOrders(t *testing.T) {
	r := needTools(t).guide(t, "payout-links-and-secrets/many-orders", quick)
	r.write("deliver.sh", `printf '%s\n' "$LINKS" >>links`)
	r.step(0, 3, nil, "apply")
	r.edit("main.tf", `"w-003" = 100`, `"w-003" = 100, "w-004" = 10`)
	r.step(0, 4, []string{"2 added, 0 changed, 0 destroyed"}, "apply")
	r.done()
	handed, err := os.ReadFile(filepath.Join(r.work, "links"))
	r.sb.must(t, err)
	if lines := strings.Fields(string(handed)); len(lines) != 4 {
		t.Errorf("%d links were handed over, want 4", len(lines))
	}
	for _, link := range r.sb.ledgerLinks() {
		if !strings.Contains(string(handed), link) {
			t.Errorf("the link %s was not handed over, want it among: %s", link, handed)
		}
	}
}

// TestAccGuideWriteOnly: neither the state nor a plan file holds an address, and a changed
// address is seen all the same.
func TestAccGuideWriteOnly(t *testing.T) {
	r := needTools(t).guide(t, "payout-links-and-secrets/write-only", quick)
	r.needs(11, 11, "write-only arguments")
	list := func(addresses ...string) {
		text := "id,email\n"
		for i, address := range addresses {
			text += fmt.Sprintf("w-%d,%s\n", i, address)
		}
		r.write("winners.csv", text)
	}
	list("ana.lima@example.com", "bo.chen@example.com")
	r.run("plan", "-input=false", "-no-color", "-out=saved")
	r.run("apply", "-input=false", "-no-color", "saved")
	r.done()
	list("ana.lima@example.com", "bo.other@example.com")
	r.step(1, 2, []string{"A placed order cannot be changed", "recipients_wo[0].email_address"}, "plan")
	list("ana.lima@example.com", "bo.chen@example.com", "cy.diaz@example.com")
	r.run("plan", "-input=false", "-no-color", "-out=saved")
	list("ana.lima@example.com", "bo.chen@example.com", "somebody.else@example.com")
	// The CLI compares the digests, before it asks the provider to buy.
	if done := r.try("apply", "-input=false", "-no-color", "saved"); done.code == 0 || !strings.Contains(done.said(), "recipient_digests") || len(r.sb.Ledger()) != 2 {
		t.Fatalf("exit code %d, %d orders, want 1 and 2: %s", done.code, len(r.sb.Ledger()), done.said())
	}
	r.step(0, 3, []string{"1 added, 0 changed, 0 destroyed"}, "apply")
	r.done()
	r.holdsNoText("@example.com")
}

// TestAccRecipientsMove: an order that was bought with its recipients in items takes them
// out of the state.
func TestAccRecipientsMove(t *testing.T) {
	r := needTools(t).road(t, needsRuna+order(`items = [`+emailItem(10, "ACME-US", "ana.lima@example.com")+`]`))
	r.needs(11, 11, "write-only arguments")
	r.step(0, 1, nil, "apply")
	r.edit("main.tf", `, email_address = "ana.lima@example.com"`, "")
	r.edit("main.tf", "  items = ", "  recipients_wo = [{ email_address = \"ana.lima@example.com\" }]\n  items = ")
	r.step(0, 1, []string{"0 added, 1 changed, 0 destroyed"}, "apply")
	r.done()
	state, err := os.ReadFile(filepath.Join(r.work, "terraform.tfstate"))
	r.sb.must(t, err)
	if strings.Contains(string(state), "ana.lima") {
		t.Error("the state has the address, want it gone")
	}
}

// holdsNoText searches what a user keeps: states, plan files, and what is in them.
func (r cliHarness) holdsNoText(secret string) {
	r.t.Helper()
	files, err := os.ReadDir(r.work)
	r.sb.must(r.t, err)
	searched := 0
	for _, file := range files {
		name := filepath.Join(r.work, file.Name())
		parts := map[string]string{}
		switch {
		case strings.Contains(name, "tfstate"):
			text, err := os.ReadFile(name)
			r.sb.must(r.t, err)
			parts[name] = string(text)
		case file.Name() == "saved":
			parts = unzipped(r.t, name)
		}
		for name, text := range parts {
			searched++
			if strings.Contains(text, secret) {
				r.t.Errorf("%s holds %s, want it nowhere", name, secret)
			}
		}
	}
	if searched < 3 {
		r.t.Errorf("%d files were searched, want a state, a backup and a plan file at least", searched)
	}
}
