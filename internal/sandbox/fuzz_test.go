package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzHandler sends the sandbox whatever a client may send. It never panics, never answers
// with a failure of its own, and what it calls JSON is JSON. An order is in the ledger
// exactly once for each idempotency key that was answered with one.
func FuzzHandler(f *testing.F) {
	order := `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":25,"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"SINGLE","value":"ACME-US"}}]}`
	f.Add("POST", "/v2/order", "k-1", "sync", order)
	f.Add("POST", "/v2/order", "k-1", "async", strings.Replace(order, "25", "1e400", 1))
	f.Add("POST", "/v2/order/estimate", "", "", order)
	f.Add("GET", "/v2/order?limit=2&after=x", "", "", "")
	f.Add("GET", "/v2/product?categories=fashion&countries_redeemable_in=US", "", "", "")
	f.Add("GET", "/v2/product/ACME-US?content=md", "", "", "")
	f.Add("GET", "/v2/balance?currency=USD", "", "", "")
	f.Add("POST", "/_sandbox/faults", "", "", `{"method":"GET","path":"/order","times":1,"action":"garbage"}`)
	f.Add("PATCH", "/_sandbox/products/ACME-US", "", "", `{"is_orderable":false}`)
	f.Add("GET", "/_sandbox/", "", "", "")
	f.Fuzz(func(t *testing.T, method, target, key, mode, body string) {
		// A fault hangs or cuts the connection on purpose, and a clock may be advanced
		// without bound: neither is a request of the API.
		at, err := url.Parse(target)
		if err != nil || at.Host != "" || !strings.HasPrefix(at.Path, "/") || strings.Contains(at.Path, "fault") || !isToken(method) {
			t.Skip()
		}
		s := New(Options{Products: 10})
		defer s.Close()
		for range 2 { // the second time, the key is known
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", bytes.NewReader([]byte(body)))
			request.Method, request.URL, request.RequestURI = method, at, target
			request.Header = http.Header{"X-Api-Key": {Key}, "X-Idempotency-Key": {key}, "X-Execution-Mode": {mode}, "Content-Type": {"application/json"}}
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, request)
			if answer.Code < 200 || answer.Code > 599 || answer.Code == http.StatusInternalServerError {
				t.Errorf("%s %s is answered with %d, want a status of the API: %s", method, target, answer.Code, answer.Body)
			}
			kind := answer.Header().Get("Content-Type")
			if strings.HasPrefix(kind, "application/json") && answer.Body.Len() > 0 && !json.Valid(answer.Body.Bytes()) {
				t.Errorf("%s %s is answered with %q, want JSON", method, target, answer.Body)
			}
		}
		if orders := len(s.Ledger()); orders > 1 {
			t.Errorf("%s %s, sent twice with one key, bought %d orders, want 1 at most", method, target, orders)
		}
	})
}

// isToken reports whether a method can be on a request line.
func isToken(method string) bool {
	_, err := http.NewRequest(method, "/", nil)
	return err == nil
}
