package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestParse(t *testing.T) {
	got, err := parse(strings.Fields("-listen 127.0.0.1:0 -processing 2s -latency 5ms -rate 10 -products 99 -mode playground -api-key XXa -api-key XXb"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := settings{listen: "127.0.0.1:0", options: sandbox.Options{
		Mode: sandbox.ModePlayground, Processing: 2 * time.Second, Latency: 5 * time.Millisecond, RatePerMinute: 10, Products: 99, APIKeys: []string{"XXa", "XXb"}, Journal: 1000,
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	got, err = parse(nil, io.Discard)
	if err != nil || got.listen != "127.0.0.1:8484" || !reflect.DeepEqual(got.options, sandbox.Options{Mode: sandbox.ModePlayground, APIKeys: []string{sandbox.Key}, Journal: 1000}) {
		t.Errorf("got %+v (error %v), want the playground on 127.0.0.1:8484", got, err)
	}
	got, err = parse(strings.Fields("-mode production -data f -balance USD=1 -balance EUR=2.50 -ordering-limit USD=3 -estimate-strings -strict -journal 7"), io.Discard)
	if err != nil || !reflect.DeepEqual(got.options, sandbox.Options{
		Mode: sandbox.ModeProduction, APIKeys: []string{sandbox.ProductionKey}, Data: "f", EstimateStrings: true, Strict: true, Journal: 7,
		Balances: map[string]string{"USD": "1", "EUR": "2.50"}, OrderingLimit: map[string]string{"USD": "3"},
	}) {
		t.Errorf("got %+v (error %v), want what the flags say", got, err)
	}
}

// TestParseWebhooks demands that an address may have an equals sign without naming an
// event, and that the secret may come from the environment.
func TestParseWebhooks(t *testing.T) {
	t.Setenv("RUNA_SANDBOX_WEBHOOK_SECRET", "whsec_AAAA")
	got, err := parse(strings.Fields("-webhook http://127.0.0.1:1/?a=b -webhook product.update=http://127.0.0.1:2/?c=d"), io.Discard)
	if err != nil || got.options.WebhookSecret != "whsec_AAAA" || !reflect.DeepEqual(got.options.Webhooks, []sandbox.Webhook{
		{URL: "http://127.0.0.1:1/?a=b"}, {URL: "http://127.0.0.1:2/?c=d", Event: sandbox.EventProductUpdate},
	}) {
		t.Errorf("got %+v (error %v), want what the flags say", got.options, err)
	}
	if got, err = parse(strings.Fields("-webhook-secret whsec_BBBB"), io.Discard); err != nil || got.options.WebhookSecret != "whsec_BBBB" {
		t.Errorf("got %+v (error %v), want the secret whsec_BBBB", got.options, err)
	}
}

func TestListenAddresses(t *testing.T) {
	for address, fine := range map[string]bool{
		"127.0.0.1:0": true, "127.8.0.1:1": true, "[::1]:0": true, "localhost:8484": true,
		"0.0.0.0:8484": false, ":8484": false, "[::]:8484": false, "192.168.1.4:8484": false, "example.org:80": false, "127.0.0.1": false,
	} {
		if _, err := parse([]string{"-listen", address}, io.Discard); (err == nil) != fine {
			t.Errorf("%s: got error %v, want none: %t", address, err, fine)
		}
	}
}

func TestRefusals(t *testing.T) {
	for args, says := range map[string]string{
		"-mode nonsense -listen 127.0.0.1:0": "neither playground nor production", "-balance USD": "not like USD=250.00",
		"-mode production -api-key XXa -listen 127.0.0.1:0": "begin with wg", "-data / -listen 127.0.0.1:0": "data file /", "extra": "unexpected argument", "-api-key=": "empty",
		"-webhook http://example.org/ -listen 127.0.0.1:0": "this machine only", "-webhook order.done=http://127.0.0.1:1/?a=b -listen 127.0.0.1:0": "neither order.completion",
		"-webhook-secret zq -listen 127.0.0.1:0": "webhook secret", "-listen 0.0.0.0:80": "loopback", "-nonsense": "not defined", "-processing soon": "invalid",
	} {
		var stderr strings.Builder
		if code := program(strings.Fields(args), io.Discard, &stderr); code != 1 || !strings.Contains(stderr.String(), says) {
			t.Errorf("%s: got %d %s, want 1 with %q", args, code, stderr.String(), says)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	var out, help strings.Builder
	if err := run(t.Context(), []string{"-help"}, &out, &help); err != nil || out.Len() > 0 {
		t.Errorf("got error %v and output %s, want neither", err, out.String())
	}
	for _, part := range []string{
		"/_sandbox/faults", "drop_after", "-api-key", "-processing", sandbox.Key, "RUNA_BASE_URL", "in a browser",
		"-mode production", "-data FILE", sandbox.ProductionKey, sandbox.TemplateGBP, "/_sandbox/balances", "/_sandbox/limits", "/_sandbox/estimates",
		"-webhook [EVENT=]URL", sandbox.WebhookSecret, "RUNA_SANDBOX_WEBHOOK_SECRET", "/_sandbox/webhooks",
		"-api-key-file file", "RUNA_SANDBOX_API_KEY", "-journal", "-strict",
	} {
		if !strings.Contains(help.String(), part) {
			t.Errorf("-help has no %s, want it", part)
		}
	}
	if _, err := parse([]string{"-help"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
	if code := program([]string{"-version"}, &out, io.Discard); code != 0 || !strings.HasPrefix(out.String(), "runa-sandbox dev") {
		t.Errorf("got %d %q, want 0 and runa-sandbox dev", code, out.String())
	}
}

// TestVersionOf demands that a program that `go install …@v1.2.3` has built says so.
func TestVersionOf(t *testing.T) {
	commit := []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}}
	for want, info := range map[string]*debug.BuildInfo{
		"1.2.3":   {Main: debug.Module{Version: "v1.2.3"}},
		"dev abc": {Main: debug.Module{Version: "v0.0.0-20261126000000-abc"}, Settings: commit},
		"dev":     {Main: debug.Module{Version: "(devel)"}},
	} {
		if got := versionOf(info); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestRun starts the program on a free port, uses what it prints, and stops it while
// a call hangs.
func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, strings.Fields("-listen 127.0.0.1:0 -products 1"), write, io.Discard) }()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`^export RUNA_BASE_URL=(http://127\.0\.0\.1:\d+/v2) RUNA_API_KEY=(\S+)\n$`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("printed %q, want where it listens", line)
	}
	call := func(method, url, body string) (int, error) {
		request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
		if err != nil {
			return 0, err
		}
		request.Header.Set("X-Api-Key", found[2])
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return 0, err
		}
		return response.StatusCode, response.Body.Close()
	}
	if status, err := call("GET", found[1]+"/ping", ""); status != 200 {
		t.Fatalf("got %d (error %v), want 200", status, err)
	}
	faults := strings.TrimSuffix(found[1], "/v2") + "/_sandbox/faults"
	if status, err := call("POST", faults, `{"path":"/balance","action":"hang"}`); status != 201 {
		t.Fatalf("got %d (error %v), want 201", status, err)
	}
	hung := make(chan error, 1)
	go func() { _, err := call("GET", found[1]+"/balance", ""); hung <- err }()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := <-hung; err == nil {
		t.Error("a call that hangs: got an answer, want an error")
	}
	if _, err := call("GET", found[1]+"/ping", ""); err == nil {
		t.Error("after the end: got an answer, want that nothing listens")
	}
}

// TestGreeting demands the mode's own key and no other, on a first line that a shell and
// the demo can read.
func TestGreeting(t *testing.T) {
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8484}
	for args, want := range map[string]string{
		"": "export RUNA_BASE_URL=http://127.0.0.1:8484/v2 RUNA_API_KEY=" + sandbox.Key +
			"\n# playground, in memory; to be seen at http://127.0.0.1:8484/\n",
		"-api-key XXown.secret": "export RUNA_BASE_URL=http://127.0.0.1:8484/v2" +
			"\n# playground, in memory, with the API key that was given; to be seen at http://127.0.0.1:8484/\n",
		"-mode production -data f.db": "export RUNA_BASE_URL=http://127.0.0.1:8484/v2 RUNA_API_KEY=" + sandbox.ProductionKey +
			"\n# production, kept in f.db; to be seen at http://127.0.0.1:8484/\n",
		"-webhook http://localhost:1/zq": "export RUNA_BASE_URL=http://127.0.0.1:8484/v2 RUNA_API_KEY=" + sandbox.Key +
			"\n# playground, in memory; to be seen at http://127.0.0.1:8484/\n# events are signed with the secret " + sandbox.WebhookSecret + "\n",
		"-webhook http://localhost:1/zq -webhook-secret whsec_AAAA": "export RUNA_BASE_URL=http://127.0.0.1:8484/v2 RUNA_API_KEY=" + sandbox.Key +
			"\n# playground, in memory; to be seen at http://127.0.0.1:8484/\n# events are signed with the secret that was given\n",
	} {
		s, err := parse(strings.Fields(args), io.Discard)
		if got := greeting(address, s.options); err != nil || got != want {
			t.Errorf("%s: got %q (error %v), want %q", args, got, err, want)
		}
	}
}

// TestServeFails demands that a listener that is gone is an error, and frees the file.
func TestServeFails(t *testing.T) {
	options := sandbox.Options{Products: 1, Data: filepath.Join(t.TempDir(), "runa.db")}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		box, err := sandbox.Open(options)
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
		if err := serve(t.Context(), listener, box); err == nil {
			t.Error("got no error, want one: nobody can be served")
		}
	}
}

// TestServerIsBounded demands that nobody can hold a connection forever, or memory by
// long headers.
func TestServerIsBounded(t *testing.T) {
	box := sandbox.New(sandbox.Options{Products: 1})
	defer box.Close()
	server := newServer(box)
	if server.ReadHeaderTimeout <= 0 || server.IdleTimeout <= 0 {
		t.Errorf("got timeouts %s for headers and %s for idle connections, want both", server.ReadHeaderTimeout, server.IdleTimeout)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	for length, status := range map[int]int{30_000: 200, 50_000: http.StatusRequestHeaderFieldsTooLarge} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+listener.Addr().String()+"/v2/ping", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Api-Key", sandbox.Key)
		request.Header.Set("X-Idempotency-Key", strings.Repeat("k", length))
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if _ = response.Body.Close(); response.StatusCode != status {
			t.Errorf("%d bytes: got %d, want %d", length, response.StatusCode, status)
		}
	}
}

func TestPortTaken(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	go func() { _ = run(ctx, strings.Fields("-listen 127.0.0.1:0 -products 1"), write, io.Discard) }()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(line)
	if err := run(t.Context(), []string{"-listen", address}, io.Discard, io.Discard); err == nil {
		t.Error("two on one port: got no error, want one")
	}
}
