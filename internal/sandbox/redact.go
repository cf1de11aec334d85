package sandbox

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// redactor removes from texts what must not be shown.
type redactor struct {
	keys      []string // API keys
	versions  []string // of the API
	catalogue *catalogue.Catalogue
}

// redacted stands for words that are not shown.
const redacted = "…"

// What may be shown of a request, and of a fault, is what is known here: the API's own
// words, products, order ids. Any other word may be a link, a person or a key that
// ended up in the wrong place. What such things look like cannot be listed, for a
// recipient's reference looks like anything; what is harmless can.

// redactMethod is a method that HTTP knows.
func redactMethod(method string) string {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return method
	}
	return redacted
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

// path is a path up to the first part that is not known.
func (d redactor) path(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		known := part == "" || slices.Contains(pathWords, part) || d.catalogue.HasCode(part) ||
			orderIDShape.MatchString(part) || globShape.MatchString(part)
		if !known {
			return strings.Join(append(parts[:i:i], redacted), "/")
		}
	}
	return path
}

// query is a query as it was sent, without values that its parameters cannot
// have and without parameters that the API does not have.
func (d redactor) query(raw string) string {
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
			parts[i] = redacted
		case badValue != nil || value != "" && !makesSense(d, value):
			parts[i] = name + "=" + redacted
		}
	}
	return strings.Join(parts, "&")
}

// parameters are those of all operations (SPEC, 1.6), and which values they can have.
var parameters = map[string]func(redactor, string) bool{
	"limit":        func(_ redactor, v string) bool { return limitShape.MatchString(v) },
	"before":       redactor.isCursor,
	"after":        redactor.isCursor,
	"is_orderable": func(_ redactor, v string) bool { return v == "true" || v == "false" },
	"currency":     func(_ redactor, v string) bool { return money.Known(v) },
	"countries_redeemable_in": func(d redactor, v string) bool {
		return d.catalogue.HasCountry(v)
	},
	"categories": func(_ redactor, v string) bool { return catalogue.IsCategory(v) },
	"content":    func(_ redactor, v string) bool { return v == "url" || v == "md" || v == "html" },
}

var limitShape = regexp.MustCompile(`^-?[0-9]{1,4}$`)

// isCursor tells whether a text is a cursor of the catalogue or of the orders.
func (d redactor) isCursor(text string) bool {
	id, ours := account.ReadCursor(text)
	return d.catalogue.HasCode(text) || ours && orderIDShape.MatchString(id)
}

// redactMode is an execution mode that there is.
func redactMode(mode string) string {
	if mode == "" || mode == order.ModeAsync || mode == order.ModeSync {
		return mode
	}
	return redacted
}

var versionShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// version is an API version, there or not.
func (d redactor) version(version string) string {
	if version == "" || versionShape.MatchString(version) || slices.Contains(d.versions, version) {
		return version
	}
	return redacted
}

// agentShape is a well-known program and the numbers of its version.
var agentShape = regexp.MustCompile(`^(terraform-provider-runa|Terraform|OpenTofu|Go-http-client|curl|Wget|HTTPie|python-requests|PostmanRuntime|Mozilla)(/[0-9]{1,4}(\.[0-9]{1,4}){1,3}|/(dev|test|unknown))?`)

// redactAgent is the well-known programs of a User-Agent. Their users may add words to
// it, as with TF_APPEND_USER_AGENT.
func redactAgent(agent string) string {
	var shown []string
	for word := range strings.FieldsSeq(agent) {
		known := agentShape.FindString(word)
		if known != word {
			known += redacted
		}
		if known != redacted || len(shown) == 0 || shown[len(shown)-1] != redacted {
			shown = append(shown, known)
		}
	}
	return strings.Join(shown, " ")
}

// fault is a fault without what it answers: its body may be an order with links,
// copied from life.
func (d redactor) fault(f Fault) Fault {
	f.Method, f.Path = redactMethod(f.Method), d.path(f.Path)
	if f.Body != "" {
		f.Body = redacted
	}
	headers := map[string]string{}
	for name := range f.Headers {
		headers[redactHeader(name)] = redacted
	}
	f.Headers = headers
	return f
}

// redactHeader is the name of a header that answers have.
func redactHeader(name string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Content-Type", "Content-Encoding", "Location", "Retry-After", "Server", "X-Amzn-Requestid", "X-Api-Version", "X-Send-Email":
		return name
	}
	return redacted
}

// What a page must not show to somebody who looks over a shoulder: links that are
// as good as money, people, keys. An idempotency key may be any text, so these look
// for it there by its shape.
var (
	linkShape  = regexp.MustCompile(`(?i)https?:/[^\s"'<>]*|(?:[a-z0-9-]+\.)*runa\.io/[^\s"'<>]*`)
	keyShape   = regexp.MustCompile(`(?i)(XX|wg)[A-Za-z0-9_-]*\.[A-Za-z0-9._~+/=-]+`)
	emailShape = regexp.MustCompile(`(?:"[^"]*"|[^\s"<>@,;:])+@[^\s"'<>@,;:=&?/]+`)
)

// mask is a text of somebody else's, without what it must not show. What hides there
// behind escapes, once or twice, is shown without them.
func (d redactor) mask(text string) string {
	plain := text
	for range 3 {
		if less := d.maskPlain(plain); less != plain {
			return less
		}
		var err error
		if plain, err = url.PathUnescape(plain); err != nil {
			break
		}
	}
	return text
}

func (d redactor) maskPlain(text string) string {
	for _, key := range d.keys {
		if key != "" {
			text = strings.ReplaceAll(text, key, maskKey(key))
		}
	}
	text = linkShape.ReplaceAllStringFunc(text, maskLink)
	text = keyShape.ReplaceAllStringFunc(text, maskKey)
	return emailShape.ReplaceAllStringFunc(text, maskEmail)
}

// maskLink is a link's host alone.
func maskLink(link string) string {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" {
		return redacted
	}
	return parsed.Hostname() + "/" + redacted
}

// maskEmail is an address's domain alone.
func maskEmail(address string) string {
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return redacted
	}
	return redacted + address[at:]
}

// maskKey is the two letters of an API key that tell the environment, where it has
// them.
func maskKey(key string) string {
	for _, prefix := range []string{"XX", "xx", productionPrefix} {
		if strings.HasPrefix(key, prefix) {
			return prefix + redacted
		}
	}
	return redacted
}

// logPanic notes a panic in the log: where, and of what kind. Its value is left out,
// which may be a piece of a request, such as a text that is no number.
func (d redactor) logPanic(r *http.Request, p any) (kind string) {
	kind = fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		kind = err.Error() // speaks of types and indices only
	}
	log.Printf("sandbox: panic at %s %s: %s\n%s", redactMethod(r.Method), d.path(apiPath(r)), kind, debug.Stack())
	return kind
}

// recoverPanic keeps a panic from net/http, which would log its value, and cuts the
// connection as that would.
func (d redactor) recoverPanic(r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
		d.logPanic(r, p)
	}
	panic(http.ErrAbortHandler)
}
