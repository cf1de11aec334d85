package sandbox_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestGateway(t *testing.T) {
	r := start(t, sandbox.Options{})
	tests := map[string]struct {
		method, path string
		headers      []string
		status       int
		kind         string
		version      string // X-Api-Version of the answer
	}{
		"no key":              {"GET", "/v2/ping", []string{"X-Api-Key", ""}, 401, "unauthorized", ""},
		"wrong key":           {"GET", "/v2/ping", []string{"X-Api-Key", "XXother"}, 403, "forbidden", ""},
		"no version":          {"GET", "/v2/ping", nil, 200, "", "2024-02-05"},
		"version":             {"GET", "/v2/ping", []string{"X-Api-Version", "2024-02-05"}, 200, "", "2024-02-05"},
		"next version":        {"GET", "/v2/ping", []string{"X-Api-Version", "2026-09-08"}, 200, "", "2026-09-08"},
		"unknown version":     {"GET", "/v2/ping", []string{"X-Api-Version", "2020-01-01"}, 400, "invalid_version", ""},
		"removed version":     {"GET", "/v2/ping", []string{"X-Api-Version", "2023-01-16"}, 410, "version_removed", ""},
		"removed version too": {"GET", "/v2/ping", []string{"X-Api-Version", "2023-07-27"}, 410, "version_removed", ""},
		"unknown path":        {"GET", "/v2/orders", nil, 403, "forbidden", ""},
		"path without v2":     {"GET", "/ping", nil, 403, "forbidden", ""},
		"path below":          {"GET", "/v2/ping/pong", nil, 403, "forbidden", ""},
		"slash after balance": {"GET", "/v2/balance/", nil, 200, "", "2024-02-05"},
		"slash after ping":    {"GET", "/v2/ping/", nil, 403, "forbidden", ""},
		"nothing after order": {"GET", "/v2/order/", nil, 403, "forbidden", ""},
		"wrong method":        {"DELETE", "/v2/order", nil, 403, "forbidden", ""},
		"no key, no path":     {"GET", "/v2/orders", []string{"X-Api-Key", ""}, 401, "unauthorized", ""},
		"estimate":            {"POST", "/v2/order/estimate", nil, 404, "not_found", "2024-02-05"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := r.call(test.method, test.path, "", test.headers...)
			if got.status != test.status || errorOf(got.body) != test.kind {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, test.status, test.kind)
			}
			if v := got.header.Get("X-Api-Version"); v != test.version {
				t.Errorf("X-Api-Version %q, want %q", v, test.version)
			}
			if ct := got.header.Get("Content-Type"); ct != "application/json" {
				t.Errorf("Content-Type = %q, want application/json", ct)
			}
		})
	}
	r.orders(0)
}

// TestRequestIDs demands an id on every answer, never the same, by which the journal and
// the page find the call; a proxy's own page has none.
func TestRequestIDs(t *testing.T) {
	r := start(t, sandbox.Options{})
	answers := []result{
		r.get("/v2/ping"), r.get("/v2/ping", "X-Api-Key", ""), r.get("/v2/ping", "X-Api-Key", "XXother"), r.get("/v2/nothing"), r.order("k", "{"), r.order("k", "{"),
		r.order("k 2", tenDollars), r.order("k 2", tenDollars),
	}
	for _, f := range []sandbox.Fault{{Action: sandbox.ActionStatus, Status: 502, Times: 1}, {Action: sandbox.ActionInterim102, Times: 1}, {Action: sandbox.ActionTruncate, Times: 1}} {
		r.fault(f)
		answers = append(answers, r.get("/v2/balance"))
	}
	seen := map[string]bool{}
	for i, e := range r.box.Journal() {
		id := answers[i].header.Get("X-Amzn-Requestid")
		if id == "" || id != e.RequestID || seen[id] {
			t.Errorf("%s %d: request id %q, want a new one, as in the journal: %q", e.Path, e.Status, id, e.RequestID)
		}
		seen[id] = true
		if page := r.must(r.get("/?show=requests&q="+id), 200); strings.Count(page, `data-label="Call"`) != 1 {
			t.Errorf("the page finds %d calls with %s, want 1", strings.Count(page, `data-label="Call"`), id)
		}
	}
	r.fault(sandbox.Fault{Action: sandbox.ActionGarbage, Times: 1})
	if id := r.get("/v2/ping").header.Get("X-Amzn-Requestid"); id != "" {
		t.Errorf("a proxy's page has the request id %s, want none", id)
	}
}

// TestBalanceWithSlash demands that faults and the journal know the path of Runa's guide by
// the name of its reference.
func TestBalanceWithSlash(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Path: "/balance", Action: sandbox.ActionStatus, Status: 503, Times: 1})
	r.must(r.get("/v2/balance/?currency=GBP"), 503)
	if e := r.box.Journal()[0]; e.Path != "/balance" || e.Query != "currency=GBP" {
		t.Errorf("journal entry = %+v, want path /balance and query currency=GBP", e)
	}
}

func TestGatewayErrorShape(t *testing.T) {
	r := start(t, sandbox.Options{})
	body := decode[map[string]any](t, r.get("/v2/ping", "X-Api-Key", "").body)
	for _, member := range []string{"type", "message", "help"} {
		if text, ok := body[member].(string); !ok || text == "" {
			t.Errorf("%s = %v, want a text", member, body[member])
		}
	}
	if len(body) != 3 {
		t.Errorf("got members %v, want three", body)
	}
}

func TestOptionsKeysAndVersions(t *testing.T) {
	r := start(t, sandbox.Options{APIKeys: []string{"XXa", "XXb"}, Versions: []string{"2030-01-01", "2023-01-16"}})
	r.must(r.get("/v2/ping"), 403)
	r.must(r.get("/v2/ping", "X-Api-Key", "XXa"), 200)
	got := r.get("/v2/ping", "X-Api-Key", "XXb")
	r.must(got, 200)
	if v := got.header.Get("X-Api-Version"); v != "2030-01-01" {
		t.Errorf("X-Api-Version = %q, want the account's own, 2030-01-01", v)
	}
	r.must(r.get("/v2/ping", "X-Api-Key", "XXb", "X-Api-Version", "2023-01-16"), 200)
	r.must(r.get("/v2/ping", "X-Api-Key", "XXb", "X-Api-Version", "2024-02-05"), 400)
}

func TestGzip(t *testing.T) {
	r := start(t, sandbox.Options{})
	for header, want := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "br": false, "identity": false, "": false,
	} {
		got := r.get("/v2/ping", "Accept-Encoding", header)
		r.must(got, 200)
		body := got.body
		if (got.header.Get("Content-Encoding") == "gzip") != want {
			t.Errorf("%q: Content-Encoding = %q, want gzip: %t", header, got.header.Get("Content-Encoding"), want)
		}
		if want {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			body = string(plain)
		}
		if body != `{"message":"pong"}` {
			t.Errorf("%q: got %s, want the body of a ping", header, body)
		}
	}
}

func TestTooLong(t *testing.T) {
	r := start(t, sandbox.Options{})
	got := r.order("k", strings.Repeat(" ", 10<<20+1))
	if got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d %s, want 413", got.status, got.body)
	}
	r.orders(0)
}

func TestBalance(t *testing.T) {
	r := start(t, sandbox.Options{})
	sameJSON(t, r.must(r.get("/v2/balance"), 200),
		`[{"balance":"10000.00","currency":"EUR"},{"balance":"10000.00","currency":"GBP"},{"balance":"1000000","currency":"JPY"},{"balance":"25000.00","currency":"USD"}]`)
	for query, want := range map[string]string{
		"USD": `{"balance":"25000.00","currency":"USD"}`,
		"CAD": `{"balance":"0.00","currency":"CAD"}`,
		"JPY": `{"balance":"1000000","currency":"JPY"}`,
	} {
		for _, path := range []string{"/v2/balance?currency=", "/v2/balance/?currency="} {
			if got := r.must(r.get(path+query), 200); got != want {
				t.Errorf("%s%s: got %s, want %s", path, query, got, want)
			}
		}
	}
	for _, query := range []string{"usd", "XXX", "AED", "KRW", ""} {
		if got := r.get("/v2/balance?currency=" + query); got.status != 400 || errorOf(got.body) != "bad_request" {
			t.Errorf("%q: got %d %s, want 400 bad_request", query, got.status, got.body)
		}
	}
}
