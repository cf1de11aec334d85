package sandbox

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"runtime"
	"runtime/debug"
)

// defect notes a panic in the log: where, and of what kind. Its value is left out,
// which may be a piece of a request, such as a text that is no number.
func (s *Sandbox) defect(r *http.Request, p any) (kind string) {
	kind = fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		kind = err.Error() // speaks of types and indices only
	}
	log.Printf("sandbox: panic at %s %s: %s\n%s", tellMethod(r.Method), s.tellPath(under(r)), kind, debug.Stack())
	return kind
}

// contain keeps a panic from net/http, which would log its value, and cuts the
// connection as that would.
func (s *Sandbox) contain(r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
		s.defect(r, p)
	}
	panic(http.ErrAbortHandler)
}
