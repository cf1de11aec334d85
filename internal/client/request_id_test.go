package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const testRequestID = "6f2b7c1e-8a44-4d2e-9c1f-000000000001"

// identified is an answer with an id.
func identified(id string, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-Requestid", id)
		answer(w, r)
	}
}

// TestErrorsCarryTheRequestID: Runa's support asks for it.
func TestErrorsCarryTheRequestID(t *testing.T) {
	tests := map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"refused by Runa":   {identified(testRequestID, answering(400, `{"type":"bad_request","message":"No."}`)), testRequestID},
		"by the gateway":    {identified(testRequestID, gateway(403, `{"message":"Forbidden"}`)), testRequestID},
		"a web page":        {identified(testRequestID, gateway(502, `<html>`)), testRequestID},
		"no JSON":           {identified(testRequestID, answering(200, `pong`)), testRequestID},
		"a field is absent": {identified(testRequestID, answering(200, `{}`)), testRequestID},
		"cut short": {identified(testRequestID, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"message":`))
		}), testRequestID},
		"another gateway's header": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", "req-1")
			answering(404, `{"type":"not_found","message":"No."}`)(w, r)
		}, "req-1"},
		"without an id": {answering(400, `{"type":"bad_request","message":"No."}`), ""},
		"no answer":     {identified(testRequestID, func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var seen []string
			_, err := serve(t, test.answer).client(t, func(c *Config) {
				c.Observe = func(_ context.Context, e Exchange) { seen = append(seen, e.RequestID) }
			}).Ping(t.Context())
			if got := RequestID(err); err == nil || got != test.want {
				t.Errorf("the id of %v is %q, want %q", err, got, test.want)
			}
			wantEqual(t, "observed", seen, []string{test.want})
		})
	}
	if got := RequestID(errors.New("other")); got != "" {
		t.Errorf("RequestID() of an error that is not Runa's = %q, want none", got)
	}
}

func TestOrdersCarryTheRequestID(t *testing.T) {
	for name, body := range map[string]string{
		"whole":      `{"id":"O-1","status":"FAILED"}`,
		"incomplete": `{"id":"O-1","status":"FAILED","items":"none"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, identified(testRequestID, answering(200, body))).client(t)
			read, err := c.Order(t.Context(), "O-1")
			if err != nil || read.RequestID != testRequestID {
				t.Errorf("Order() = request id %q, error %v, want %q", read.RequestID, err, testRequestID)
			}
			placed, err := c.CreateOrder(t.Context(), Submission{Key: "k", Body: []byte(`{}`)})
			if err != nil || placed.RequestID != testRequestID {
				t.Errorf("CreateOrder() = request id %q, error %v, want %q", placed.RequestID, err, testRequestID)
			}
			if name == "incomplete" && RequestID(read.Incomplete) != testRequestID {
				t.Errorf("Incomplete = %v, with request id %q, want %q", read.Incomplete, RequestID(read.Incomplete), testRequestID)
			}
		})
	}
}

// TestRequestIDsAreForeignText: an id goes into logs and messages, and whoever answers
// chooses it.
func TestRequestIDsAreForeignText(t *testing.T) {
	const key = "spring-26/ana-and-more"
	order := secretOrder(t)
	order.Key = key
	c := serve(t, answering(200, `{}`)).client(t)
	c.config.Headers = map[string]string{"Authorization": "Bearer sesame.token+1"}
	what := call{method: http.MethodPost, path: "/order", body: order.Body, header: http.Header{headerIdempotencyKey: {key}}}
	tests := map[string]struct{ said, want string }{
		"as it is":               {testRequestID, testRequestID},
		"control characters":     {"req\x1b[31m-1\x7f", "req[31m-1"},
		"other letters":          {"req-é\u202e1", "req-1"},
		"spaces":                 {" req - 1 ", "req-1"},
		"nothing printable":      {"\x01\x02", ""},
		"long":                   {strings.Repeat("a", 500), strings.Repeat("a", 64)},
		"the API key":            {testKey, ""},
		"the API key, escaped":   {url.QueryEscape(testKey), ""},
		"the API key, in pieces": {"XXtest\x01.ses\u00a0ame", ""},
		"the key at the limit":   {strings.Repeat("a", 60) + testKey, ""},
		"a gateway's token":      {"id-sesame.token+1", ""},
		"a person":               {person, ""},
		"somebody else":          {"bo@example.test", ""},
		"a recipient":            {payee, ""},
		"a link":                 {"https://spend.runa.io/0000", ""},
		"a link without scheme":  {"spend.runa.io/0000", ""},
		"the idempotency key":    {"id=" + key, ""},
		"the request":            {string(order.Body), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := c.requestID(what, http.Header{headerGatewayRequestID: {test.said}}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
