package provider

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// A state that does not know what was bought: what the guide "Never pay twice" says of
// older copies, of runs without a common lock, and of long keys.

// keepState copies the state, as a backup does.
func (r cliHarness) keepState(name string) {
	r.t.Helper()
	state, err := os.ReadFile(filepath.Join(r.work, "terraform.tfstate"))
	r.sb.must(r.t, err)
	r.write(name, string(state))
}

// loseState removes the state and its backup.
func (r cliHarness) loseState() {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(r.work, "terraform.tfstate*"))
	r.sb.must(r.t, err)
	for _, file := range files {
		r.sb.must(r.t, os.Remove(file))
	}
}

// TestAccOlderStatePushed brings back a copy that was made before, at three moments.
func TestAccOlderStatePushed(t *testing.T) {
	tools := needTools(t)
	beforeIt := func(r cliHarness) {
		r.write("main.tf", needsRuna+"resource \"terraform_data\" \"other\" {}\n")
		r.step(0, 0, nil, "apply")
	}
	unconfirmed := func(r cliHarness) {
		r.sb.must(t, r.sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter})))
		r.step(0, 1, []string{unconfirmedSummary}, "apply")
		r.sb.ClearFaults()
	}
	failed := func(r cliHarness) {
		r.step(0, 1, nil, "apply")
		r.sb.must(t, r.sb.PatchOrder(r.sb.Ledger()[0].ID, sandbox.OrderPatch{Status: "FAILED", Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CANCELLED"}}}}))
	}
	tests := map[string]struct {
		until func(cliHarness) // the moment of the copy
		key   string
		sold  int // orders when the copy comes back
		after int // and after the next apply
		says  []string
	}{
		"before the order, with a key":  {beforeIt, oneKey, 1, 1, []string{earlierSummary}},
		"before the order, without":     {beforeIt, "", 1, 2, nil},
		"while unconfirmed, with a key": {unconfirmed, oneKey, 1, 1, nil},
		"while unconfirmed, without":    {unconfirmed, "", 1, 1, nil},
		"after it failed, with a key":   {failed, oneKey, 2, 2, []string{"This plan buys", earlierSummary}},
		"after it failed, without":      {failed, "", 2, 3, []string{"This plan buys"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tools.road(t, one(hurried+test.key))
			test.until(r)
			r.keepState("older")
			r.write("main.tf", one(test.key)) // with the time that settling may take
			r.step(0, test.sold, nil, "apply")
			if refused := r.try("state", "push", "older"); refused.code == 0 || !strings.Contains(refused.said(), "over newer state") {
				t.Errorf("state push of an older copy: exit code %d, want a failure that says %q: %s", refused.code, "over newer state", refused.said())
			}
			r.run("state", "push", "-force", "older")
			r.step(0, test.after, test.says, "apply")
			r.done()
		})
	}
}

// TestAccOlderStateImported: without a key, what an older copy does not know is imported
// before the next apply buys it again.
func TestAccOlderStateImported(t *testing.T) {
	r := needTools(t).road(t, needsRuna+"resource \"terraform_data\" \"other\" {}\n")
	r.step(0, 0, nil, "apply")
	r.keepState("older")
	r.write("main.tf", one(""))
	r.step(0, 1, nil, "apply")
	r.run("state", "push", "-force", "older")
	r.step(0, 1, []string{"runa_order.this will be created"}, "plan")
	r.run("import", "-input=false", "-no-color", "runa_order.this", r.sb.Ledger()[0].ID)
	r.step(0, 1, nil, "apply")
	r.done()
}

// TestAccTwoRunsOneState has two runs buy at once: the second one starts without a lock
// when the first has sent its orders and recorded none.
func TestAccTwoRunsOneState(t *testing.T) {
	tools := needTools(t)
	const orders = 3
	for name, test := range map[string]struct {
		key  string
		sold int
	}{
		"with keys": {"  idempotency_key = \"winner-${count.index}\"\n", orders},
		"without":   {"", 2 * orders},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, sandbox.Options{RatePerMinute: -1, Processing: 10 * time.Minute})
			r := cliHarness{tools.at(t, t.TempDir(), sb.URL, sandbox.Key), sb}
			r.write("main.tf", one("  count       = 3\n  description = \"winner ${count.index}\"\n"+test.key))
			first := r.begin("apply", "-input=false", "-no-color", "-auto-approve")
			r.sent(orders)
			r.step(1, orders, []string{"Error acquiring the state lock"}, "apply")
			second := r.begin("apply", "-input=false", "-no-color", "-auto-approve", "-lock=false")
			r.sent(2 * orders)
			sb.Advance(11 * time.Minute)
			first()
			second()
			r.step(0, test.sold, nil, "apply")
			r.done()
			if known := len(strings.Fields(r.run("state", "list"))); known != orders {
				t.Errorf("the state knows %d orders, want %d", known, orders)
			}
		})
	}
}

// begin starts a command, and gives what waits until it has succeeded.
func (r cliHarness) begin(args ...string) (wait func()) {
	r.t.Helper()
	var said bytes.Buffer
	command := r.command(args...)
	command.Stdout, command.Stderr = &said, &said
	r.sb.must(r.t, command.Start())
	return func() {
		r.t.Helper()
		if err := command.Wait(); err != nil {
			r.t.Errorf("%s: %v, want success: %s", strings.Join(args, " "), err, said.String())
		}
	}
}

// sent waits until so many orders were sent and answered, whatever Runa made of them.
// Before its answer, an order may not be there yet.
func (r cliHarness) sent(orders int) {
	r.t.Helper()
	answered := func() (count int) {
		for _, entry := range r.sb.Journal() {
			if entry.Method == http.MethodPost && entry.Path == "/order" && entry.Status != 0 {
				count++
			}
		}
		return count
	}
	for end := time.Now().Add(time.Minute); answered() < orders; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%d orders were sent and answered, want %d", answered(), orders)
		}
	}
}

// TestAccLongKey: a key that does not fit into the tag still buys once, but its order
// cannot be looked up by it. So it is sent again where another one is found.
func TestAccLongKey(t *testing.T) {
	tools := needTools(t)
	type fits struct {
		length  int
		repeats int    // of the request, to settle a lost answer
		says    string // of a conflict
		recover func(r cliHarness, config string)
	}
	for name, test := range map[string]fits{
		"200 characters": {200, 0, "has this idempotency key. Its status is COMPLETED. Differences: description", func(r cliHarness, config string) {
			r.write("main.tf", config+"}\n")
			r.run("import", "-input=false", "-no-color", "runa_order.this", r.sb.Ledger()[0].ID)
		}},
		"201 characters": {201, 1, "an idempotency key longer than 200 characters", func(r cliHarness, config string) {
			r.write("main.tf", config+"}\n")
			r.step(0, 1, []string{earlierSummary}, "apply")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := "  idempotency_key = \"" + strings.Repeat("k", test.length) + "\"\n"
			config := strings.TrimSuffix(one(key), "}\n")
			r := tools.road(t, one(hurried+key))
			r.sb.must(t, r.sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter})))
			r.step(0, 1, []string{unconfirmedSummary}, "apply")
			r.sb.ClearFaults()
			r.write("main.tf", config+"}\n") // with the time that settling may take
			before := r.sb.requests(http.MethodPost, "/order")
			r.step(0, 1, nil, "apply")
			r.done()
			if sent := r.sb.requests(http.MethodPost, "/order") - before; sent != test.repeats {
				t.Errorf("it was sent %d more times, want %d", sent, test.repeats)
			}
			r.loseState()
			r.step(0, 1, []string{earlierSummary}, "apply")
			r.loseState()
			r.write("main.tf", config+"  description = \"edited\"\n}\n")
			r.step(1, 1, []string{"The idempotency key was used for another request", test.says}, "apply")
			test.recover(r, config)
			r.step(0, 1, nil, "apply")
			r.done()
		})
	}
}
