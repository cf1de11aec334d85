package sandbox

import (
	"net/http"
	"path"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// route is one operation of the API.
type route struct {
	method, pattern string
	handle          func(*Sandbox, *call) wire.Answer
}

// routes are the ten operations (SPEC, 1.6); the first that fits answers.
var routes = []route{
	{http.MethodGet, "/ping", (*Sandbox).ping},
	{http.MethodGet, "/balance", (*Sandbox).getBalance},
	{http.MethodGet, "/product", func(s *Sandbox, c *call) wire.Answer { return s.catalogue.List(c.query, c.version) }},
	{http.MethodGet, "/product/countries", func(s *Sandbox, _ *call) wire.Answer { return s.catalogue.ListCountries() }},
	{http.MethodGet, "/product/categories", func(s *Sandbox, _ *call) wire.Answer { return s.catalogue.ListCategories() }},
	{http.MethodGet, "/product/?*", func(s *Sandbox, c *call) wire.Answer {
		return s.catalogue.Get(strings.TrimPrefix(c.under, "/product/"), c.query, c.version)
	}},
	{http.MethodPost, "/order", (*Sandbox).createOrder},
	{http.MethodPost, "/order/estimate", (*Sandbox).estimateOrder},
	{http.MethodGet, "/order", (*Sandbox).listOrders},
	{http.MethodGet, "/order/?*", (*Sandbox).getOrder},
}

// findRoute finds the operation that a call means.
func findRoute(c *call) (func(*Sandbox, *call) wire.Answer, bool) {
	if !strings.HasPrefix(c.r.URL.Path, "/v2/") {
		return nil, false
	}
	for _, r := range routes {
		if fits, _ := path.Match(r.pattern, c.under); fits && r.method == c.r.Method {
			return r.handle, true
		}
	}
	return nil, false
}

// ping says that the key works (SPEC, 7).
func (s *Sandbox) ping(*call) wire.Answer {
	return wire.Reply(http.StatusOK, map[string]string{"message": "pong"})
}
