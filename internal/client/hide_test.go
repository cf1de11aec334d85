package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const (
	person = `ana+x&y@example.test`
	payee  = `driver/77&8`
)

// secretOrder is an order with people in it.
func secretOrder(t *testing.T) Submission {
	t.Helper()
	body, err := OrderRequest{Items: []OrderItem{{DistributionMethod: DistributionMethod{Type: "RECIPIENT", EmailAddress: person, RecipientReference: payee}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return Submission{Key: "k", Body: body}
}

// TestRefusalsHideTheOrder: a refusal may quote an order, escaped or not.
func TestRefusalsHideTheOrder(t *testing.T) {
	order := secretOrder(t)
	inJSON := func(text string) string {
		quoted, _ := json.Marshal(text) // a string always can be
		return string(quoted)
	}
	for _, said := range []string{
		person, payee, string(order.Body), inJSON(person), inJSON(payee), inJSON(string(order.Body)),
		url.QueryEscape(person), url.PathEscape(payee), url.QueryEscape(string(order.Body)), testKey, url.QueryEscape(testKey),
		"https://spend.runa.io/0000", "spend.playground.runa.io/0000", "//spend.runa.io/0000", `spend.runa.io\/0000`, "spend.runa.io%2F0000", `https:\/\/spend.runa.io\/0000`, url.QueryEscape("https://spend.runa.io/0000"),
	} {
		for _, body := range []any{
			map[string]any{"type": "bad_request", "message": "cannot take " + said},
			map[string]any{"type": "bad_request", "help": "write to " + said},
			map[string]any{"type": said, "message": "no"},
			map[string]any{"type": "validation_error", "details": []any{map[string]any{"message": said, "location": []any{"items", 0, said}}}},
		} {
			answer, _ := json.Marshal(body) // as above
			_, err := serve(t, answering(http.StatusBadRequest, string(answer))).client(t).CreateOrder(t.Context(), order)
			if err == nil || !strings.Contains(err.Error(), hidden) {
				t.Fatalf("%s: error %v, want one that says %q", answer, err, hidden)
			}
			for _, secret := range []string{"ana", "driver", "distribution_method", "sesame", "0000"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%s: error %v, want %q hidden", answer, err, secret)
				}
			}
		}
	}
}

// TestRefusalsHideHeaders: a gateway that refuses a request may quote its headers, whole
// or the part that is the secret.
func TestRefusalsHideHeaders(t *testing.T) {
	headers := map[string]string{
		"Authorization": "Bearer sesame.token+1", "Cookie": `theme=dark; session="sesame&cookie2"`, "X-Gateway": "sesame-gateway", "X-Gateway-Long": "sesame-gateway-sesame-long", "X-Short": "x",
	}
	for _, said := range []string{
		headers["Authorization"], "sesame.token+1", url.QueryEscape(headers["Authorization"]), headers["Cookie"], "sesame&cookie2", `sesame\u0026cookie2`, url.QueryEscape("sesame&cookie2"),
		headers["X-Gateway"], headers["X-Gateway-Long"],
	} {
		c := serve(t, answering(http.StatusForbidden, fmt.Sprintf(`{"message": %q, "help": %q}`, "no extra for "+said, "not with "+said))).client(t)
		c.config.Headers = headers
		_, err := c.Ping(t.Context())
		if err == nil || strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "-long") || !strings.Contains(err.Error(), "no extra for (hidden)") {
			t.Errorf("%s: error %v, want one that says %q", said, err, "no extra for (hidden)")
		}
	}
}

// TestShortWordsStay: a payee called as a word of Runa's does not spoil a message.
func TestShortWordsStay(t *testing.T) {
	body := `{"items":[{"distribution_method":{"recipient_reference":"not"}}]}`
	if got := hider([]byte(body), nil)("not enough funds"); got != "not enough funds" {
		t.Errorf("hider() = %q, want %q", got, "not enough funds")
	}
}

// TestNetworkErrorsHideWhatTheyQuote: what answers in Runa's stead may speak another
// language than HTTP, and Go's errors quote it.
func TestNetworkErrorsHideWhatTheyQuote(t *testing.T) {
	const secret = `sesame \" sesame`
	for name, answer := range map[string]string{
		"no HTTP":        secret + "\r\n\r\n",
		"a status":       "HTTP/1.1 " + secret + "\r\n\r\n",
		"a header":       "HTTP/1.1 200 OK\r\n" + secret + "\r\n\r\n",
		"a length":       "HTTP/1.1 200 OK\r\nContent-Length: " + secret + "\r\n\r\n",
		"an encoding":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + secret + "\r\n\r\n",
		"a place":        "HTTP/1.1 302 Found\r\nLocation: https://example.test/%zz" + secret + "\r\nContent-Length: 0\r\n\r\n",
		"a trailer":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + secret + "\r\n\r\n",
		"a chunk's size": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + secret + "\r\n\r\n",
	} {
		hijack := func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = conn.Write([]byte(answer))
			_ = conn.Close()
		}
		_, err := serve(t, hijack).client(t).CreateOrder(t.Context(), secretOrder(t))
		if err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: error %v, want one without %q", name, err, "sesame")
		}
	}
	plain := &TransportError{Method: "GET", Path: "/ping", Err: &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}}
	if got := plain.Error(); got != "GET /ping: no answer: dial tcp: connection refused" {
		t.Errorf("Error() = %q, want %q", got, "GET /ping: no answer: dial tcp: connection refused")
	}
}
