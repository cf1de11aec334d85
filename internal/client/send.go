package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// call is one request as an endpoint describes it.
type call struct {
	method string
	path   string
	query  url.Values
	header http.Header
	body   []byte
	// attempt counts from 1, for logs only.
	attempt int
	// needs names fields without which an answer is none: JSON that says nothing,
	// such as a proxy's {}, must not pass for an empty list.
	needs []string
}

// Exchange is what Observe is told of one request. It holds nothing secret.
type Exchange struct {
	Method   string
	Path     string
	Status   int // 0 without an answer
	Attempt  int // of the same request, from 1
	Duration time.Duration
	Key      string // idempotency key, orders only
	// RequestID is the answer's id, which Runa's support asks for; "" without one.
	RequestID string
	Err       error
}

// Oddity is what ObserveOdd is told of an answer. It holds nothing secret.
type Oddity struct {
	Method    string
	Path      string
	RequestID string   // "" without one
	Fields    []string // that were left out, such as items[3].price
}

const (
	// maxAnswer bounds an answer's size. A page of 500 products with their texts
	// inline stays well below it.
	maxAnswer = 64 << 20
	// pauseAfter429 is the least Runa asks for after a 429 (RATE).
	pauseAfter429 = 5 // seconds
)

// read sends a call that changes nothing and decodes its answer, repeating it
// when the network, the gateway or Runa fails it.
func (c *Client) read(ctx context.Context, what call, into any) (got answer, err error) {
	var last error
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		what.attempt++
		if got, last = c.send(ctx, what); last == nil {
			last = c.decode(ctx, got, into)
		}
		var api *APIError
		switch {
		case last == nil || ctx.Err() != nil:
			return struct{}{}, backoff.Permanent(last)
		case !errors.As(last, &api) || api.Status >= http.StatusInternalServerError:
			return struct{}{}, last
		case api.Status == http.StatusTooManyRequests:
			return struct{}{}, backoff.RetryAfter(pauseAfter429)
		default:
			return struct{}{}, backoff.Permanent(last)
		}
	}, backoff.WithMaxTries(uint(c.config.ReadTries)))
	if err != nil {
		return got, last // rather than the retry library's words, or a bare "deadline exceeded"
	}
	return got, nil
}

// answer is a response whose body was read to its end.
type answer struct {
	call   call
	status int
	header http.Header
	body   []byte
	// requestID is safe to show; see Client.requestID.
	requestID string
}

// send makes exactly one request. An error is a *TransportError (no answer), an
// *UnreadableError (an answer cut short) or an *APIError (an answer that is not
// a success). Its context ends it at any moment.
func (c *Client) send(ctx context.Context, what call) (answer, error) {
	started := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.config.RequestTimeout)
	defer cancel()

	var sent, interim atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// From here on the transport may write at any moment, even while it is
		// already giving up, so this is the last moment of certainty.
		GotConn: func(httptrace.GotConnInfo) { sent.Store(true) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			interim.Store(true)
			return nil
		},
	})
	got, err := c.roundTrip(ctx, what)
	var transport *TransportError
	if errors.As(err, &transport) {
		transport.Sent, transport.Interim = sent.Load(), interim.Load()
	}
	if c.config.Observe != nil {
		c.config.Observe(ctx, Exchange{
			Method: what.method, Path: what.path, Status: got.status, Attempt: what.attempt,
			Duration: time.Since(started), Key: what.header.Get(headerIdempotencyKey), RequestID: got.requestID, Err: err,
		})
	}
	return got, err
}

func (c *Client) roundTrip(ctx context.Context, what call) (answer, error) {
	fail := func(err error) (answer, error) {
		return answer{call: what}, &TransportError{Method: what.method, Path: what.path, Err: bare(err)}
	}
	request, err := c.request(ctx, what)
	if err != nil {
		return fail(err)
	}
	started := time.Now()
	response, err := c.http.Do(request)
	if err != nil {
		return fail(err)
	}
	defer response.Body.Close()
	c.clock.read(response.Header, started, time.Now())

	got := answer{
		call: what, status: response.StatusCode, header: response.Header, requestID: c.requestID(what, response.Header),
	}
	got.body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return got, got.unreadable(fmt.Sprintf("it ended early (%s)", cause(err)), err)
	case len(got.body) > maxAnswer:
		return got, got.unreadable(fmt.Sprintf("it is larger than %d MiB", maxAnswer>>20), nil)
	case got.status < 200 || got.status > 299:
		return got, apiError(got, c.secrets())
	}
	return got, nil
}

func (c *Client) request(ctx context.Context, what call) (*http.Request, error) {
	target := c.base.JoinPath(what.path)
	target.RawQuery = what.query.Encode()
	var body io.Reader
	if what.body != nil {
		body = bytes.NewReader(what.body)
	}
	request, err := http.NewRequestWithContext(ctx, what.method, target.String(), body)
	if err != nil {
		return nil, err
	}
	// Go repeats a request that has an idempotency key by itself when a kept-alive
	// connection breaks, and an answer to the second would hide that the first may
	// have arrived. What has no GetBody it sends once.
	request.GetBody = nil
	for name, value := range c.config.Headers {
		request.Header.Set(name, value)
	}
	for name, values := range what.header {
		request.Header[name] = values
	}
	request.Header.Set("X-Api-Key", c.config.APIKey)
	request.Header.Set("X-Api-Version", c.config.APIVersion)
	request.Header.Set("Accept", "application/json")
	if what.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.config.UserAgent != "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
	return request, nil
}

// bare drops the method and address that net/http puts before a cause: our
// errors name them in their own way.
func bare(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// decode reads an answer. Shown fields that are odd are left out, and observed.
func (c *Client) decode(ctx context.Context, got answer, into any) error {
	if isNull(got.body) {
		return got.unreadable(describe(got), nil)
	}
	odd, err := readFields(got.body, into)
	if err != nil {
		if malformed := json.Unmarshal(got.body, &json.RawMessage{}); malformed != nil {
			return got.unreadable(describe(got), malformed)
		}
		return got.unreadable(err.Error(), err)
	}
	if len(odd) > 0 && c.config.ObserveOdd != nil {
		c.config.ObserveOdd(ctx, Oddity{Method: got.call.method, Path: got.call.path, RequestID: got.requestID, Fields: odd})
	}
	if len(got.call.needs) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(got.body, &fields); err != nil {
		return got.unreadable(describe(got), err)
	}
	for _, name := range got.call.needs {
		if value, ok := fields[name]; !ok || isNull(value) {
			return got.unreadable("it has no "+name, nil)
		}
	}
	return nil
}

func isNull(value []byte) bool { return string(bytes.TrimSpace(value)) == "null" }

// pathTo is the path of one thing in a collection. An id that is empty or made of
// dots would name another path altogether.
func pathTo(collection, id string) (string, error) {
	if strings.Trim(id, ".") == "" {
		return "", fmt.Errorf("%q cannot be asked for under %s", id, collection)
	}
	return collection + "/" + url.PathEscape(id), nil
}
