// Package wire is the form of everything that the sandbox answers: JSON, times, pages and
// errors, as Runa writes them. It has no state, and knows nothing about what is answered.
package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The API versions with documentation (1.5, 1.8).
const (
	Version20240205 = "2024-02-05"
	Version20260908 = "2026-09-08"
)

// Answer is a whole answer before it meets the network: what handlers make, what
// the idempotency store keeps, what faults spoil.
type Answer struct {
	Status int
	Header map[string]string // besides Content-Type and Content-Length
	Body   []byte
}

// Reply is an answer with a JSON body.
func Reply(status int, body any) Answer {
	return Answer{Status: status, Body: JSON(body)}
}

// With is the answer with one more header.
func (a Answer) With(name, value string) Answer {
	header := maps.Clone(a.Header)
	if header == nil {
		header = map[string]string{}
	}
	header[http.CanonicalHeaderKey(name)] = value
	a.Header = header
	return a
}

// CompressedFor is the answer as the caller asked to have it: gzip or plain.
func (a Answer) CompressedFor(r *http.Request) Answer {
	if len(a.Body) == 0 || !asksForGzip(r.Header.Get("Accept-Encoding")) {
		return a
	}
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	_, _ = z.Write(a.Body) // a buffer takes everything
	_ = z.Close()
	a.Body = small.Bytes()
	return a.With("Content-Encoding", "gzip").With("Vary", "Accept-Encoding")
}

// asksForGzip reads an Accept-Encoding header.
func asksForGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		weight, given := strings.CutPrefix(strings.TrimSpace(q), "q=")
		value, err := strconv.ParseFloat(weight, 64)
		return !given || (err == nil && value > 0)
	}
	return false
}

// WriteHead sends everything but the body.
func (a Answer) WriteHead(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	for name, value := range a.Header {
		h.Set(name, value)
	}
	w.WriteHeader(a.Status)
}

// WriteLine sends an answer to an admin call, with a line's end for terminals.
func (a Answer) WriteLine(w http.ResponseWriter) {
	a.Body = append(a.Body, '\n')
	a.WriteHead(w)
	_, _ = w.Write(a.Body)
}

// JSON writes JSON without the HTML escapes that only Go makes. What the
// sandbox marshals is its own, so a failure is a defect.
func JSON(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Timestamp writes a time as Runa does: UTC, microseconds, "+00:00" (REC, 3.2).
func Timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000+00:00")
}

// ErrNotFound is wrapped where an admin call names what is not there.
var ErrNotFound = errors.New("there is no such thing here")

// apiError is the body of every error but one (ERR, 5.1).
type apiError struct {
	Type    string   `json:"type"`
	Message string   `json:"message"`
	Help    *string  `json:"help"`
	Details []Detail `json:"details,omitempty"`
}

// Refuse is an error in Runa's usual shape; without help that member is null.
func Refuse(status int, kind, message, help string) Answer {
	body := apiError{Type: kind, Message: message}
	if help != "" {
		body.Help = &help
	}
	return Reply(status, body)
}

// RateExceeded is the one error with a shape of its own (SPEC, 5.1).
func RateExceeded() Answer {
	return Answer{Status: http.StatusTooManyRequests, Body: []byte(`{"error":"rate exceeded"}`)}
}

// ForStatus is what Runa is likely to say with a status (5.2): the body of faults that
// bring none. Statuses that its documentation does not know get the nearest type.
func ForStatus(status int) Answer {
	switch status {
	case http.StatusTooManyRequests:
		return RateExceeded()
	case http.StatusUnprocessableEntity:
		return Invalid([]Detail{{Type: "value_error", Message: "A fault of the sandbox", Location: []string{"body"}}}, false)
	}
	kind, ok := usualTypes[status]
	switch {
	case ok:
	case status < 400:
		return Answer{Status: status, Body: []byte(`{}`)}
	case status < 500:
		kind = "bad_request"
	default:
		kind = "internal_server_error"
	}
	return Refuse(status, kind, http.StatusText(status)+": a fault of the sandbox.", "")
}

var usualTypes = map[int]string{
	http.StatusUnauthorized:   "unauthorized",
	http.StatusForbidden:      "forbidden",
	http.StatusNotFound:       "not_found",
	http.StatusConflict:       "idempotency_in_progress",
	http.StatusGone:           "version_removed",
	http.StatusGatewayTimeout: "timeout",
}

// Detail is one problem in a 422. The playground's are Pydantic-v2 in style and their
// location starts with "body"; production's are Pydantic-v1 and it does not (PLAY,
// 5.1). Checks speak the playground's.
type Detail struct {
	Type     string   `json:"type"`
	Message  string   `json:"message"`
	Location []string `json:"location"`
}

// Invalid is the 422 with everything that is wrong with the request, in the style of
// the mode.
func Invalid(details []Detail, production bool) Answer {
	if production {
		details = slices.Clone(details)
		for i, d := range details {
			details[i] = Detail{productionType(d.Type), d.Message, d.Location[1:]}
		}
	}
	return Reply(http.StatusUnprocessableEntity, apiError{
		Type:    "validation_error",
		Message: "The request is not valid; the details say where.",
		Details: details,
	})
}

// productionType is Pydantic-v1's word for a kind of problem.
func productionType(kind string) string {
	if old, ok := productionTypes[kind]; ok {
		return old
	}
	return kind // value_error is the same in both
}

var productionTypes = map[string]string{
	"missing":                 "value_error.missing",
	"enum":                    "type_error.enum",
	"extra_forbidden":         "value_error.extra",
	"model_attributes_type":   "type_error.dict",
	"dict_type":               "type_error.dict",
	"union_tag_not_found":     "value_error.discriminated_union.missing_discriminator",
	"union_tag_invalid":       "value_error.discriminated_union.invalid_discriminator",
	"list_type":               "type_error.list",
	"too_short":               "value_error.list.min_items",
	"too_long":                "value_error.list.max_items",
	"string_type":             "type_error.str",
	"string_too_long":         "value_error.any_str.max_length",
	"string_pattern_mismatch": "value_error.str.regex",
	"float_type":              "type_error.float",
	"finite_number":           "value_error.number.not_finite_number",
	"greater_than_equal":      "value_error.number.not_ge",
	"decimal_max_places":      "value_error.decimal.max_places",
}
