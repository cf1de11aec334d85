package sandbox

import (
	"net/http"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// getProduct answers GET /product/{product_code}; content says in which flavour its
// texts come (SPEC, 1.6).
func (s *Sandbox) getProduct(c *call) wire.Answer {
	flavour := "url"
	if c.query.Has("content") {
		flavour = c.query.Get("content")
	}
	if _, ok := contentSuffixes[flavour]; !ok {
		return wire.Refuse(http.StatusBadRequest, "bad_request", "content must be url, md or html.", "")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.shelf.find(strings.TrimPrefix(c.under, "/product/"))
	if !ok {
		return wire.Refuse(http.StatusNotFound, "not_found", "There is no such product.", "")
	}
	return wire.Answer{Status: http.StatusOK, Body: p.render(flavour, c.version)}
}

// listCountries answers GET /product/countries (6.3).
func (s *Sandbox) listCountries(*call) wire.Answer {
	return wire.Reply(http.StatusOK, map[string]any{"countries": s.shelf.countries})
}
