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
	{http.MethodGet, "/product", (*Sandbox).listProducts},
	{http.MethodGet, "/product/countries", (*Sandbox).listCountries},
	{http.MethodGet, "/product/categories", (*Sandbox).listCategories},
	{http.MethodGet, "/product/?*", (*Sandbox).getProduct},
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
