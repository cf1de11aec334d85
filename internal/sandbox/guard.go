package sandbox

import (
	"net/http"
	"net/url"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
)

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
