package sandbox

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// untold stands for words that are not told.
const untold = "…"

// What may be told of a request, and of a fault, is what is known here: the API's own
// words, products, order ids. Any other word may be a link, a person or a key that
// ended up in the wrong place. What such things look like cannot be listed, for a
// recipient's reference looks like anything; what is harmless can.

// tellMethod is a method that HTTP knows.
func tellMethod(method string) string {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return method
	}
	return untold
}

// pathWords are the parts of the API's paths, and of those that callers and browsers
// are likely to try.
var pathWords = []string{
	"ping", "balance", "product", "countries", "categories", "order", "estimate",
	"v1", "v2", "balances", "products", "orders", "transactions", "favicon.ico", "robots.txt", "index.html",
}

var (
	orderIDShape = regexp.MustCompile(`^O-[0-9A-HJKMNP-TV-Z]{26}$`)
	globShape    = regexp.MustCompile(`^(O-)?[*?]+$`)
)

// tellPath is a path up to the first part that is not known.
func (s *Sandbox) tellPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		known := part == "" || slices.Contains(pathWords, part) || s.catalogue.HasCode(part) ||
			orderIDShape.MatchString(part) || globShape.MatchString(part)
		if !known {
			return strings.Join(append(parts[:i:i], untold), "/")
		}
	}
	return path
}

// tellQuery is a query as it was sent, without values that its parameters cannot
// have and without parameters that the API does not have.
func (s *Sandbox) tellQuery(raw string) string {
	if raw == "" {
		return ""
	}
	parts := strings.Split(raw, "&")
	for i, part := range parts {
		escapedName, escapedValue, _ := strings.Cut(part, "=")
		name, badName := url.QueryUnescape(escapedName)
		value, badValue := url.QueryUnescape(escapedValue)
		makesSense, known := parameters[name]
		switch {
		case badName != nil || !known:
			parts[i] = untold
		case badValue != nil || value != "" && !makesSense(s, value):
			parts[i] = name + "=" + untold
		}
	}
	return strings.Join(parts, "&")
}

// parameters are those of all operations (SPEC, 1.6), and which values they can have.
var parameters = map[string]func(*Sandbox, string) bool{
	"limit":        func(_ *Sandbox, v string) bool { return limitShape.MatchString(v) },
	"before":       (*Sandbox).isCursor,
	"after":        (*Sandbox).isCursor,
	"is_orderable": func(_ *Sandbox, v string) bool { return v == "true" || v == "false" },
	"currency":     func(_ *Sandbox, v string) bool { return money.Known(v) },
	"countries_redeemable_in": func(s *Sandbox, v string) bool {
		return s.catalogue.HasCountry(v)
	},
	"categories": func(_ *Sandbox, v string) bool { return catalogue.IsCategory(v) },
	"content":    func(_ *Sandbox, v string) bool { return v == "url" || v == "md" || v == "html" },
}

var limitShape = regexp.MustCompile(`^-?[0-9]{1,4}$`)

// isCursor tells whether a text is a cursor of the catalogue or of the orders.
func (s *Sandbox) isCursor(text string) bool {
	plain, _ := base64.StdEncoding.DecodeString(text)
	id, ours := strings.CutPrefix(string(plain), "order ")
	return s.catalogue.HasCode(text) || ours && orderIDShape.MatchString(id)
}

// tellMode is an execution mode that there is.
func tellMode(mode string) string {
	if mode == "" || mode == order.ModeAsync || mode == order.ModeSync {
		return mode
	}
	return untold
}

var versionShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// tellVersion is an API version, there or not.
func (s *Sandbox) tellVersion(version string) string {
	if version == "" || versionShape.MatchString(version) || slices.Contains(s.options.Versions, version) {
		return version
	}
	return untold
}

// agentShape is a well-known program and the numbers of its version.
var agentShape = regexp.MustCompile(`^(terraform-provider-runa|Terraform|OpenTofu|Go-http-client|curl|Wget|HTTPie|python-requests|PostmanRuntime|Mozilla)(/[0-9]{1,4}(\.[0-9]{1,4}){1,3}|/(dev|test|unknown))?`)

// tellAgent is the well-known programs of a User-Agent. Their users may add words to
// it, as with TF_APPEND_USER_AGENT.
func tellAgent(agent string) string {
	var told []string
	for word := range strings.FieldsSeq(agent) {
		known := agentShape.FindString(word)
		if known != word {
			known += untold
		}
		if known != untold || len(told) == 0 || told[len(told)-1] != untold {
			told = append(told, known)
		}
	}
	return strings.Join(told, " ")
}

// tellFault is a fault without what it answers: its body may be an order with links,
// copied from life.
func (s *Sandbox) tellFault(f Fault) Fault {
	f.Method, f.Path = tellMethod(f.Method), s.tellPath(f.Path)
	if f.Body != "" {
		f.Body = untold
	}
	headers := map[string]string{}
	for name := range f.Headers {
		headers[tellHeader(name)] = untold
	}
	f.Headers = headers
	return f
}

// tellHeader is the name of a header that answers have.
func tellHeader(name string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Content-Type", "Content-Encoding", "Location", "Retry-After", "Server", "X-Amzn-Requestid", "X-Api-Version", "X-Send-Email":
		return name
	}
	return untold
}
