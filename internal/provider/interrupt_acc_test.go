//go:build linux

package provider

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// tenOrders have no keys: what is bought and not recorded, the next apply buys again.
var tenOrders = one("  count       = 10\n  description = \"winner ${count.index}\"\n")

// TestAccEnds ends an apply in every way a pipeline, a user or a machine may, while
// orders are on their way: no plugin is left behind, and where the CLI lives on, every
// order that was bought is in the state.
func TestAccEnds(t *testing.T) {
	tools := needTools(t)
	pid := func(p *os.Process) int { return p.Pid }
	group := func(p *os.Process) int { return -p.Pid }
	tests := map[string]struct {
		whom  func(*os.Process) int
		how   []syscall.Signal
		keeps bool // whether the CLI lives to record what was bought
	}{
		"by itself":                    {pid, nil, true},
		"SIGTERM to the group":         {group, []syscall.Signal{syscall.SIGTERM}, true},
		"SIGTERM to the CLI":           {pid, []syscall.Signal{syscall.SIGTERM}, true},
		"SIGINT to the group":          {group, []syscall.Signal{syscall.SIGINT}, true},
		"SIGINT to the group, twice":   {group, []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, false},
		"SIGKILL to the CLI":           {pid, []syscall.Signal{syscall.SIGKILL}, false},
		"SIGHUP to the group":          {group, []syscall.Signal{syscall.SIGHUP}, false},
		"SIGTERM to the group, twice":  {group, []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM}, false},
		"SIGTERM, then SIGKILL to all": {group, []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, sandbox.Options{RatePerMinute: -1, Latency: 300 * time.Millisecond, Processing: time.Second})
			r := cliHarness{tools.at(t, t.TempDir(), sb.URL, sandbox.Key), sb}
			r.write("main.tf", tenOrders)
			command := r.command("apply", "-input=false", "-no-color", "-auto-approve")
			command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var said transcript
			command.Stdout, command.Stderr = &said, &said
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			r.until(3, &said)
			for i, signal := range test.how {
				if i > 0 {
					r.interrupted(&said) // two at once are taken for one
				}
				if err := syscall.Kill(test.whom(command.Process), signal); err != nil {
					t.Fatal(err)
				}
			}
			_ = command.Wait()
			r.nobodyLeft(command)
			if !test.keeps {
				return
			}
			if strings.Contains(said.String(), "Plugin did not respond") {
				t.Errorf("the plugin died, want it to live: %s", said.String())
			}
			r.step(0, 10, nil, "apply")
			r.done()
		})
	}
}

// TestAccSecondInterrupt has a user press Ctrl-C twice while the answers to three orders
// are awaited. The CLI ends at once and knows none of them.
func TestAccSecondInterrupt(t *testing.T) {
	tools := needTools(t)
	for name, test := range map[string]struct {
		key  string
		sold int
		says []string
	}{
		"with keys": {"  idempotency_key = \"winner-${count.index}\"\n", 3, []string{earlierSummary}},
		"without":   {"", 6, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tools.road(t, one("  count       = 3\n  description = \"winner ${count.index}\"\n"+test.key))
			r.sb.must(t, r.sb.AddFault(onOrders(sandbox.Fault{Action: sandbox.ActionHang, Place: true})))
			command := r.command("apply", "-input=false", "-no-color", "-auto-approve")
			command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var said transcript
			command.Stdout, command.Stderr = &said, &said
			r.sb.must(t, command.Start())
			r.until(3, &said)
			r.sb.must(t, syscall.Kill(-command.Process.Pid, syscall.SIGINT))
			r.interrupted(&said) // two at once are taken for one
			r.sb.must(t, syscall.Kill(-command.Process.Pid, syscall.SIGINT))
			_ = command.Wait()
			r.nobodyLeft(command)
			if known := r.try("state", "list").stdout; known != "" {
				t.Fatalf("the state knows %s, want nothing", known)
			}
			r.sb.ClearFaults()
			// Runa tells its time in whole seconds: in the same one, the next apply could
			// not know that these orders are older than itself.
			r.sb.Advance(2 * time.Second)
			r.step(0, test.sold, test.says, "apply")
			r.done()
		})
	}
}

// transcript is what a command has said so far, to be read while it runs.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *transcript) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(text)
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// until waits for so many orders.
func (r cliHarness) until(orders int, said *transcript) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); len(r.sb.Ledger()) < orders; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("the ledger has %d orders after a minute, want %d: %s", len(r.sb.Ledger()), orders, said)
		}
	}
}

// interrupted waits until the CLI has noticed that it is interrupted, or has nothing to
// do any more.
func (r cliHarness) interrupted(said *transcript) {
	r.t.Helper()
	noticed := func() bool {
		text := said.String()
		return strings.Contains(text, "Interrupt received") || strings.Contains(text, "Apply complete")
	}
	for end := time.Now().Add(time.Minute); !noticed(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("the CLI did not notice the interrupt within a minute, want it to: %s", said)
		}
	}
}

// nobodyLeft wants no process in the folder that a CLI had worked in, and gives one that
// is about to end the time to.
func (r cliHarness) nobodyLeft(command *exec.Cmd) {
	r.t.Helper()
	var left []string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if left = workingIn(r.t, command.Dir); len(left) == 0 {
			return
		}
	}
	r.t.Errorf("processes left behind: %v, want none", left)
}

// workingIn lists the programs at work in a folder.
func workingIn(t *testing.T, dir string) (programs []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && at == dir {
			program, _ := os.Readlink(filepath.Join(filepath.Dir(link), "exe"))
			programs = append(programs, program)
		}
	}
	return programs
}
