// Package wire is the form of everything that the sandbox answers: JSON, times, pages and
// errors, as Runa writes them. It has no state, and knows nothing about what is answered.
package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"maps"
	"net/http"
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
