package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// from calls as something that is not on this machine's side may: under a host of its
// own, and with the headers that browsers add.
func (r *rig) from(method, path, host string, headers ...string) int {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(""))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("X-Api-Key", r.key)
	if host != "" {
		request.Host = host
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestForeignHosts rebinds names to the sandbox's address.
func TestForeignHosts(t *testing.T) {
	r := start(t, sandbox.Options{})
	for host, status := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:8484": 200, "127.8.0.1": 200, "localhost": 200, "localhost:8484": 200, "[::1]:8484": 200, "[::1]": 200,
		"evil.example": 403, "evil.example:8484": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example:80": 403, "10.0.0.1": 403, "0.0.0.0": 403,
		"evil.example@127.0.0.1": 403, "[::1].evil.example": 403, "169.254.169.254": 403,
	} {
		for _, path := range []string{"/v2/ping", "/_sandbox/orders", "/", "/?show=orders"} {
			if got := r.from("GET", path, host); got != status {
				t.Errorf("%s%s: %d, want %d", host, path, got, status)
			}
		}
	}
	if got := r.from("POST", "/_sandbox/clock", "evil.example"); got != 403 {
		t.Errorf("clock: got %d, want 403", got)
	}
	for _, e := range r.box.Journal() {
		if e.Status != 200 {
			t.Errorf("journal entry = %+v, want only calls with status 200", e)
		}
	}
}

// TestForeignPages calls as a page of another site, which a browser has open, can.
func TestForeignPages(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.must(r.order("k", tenDollars), 202)
	own, other := r.url, "https://evil.example"
	for _, c := range []struct {
		name, method, path string
		headers            []string
		status             int
	}{
		{"a form wipes", "POST", "/_sandbox/reset", []string{"Origin", other, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 403},
		{"an old browser's form wipes", "POST", "/_sandbox/reset", []string{"Origin", other}, 403},
		{"a page without an origin wipes", "POST", "/_sandbox/reset", []string{"Origin", "null"}, 403},
		{"another port of this machine wipes", "POST", "/_sandbox/reset", []string{"Origin", "http://127.0.0.1:3000", "Sec-Fetch-Site", "same-site"}, 403},
		{"a script deletes", "DELETE", "/_sandbox/faults", []string{"Origin", other, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"}, 403},
		{"a script orders", "POST", "/v2/order", []string{"Origin", other, "Sec-Fetch-Site", "cross-site"}, 403},
		{"a picture is read", "GET", "/v2/ping", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, 403},
		{"a frame is read", "GET", "/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, 403},
		{"an old browser's script reads", "GET", "/_sandbox/orders", []string{"Origin", other}, 403},
		{"a script asks whether it may", "OPTIONS", "/_sandbox/reset", []string{"Origin", other, "Sec-Fetch-Site", "cross-site"}, 403},
		{"a link is followed", "GET", "/", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"an address is typed", "GET", "/", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"the sandbox's own page reads", "GET", "/_sandbox/orders", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"the sandbox's own form adds no time", "POST", "/_sandbox/clock", []string{"Origin", own, "Sec-Fetch-Site", "same-origin"}, 400},
		{"the sandbox's own form in an old browser", "POST", "/_sandbox/clock", []string{"Origin", own}, 400},
		{"curl adds no time", "POST", "/_sandbox/clock", nil, 400},
	} {
		if got := r.from(c.method, c.path, "", c.headers...); got != c.status {
			t.Errorf("%s: %d, want %d", c.name, got, c.status)
		}
	}
	r.orders(1)
	if got := len(r.box.Journal()); got != 1 {
		t.Errorf("the journal has %d entries, want the order's", got)
	}
}
