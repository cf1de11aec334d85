package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestCuts covers the actions that end a call without a whole answer.
func TestCuts(t *testing.T) {
	tests := map[string]struct {
		fault  sandbox.Fault
		placed int
	}{
		"drop_before": {sandbox.Fault{Action: sandbox.ActionDropBefore}, 0},
		"drop_after":  {sandbox.Fault{Action: sandbox.ActionDropAfter}, 1},
		"truncate":    {sandbox.Fault{Action: sandbox.ActionTruncate}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := start(t, sandbox.Options{})
			test.fault.Method, test.fault.Path, test.fault.Times = "POST", "/order", 1
			r.fault(test.fault)
			got := r.order("k", tenDollars)
			if reset := errors.Is(got.err, syscall.ECONNRESET); got.err == nil || reset != (got.status == 0) {
				t.Errorf("got %d %s, error %v; want a reset connection or a body that is cut off", got.status, got.body, got.err)
			}
			r.orders(test.placed)
			entry := r.box.Journal()[0]
			if entry.Fault != name || entry.Status != got.status {
				t.Errorf("journal entry = %+v, want fault %s and the status that the caller got, %d", entry, name, got.status)
			}
			r.must(r.order("k", tenDollars), 202)
			r.orders(1)
		})
	}
}

func TestTruncateIsHalf(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Action: sandbox.ActionTruncate})
	got := r.get("/v2/ping")
	if got.err == nil || got.status != 200 || got.body != `{"message` || got.header.Get("Content-Length") != "18" {
		t.Errorf("got %d %q, error %v; want 200, half of the body and an error", got.status, got.body, got.err)
	}
}

func TestStatusFaults(t *testing.T) {
	tests := map[string]struct {
		status  int
		kind    string
		version bool
	}{
		"400": {400, "bad_request", true}, "401": {401, "unauthorized", false}, "403": {403, "forbidden", false},
		"404": {404, "not_found", true}, "409": {409, "idempotency_in_progress", true}, "410": {410, "version_removed", false},
		"422": {422, "validation_error", true}, "500": {500, "internal_server_error", true},
		"502": {502, "internal_server_error", false}, "503": {503, "internal_server_error", false}, "504": {504, "timeout", false},
	}
	r := start(t, sandbox.Options{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: test.status, Times: 1})
			got := r.order(name, tenDollars)
			if got.status != test.status || errorOf(got.body) != test.kind {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, test.status, test.kind)
			}
			if v := got.header.Get("X-Api-Version"); (v == "2024-02-05") != test.version {
				t.Errorf("X-Api-Version = %q, want the version: %t", v, test.version)
			}
		})
	}
	r.orders(0)
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 429, Times: 1})
	if got := r.must(r.get("/v2/ping"), 429); got != `{"error":"rate exceeded"}` {
		t.Errorf("got %s, want the body of Runa's 429", got)
	}
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 302, Times: 1, Headers: map[string]string{"location": "/v2/ping"}})
	r.must(r.get("/v2/order"), 200) // followed to /v2/ping
	if journal := r.box.Journal(); journal[len(journal)-1].Path != "/ping" || journal[len(journal)-2].Status != 302 {
		t.Errorf("journal = %+v, want a 302, then /ping", journal)
	}
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 503, Times: 1, Body: "down", Headers: map[string]string{"x-api-version": "9", "Content-Type": "text/plain"}})
	got := r.get("/v2/ping")
	if r.must(got, 503) != "down" || got.header.Get("X-Api-Version") != "9" || got.header.Get("Content-Type") != "text/plain" {
		t.Errorf("got %v %s, want version 9, text/plain and the body down", got.header, got.body)
	}
}

// TestPlaceAndStore covers what a false answer leaves behind: an order or none, and
// the true answer, the false one or nothing under the key.
func TestPlaceAndStore(t *testing.T) {
	const down = 503
	tests := map[string]struct {
		fault         sandbox.Fault
		placed, after int // orders after the faulty call, and after its repeat
		repeat        int // the repeat's status
	}{
		"nothing":         {sandbox.Fault{Action: sandbox.ActionStatus, Status: down}, 0, 1, 202},
		"place":           {sandbox.Fault{Action: sandbox.ActionStatus, Status: down, Place: true}, 1, 1, 202},
		"store":           {sandbox.Fault{Action: sandbox.ActionStatus, Status: down, Store: true}, 0, 0, down},
		"place and store": {sandbox.Fault{Action: sandbox.ActionStatus, Status: down, Place: true, Store: true}, 1, 1, down},
		"garbage":         {sandbox.Fault{Action: sandbox.ActionGarbage, Status: down}, 1, 1, 202},
		"stored garbage":  {sandbox.Fault{Action: sandbox.ActionGarbage, Status: down, Store: true}, 1, 1, down},
		"interim":         {sandbox.Fault{Action: sandbox.ActionInterim102, Status: down}, 0, 1, 202},
		"interim, placed": {sandbox.Fault{Action: sandbox.ActionInterim102, Status: down, Place: true}, 1, 1, 202},
		"interim, stored": {sandbox.Fault{Action: sandbox.ActionInterim102, Status: down, Store: true}, 0, 0, down},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := start(t, sandbox.Options{})
			test.fault.Times = 1
			r.fault(test.fault)
			first := r.order("k", tenDollars)
			r.must(first, down)
			r.orders(test.placed)
			again := r.order("k", tenDollars)
			r.must(again, test.repeat)
			if test.repeat == down && (again.body != first.body || again.header.Get("X-Api-Version") != first.header.Get("X-Api-Version")) {
				t.Errorf("replayed as %s %v, want %s %v", again.body, again.header, first.body, first.header)
			}
			r.orders(test.after)
		})
	}
}

func TestStoreKeepsTheFirstAnswer(t *testing.T) {
	r := start(t, sandbox.Options{})
	first := r.must(r.order("k", tenDollars), 202)
	for _, place := range []bool{true, false} {
		r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Place: place, Times: 1})
		r.must(r.order("k", tenDollars), 500)
		if again := r.must(r.order("k", tenDollars), 202); again != first {
			t.Errorf("place %t: got %s, want %s", place, again, first)
		}
	}
	// Without a key there is nothing to store under.
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Times: 1})
	r.must(r.order("", tenDollars), 500)
	r.must(r.order("", tenDollars), 422)
	// What the gateway refuses is not done, so nothing of it is stored.
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Place: true, Times: 1})
	r.must(r.order("refused", tenDollars, "X-Api-Key", "XXother"), 500)
	r.must(r.order("refused", tenDollars), 202)
	// Only orders have keys.
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Times: 1})
	r.must(r.get("/v2/ping", "X-Idempotency-Key", "ping"), 500)
	r.must(r.order("ping", tenDollars), 202)
}

func TestGarbage(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Action: sandbox.ActionGarbage, Times: 1})
	got := r.order("k", tenDollars)
	if body := r.must(got, 200); !strings.HasPrefix(body, "<!DOCTYPE html>") || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Errorf("got %v %s, want a page of HTML", got.header, body)
	}
	if got.header.Get("X-Api-Version") != "" {
		t.Errorf("got X-Api-Version %q in a proxy's page, want none", got.header.Get("X-Api-Version"))
	}
	r.orders(1)
	r.fault(sandbox.Fault{Action: sandbox.ActionGarbage, Body: `{"id":`, Times: 1})
	if got := r.must(r.get("/v2/ping"), 200); got != `{"id":` {
		t.Errorf("got %s, want %s", got, `{"id":`)
	}
}

func TestInterim102(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Action: sandbox.ActionInterim102, Times: 1})
	var interim atomic.Int32
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, _ textproto.MIMEHeader) error { interim.Store(int32(code)); return nil },
	})
	r.must(r.callWithin(ctx, "POST", "/v2/order", tenDollars, "X-Idempotency-Key", "k"), 202)
	if got := interim.Load(); got != 102 {
		t.Errorf("interim answer = %d, want 102", got)
	}
	r.orders(1)
	interim.Store(0)
	r.must(r.callWithin(ctx, "GET", "/v2/ping", ""), 200)
	if got := interim.Load(); got != 0 {
		t.Errorf("interim answer = %d without a fault, want none", got)
	}
}

// heldRig is a rig that can tell when the sandbox has looked at the clock so many
// times: an order does when it is received, when it is counted and when its key is
// claimed, the last two and everything after them under the lock.
func heldRig(t *testing.T, options sandbox.Options) (*rig, func(looks int64)) {
	var looks atomic.Int64
	options.Now = func() time.Time { looks.Add(1); return noon }
	r := start(t, options)
	return r, func(n int64) {
		t.Helper()
		eventually(t, "the key is claimed", func() bool { return looks.Load() >= n })
	}
}

func TestDelayHoldsTheKey(t *testing.T) {
	r, claimed := heldRig(t, sandbox.Options{})
	r.fault(sandbox.Fault{Path: "/order", Times: 1, Action: sandbox.ActionDelay, Delay: time.Hour})
	first := make(chan result)
	go func() { first <- r.order("k", tenDollars) }()
	claimed(3)
	if got := r.order("k", tenDollars); got.status != 400 || errorOf(got.body) != "idempotency_in_progress" {
		t.Errorf("meanwhile: got %d %s, want 400 idempotency_in_progress", got.status, got.body)
	}
	if got := r.order("k", springSurvey); errorOf(got.body) != "idempotency_validation_error" {
		t.Errorf("meanwhile, another body: got %d %s, want idempotency_validation_error", got.status, got.body)
	}
	r.orders(0)
	r.must(r.get("/v2/ping"), 200) // nothing is locked
	r.box.ClearFaults()
	got := <-first
	r.must(got, 202)
	if again := r.order("k", tenDollars); again.body != got.body {
		t.Errorf("replayed as %s, want %s", again.body, got.body)
	}
	r.orders(1)
}

func TestDelayOutlivesTheCaller(t *testing.T) {
	r, claimed := heldRig(t, sandbox.Options{})
	r.fault(sandbox.Fault{Times: 1, Action: sandbox.ActionDelay, Delay: time.Hour})
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan result)
	go func() { gone <- r.callWithin(ctx, "POST", "/v2/order", tenDollars, "X-Idempotency-Key", "k") }()
	claimed(3)
	leave()
	if got := <-gone; got.err == nil {
		t.Errorf("got %d %s, want an error", got.status, got.body)
	}
	for range 50 { // long enough for the server to see that the caller has left
		if got := r.order("k", tenDollars); errorOf(got.body) != "idempotency_in_progress" {
			t.Fatalf("without its caller: got %d %s, want idempotency_in_progress", got.status, got.body)
		}
	}
	r.orders(0)
	r.box.ClearFaults()
	eventually(t, "the order is placed", func() bool { return len(r.box.Ledger()) == 1 })
}

func TestDelayIsReal(t *testing.T) {
	r := start(t, sandbox.Options{Latency: 20 * time.Millisecond})
	begun := time.Now()
	r.must(r.get("/v2/ping"), 200)
	r.must(r.get("/v2/ping", "X-Api-Key", ""), 401)
	r.must(r.order("k", tenDollars), 202)
	if took := time.Since(begun); took < 60*time.Millisecond {
		t.Errorf("three answers of 20ms took %s, want at least 60ms", took)
	}
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Delay: 30 * time.Millisecond})
	begun = time.Now()
	r.must(r.get("/v2/ping"), 500)
	if took := time.Since(begun); took < 50*time.Millisecond {
		t.Errorf("20ms and 30ms took %s, want at least 50ms", took)
	}
}

func TestResetEndsWhatIsDelayed(t *testing.T) {
	for _, action := range []sandbox.Action{sandbox.ActionDelay, sandbox.ActionTruncate, sandbox.ActionDropAfter} {
		r, claimed := heldRig(t, sandbox.Options{})
		r.fault(sandbox.Fault{Times: 1, Action: action, Delay: time.Hour})
		done := make(chan result)
		go func() { done <- r.order("k", tenDollars) }()
		claimed(3)
		r.box.Reset()
		if got := <-done; got.err == nil {
			t.Errorf("%s: got %d %s, want an error", action, got.status, got.body)
		}
		r.orders(0)
		if len(r.box.Journal()) != 0 {
			t.Errorf("%s: the journal has %d calls, want none", action, len(r.box.Journal()))
		}
		r.must(r.order("k", tenDollars), 202)
	}
}

func TestHang(t *testing.T) {
	for place, placed := range map[bool]int{false: 0, true: 1} {
		r := start(t, sandbox.Options{})
		r.fault(sandbox.Fault{Path: "/order", Action: sandbox.ActionHang, Place: place})
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan result, 2)
		go func() { done <- r.callWithin(ctx, "POST", "/v2/order", tenDollars, "X-Idempotency-Key", "k") }()
		eventually(t, "the call arrives", func() bool { return len(r.box.Journal()) == 1 && len(r.box.Ledger()) == placed })
		select {
		case got := <-done:
			t.Errorf("got %d %s, error %v; want no answer yet", got.status, got.body, got.err)
		default:
		}
		leave()
		if got := <-done; got.err == nil {
			t.Errorf("got %d %s, want an error", got.status, got.body)
		}
		go func() { done <- r.order("k2", tenDollars) }()
		eventually(t, "the second call arrives", func() bool { return len(r.box.Journal()) == 2 })
		r.box.ClearFaults()
		if got := <-done; got.err == nil {
			t.Errorf("got %d %s, want an error", got.status, got.body)
		}
		if got := r.box.Journal()[1]; got.Status != 0 || got.Fault != "hang" {
			t.Errorf("journal entry = %+v, want fault hang without a status", got)
		}
	}
}

func TestCloseLetsGoForGood(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Action: sandbox.ActionHang})
	r.box.Close()
	if got := r.get("/v2/ping"); got.err == nil {
		t.Errorf("got %d %s, want an error", got.status, got.body)
	}
	r.box.Close() // twice is fine
}

func TestFaultMatching(t *testing.T) {
	r := start(t, sandbox.Options{})
	hit := func(method, path string) bool {
		return r.call(method, path, "").status == 418
	}
	for name, test := range map[string]struct {
		fault    sandbox.Fault
		hit, not []string
	}{
		"any":    {sandbox.Fault{}, []string{"GET /v2/ping", "POST /v2/order", "GET /elsewhere"}, nil},
		"method": {sandbox.Fault{Method: "POST"}, []string{"POST /v2/order"}, []string{"GET /v2/order"}},
		"path":   {sandbox.Fault{Path: "/order"}, []string{"GET /v2/order", "POST /v2/order"}, []string{"GET /v2/order/O-1", "GET /v2/ping"}},
		"glob":   {sandbox.Fault{Path: "/product/*"}, []string{"GET /v2/product/ACME-US", "GET /v2/product/countries"}, []string{"GET /v2/product", "GET /v2/order/x"}},
	} {
		r.box.ClearFaults()
		test.fault.Action, test.fault.Status = sandbox.ActionStatus, 418
		r.fault(test.fault)
		for want, calls := range map[bool][]string{true: test.hit, false: test.not} {
			for _, call := range calls {
				if method, path, _ := strings.Cut(call, " "); hit(method, path) != want {
					t.Errorf("%s: %s hit is not %t", name, call, want)
				}
			}
		}
	}
}

func TestSkipAndTimes(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Path: "/ping", Skip: 1, Times: 2, Action: sandbox.ActionStatus, Status: 500})
	r.fault(sandbox.Fault{Path: "/ping", Skip: 2, Action: sandbox.ActionStatus, Status: 502})
	var got []int
	r.must(r.get("/v2/balance"), 200) // not counted
	for range 6 {
		got = append(got, r.get("/v2/ping").status)
	}
	// The second fault lets pass the first call and, of those the first one has done
	// with, one more.
	want := []int{200, 500, 500, 200, 502, 502}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestInvalidFaults(t *testing.T) {
	r := start(t, sandbox.Options{})
	for says, f := range map[string]sandbox.Fault{
		"is none of drop_before":          {Action: "explode"},
		"needs a status":                  {Action: sandbox.ActionStatus},
		"needs a delay":                   {Action: sandbox.ActionDelay},
		"is not a glob":                   {Action: sandbox.ActionHang, Path: "/["},
		"does not start with a slash":     {Action: sandbox.ActionHang, Path: "order"},
		"skip is negative":                {Action: sandbox.ActionHang, Skip: -1},
		"times is negative":               {Action: sandbox.ActionHang, Times: -1},
		"delay is negative":               {Action: sandbox.ActionHang, Delay: -1},
		"not between 200 and 599":         {Action: sandbox.ActionStatus, Status: 102},
		"cannot place anything":           {Action: sandbox.ActionDropBefore, Place: true},
		"takes no status":                 {Action: sandbox.ActionTruncate, Status: 200},
		"no answer of its own to store":   {Action: sandbox.ActionDropAfter, Store: true},
		"interim_102 needs a status":      {Action: sandbox.ActionInterim102, Store: true},
		"is none of drop_before, drop_af": {},
	} {
		if err := r.box.AddFault(f); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %s", f, err, says)
		}
	}
	r.must(r.get("/v2/ping"), 200) // none of them is in force
}

func TestFaultJSON(t *testing.T) {
	f := sandbox.Fault{
		Method: "POST", Path: "/order", Skip: 1, Times: 2, Action: sandbox.ActionStatus, Status: 503, Body: "x",
		Delay: 1500 * time.Millisecond, Store: true, Place: true, Headers: map[string]string{"A": "b"},
	}
	text := string(mustMarshal(t, f))
	sameJSON(t, text, `{"method":"POST","path":"/order","skip":1,"times":2,"action":"status","status":503,"body":"x","delay":"1.5s","store":true,"place":true,"headers":{"A":"b"}}`)
	if again := string(mustMarshal(t, decode[sandbox.Fault](t, text))); again != text {
		t.Errorf("got %s, want %s", again, text)
	}
	for _, bad := range []string{`{"action":"hang","delay":2}`, `{"action":"hang","delay":"soon"}`, `{"action":"hang","time":1}`} {
		if err := json.Unmarshal([]byte(bad), new(sandbox.Fault)); err == nil {
			t.Errorf("%s: got no error, want one", bad)
		}
	}
}

// TestPanic demands that a defect of the sandbox costs one call, not the sandbox,
// and leaves no key claimed forever.
func TestPanic(t *testing.T) {
	var looks atomic.Int64
	r := start(t, sandbox.Options{Now: func() time.Time {
		if looks.Add(1) == 4 { // as the order is placed
			panic("on purpose")
		}
		return noon
	}})
	got := r.order("k", tenDollars)
	if r.must(got, 500); !strings.Contains(got.body, "panicked: string.") {
		t.Errorf("got %s, want that it panicked with a string", got.body)
	}
	if again := r.order("k", tenDollars); again.status != 500 || errorOf(again.body) != "internal_server_error" {
		t.Errorf("the key: got %d %s, want 500 internal_server_error", again.status, again.body)
	}
	r.must(r.order("k2", tenDollars), 202)
	r.orders(1)
}

// TestNoHijack demands that a cut is a cut where connections cannot be taken over.
func TestNoHijack(t *testing.T) {
	box := sandbox.New(sandbox.Options{Products: 1})
	if err := box.AddFault(sandbox.Fault{Action: sandbox.ActionDropBefore}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("got the panic %v, want http.ErrAbortHandler", err)
		}
	}()
	box.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "http://127.0.0.1/v2/ping", nil))
	t.Error("got an answer, want a panic")
}
