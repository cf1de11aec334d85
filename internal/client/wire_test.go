package client

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// wire is a server on loopback that remembers every request it got.
type wire struct {
	*httptest.Server
	opened atomic.Int32 // connections

	mu    sync.Mutex
	asked []asked
}

// asked is one request as it arrived.
type asked struct {
	line   string // method and target, as on the request line
	header http.Header
	body   string
}

func serve(t *testing.T, handler http.HandlerFunc) *wire {
	t.Helper()
	w := &wire{}
	w.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the request: error %v, want none", err)
		}
		w.mu.Lock()
		w.asked = append(w.asked, asked{r.Method + " " + r.RequestURI, r.Header, string(body)})
		w.mu.Unlock()
		handler(rw, r)
	}))
	w.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			w.opened.Add(1)
		}
	}
	w.Start()
	t.Cleanup(w.Close)
	return w
}

func (w *wire) requests() []asked {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// lines are the request lines so far.
func (w *wire) lines() []string {
	var lines []string
	for _, request := range w.requests() {
		lines = append(lines, request.line)
	}
	return lines
}

// client calls w and tries everything once, unless edited.
func (w *wire) client(t *testing.T, edits ...func(*Config)) *Client {
	t.Helper()
	config := Config{BaseURL: w.URL + "/v2", APIKey: testKey, ReadTries: 1}
	for _, edit := range edits {
		edit(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

const testKey = "XXtest.sesame"

// answering gives the same answer to everything, as Runa's handler does.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Api-Version", DefaultAPIVersion)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// gateway gives the same answer to everything, as the gateway before Runa does.
func gateway(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// hangUp ends the connection without a further byte.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		err = conn.Close()
	}
	if err != nil {
		panic(err)
	}
}

// inMemory answers a client's requests without a network, which synctest needs.
type inMemory func(*http.Request) (*http.Response, error)

func (f inMemory) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// offline is a client on an in-memory transport.
func offline(t *testing.T, transport inMemory, edits ...func(*Config)) *Client {
	t.Helper()
	config := Config{BaseURL: "https://runa.test/v2", APIKey: testKey}
	for _, edit := range edits {
		edit(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	c.http.Transport = transport
	return c
}

// memory is an in-memory answer of Runa's handler.
func memory(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"X-Api-Version": {DefaultAPIVersion}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
}

// wantEqual compares slices of whatever can be ordered.
func wantEqual[T cmp.Ordered](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}
