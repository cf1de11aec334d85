package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// The kinds of secrets.
const (
	ofKey    secretKind = "key"
	ofHeader secretKind = "header"
	ofPerson secretKind = "person"
	ofLink   secretKind = "link"
	ofBody   secretKind = "body"
)

// canaries are the secrets that the tests bring along. Each has what the encodings of
// URLs, JSON and HTML spell in their own ways, as far as its kind allows.
var canaries = withNames(map[string]secret{
	"API key":             {kind: ofKey, value: `XXfake.canary+key/<&"=%a7qz93kfvx10`, core: "a7qz93kfvx10"},
	"wrong API key":       {kind: ofKey, value: `XXfake.wrong+key/<&"=%w6jt40sgyb21`, core: "w6jt40sgyb21"},
	"gateway's token":     {kind: ofHeader, value: `fake.token+gateway/<&"=%g3ws81mdrk87`, core: "g3ws81mdrk87"},
	"proxy's password":    {kind: ofHeader, value: `fake.proxy+password/<&=%b9kx52jfhu98`, core: "b9kx52jfhu98"},
	"session's cookie":    {kind: ofHeader, value: `fake.session+cookie/<&%t4ye60cnzl09`, core: "t4ye60cnzl09"},
	"e-mail address":      {kind: ofPerson, value: `fake+canary&mail/=%x8qw2v7dpk32@leak.example`, core: "x8qw2v7dpk32"},
	"payee's address":     {kind: ofPerson, value: `fake+payee&mail/=%p4nm9t6hcr43@leak.example`, core: "p4nm9t6hcr43"},
	"payee's reference":   {kind: ofPerson, value: `fake-canary.reference_m5rh1z8jbq54`, core: "m5rh1z8jbq54"},
	"malformed address":   {kind: ofPerson, value: `fake+canary&address/=%c2vt7y3ngl65`, core: "c2vt7y3ngl65"},
	"malformed reference": {kind: ofPerson, value: `fake+canary&reference/=%h6td9b4wqs76`, core: "h6td9b4wqs76"},
	"stray link":          {kind: ofLink, value: `https://spend.playground.runa.io/fake-canary-a1b2-c3d4-k7e5f6a7b8c9?x=%3D&y=+`, core: "fake-canary-a1b2-c3d4-k7e5f6a7b8c9"},
})

func withNames(secrets map[string]secret) map[string]secret {
	for name, s := range secrets {
		s.name = name
		secrets[name] = s
	}
	return secrets
}

func allCanaries() (all []secret) {
	for _, name := range slices.Sorted(maps.Keys(canaries)) {
		all = append(all, canaries[name])
	}
	return all
}

// linkSecrets is a payout link. Whoever has its last part has the rest.
func linkSecrets(name, url string) secret {
	return secret{name: name, kind: ofLink, value: url, core: url[strings.LastIndex(url, "/")+1:]}
}

// wireShapes occur in requests alone: states and plans write the same fields in
// another order.
var wireShapes = []string{
	`"payment_method":{"type":"ACCOUNT_BALANCE","currency":`,
	`"distribution_method":{"type":"EMAIL","email_address":`,
	`"distribution_method":{"type":"PAYOUT_LINK"},"products":`,
	`"distribution_method":{"type":"RECIPIENT","email_address":`,
	`"metadata":{"terraform_order_key":`,
}

// TestAccNothingLeaks lives through what happens to orders, under a real CLI that logs
// all it can, and demands that no secret shows anywhere but where it is marked as one.
func TestAccNothingLeaks(t *testing.T) {
	tools := needTools(t)
	tools.at(t, t.TempDir(), "", "").needs(0, 11, "a state that knows what is sensitive in it")
	var all tallied
	t.Cleanup(func() { t.Log(all.String()) })
	scenarios := map[string]scenario{
		"create and refresh":         {act: createAndRefresh},
		"settle":                     {act: settleAfterFault, planHolds: []secretKind{ofBody}},
		"wait":                       {act: waitForLinks},
		"import":                     {act: importInEveryWay},
		"crash":                      {act: crashWhileBuying},
		"links in no state":          {act: keepLinksOut, planHolds: []secretKind{ofBody}},
		"links taken out of a state": {act: takeLinksOut},
		"campaign":                   {act: liveCampaign, planHolds: []secretKind{ofBody}},
		"refused campaign":           {act: refusedCampaign},
	}
	maps.Copy(scenarios, failures)
	for name, s := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stage := newStage(t, tools)
			stage.planHolds = append(stage.planHolds, s.planHolds...)
			s.act(stage)
			all.add(stage.finish())
		})
	}
}

type scenario struct {
	act       func(*leakHarness)
	planHolds []secretKind // beside people and links
}

// leakHarness is where one scenario plays: a folder, a CLI, a sandbox, and everything that
// any of them has said.
type leakHarness struct {
	*program
	sb        *testSandbox
	root      string // the folder that work is in
	exhibits  []exhibit
	planHolds []secretKind
	steps     int
	state     string         // the last state that was seen
	repeated  *regexp.Regexp // what the CLI itself repeats of what it is given

	mu     sync.Mutex
	heard  []exhibit // what went over the wire
	answer func(*http.Request, []byte) impostor
}

// newStage prepares everything but a configuration.
func newStage(t *testing.T, tools tools) *leakHarness {
	t.Helper()
	options := quick
	options.RatePerMinute = -1
	options.APIKeys = []string{canaries["API key"].value}
	s := &leakHarness{sb: newSandbox(t, options), root: t.TempDir(), planHolds: []secretKind{ofPerson, ofLink}}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		s.sb.Close() // first: a call that hangs would keep the server from closing
		server.Close()
	})
	work := filepath.Join(s.root, "work")
	for _, dir := range []string{work, s.outside("secrets"), s.outside("delivered")} {
		s.sb.must(t, os.Mkdir(dir, 0o700))
	}
	// Literals and variables would show in plans, and in the lines of configuration that
	// errors quote, whatever the provider does. What file() gives shows in neither.
	for _, c := range allCanaries() {
		s.sb.must(t, os.WriteFile(s.outside("secrets", c.name), []byte(c.value), 0o600))
	}
	s.program = tools.at(t, work, server.URL+"/v2", canaries["API key"].value)
	s.env = append(s.env, "TF_LOG=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=trace.log", "TF_CLI_ARGS=-no-color", "GOTRACEBACK=system")
	return s
}

// outside is a path beside the folder that is searched.
func (s *leakHarness) outside(parts ...string) string {
	return filepath.Join(append([]string{s.root}, parts...)...)
}

// serve hands requests on to the sandbox, and remembers them.
func (s *leakHarness) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what is missing is missing for the sandbox too
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.heard = append(s.heard, exhibit{text: wholeRequest(r, body)})
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		if by := answer(r, body); by != nil {
			by(w, r, body)
			return
		}
	}
	s.sb.ServeHTTP(w, r)
}

// wholeRequest is everything a request says.
func wholeRequest(r *http.Request, body []byte) string {
	var headers strings.Builder
	_ = r.Header.Write(&headers) // a Builder never fails
	return r.Method + " " + r.URL.String() + "\n" + headers.String() + "\n" + string(body)
}

// answers lets somebody else answer from now on, to whom the request tells; nil ends
// that, for one request or for all.
func (s *leakHarness) answers(who func(*http.Request, []byte) impostor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = who
}

// fault adds a fault to the sandbox.
func (s *leakHarness) fault(f sandbox.Fault) {
	s.t.Helper()
	s.sb.must(s.t, s.sb.AddFault(f))
}

// headers are what a gateway between the provider and Runa may want. Who echoes a header
// may leave out the words around its secret.
var headers = `headers = {
    X-Gateway-Token = ` + fromFile("gateway's token") + `
    Authorization   = "Bearer ${` + fromFile("proxy's password") + `}"
    Cookie          = "theme=dark; session=${` + fromFile("session's cookie") + `}"
  }`

// configure writes the configuration: settings of the provider, and what it declares.
func (s *leakHarness) configure(settings string, declared ...string) {
	s.t.Helper()
	s.write("main.tf", needsRuna+"\nprovider \"runa\" {\n  "+headers+"\n  "+settings+"\n}\n\n"+strings.Join(declared, "\n"))
}

// fromFile is an expression for a canary. The schema alone must mark it as sensitive.
func fromFile(name string) string { return fmt.Sprintf(`file("../secrets/%s")`, name) }

// The items that have secrets, of each kind. The payee's address is marked in the
// configuration too, which CLIs keep apart from what a schema marks.
var (
	toMailbox = `{ face_value = 10, distribution_method = { type = "EMAIL", email_address = ` + fromFile("e-mail address") + ` }, products = { type = "SINGLE", value = "ACME-US" } }`
	toPayee   = `{ face_value = 10, distribution_method = { type = "RECIPIENT", email_address = sensitive(` + fromFile("payee's address") + `), recipient_reference = ` + fromFile("payee's reference") + ` }, products = { type = "SINGLE", value = "P2C-US" } }`
	asLink    = linkItem(25, "ACME-US")

	ofEachKind = `items = [` + asLink + `, ` + toMailbox + `, ` + toPayee + `]`
)

// called is an order by another name.
func called(name, hcl string) string { return strings.Replace(hcl, `"this"`, strconv.Quote(name), 1) }

// outputs show what may be shown of an order, and mark the rest.
const outputs = `
output "status" {
  value = runa_order.this.status
}

output "links" {
  value     = runa_order.this.payout_links
  sensitive = true
}
`

// cli runs a command that must end with an exit code, and keeps what it says.
func (s *leakHarness) cli(code int, args ...string) outcome {
	s.t.Helper()
	done := s.try(args...)
	s.keep(done, args...)
	if done.code != code {
		s.t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), done.code, code, done.said())
	}
	return done
}

// keep takes what a command said, and what it made of the state.
func (s *leakHarness) keep(done outcome, args ...string) {
	s.t.Helper()
	s.steps++
	name := fmt.Sprintf("step %d, %s", s.steps, strings.Join(args, " "))
	switch kind := machineReadable(args); {
	case kind != "" && done.code == 0:
		s.exhibit(kind, name, s.uncovered(name, done.stdout))
	default:
		s.exhibit("output", name, done.stdout)
	}
	s.exhibit("errors", name, done.stderr)
	state, err := os.ReadFile(filepath.Join(s.work, "terraform.tfstate"))
	if err == nil && string(state) != s.state {
		s.state = string(state)
		s.exhibit("state file", "the state file after "+name, s.uncovered(name, s.state))
	}
}

// machineReadable tells which commands show values that are marked as sensitive,
// beside the marks. All others must not show them at all.
func machineReadable(args []string) string {
	switch has := func(flag string) bool { return slices.Contains(args, flag) }; {
	case args[0] == "show" && has("-json") && len(args) > 2:
		return "plan JSON"
	case args[0] == "show" && has("-json"):
		return "state JSON"
	case args[0] == "output" && has("-json"):
		return "outputs JSON"
	case args[0] == "state" && args[1] == "pull":
		return "state file"
	}
	return ""
}

func (s *leakHarness) exhibit(kind, name, text string) {
	if s.repeated != nil {
		text = s.repeated.ReplaceAllLiteralString(text, "(the CLI's own)")
	}
	s.exhibits = append(s.exhibits, exhibit{name: name + " (" + kind + ")", kind: kind, text: text})
}

func (s *leakHarness) uncovered(name, text string) string {
	s.t.Helper()
	left, err := uncover(text)
	if err != nil {
		s.t.Fatalf("taking the marked values out of %s: error %v, want none", name, err)
	}
	return left
}

// plan plans into a file, and shows what is in it.
func (s *leakHarness) plan(more ...string) (file string) {
	s.t.Helper()
	file = fmt.Sprintf("%d.tfplan", s.steps)
	s.cli(0, append([]string{"plan", "-input=false", "-out=" + file}, more...)...)
	s.cli(0, "show", "-json", file)
	return file
}

// apply plans and applies. What the apply says must have some words in it.
func (s *leakHarness) apply(code int, says string, more ...string) outcome {
	s.t.Helper()
	done := s.cli(code, "apply", "-input=false", s.plan(more...))
	s.wantWords(done, says)
	return done
}

// unchanged plans once more, and wants no changes.
func (s *leakHarness) unchanged() {
	s.t.Helper()
	s.cli(0, "plan", "-input=false", "-detailed-exitcode")
}

// fails runs a command that must fail and say some words.
func (s *leakHarness) fails(says string, args ...string) {
	s.t.Helper()
	s.wantWords(s.cli(1, args...), says)
}

func (s *leakHarness) wantWords(done outcome, says string) {
	s.t.Helper()
	if !flat(says).MatchString(done.said()) {
		text := done.said()
		s.t.Errorf("want it to say %q, got:\n%s", says, text[max(0, len(text)-4000):])
	}
}

func createAndRefresh(s *leakHarness) {
	s.configure("", order(ofEachKind, `description = "spring"`), outputs)
	s.cli(0, "validate")
	s.cli(0, "validate", "-json")
	plan := s.plan()
	s.cli(0, "show", plan)
	s.wantWords(s.cli(0, "apply", "-input=false", plan), "Apply complete! Resources: 1 added")
	s.unchanged()
	s.cli(0, "plan", "-input=false", "-json")
	s.cli(0, "apply", "-input=false", "-auto-approve", "-refresh-only")
	s.holdsLinks(3)
	s.cli(0, "show")
	s.cli(0, "show", "-json")
	s.cli(0, "output")
	s.cli(0, "output", "-json")
	s.cli(0, "state", "show", this)
	s.cli(0, "state", "pull")
	s.wantWords(s.cli(0, "apply", "-input=false", "-auto-approve", "-json", "-destroy"), "Destroying does not cancel an order")
}

// settleAfterFault loses an answer. Until the order is settled, state and plans hold
// the request, marked as sensitive.
func settleAfterFault(s *leakHarness) {
	s.configure("", order(ofEachKind, `timeouts = { create = "1s" }`), outputs)
	s.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	s.apply(0, unconfirmedSummary)
	if !strings.Contains(s.state, `"body\":\"`) {
		s.t.Error("the state holds no request, want the one to settle")
	}
	s.cli(0, "show")
	s.cli(0, "show", "-json")
	s.fails("An unconfirmed order cannot be destroyed", "destroy", "-input=false", "-auto-approve")
	s.cli(0, "plan", "-input=false", "-json") // still unconfirmed, and still cut off
	s.sb.ClearFaults()
	s.apply(0, "Resources: 0 added, 1 changed")
	s.holdsLinks(3)
	s.unchanged()
	s.cli(0, "show", "-json")
	s.cli(0, "destroy", "-input=false", "-auto-approve")
}

// waitForLinks refreshes a state while links come, and while they move. OpenTofu logs
// what a refresh changes.
func waitForLinks(s *leakHarness) {
	s.configure("", order(ofEachKind, `timeouts = { create = "1s" }`), outputs)
	s.fault(readAs(http.StatusServiceUnavailable, ""))
	s.apply(0, "The order is placed and not finished yet")
	s.sb.ClearFaults()
	refresh := func() { s.cli(0, "apply", "-input=false", "-auto-approve", "-refresh-only") }
	refresh()
	s.apply(0, "0 added, 1 changed, 0 destroyed")
	s.holdsLinks(3)
	s.unchanged()
	changed := sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{URL: canaries["stray link"].value}}}}
	s.sb.must(s.t, s.sb.PatchOrder(s.sb.Ledger()[0].ID, changed))
	refresh()
	s.apply(0, "0 added, 1 changed, 0 destroyed")
	s.holdsLinks(3)
	s.unchanged()
}

// importInEveryWay takes over orders of another program, into generated configuration
// and into configuration that was there.
func importInEveryWay(s *leakHarness) {
	generated := "-generate-config-out=generated.tf"
	to := func(name, by, value string) string {
		return fmt.Sprintf("import {\n  to = runa_order.%s\n  %s = %s\n}\n", name, by, value)
	}
	first, second := s.placeElsewhere(), s.placeElsewhere()
	s.configure("", to("by_id", "id", strconv.Quote(first)))
	s.apply(0, "1 imported, 0 added, 0 changed", generated)
	s.unchanged()
	s.configure("", called("by_command", order(ofEachKind)))
	s.cli(0, "import", "-input=false", "runa_order.by_command", second)
	s.unchanged()
	s.holdsLinks(6)
	if major, minor := s.version(); major > 1 || minor >= 12 {
		s.cli(0, "state", "rm", "runa_order.by_id")
		s.sb.must(s.t, os.Rename(filepath.Join(s.work, "generated.tf"), filepath.Join(s.work, "before.txt")))
		s.configure("", to("by_identity", "identity", fmt.Sprintf("{ order_id = %q }", first)),
			called("by_command", order(ofEachKind)))
		s.apply(0, "1 imported, 0 added, 0 changed", generated)
		s.unchanged()
		s.holdsLinks(6)
	}
	s.cli(0, "show", "-json")
	s.cli(0, "show")
}

// placeElsewhere buys one item of each kind as another program would.
func (s *leakHarness) placeElsewhere() (id string) {
	s.t.Helper()
	one := func(code string) attrs { return attrs{"type": "SINGLE", "value": code} }
	return s.sb.placeWith(s.t, canaries["API key"].value, fmt.Sprint("elsewhere ", len(s.sb.Ledger())), foreign{body: attrs{
		"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"},
		"items": []any{
			attrs{"face_value": 25, "distribution_method": attrs{"type": "PAYOUT_LINK"}, "products": one("ACME-US")},
			attrs{"face_value": 10, "distribution_method": attrs{"type": "EMAIL", "email_address": canaries["e-mail address"].value}, "products": one("ACME-US")},
			attrs{"face_value": 10, "distribution_method": attrs{
				"type": "RECIPIENT", "email_address": canaries["payee's address"].value, "recipient_reference": canaries["payee's reference"].value,
			}, "products": one("P2C-US")},
		},
	}})
}

// crashWhileBuying kills the provider with a signal on which Go writes down every
// goroutine with its arguments, while it waits for the answer to an order.
func crashWhileBuying(s *leakHarness) {
	if runtime.GOOS != "linux" {
		s.t.Skip("finds the provider's process in /proc")
	}
	s.configure("", order(ofEachKind, `idempotency_key = "only-once"`), outputs)
	s.fault(onOrders(sandbox.Fault{Action: sandbox.ActionHang}))
	plan := s.plan()
	var stdout, stderr bytes.Buffer
	apply := s.command("apply", "-input=false", plan)
	apply.Stdout, apply.Stderr = &stdout, &stderr
	s.sb.must(s.t, apply.Start())
	s.until("the order arrives", func() bool { return s.sb.requests(http.MethodPost, "/order") > 0 })
	for _, provider := range s.providersOf(apply.Process.Pid) {
		s.sb.must(s.t, provider.Signal(syscall.SIGQUIT))
	}
	err := apply.Wait()
	s.keep(outcome{apply.ProcessState.ExitCode(), stdout.String(), stderr.String()}, "apply", plan)
	// The CLI words it by what it sees first: the connection that ends, or the process.
	if err == nil || !flat("The plugin encountered an error").MatchString(stderr.String()) && !flat("request was cancelled").MatchString(stderr.String()) {
		s.t.Errorf("error %v, want one, and the CLI to report a crash:\n%s", err, stderr.String())
	}
	log := s.read("trace.log")
	for _, says := range []string{"SIGQUIT", "goroutine ", "internal/client.(*Client).CreateOrder("} {
		if !strings.Contains(log, says) {
			s.t.Errorf("the log does not have %q, want the crash in it", says)
		}
	}
	s.cli(0, "show", "-json")
	s.sb.ClearFaults()
	s.apply(0, "Resources: 1 added")
	s.holdsLinks(3)
	s.unchanged()
}

func (s *leakHarness) until(what string, done func() bool) {
	s.t.Helper()
	for !done() {
		select {
		case <-s.t.Context().Done():
			s.t.Fatalf("it never happened, want that %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// providersOf finds the provider's processes that a CLI has started.
func (s *leakHarness) providersOf(cli int) (providers []*os.Process) {
	s.t.Helper()
	programs, err := filepath.Glob("/proc/[0-9]*/exe")
	s.sb.must(s.t, err)
	for _, link := range programs {
		dir := filepath.Dir(link)
		path, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(filepath.Base(path), "terraform-provider-runa") {
			continue
		}
		status, err := os.ReadFile(filepath.Join(dir, "status"))
		if err != nil || !strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", cli)) {
			continue // gone meanwhile, or another test's
		}
		pid, err := strconv.Atoi(filepath.Base(dir))
		s.sb.must(s.t, err)
		process, err := os.FindProcess(pid)
		s.sb.must(s.t, err)
		providers = append(providers, process)
	}
	if len(providers) == 0 {
		s.t.Fatal("the CLI has started no provider, want at least one")
	}
	return providers
}

// deliver hands an order's links to a program, which keeps them where no search looks.
func deliver(name string) string {
	return strings.ReplaceAll(`
ephemeral "runa_payouts" "NAME" {
  order_id = runa_order.NAME.order_id
}

resource "terraform_data" "NAME" {
  triggers_replace = [runa_order.NAME.order_id, runa_order.NAME.status]

  provisioner "local-exec" {
    command = "printf '%s\\n' \"$LINKS\" > ../delivered/NAME"
    environment = {
      LINKS = join("\n", ephemeral.runa_payouts.NAME.payouts[*].url)
    }
  }
}
`, "NAME", name)
}

// keepLinksOut never lets a link into a state or a plan, unless an order says so itself.
func keepLinksOut(s *leakHarness) {
	s.needs(10, 11, "ephemeral resources")
	const noLinks = "store_payout_links = false"
	first := order(ofEachKind)
	read := "data \"runa_order\" \"this\" {\n  id = runa_order.this.order_id\n}\n"
	s.configure(noLinks, first, read, deliver("this"), outputs)
	s.cli(0, "validate")
	s.apply(0, "Apply complete! Resources: 2 added")
	s.unchanged()
	s.hasNoLinks("create and refresh")

	late := called("late", order(`timeouts = { create = "1s" }`))
	s.configure(noLinks, first, read, deliver("this"), outputs, late, deliver("late"))
	s.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	s.apply(0, unconfirmedSummary)
	s.hasNoLinks("a lost answer")
	s.sb.ClearFaults()
	s.apply(0, "1 added, 1 changed, 1 destroyed")
	s.unchanged()
	s.hasNoLinks("settle")

	foreign := called("foreign", order(ofEachKind))
	s.configure(noLinks, first, read, deliver("this"), outputs, late, deliver("late"), foreign, deliver("foreign"))
	s.cli(0, "import", "-input=false", "runa_order.foreign", s.placeElsewhere())
	s.apply(0, "1 added, 0 changed, 0 destroyed")
	s.unchanged()
	s.hasNoLinks("import")

	rest := []string{read, deliver("this"), outputs, late, deliver("late"), foreign, deliver("foreign")}
	s.configure(noLinks, append(rest, order(ofEachKind, "store_payout_links = true"))...)
	s.apply(0, "0 added, 1 changed, 0 destroyed")
	s.holdsLinks(3)
	s.configure(noLinks, append(rest, order(ofEachKind, noLinks))...)
	with := s.plan()
	s.wantWords(s.cli(0, "apply", "-input=false", with), "0 added, 1 changed, 0 destroyed")
	// The plan that takes links out of a state is made from that state, and has it in
	// it; so has the backup that the CLI makes of it.
	s.sb.must(s.t, os.Remove(filepath.Join(s.work, with)))
	s.sb.must(s.t, os.Remove(filepath.Join(s.work, "terraform.tfstate.backup")))
	s.unchanged()
	s.hasNoLinks("being taken out")
	s.cli(0, "show", "-json")
	s.cli(0, "state", "show", "data.runa_order.this")
	s.deliveredAll()
}

// takeLinksOut is for whoever learns of store_payout_links too late.
func takeLinksOut(s *leakHarness) {
	s.configure("", order(ofEachKind), outputs)
	s.apply(0, "Resources: 1 added")
	s.holdsLinks(3)
	s.configure("store_payout_links = false", order(ofEachKind), outputs)
	s.apply(0, "0 added, 1 changed, 0 destroyed")
	for _, made := range s.plans() {
		s.sb.must(s.t, os.Remove(made)) // it was made from the former state
	}
	// The former state is the CLI's to keep, and ours to warn of: whoever takes links
	// out of a state must delete its backups.
	s.sb.must(s.t, os.Remove(filepath.Join(s.work, "terraform.tfstate.backup")))
	s.plan()
	s.unchanged()
	s.hasNoLinks("being taken out")
	s.cli(0, "show", "-json")
	s.cli(0, "output", "-json")
}

// links are the links of all orders, as the ledger has them.
func (s *leakHarness) links() (links []secret) {
	s.t.Helper()
	for i, entry := range s.sb.Ledger() {
		var order struct {
			Items []struct{ Payout struct{ URL string } }
		}
		s.sb.must(s.t, json.Unmarshal(entry.Order, &order))
		for j, item := range order.Items {
			links = append(links, linkSecrets(fmt.Sprintf("payout link %d of order %d", j, i), item.Payout.URL))
		}
	}
	return links
}

// bodies are the requests of all orders, to the byte as far as their descriptions, and
// what occurs in no other text.
func (s *leakHarness) bodies() (bodies []secret) {
	for i, entry := range s.sb.Ledger() {
		// A campaign's description has spaces, at which a CLI breaks lines.
		body, _, _ := strings.Cut(entry.Body, `,"description"`)
		bodies = append(bodies, secret{name: fmt.Sprintf("body of order %d", i), kind: ofBody, value: body})
	}
	for i, shape := range wireShapes {
		bodies = append(bodies, secret{name: fmt.Sprintf("shape %d of bodies", i), kind: ofBody, value: shape})
	}
	return bodies
}

// holdsLinks is the other half of finding nothing: what is found nowhere else is in
// the state, where the search sees it before the marked values are taken out.
func (s *leakHarness) holdsLinks(want int) {
	s.t.Helper()
	text := s.read("terraform.tfstate")
	if hits := scan([]exhibit{{text: text}}, s.links()); len(hits) != want {
		s.t.Errorf("the state holds %d links, want %d: %v", len(hits), want, hits)
	}
	if hits := scan([]exhibit{{text: text}}, []secret{canaries["e-mail address"]}); len(hits) != 1 {
		s.t.Error("the state holds no e-mail address, want one")
	}
}

// hasNoLinks looks for links in every file there is, marked as sensitive or not.
func (s *leakHarness) hasNoLinks(after string) {
	s.t.Helper()
	var exhibits []exhibit
	for _, path := range s.files() {
		if strings.HasSuffix(path, ".tfplan") {
			exhibits = append(exhibits, s.unzipped(path)...)
			continue
		}
		exhibits = append(exhibits, exhibit{name: path, text: s.read(path)})
	}
	if len(exhibits) < 5 {
		s.t.Fatalf("%d texts to search, want at least 5", len(exhibits))
	}
	for _, h := range scan(exhibits, s.links()) {
		s.t.Errorf("after %s: %s, want no link anywhere", after, h)
	}
}

// deliveredAll wants every link of the ledger in the hands of the program it was for.
func (s *leakHarness) deliveredAll() {
	s.t.Helper()
	var got, want []string
	delivered, err := filepath.Glob(s.outside("delivered", "*"))
	s.sb.must(s.t, err)
	for _, path := range delivered {
		text, err := os.ReadFile(path)
		s.sb.must(s.t, err)
		got = append(got, strings.Fields(string(text))...)
	}
	for _, link := range s.links() {
		want = append(want, link.value)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(want) == 0 {
		s.t.Errorf("delivered %q, want %q", got, want)
	}
}

// files are all files of the scenario's folder.
func (s *leakHarness) files() (names []string) {
	s.t.Helper()
	err := filepath.WalkDir(s.work, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(s.work, path) // it is below it
			names = append(names, name)
		}
		return err
	})
	s.sb.must(s.t, err)
	return names
}

func (s *leakHarness) plans() []string {
	paths, _ := filepath.Glob(filepath.Join(s.work, "*.tfplan")) // the pattern is right
	return paths
}

func (s *leakHarness) read(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.work, name))
	s.sb.must(s.t, err)
	return string(text)
}

// unzipped is what is in a plan file.
func (s *leakHarness) unzipped(name string) (parts []exhibit) {
	s.t.Helper()
	for file, text := range unzipped(s.t, filepath.Join(s.work, name)) {
		parts = append(parts, exhibit{name: name + "/" + file, kind: "plan file", text: text})
	}
	return parts
}

// finish searches everything there is.
func (s *leakHarness) finish() map[string]int {
	s.t.Helper()
	s.takeFiles()
	s.takePages()
	secrets := slices.Concat(allCanaries(), s.links(), s.bodies())
	s.control(secrets)
	for _, h := range scan(s.exhibits, secrets) {
		s.t.Errorf("%s, want no secret anywhere", h)
	}
	sizes := map[string]int{}
	for _, e := range s.exhibits {
		sizes[e.kind] += len(e.text)
	}
	s.t.Logf("%d secrets × %d spellings in %d texts: %s", len(secrets), len(spellings), len(s.exhibits), inBytes(sizes))
	return sizes
}

// takeFiles takes what the commands have left behind. States were taken after each.
func (s *leakHarness) takeFiles() {
	s.t.Helper()
	for _, name := range s.files() {
		switch {
		case name == "trace.log":
			s.takeLog(s.read(name))
		case name == "terraform.tfstate":
		case strings.HasPrefix(name, "terraform.tfstate"):
			s.exhibit("state file", name, s.uncovered(name, s.read(name)))
		case strings.HasSuffix(name, ".tfplan"):
			s.takePlan(name)
		case strings.HasSuffix(name, ".tf"):
			s.exhibit("configuration", name, s.read(name))
		default:
			s.exhibit("other files", name, s.read(name))
		}
	}
}

// takeLog wants the whole of both sides: the CLI's own lines, and the provider's.
func (s *leakHarness) takeLog(text string) {
	s.t.Helper()
	for _, says := range []string{"[TRACE] ", "provider.terraform-provider-runa: Received request", "provider.terraform-provider-runa: plugin address"} {
		if !strings.Contains(text, says) {
			s.t.Errorf("the log does not say %q, want both sides in it", says)
		}
	}
	s.exhibit("log", "trace.log", text)
}

// takePlan takes a plan file apart. The states in it are JSON that marks its secrets;
// the rest is not, so it may hold values, but never a key.
func (s *leakHarness) takePlan(name string) {
	s.t.Helper()
	for _, part := range s.unzipped(name) {
		switch filepath.Base(part.name) {
		case "tfstate", "tfstate-prev":
			part.text = s.uncovered(part.name, part.text)
		case "tfplan":
			part.holds = s.planHolds
		}
		s.exhibits = append(s.exhibits, part)
	}
}

// takePages takes what the sandbox shows.
func (s *leakHarness) takePages() {
	s.t.Helper()
	get := func(path string) string {
		got := httptest.NewRecorder()
		s.sb.ServeHTTP(got, httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://127.0.0.1"+path, nil))
		if got.Code != http.StatusOK {
			s.t.Fatalf("GET %s = %d, want 200", path, got.Code)
		}
		return got.Body.String()
	}
	s.exhibit("journal", "the journal", get("/_sandbox/requests"))
	s.exhibit("pages", "the page", get("/"))
	for _, show := range []string{"orders", "requests", "products"} {
		for page, more := 1, true; more; page++ {
			address := fmt.Sprintf("/?show=%s&page=%d", show, page)
			text := get(address)
			s.exhibit("pages", address, text)
			more = strings.Contains(text, `rel="next"`)
		}
	}
}

// control wants every secret in what must have it: the requests as they were sent, the
// ledger, and the files that the configuration reads.
func (s *leakHarness) control(secrets []secret) {
	s.t.Helper()
	s.mu.Lock()
	texts := slices.Clone(s.heard)
	s.mu.Unlock()
	for _, entry := range s.sb.Ledger() {
		texts = append(texts, exhibit{text: string(entry.Order) + "\n" + entry.Body})
	}
	for _, c := range allCanaries() {
		text, err := os.ReadFile(s.outside("secrets", c.name))
		s.sb.must(s.t, err)
		texts = append(texts, exhibit{text: string(text)})
	}
	found := map[string]bool{}
	for _, h := range scan(texts, secrets) {
		found[h.secret] = true
	}
	for _, secret := range secrets {
		if !found[secret.name] && !strings.HasPrefix(secret.name, "shape") {
			s.t.Errorf("the search finds the %s nowhere, want it where it was used", secret.name)
		}
	}
}

// tallied is how much was searched.
type tallied struct {
	mu    sync.Mutex
	sizes map[string]int
}

func (a *tallied) add(sizes map[string]int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sizes == nil {
		a.sizes = map[string]int{}
	}
	for kind, size := range sizes {
		a.sizes[kind] += size
	}
}

func (a *tallied) String() string { return "searched in all: " + inBytes(a.sizes) }

func inBytes(sizes map[string]int) string {
	var parts []string
	sum := 0
	for _, kind := range slices.Sorted(maps.Keys(sizes)) {
		parts = append(parts, fmt.Sprintf("%s %d", kind, sizes[kind]))
		sum += sizes[kind]
	}
	return fmt.Sprintf("%d bytes (%s)", sum, strings.Join(parts, ", "))
}
