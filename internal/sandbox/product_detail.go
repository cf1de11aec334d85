package sandbox

import (
	"net/http"
	"strings"
)

// getProduct answers GET /product/{product_code}; content says in which flavour its
// texts come (SPEC, 1.6).
func (s *Sandbox) getProduct(c *call) answer {
	flavour := "url"
	if c.query.Has("content") {
		flavour = c.query.Get("content")
	}
	if _, ok := contentSuffixes[flavour]; !ok {
		return refuse(http.StatusBadRequest, "bad_request", "content must be url, md or html.", "")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.shelf.find(strings.TrimPrefix(c.under, "/product/"))
	if !ok {
		return refuse(http.StatusNotFound, "not_found", "There is no such product.", "")
	}
	return answer{status: http.StatusOK, body: p.render(flavour, c.version)}
}

// listCountries answers GET /product/countries (6.3).
func (s *Sandbox) listCountries(*call) answer {
	return reply(http.StatusOK, map[string]any{"countries": s.shelf.countries})
}
