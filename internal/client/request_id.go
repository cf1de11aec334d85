package client

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
)

// RequestID is Runa's id of the request that an error came from, or "" where the
// error came from elsewhere or the answer had none. Runa's support asks for it.
func RequestID(err error) string {
	var from interface{ requestID() string }
	if errors.As(err, &from) {
		return from.requestID()
	}
	return ""
}

func (e *APIError) requestID() string        { return e.RequestID }
func (e *UnreadableError) requestID() string { return e.RequestID }

// The headers that name a request: the API gateway's, which every recorded answer has
// (REC), and the one that proxies and other gateways use.
const (
	headerGatewayRequestID = "X-Amzn-Requestid"
	headerRequestID        = "X-Request-Id"
)

const maxRequestID = 64

// requestID reads an answer's id. It is text from outside that goes into logs and
// messages, so it is short and printable, and an answer that quotes its request there
// has no id.
func (c *Client) requestID(what call, header http.Header) string {
	said := cmp.Or(header.Get(headerGatewayRequestID), header.Get(headerRequestID))
	if said == "" {
		return ""
	}
	id := strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, said)
	// A log shows only the beginning of an idempotency key.
	hide := hider(what.body, append(c.secrets(), what.header.Get(headerIdempotencyKey)))
	if hide(said) != said || hide(id) != id {
		return ""
	}
	return id[:min(len(id), maxRequestID)]
}
