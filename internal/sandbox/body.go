package sandbox

import (
	"io"
	"net/http"
	"time"
)

// maxBody is how much of a request is read; API Gateway takes 10 MB as well.
const maxBody = 10 << 20

// limitBody gives a request's body its time: what has not arrived by then never will.
// net/http ends this limit with the request, readBody as soon as the body is there.
func (s *Sandbox) limitBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.options.BodyTime)) // a recorder has none
	}
}

// readBody reads a request's body, and at most one byte more than maxBody. Afterwards
// the call may take as long as it likes.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err == nil && len(body) <= maxBody {
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
	return body, err
}

// skipBody reads a body that nobody wants, for net/http notices that a caller has gone
// away only when the body is read.
func skipBody(w http.ResponseWriter, r *http.Request) {
	if n, err := io.Copy(io.Discard, io.LimitReader(r.Body, maxBody+1)); err == nil && n <= maxBody {
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
}
