package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// APIError is an answer that says no, read to its end. It stands for every
// status outside 2xx, whoever gave it.
type APIError struct {
	Method  string
	Path    string
	Status  int
	Type    string // Runa's machine-readable reason (ERR), "" when the body is not Runa's
	Message string
	Help    string
	Details []Detail // 422 only
	// FromHandler is true when Runa's own code gave the answer. The gateway
	// before it sends no X-Api-Version (REC, 401 and 403).
	FromHandler bool
	// RequestID names the request for Runa's support; "" where the answer had none.
	RequestID string
}

// Items are the indices of the items that a 422 is about, as far as it tells (ERR).
func (e *APIError) Items() (indices []int) {
	for _, detail := range e.Details {
		at := slices.Index(detail.Location, "items")
		if at < 0 || at+1 >= len(detail.Location) {
			continue
		}
		if index, err := strconv.Atoi(detail.Location[at+1]); err == nil && index >= 0 && !slices.Contains(indices, index) {
			indices = append(indices, index)
		}
	}
	return indices
}

// Detail is one finding of a 422 (ERR).
type Detail struct {
	Type     string   `json:"type"`
	Message  string   `json:"message"`
	Location []string `json:"location"`
}

// detailsOf reads the findings of a 422, each and each of its fields on its own. What
// is no finding is left out.
func detailsOf(data json.RawMessage) (details []Detail) {
	for _, entry := range valueIn[[]json.RawMessage](data) {
		finding := valueIn[map[string]json.RawMessage](entry)
		detail := Detail{Type: valueIn[string](finding["type"]), Message: valueIn[string](finding["message"])}
		for _, part := range valueIn[[]any](finding["location"]) { // numbers too
			detail.Location = append(detail.Location, fmt.Sprint(part))
		}
		if detail.Type != "" || detail.Message != "" || detail.Location != nil {
			details = append(details, detail)
		}
	}
	return details
}

// valueIn is what JSON holds, or nothing where that is of another type.
func valueIn[T any](data json.RawMessage) (value T) {
	if json.Unmarshal(data, &value) != nil {
		return *new(T)
	}
	return value
}

// The values of APIError.Type that code branches on (ERR).
const (
	TypeIdempotencyInProgress = "idempotency_in_progress"
	TypeIdempotencyValidation = "idempotency_validation_error"
	TypeInsufficientFunds     = "insufficient_funds"
	TypeOrderingRestricted    = "ordering_restricted" // the account's spending limit is reached
)

func (e *APIError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s: %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Type != "" {
		fmt.Fprintf(&text, " (%s)", shownType(e.Type))
	}
	if e.Message != "" {
		fmt.Fprintf(&text, ": %s", e.Message)
	}
	for _, detail := range e.Details {
		fmt.Fprintf(&text, "\n  - %s: %s", strings.Join(detail.Location, "."), detail.Message)
	}
	if e.Help != "" {
		fmt.Fprintf(&text, "\n%s", e.Help)
	}
	return text.String()
}

// TransportError is a request without an answer.
type TransportError struct {
	Method string
	Path   string
	// Sent is false only when it is certain that no byte of the request left.
	Sent bool
	// Interim is true when a 1xx answer was seen first: Runa's documentation
	// uses 102 for a key that is still being worked on (IDEM).
	Interim bool
	Err     error
}

func (e *TransportError) Error() string {
	return fmt.Sprintf("%s %s: no answer: %s", e.Method, e.Path, cause(e.Err))
}

func (e *TransportError) Unwrap() error { return e.Err }

// UnreadableError is an answer that came but cannot be understood: cut short,
// not JSON, or without the fields every such answer has.
type UnreadableError struct {
	Method string
	Path   string
	Status int
	Reason string
	// RequestID names the request for Runa's support; "" where the answer had none.
	RequestID string
	Err       error
}

func (e *UnreadableError) Error() string {
	return fmt.Sprintf("%s %s: the answer (status %d) cannot be read: %s", e.Method, e.Path, e.Status, e.Reason)
}

func (e *UnreadableError) Unwrap() error { return e.Err }

// IsNotFound reports whether err is Runa's 404.
func IsNotFound(err error) bool {
	var api *APIError
	return errors.As(err, &api) && api.Status == http.StatusNotFound
}

func (got answer) unreadable(reason string, err error) *UnreadableError {
	return &UnreadableError{
		Method: got.call.method, Path: got.call.path, Status: got.status, Reason: reason, RequestID: got.requestID, Err: err,
	}
}

func apiError(got answer, secrets []string) *APIError {
	e := &APIError{Method: got.call.method, Path: got.call.path, Status: got.status, RequestID: got.requestID}
	// Each field is read on its own: a new shape of one must not lose the others,
	// least of all the type that decides whether an order was refused.
	var wire map[string]json.RawMessage
	if json.Unmarshal(got.body, &wire) != nil {
		e.Message = describe(got)
		return e
	}
	text := func(name string) string { return valueIn[string](wire[name]) }
	hide := hider(got.call.body, secrets)
	e.Type = text("type")
	e.FromHandler = e.Type != "" && got.header.Get(headerAPIVersion) != ""
	// A 429's only field is error (SPEC).
	e.Message, e.Help = hide(cmp.Or(text("message"), text("error"))), hide(text("help"))
	e.Details = detailsOf(wire["details"])
	for i := range e.Details {
		e.Details[i].Message = hide(e.Details[i].Message)
		for j, part := range e.Details[i].Location { // it may be a name in the request's metadata
			e.Details[i].Location[j] = hide(part)
		}
	}
	if e.Type == "" && e.Message == "" {
		e.Message = describe(got)
	}
	return e
}

// describe names a body that is not the JSON it should be, without quoting it:
// a proxy's error page may echo the request.
func describe(got answer) string {
	body := bytes.TrimSpace(got.body)
	switch {
	case got.status >= 300 && got.status < 400:
		return "a redirect, which this provider never follows; check base_url"
	case len(body) == 0:
		return "it is empty"
	case bytes.HasPrefix(body, []byte("<")):
		return "it is a web page, not Runa's JSON"
	case !json.Valid(body):
		return "it is not JSON"
	default:
		return "it is not of the shape that Runa documents"
	}
}
