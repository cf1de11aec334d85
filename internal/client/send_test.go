package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// submission is an order of no importance.
var submission = Submission{Key: "7d0c", Mode: ModeAsync, Body: []byte(`{"items":[]}`)}

func TestUnreadableAnswers(t *testing.T) {
	tests := map[string]struct {
		answer http.HandlerFunc
		status int
		reason string
	}{
		"web page":       {answering(200, "<html>welcome</html>"), 200, "it is a web page"},
		"empty":          {answering(202, ""), 202, "it is empty"},
		"white space":    {answering(200, " \n"), 200, "it is empty"},
		"no JSON":        {answering(200, "OK"), 200, "it is not JSON"},
		"half of a JSON": {answering(200, `{"id":"O-1","sta`), 200, "it is not JSON"},
		"a list":         {answering(200, `["O-1"]`), 200, "it is not an object"},
		"null":           {answering(200, `null`), 200, "it is not of the shape"},
		"no id":          {answering(200, `{"status":"COMPLETED"}`), 200, "no order id or status"},
		"empty id":       {answering(200, `{"id":"","status":"COMPLETED"}`), 200, "no order id or status"},
		"no status":      {answering(200, `{"id":"O-1"}`), 200, "no order id or status"},
		"id of a number": {answering(200, `{"id":1,"status":"COMPLETED"}`), 200, "its id is not text"},
		"no content":     {answering(204, ""), 204, "it is empty"},
		"cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"id":"O-1","status":"PROCESSING"}`)
		}, 200, "it ended early"},
		"a refusal cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"type":"insufficient_funds","message":"No."}`)
		}, 400, "it ended early"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := serve(t, test.answer)
			order, err := w.client(t).CreateOrder(t.Context(), submission)
			var got *UnreadableError
			if !errors.As(err, &got) {
				t.Fatalf("CreateOrder() = %v, error %T: %v, want an *UnreadableError", order, err, err)
			}
			if got.Status != test.status || !strings.Contains(got.Reason, test.reason) || got.Method != "POST" || got.Path != "/order" {
				t.Errorf("got %+v, want status %d, POST /order and a reason that says %q", *got, test.status, test.reason)
			}
			if want := fmt.Sprintf("POST /order: the answer (status %d) cannot be read: ", test.status); !strings.HasPrefix(got.Error(), want) {
				t.Errorf("the error says %q, want it to begin with %q", got.Error(), want)
			}
			if requests := len(w.requests()); requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
		})
	}
}

func TestUnreadableErrorKeepsItsCause(t *testing.T) {
	_, err := serve(t, answering(200, "OK")).client(t).Ping(t.Context())
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("got %v, want a *json.SyntaxError as its cause", err)
	}
}

func TestTooLargeAnAnswer(t *testing.T) {
	c := offline(t, func(*http.Request) (*http.Response, error) {
		answer := memory(200, "")
		answer.Body = io.NopCloser(endless{})
		return answer, nil
	})
	_, err := c.CreateOrder(t.Context(), submission)
	var got *UnreadableError
	if !errors.As(err, &got) || !strings.Contains(got.Reason, "larger than 64 MiB") {
		t.Errorf("CreateOrder() = error %v, want an UnreadableError that says %q", err, "larger than 64 MiB")
	}
}

// endless is a body without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestNoAnswer(t *testing.T) {
	const nowhere = "http://127.0.0.1:1" // refuses; a closed server's port may be another's
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)

	calling := func(url string) *Client {
		c, err := New(Config{BaseURL: url, APIKey: testKey})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	nameless := calling("https://runa.test/v2")
	nameless.http.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "runa.test", IsNotFound: true}}
	}}
	badHeader := calling("https://runa.test/v2")
	badHeader.config.APIKey = "XXtest\nsesame"

	tests := map[string]struct {
		client        *Client
		sent, interim bool
	}{
		"connection refused":    {client: calling(nowhere)},
		"no such host":          {client: nameless},
		"certificate not known": {client: calling(untrusted.URL)},
		"malformed key":         {client: badHeader},
		"hung up after reading": {
			client: serve(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }).client(t),
			sent:   true,
		},
		"hung up after a 102": {
			client: serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusProcessing)
				hangUp(w)
			}).client(t),
			sent: true, interim: true,
		},
		"not HTTP": {
			client: serve(t, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Fprint(conn, "SSH-2.0-OpenSSH\r\n")
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
			}).client(t),
			sent: true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := test.client.CreateOrder(t.Context(), submission)
			var got *TransportError
			if !errors.As(err, &got) {
				t.Fatalf("CreateOrder() = error %T: %v, want a *TransportError", err, err)
			}
			if got.Sent != test.sent || got.Interim != test.interim {
				t.Errorf("sent %t, interim %t, want %t, %t: %v", got.Sent, got.Interim, test.sent, test.interim, err)
			}
			if !strings.HasPrefix(err.Error(), "POST /order: no answer: ") || strings.Contains(err.Error(), "sesame") {
				t.Errorf("the error says %q, want it to begin with %q, without %q", err, "POST /order: no answer: ", "sesame")
			}
			if errors.Unwrap(got) == nil {
				t.Errorf("error %v has no cause, want one", got)
			}
		})
	}
}

func TestFinalAnswerAfterA102(t *testing.T) {
	w := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusProcessing)
		answering(202, `{"id":"O-1","status":"PROCESSING"}`)(w, r)
	})
	order, err := w.client(t).CreateOrder(t.Context(), submission)
	if err != nil || order.ID != "O-1" || order.Status != StatusProcessing {
		t.Errorf("CreateOrder() = %+v, error %v, want O-1, %s", order, err, StatusProcessing)
	}
}

func TestCancelledMidway(t *testing.T) {
	calls := map[string]func(context.Context, *Client) error{
		"order": func(ctx context.Context, c *Client) error {
			_, err := c.CreateOrder(ctx, submission)
			return err
		},
		"read": func(ctx context.Context, c *Client) error {
			_, err := c.Ping(ctx)
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			w := serve(t, func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
			})
			err := call(ctx, w.client(t, func(c *Config) { c.ReadTries = 4 }))
			var got *TransportError
			if !errors.As(err, &got) || !got.Sent || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want a TransportError with Sent, because of %v", err, context.Canceled)
			}
			if requests := len(w.requests()); requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	w := serve(t, answering(200, `{}`))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.client(t).CreateOrder(ctx, submission)
	var got *TransportError
	if !errors.As(err, &got) || got.Sent {
		t.Errorf("CreateOrder() = error %v, want a TransportError without Sent", err)
	}
	if lines := w.lines(); len(lines) != 0 {
		t.Errorf("sent %v, want no request", lines)
	}
}

func TestRequestTimeout(t *testing.T) {
	for name, test := range map[string]struct {
		set  time.Duration
		want time.Duration
	}{
		"default": {0, 60 * time.Second},
		"set":     {7 * time.Second, 7 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := offline(t, func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}, func(c *Config) { c.RequestTimeout = test.set })
				started := time.Now()
				_, err := c.CreateOrder(t.Context(), submission)
				var got *TransportError
				if !errors.As(err, &got) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("CreateOrder() = error %v, want a TransportError because of %v", err, context.DeadlineExceeded)
				}
				if took := time.Since(started); took != test.want {
					t.Errorf("ended after %s, want %s", took, test.want)
				}
			})
		})
	}
}

func TestObserve(t *testing.T) {
	var seen []Exchange
	observing := func(c *Config) {
		c.Observe = func(_ context.Context, e Exchange) { seen = append(seen, e) }
	}
	refusing := serve(t, answering(400, `{"type":"bad_request","message":"No."}`)).client(t, observing)
	hanging := serve(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }).client(t, observing)

	third := submission
	third.Attempt = 3
	_, refused := refusing.CreateOrder(t.Context(), third)
	_, failed := hanging.Ping(t.Context())

	if len(seen) != 2 {
		t.Fatalf("observed %d requests, want 2: %v", len(seen), seen)
	}
	if e := seen[0]; e.Method != "POST" || e.Path != "/order" || e.Status != 400 || e.Attempt != 3 || e.Key != submission.Key || !errors.Is(e.Err, refused) || e.Duration <= 0 {
		t.Errorf("observed %+v, want POST /order, status 400, attempt 3, key %s, a duration and the error %v", e, submission.Key, refused)
	}
	if e := seen[1]; e.Method != "GET" || e.Path != "/ping" || e.Status != 0 || e.Attempt != 1 || e.Key != "" || !errors.Is(e.Err, failed) {
		t.Errorf("observed %+v, want GET /ping, no status, attempt 1, no key and the error %v", e, failed)
	}
}
