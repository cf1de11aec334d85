package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// noon is where every test's clock stands; only Advance moves it.
var noon = time.Date(2026, 7, 12, 10, 0, 0, 120_000_000, time.UTC)

// rig is a sandbox behind a real server, on a clock that stands still.
type rig struct {
	t   *testing.T
	box *sandbox.Sandbox
	url string
	key string // the mode's
}

// start starts a rig. The catalogue is small unless options say otherwise.
func start(t *testing.T, options sandbox.Options) *rig {
	t.Helper()
	if options.Products == 0 {
		options.Products = 300
	}
	if options.Now == nil {
		options.Now = func() time.Time { return noon }
	}
	box, err := sandbox.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	t.Cleanup(box.Close) // first, so that nothing hangs
	r := &rig{t, box, server.URL, sandbox.Key}
	if options.Mode == sandbox.ModeProduction {
		r.key = sandbox.ProductionKey
	}
	return r
}

// production starts a rig in production mode.
func production(t *testing.T, options sandbox.Options) *rig {
	t.Helper()
	options.Mode = sandbox.ModeProduction
	return start(t, options)
}

// result is an answer, read whole.
type result struct {
	status int
	header http.Header
	body   string
	err    error // what went wrong on the way
}

// call makes one call, on a connection of its own: Go's transport would repeat an
// order by itself on a kept-alive one that breaks.
func (r *rig) call(method, path, body string, headers ...string) result {
	return r.callWithin(r.t.Context(), method, path, body, headers...)
}

// callWithin is call, given up when ctx ends.
func (r *rig) callWithin(ctx context.Context, method, path, body string, headers ...string) result {
	request, err := http.NewRequestWithContext(ctx, method, r.url+path, strings.NewReader(body))
	if err != nil {
		return result{err: err}
	}
	request.Header.Set("X-Api-Key", r.key)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			request.Header.Del(headers[i])
			continue
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	response, err := client.Do(request)
	if err != nil {
		return result{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return result{response.StatusCode, response.Header, string(text), err}
}

// get calls GET.
func (r *rig) get(path string, headers ...string) result {
	return r.call(http.MethodGet, path, "", headers...)
}

// order posts an order under a key.
func (r *rig) order(key, body string, headers ...string) result {
	return r.call(http.MethodPost, "/v2/order", body, append([]string{"X-Idempotency-Key", key}, headers...)...)
}

// sync posts a synchronous order under a key.
func (r *rig) sync(key, body string) result {
	return r.order(key, body, "X-Execution-Mode", "sync")
}

// must demands a status, and gives the body.
func (r *rig) must(got result, status int) string {
	r.t.Helper()
	if got.err != nil || got.status != status {
		r.t.Fatalf("status %d, error %v, want %d: %s", got.status, got.err, status, got.body)
	}
	return got.body
}

// orders demands how many orders were really placed.
func (r *rig) orders(want int) {
	r.t.Helper()
	if got := len(r.box.Ledger()); got != want {
		r.t.Fatalf("%d orders placed, want %d", got, want)
	}
}

// fault adds a fault.
func (r *rig) fault(f sandbox.Fault) {
	r.t.Helper()
	if err := r.box.AddFault(f); err != nil {
		r.t.Fatal(err)
	}
}

// errorOf reads the type of an error body.
func errorOf(body string) string {
	var e struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal([]byte(body), &e)
	return e.Type
}

// decode reads JSON.
func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("got error %v, want JSON: %s", err, body)
	}
	return v
}

// sameJSON demands equal JSON, numbers digit for digit, members in any order.
func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var values [2]any
	for i, text := range []string{got, want} {
		d := json.NewDecoder(bytes.NewReader([]byte(text)))
		d.UseNumber()
		if err := d.Decode(&values[i]); err != nil {
			t.Fatalf("got error %v, want JSON: %s", err, text)
		}
	}
	if !reflect.DeepEqual(values[0], values[1]) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// one is an order of one item that is a link.
func one(currency, value, code string) string {
	return item(currency, value, `{"type":"PAYOUT_LINK"}`, `{"type":"SINGLE","value":"`+code+`"}`)
}

// item is an order of one item.
func item(currency, value, distribution, products string) string {
	return `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"` + currency + `"},"items":[{"face_value":` + value +
		`,"distribution_method":` + distribution + `,"products":` + products + `}]}`
}

// tenDollars is the order of tests that do not care which.
var tenDollars = one("USD", "10", "ACME-US")

// idOf is the id of the order in an answer.
func idOf(t *testing.T, body string) string {
	t.Helper()
	id := decode[struct{ ID string }](t, body).ID
	if id == "" {
		t.Fatalf("got no id, want one in %s", body)
	}
	return id
}

// eventually waits for something that another goroutine is about to do.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never happened, want %s", what)
}

// mustMarshal writes JSON.
func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
