package sandbox_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestAdminLedgerAndJournal(t *testing.T) {
	r := start(t, sandbox.Options{})
	ordered := r.order("key 1", springSurvey, "User-Agent", "curl/8.5.0 tester", "X-Api-Version", "2024-02-05")
	id := idOf(t, r.must(ordered, 202))
	r.box.Advance(time.Minute)
	r.must(r.order("key 2", one("EUR", "20", "TEA-GB"), "X-Execution-Mode", "sync"), 200)
	r.must(r.get("/v2/product?limit=1", "User-Agent", "tester/1"), 200)

	ledger := decode[[]map[string]any](t, r.must(r.get("/_sandbox/orders", "X-Api-Key", ""), 200))
	if len(ledger) != 2 {
		t.Fatalf("the ledger has %d entries, want 2: %v", len(ledger), ledger)
	}
	first := ledger[0]
	sameJSON(t, string(mustMarshal(t, first["order"])), r.get("/v2/order/"+id).body)
	delete(first, "order")
	if !reflect.DeepEqual(first, map[string]any{
		"id": id, "idempotency_key": "key 1", "status": "COMPLETED", "currency": "USD", "mode": "async",
		"created_at": "2026-07-12T10:00:00.12Z", "body": springSurvey,
	}) {
		t.Errorf("ledger entry = %v, want that of key 1 with the body as it was sent", first)
	}
	if second := r.box.Ledger()[1]; second.Mode != "sync" || second.Currency != "EUR" || second.CreatedAt != noon.Add(time.Minute) {
		t.Errorf("second ledger entry = %+v, want a sync order in EUR, a minute later", second)
	}

	text := r.must(r.get("/_sandbox/requests", "X-Api-Key", ""), 200)
	sum := sha256.Sum256([]byte(springSurvey))
	journal := decode[[]map[string]any](t, text)
	if got := journal[0]["request_id"]; got != ordered.header.Get("X-Amzn-Requestid") || got == "" {
		t.Errorf("request id in the journal = %v, want that of the answer, %v", got, ordered.header.Get("X-Amzn-Requestid"))
	}
	delete(journal[0], "request_id")
	if !reflect.DeepEqual(journal[0], map[string]any{
		"number": 1.0, "time": "2026-07-12T10:00:00.12Z", "method": "POST", "path": "/order", "query": "", "idempotency_key": "key 1", "mode": "",
		"status": 202.0, "fault": "", "replayed": false, "user_agent": "curl/8.5.0 …", "api_version": "2024-02-05",
		"body_sha256": hex.EncodeToString(sum[:]),
	}) {
		t.Errorf("journal entry = %v, want that of the order with key 1", journal[0])
	}
	if e := journal[2]; e["path"] != "/product" || e["query"] != "limit=1" || e["body_sha256"] != "" || e["api_version"] != "" {
		t.Errorf("journal entry = %v, want path /product and query limit=1, without body and version", e)
	}
	for _, secret := range []string{"ana@example.test", "spend.playground", sandbox.Key} {
		if strings.Contains(text, secret) {
			t.Errorf("the journal shows %s, want it hidden", secret)
		}
	}
	if len(journal) != 4 { // the ledger's own call is not there, this test's GET is
		t.Errorf("the journal has %d entries, want 4", len(journal))
	}
}

func TestAdminFaults(t *testing.T) {
	r := start(t, sandbox.Options{})
	fault := `{"method":"GET","path":"/ping","times":1,"action":"status","status":503,"delay":"1ms"}`
	sameJSON(t, r.must(r.call("POST", "/_sandbox/faults", fault, "X-Api-Key", ""), 201), fault)
	sameJSON(t, r.must(r.get("/_sandbox/faults"), 200), "["+fault+"]")
	r.must(r.get("/v2/ping"), 503)
	r.must(r.get("/v2/ping"), 200)
	r.must(r.call("POST", "/_sandbox/faults", `{"action":"drop_before"}`), 201)
	r.must(r.call("DELETE", "/_sandbox/faults", ""), 204)
	sameJSON(t, r.must(r.get("/_sandbox/faults"), 200), `[]`)
	r.must(r.get("/v2/ping"), 200)
	for body, says := range map[string]string{
		`{"action":"explode"}`: "explode", `{"action":"hang","tmies":1}`: "tmies", `{`: "EOF", `{"action":"hang"} {}`: "something after",
	} {
		if got := r.call("POST", "/_sandbox/faults", body); got.status != 400 || !strings.Contains(got.body, says) {
			t.Errorf("%s: got %d %s, want 400 with %q", body, got.status, got.body, says)
		}
	}
}

func TestAdminPatches(t *testing.T) {
	r := start(t, sandbox.Options{})
	id := idOf(t, r.must(r.order("k", tenDollars), 202))
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"status":"FAILED","items":[{"payout":{"status":"CANCELLED"}}]}`), 204)
	if got := r.get("/v2/order/" + id).body; !strings.Contains(got, `"FAILED"`) || !strings.Contains(got, `"CANCELLED"`) {
		t.Errorf("got %s, want status FAILED and a CANCELLED link", got)
	}
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"status":"DONE"}`), 400)
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"state":"FAILED"}`), 400)
	r.must(r.call("PATCH", "/_sandbox/orders/O-1", `{"status":"FAILED"}`), 404)
	r.must(r.call("PATCH", "/_sandbox/products/ACME-US", `{"withdrawn":true}`), 204)
	r.must(r.get("/v2/product/ACME-US"), 404)
	r.must(r.call("PATCH", "/_sandbox/products/ACME-US", `{"state":"DEAD"}`), 400)
	r.must(r.call("PATCH", "/_sandbox/products/ACME-US", `{"status":"LIVE"}`), 400)
	r.must(r.call("PATCH", "/_sandbox/products/NONE-US", `{"withdrawn":true}`), 404)
}

func TestAdminClockAndReset(t *testing.T) {
	r := start(t, sandbox.Options{})
	sameJSON(t, r.must(r.get("/_sandbox/clock"), 200), `{"now":"2026-07-12T10:00:00.120000+00:00"}`)
	sameJSON(t, r.must(r.call("POST", "/_sandbox/clock", `{"advance":"720h"}`), 200), `{"now":"2026-08-11T10:00:00.120000+00:00"}`)
	if got := r.box.Now(); !got.Equal(noon.Add(720 * time.Hour)) {
		t.Errorf("got time %s, want %s", got, noon.Add(720*time.Hour))
	}
	for _, bad := range []string{`{"advance":"a month"}`, `{"advance":"-1h"}`, `{}`, `{"back":"1h"}`} {
		r.must(r.call("POST", "/_sandbox/clock", bad), 400)
	}
	for range 2 { // longer than a time.Duration together
		r.must(r.call("POST", "/_sandbox/clock", `{"advance":"2562047h"}`), 400)
	}
	ping := r.get("/v2/ping")
	if got, want := ping.header.Get("Date"), noon.Add(720*time.Hour).Format(http.TimeFormat); got != want {
		t.Errorf("got Date %s, want that of the clock, %s", got, want)
	}
	r.must(r.order("k", tenDollars), 202)
	r.fault(sandbox.Fault{Path: "/ping", Action: sandbox.ActionDropBefore})
	r.must(r.call("POST", "/_sandbox/reset", ""), 204)
	r.orders(0)
	r.must(r.get("/v2/ping"), 200)
	if got := r.box.Now(); !got.Equal(noon) {
		t.Errorf("after a reset: got time %s, want %s", got, noon)
	}
	r.must(r.order("k", springSurvey), 202) // the key is new
}

func TestAdminHelp(t *testing.T) {
	r := start(t, sandbox.Options{})
	for _, path := range []string{"/_sandbox/", "/_sandbox", "/_sandbox/nonsense"} {
		if got := r.must(r.get(path), 404); !strings.Contains(got, "/_sandbox/faults") {
			t.Errorf("%s: got %s, want help that names /_sandbox/faults", path, got)
		}
	}
	r.must(r.call("DELETE", "/_sandbox/orders", ""), 404)
}

// TestBrokenRequest demands that half a request places nothing and says nothing.
func TestBrokenRequest(t *testing.T) {
	r := start(t, sandbox.Options{})
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	head := "POST /v2/order HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: " + sandbox.Key + "\r\nX-Idempotency-Key: k\r\n" +
		"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
	if _, err := conn.Write([]byte(head + tenDollars)); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
		t.Errorf("got the answer %s, want none", line)
	}
	_ = conn.Close()
	if e := r.box.Journal()[0]; e.Status != 0 || e.Path != "/order" {
		t.Errorf("journal entry = %+v, want /order with status 0", e)
	}
	r.orders(0)
}

// TestZeroOptions demands that the zero value is a good playground on the real clock.
func TestZeroOptions(t *testing.T) {
	box := sandbox.New(sandbox.Options{})
	if ahead := time.Until(box.Now()); ahead > time.Second || ahead < -time.Minute {
		t.Errorf("the clock is ahead by %s, want it to be the machine's", ahead)
	}
	box.Advance(time.Hour)
	if ahead := time.Until(box.Now()); ahead < 59*time.Minute {
		t.Errorf("the clock is ahead by %s, want an hour", ahead)
	}
	if len(box.Ledger()) != 0 || len(box.Journal()) != 0 {
		t.Errorf("got %d orders and %d calls, want none", len(box.Ledger()), len(box.Journal()))
	}
}
