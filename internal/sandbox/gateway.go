package sandbox

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

var removedVersions = []string{"2023-01-16", "2023-07-27"}

// gateway is what stands before Runa's own code: the key, the path, the version
// and the rate. What it refuses carries no X-Api-Version (REC, 1.4) and is never
// stored under an idempotency key (D, 4).
func (a *api) gateway(c *call) wire.Answer {
	if c.refusal != nil {
		return *c.refusal
	}
	if c.tooLong {
		return wire.Refuse(http.StatusRequestEntityTooLarge, "bad_request", "The request is longer than 10 MB.", "")
	}
	handle, ok := findRoute(c)
	if !ok {
		return wire.Refuse(http.StatusForbidden, "forbidden", "You may not access "+c.r.Method+" "+c.r.URL.Path+".",
			"There may be no such path. Every path begins with /v2 and is a singular noun.")
	}
	if refusal, ok := a.checkVersion(c.r.Header.Get("X-Api-Version")); !ok {
		return refusal
	}
	if c.createsOrder() && !a.rate.allow() {
		return wire.RateExceeded()
	}
	answer := handle(a, c)
	if c.entry.Replayed { // verbatim, whatever it was
		return answer
	}
	return answer.With("X-Api-Version", c.version)
}

// authenticate tells a missing key (401) from a wrong one (403) (REC, 1.2).
func (a *api) authenticate(r *http.Request) (wire.Answer, bool) {
	key := r.Header.Get("X-Api-Key")
	switch {
	case key == "":
		return wire.Refuse(http.StatusUnauthorized, "unauthorized", "There is no API key in the request.",
			"Send your key in the X-Api-Key header."), false
	case !slices.Contains(a.options.APIKeys, key):
		return wire.Refuse(http.StatusForbidden, "forbidden", "The API key is not known here.",
			"Check that the key belongs to this environment."), false
	}
	return wire.Answer{}, true
}

// checkVersion refuses versions that are gone or never were (ERR, 1.5).
func (a *api) checkVersion(version string) (wire.Answer, bool) {
	switch {
	case version == "" || slices.Contains(a.options.Versions, version):
		return wire.Answer{}, true
	case slices.Contains(removedVersions, version):
		return wire.Refuse(http.StatusGone, "version_removed", "Version "+version+" of the API has been removed.",
			"Versions to use: "+strings.Join(a.options.Versions, ", ")+"."), false
	}
	return wire.Refuse(http.StatusBadRequest, "invalid_version", "There is no version "+version+" of the API.",
		"Versions to use: "+strings.Join(a.options.Versions, ", ")+"."), false
}

// versionFor is the version an answer speaks: the one asked for, or else the
// account's own (VER, 1.5).
func (a *api) versionFor(r *http.Request) string {
	if asked := r.Header.Get("X-Api-Version"); slices.Contains(a.options.Versions, asked) {
		return asked
	}
	return a.options.Versions[0]
}

// route is one operation of the API.
type route struct {
	method, pattern string
	handle          func(*api, *call) wire.Answer
}

// routes are the ten operations (SPEC, 1.6); the first that fits answers.
var routes = []route{
	{http.MethodGet, "/ping", ping},
	{http.MethodGet, "/balance", func(a *api, c *call) wire.Answer { return a.account.GetBalance(c.query) }},
	{http.MethodGet, "/product", func(a *api, c *call) wire.Answer { return a.catalogue.List(c.query, c.version) }},
	{http.MethodGet, "/product/countries", func(a *api, _ *call) wire.Answer { return a.catalogue.ListCountries() }},
	{http.MethodGet, "/product/categories", func(a *api, _ *call) wire.Answer { return a.catalogue.ListCategories() }},
	{http.MethodGet, "/product/?*", func(a *api, c *call) wire.Answer {
		return a.catalogue.Get(strings.TrimPrefix(c.path, "/product/"), c.query, c.version)
	}},
	{http.MethodPost, "/order", (*api).createOrder},
	{http.MethodPost, "/order/estimate", (*api).estimateOrder},
	{http.MethodGet, "/order", func(a *api, c *call) wire.Answer { return a.account.ListOrders(c.query) }},
	{http.MethodGet, "/order/?*", func(a *api, c *call) wire.Answer {
		return a.account.GetOrder(strings.TrimPrefix(c.path, "/order/"))
	}},
}

// findRoute finds the operation that a call means.
func findRoute(c *call) (func(*api, *call) wire.Answer, bool) {
	if !strings.HasPrefix(c.r.URL.Path, "/v2/") {
		return nil, false
	}
	for _, r := range routes {
		if fits, _ := path.Match(r.pattern, c.path); fits && r.method == c.r.Method {
			return r.handle, true
		}
	}
	return nil, false
}

// ping says that the key works (SPEC, 7).
func ping(*api, *call) wire.Answer {
	return wire.Reply(http.StatusOK, map[string]string{"message": "pong"})
}

// rateLimit allows so many order creations in any minute of the sandbox's clock,
// whatever becomes of them (RATE, 5.3). The window slides (D); a refused call
// does not count, or a caller that hammers would never get through again (D).
type rateLimit struct {
	perMinute int // negative: no limit
	now       func() time.Time

	mu     sync.Mutex
	recent []time.Time
}

// allow counts a creation, if there is room for it.
func (l *rateLimit) allow() bool {
	if l.perMinute < 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	old := 0
	for old < len(l.recent) && now.Sub(l.recent[old]) >= time.Minute {
		old++
	}
	l.recent = l.recent[old:]
	if len(l.recent) >= l.perMinute {
		return false
	}
	l.recent = append(l.recent, now)
	return true
}

// reset forgets all creations.
func (l *rateLimit) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recent = nil
}

// A web page that somebody has open must not be able to use a sandbox on the same
// machine: neither through a name of its own that it points at 127.0.0.1 (DNS
// rebinding) nor by sending requests across sites.

// IsLoopback tells whether a host, without a port, can only be this machine.
func IsLoopback(host string) bool { return webhook.IsLoopback(host) }

// crossSite is the standard library's protection.
var crossSite http.CrossOriginProtection

// guard says why a request may come from a web page of somebody else's, or nothing.
func guard(r *http.Request) string {
	if host := (&url.URL{Host: r.Host}).Hostname(); !IsLoopback(host) {
		return "The sandbox answers requests to localhost and to loopback addresses only, whatever leads there: call it as http://127.0.0.1 and its port."
	}
	if crossSite.Check(asChange(r)) != nil {
		return "The sandbox answers no web pages but its own."
	}
	return ""
}

// asChange is a request as crossSite shall look at it. For that, reads are safe, but
// here they count too: a read uses up faults and fills the journal. What stays a read is
// a person following a link to the sandbox.
func asChange(r *http.Request) *http.Request {
	header := r.Header
	if r.Method == http.MethodGet && header.Get("Sec-Fetch-Mode") == "navigate" && header.Get("Sec-Fetch-Dest") == "document" {
		return r
	}
	change := *r
	change.Method = http.MethodPost
	return &change
}
