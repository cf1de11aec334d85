package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// beTheProgram makes the test's binary the program itself, in a process of its own.
const beTheProgram = "RUNA_SANDBOX_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beTheProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// process is a runa-sandbox in a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	root string
}

// launch starts the program and reads where it listens.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, append(strings.Fields("-listen 127.0.0.1:0 -products 1 -rate -1"), args...)...)
	cmd.Env = append(os.Environ(), beTheProgram+"=1")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	found := regexp.MustCompile(`RUNA_BASE_URL=(http://\S+)/v2 `).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("got the line %q (error %v), want one with RUNA_BASE_URL", line, err)
	}
	p.root = found[1]
	return p
}

// kill kills the process as nothing can be prepared for.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be dead already
	_ = p.cmd.Wait()         // "signal: killed"
}

// order posts an order; ok tells whether the whole answer arrived.
func (p *process) order(ctx context.Context, client *http.Client, key string) (id string, ok bool) {
	const body = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":10,` +
		`"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"SINGLE","value":"ACME-US"}}]}`
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.root+"/v2/order", strings.NewReader(body))
	if err != nil {
		p.t.Error(err)
		return "", false
	}
	for name, value := range map[string]string{
		"X-Api-Key": sandbox.ProductionKey, "X-Idempotency-Key": key, "Content-Type": "application/json",
	} {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return "", false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	var answer struct{ ID string }
	if err != nil || response.StatusCode != http.StatusAccepted || json.Unmarshal(text, &answer) != nil {
		return "", false
	}
	return answer.ID, true
}

// read reads an admin call's answer.
func (p *process) read(path string, into any) {
	p.t.Helper()
	response, err := http.Get(p.root + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		p.t.Fatal(err)
	}
}

// load orders from several sides, each key once, and kills the process at once when so
// many orders were acknowledged: others are on their way then. It gives all that were
// acknowledged, by key, and all keys that were tried.
func (p *process) load(try, enough int) (acknowledged map[string]string, tried []string) {
	acknowledged = map[string]string{}
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	ctx, stop := context.WithCancel(p.t.Context())
	defer stop()
	reached := make(chan struct{})
	var mu sync.Mutex
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				key := fmt.Sprintf("try %d worker %d order %d", try, worker, n)
				mu.Lock()
				tried = append(tried, key)
				mu.Unlock()
				id, ok := p.order(ctx, client, key)
				if !ok {
					return
				}
				mu.Lock()
				acknowledged[key] = id
				if len(acknowledged) == enough {
					close(reached)
				}
				mu.Unlock()
			}
		})
	}
	select {
	case <-reached:
	case <-time.After(time.Minute):
		p.t.Errorf("try %d: got fewer than %d orders in a minute, want as many", try, enough)
	}
	p.kill()
	stop()
	all.Wait()
	return acknowledged, tried
}

// TestKilled kills the program in the middle of a load, twenty times on one file. Each
// time, whatever it had acknowledged must be there, once, and paid for; and a repeat of
// any key, acknowledged or not, must not buy a second time.
func TestKilled(t *testing.T) {
	args := []string{"-mode", "production", "-balance", "USD=1000000.00", "-data", filepath.Join(t.TempDir(), "runa.db")}
	known := map[string]string{} // every order that must be there, by key
	for try := range 20 {
		p := launch(t, args...)
		acknowledged, tried := p.load(try, 5+3*try)
		maps.Copy(known, acknowledged)

		p = launch(t, args...)
		placed := p.audit()
		for key, id := range known {
			if placed[key] != id {
				t.Fatalf("try %d: key %s has order %q, want %s, which was acknowledged", try, key, placed[key], id)
			}
		}
		for _, key := range tried {
			id, ok := p.order(t.Context(), http.DefaultClient, key)
			if before, there := placed[key]; !ok || (there && id != before) {
				t.Fatalf("try %d: the repeat of %s is %s, %v; want %s", try, key, id, ok, before)
			}
			known[key] = id
		}
		if after := p.audit(); !maps.Equal(after, known) {
			t.Fatalf("try %d: got %d orders, want %d", try, len(after), len(known))
		}
		t.Logf("try %d: %d acknowledged, %d tried, %d in all", try, len(acknowledged), len(tried), len(known))
		p.kill()
		http.DefaultClient.CloseIdleConnections()
	}
}

// audit demands that no key has two orders and that the balance has paid for all of
// them, and gives the orders by key.
func (p *process) audit() map[string]string {
	p.t.Helper()
	var ledger []sandbox.LedgerEntry
	var balances map[string]string
	p.read("/_sandbox/orders", &ledger)
	p.read("/_sandbox/balances", &balances)
	placed := map[string]string{}
	for _, e := range ledger {
		if twice, ok := placed[e.IdempotencyKey]; ok {
			p.t.Fatalf("%s has bought %s and %s, want one order", e.IdempotencyKey, twice, e.ID)
		}
		placed[e.IdempotencyKey] = e.ID
	}
	price := decimal.RequireFromString("9.87")
	left := decimal.NewFromInt(1_000_000).Sub(price.Mul(decimal.NewFromInt(int64(len(ledger)))))
	if got := balances["USD"]; got != left.StringFixed(2) {
		p.t.Fatalf("%d orders leave %s, want %s", len(ledger), got, left)
	}
	return placed
}
