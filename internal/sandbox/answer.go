package sandbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// answer is a whole answer before it meets the network: what handlers make, what
// the idempotency store keeps, what faults spoil.
type answer struct {
	status int
	header map[string]string // besides Content-Type and Content-Length
	body   []byte
}

// reply is an answer with a JSON body.
func reply(status int, body any) answer {
	return answer{status: status, body: mustJSON(body)}
}

// with is the answer with one more header.
func (a answer) with(name, value string) answer {
	header := maps.Clone(a.header)
	if header == nil {
		header = map[string]string{}
	}
	header[http.CanonicalHeaderKey(name)] = value
	a.header = header
	return a
}

// compressedFor is the answer as the caller asked to have it: gzip or plain.
func (a answer) compressedFor(r *http.Request) answer {
	if len(a.body) == 0 || !asksForGzip(r.Header.Get("Accept-Encoding")) {
		return a
	}
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	_, _ = z.Write(a.body) // a buffer takes everything
	_ = z.Close()
	a.body = small.Bytes()
	return a.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding")
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

// writeHead sends everything but the body.
func (a answer) writeHead(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	for name, value := range a.header {
		h.Set(name, value)
	}
	w.WriteHeader(a.status)
}

// mustJSON writes JSON without the HTML escapes that only Go makes. What the
// sandbox marshals is its own, so a failure is a defect.
func mustJSON(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
