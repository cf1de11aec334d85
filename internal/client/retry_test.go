package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
)

// operations are the ten calls of the API. All but one may be repeated.
var operations = map[string]func(context.Context, *Client) error{
	"GET /ping":    func(ctx context.Context, c *Client) error { return second(c.Ping(ctx)) },
	"GET /balance": func(ctx context.Context, c *Client) error { return second(c.Balances(ctx)) },
	"GET /balance?currency=USD": func(ctx context.Context, c *Client) error {
		return second(c.Balance(ctx, "USD"))
	},
	"GET /product": func(ctx context.Context, c *Client) error {
		for _, err := range c.Products(ctx, ProductFilter{}) {
			return err
		}
		return nil
	},
	"GET /product/ACME-US": func(ctx context.Context, c *Client) error {
		return second(c.Product(ctx, "ACME-US", ContentURL))
	},
	"GET /product/countries":  func(ctx context.Context, c *Client) error { return second(c.ProductCountries(ctx)) },
	"GET /product/categories": func(ctx context.Context, c *Client) error { return second(c.ProductCategories(ctx)) },
	"GET /order": func(ctx context.Context, c *Client) error {
		for _, err := range c.Orders(ctx) {
			return err
		}
		return nil
	},
	"GET /order/O-1": func(ctx context.Context, c *Client) error { return second(c.Order(ctx, "O-1")) },
	"POST /order/estimate": func(ctx context.Context, c *Client) error {
		return second(c.EstimateOrder(ctx, EstimateRequest{Items: []EstimateItem{{FaceValue: decimal.New(1, 0)}}}))
	},
	orderPost: func(ctx context.Context, c *Client) error { return second(c.CreateOrder(ctx, submission)) },
}

const orderPost = "POST /order"

func second[T any](_ T, err error) error { return err }

// failures are all the ways in which a call can go wrong, and whether a read that
// went wrong so is worth repeating.
var failures = map[string]struct {
	answer   inMemory
	repeated bool
}{
	"no connection":  {func(*http.Request) (*http.Response, error) { return nil, io.EOF }, true},
	"a web page":     {always(200, "<html>"), true},
	"an empty 200":   {always(200, ""), true},
	"a truncated":    {truncated, true},
	"400":            {always(400, `{"type":"bad_request","message":"x"}`), false},
	"400, going on":  {always(400, `{"type":"idempotency_in_progress","message":"x"}`), false},
	"401":            {always(401, `{"type":"unauthorized","message":"x"}`), false},
	"403":            {always(403, `{"type":"forbidden","message":"x"}`), false},
	"404":            {always(404, `{"type":"not_found","message":"x"}`), false},
	"409":            {always(409, ``), false},
	"410":            {always(410, `{"type":"version_removed","message":"x"}`), false},
	"422":            {always(422, `{"type":"validation_error","message":"x"}`), false},
	"429":            {always(429, `{"error":"rate exceeded"}`), true},
	"500":            {always(500, `{"type":"internal_server_error","message":"x"}`), true},
	"502, web page":  {always(502, `<html>`), true},
	"503":            {always(503, ``), true},
	"504":            {always(504, `{"type":"timeout","message":"x"}`), true},
	"307, elsewhere": {always(307, ``), false},
}

func always(status int, body string) inMemory {
	return func(*http.Request) (*http.Response, error) { return memory(status, body), nil }
}

func truncated(*http.Request) (*http.Response, error) {
	answer := memory(200, "")
	answer.Body = io.NopCloser(io.MultiReader(answer.Body, broken{}))
	return answer, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestWhatIsRepeated counts the requests of every operation under every failure.
// An order is sent exactly once, whatever happens.
func TestWhatIsRepeated(t *testing.T) {
	for operation, run := range operations {
		for failure, bad := range failures {
			t.Run(operation+", "+failure, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					requests := 0
					c := offline(t, func(r *http.Request) (*http.Response, error) {
						requests++
						if got, want := r.Method+" "+r.URL.Path, strings.Replace(operation, " ", " /v2", 1); got != strings.Split(want, "?")[0] {
							t.Errorf("sent %s, want %s", got, want)
						}
						return bad.answer(r)
					})
					want := 1
					if bad.repeated && operation != orderPost {
						want = 4
					}
					if err := run(t.Context(), c); err == nil {
						t.Error("got no error, want one")
					}
					if requests != want {
						t.Errorf("%d requests, want %d", requests, want)
					}
				})
			})
		}
	}
}

func TestReadsRecover(t *testing.T) {
	for name, bad := range failures {
		if !bad.repeated {
			continue
		}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := offline(t, func(r *http.Request) (*http.Response, error) {
					if requests++; requests < 4 {
						return bad.answer(r)
					}
					return memory(200, `{"message":"pong"}`), nil
				})
				if got, err := c.Ping(t.Context()); got != "pong" || err != nil {
					t.Errorf("Ping() = %q, error %v, want pong", got, err)
				}
			})
		})
	}
}

func TestReadTriesCanBeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := offline(t, func(*http.Request) (*http.Response, error) {
			requests++
			return memory(500, ""), nil
		}, func(c *Config) { c.ReadTries = 2 })
		if _, err := c.Ping(t.Context()); err == nil || requests != 2 {
			t.Errorf("%d requests, error %v, want 2 and an error", requests, err)
		}
	})
}

func TestPauses(t *testing.T) {
	for name, test := range map[string]struct {
		status   int
		min, max time.Duration
	}{
		"after a 429": {429, 5 * time.Second, 5 * time.Second},
		"after a 500": {500, 200 * time.Millisecond, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var last time.Time
				c := offline(t, func(*http.Request) (*http.Response, error) {
					if pause := time.Since(last); !last.IsZero() && (pause < test.min || pause > test.max) {
						t.Errorf("paused for %s, want %s to %s", pause, test.min, test.max)
					}
					last = time.Now()
					return memory(test.status, ""), nil
				})
				if _, err := c.Ping(t.Context()); err == nil {
					t.Error("Ping() = no error, want one")
				}
			})
		})
	}
}

// TestContextEndsARead gives up in the middle of a pause, and the error is still
// what Runa said, not that time ran out.
func TestContextEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := offline(t, always(429, `{"error":"rate exceeded"}`))
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		started := time.Now()
		_, err := c.Ping(ctx)
		var api *APIError
		if !errors.As(err, &api) || api.Status != 429 {
			t.Errorf("Ping() = error %v, want an APIError with status 429", err)
		}
		if took := time.Since(started); took != 7*time.Second {
			t.Errorf("ended after %s, want 7s", took)
		}
	})
}
