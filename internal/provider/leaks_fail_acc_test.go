package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// failures are ways for things to go wrong in which somebody might quote a secret:
// Runa, whatever answers in its place, or the provider.
var failures = map[string]scenario{
	"answers that quote":  {act: answersThatQuote, planHolds: []secretKind{ofBody}},
	"everything quotes":   {act: everythingQuotes},
	"truncated answers":   {act: truncatedAnswers, planHolds: []secretKind{ofBody}},
	"bytes out of turn":   {act: bytesOutOfTurn},
	"a wrong key":         {act: wrongKey},
	"malformed addresses": {act: malformedRecipients},
	"another recipient":   {act: anotherRecipient},
	"links for ids":       {act: linksForIDs},
}

// impostor answers a request instead of Runa.
type impostor func(w http.ResponseWriter, r *http.Request, body []byte)

// quote is all of a request, and links and addresses besides, twice. A reference that
// the request does not name looks like any other word, so that nobody could hide it.
func quote(r *http.Request, body []byte) string {
	said := wholeRequest(r, body)
	for _, name := range []string{"e-mail address", "payee's address", "stray link", "gateway's token", "proxy's password", "session's cookie"} {
		said += " " + canaries[name].value
	}
	return said + " " + url.QueryEscape(said)
}

// inOneLine is a quote where no line may end.
func inOneLine(r *http.Request, body []byte) string {
	return strings.Join(strings.Fields(quote(r, body)), " ")
}

// quotedID is an answer's id that is one of the words of a quote, another one each time.
func quotedID(r *http.Request, body []byte) string {
	words := strings.Fields(quote(r, body))
	return words[int(quotedIDs.Add(1))%len(words)]
}

var quotedIDs atomic.Int64

// What an answer can make of an order in the state.
const (
	refused    = "" // it is not in there
	unreadable = statusUnconfirmed
	misread    = string(client.StatusProcessing)
	completed  = string(client.StatusCompleted)
)

// badAnswers quote whatever they can.
var badAnswers = map[string]struct {
	leaves string
	by     impostor
}{
	"redirect":         {refused, redirect("https://leak.example/?")},
	"redirect_nowhere": {refused, redirect("https://leak.example/%zz?")},
	"refused":          {refused, refusal(http.StatusUnprocessableEntity, "validation_error")},
	"bad_request":      {refused, refusal(http.StatusBadRequest, "malformed_request")},
	"bad_type":         {refused, refusal(http.StatusBadRequest, canaries["API key"].value+canaries["stray link"].value)},

	"bad_gateway":       {unreadable, page(http.StatusBadGateway)},
	"maintenance":       {unreadable, page(http.StatusOK)},
	"not_http":          {unreadable, raw("%s\r\n\r\n")},
	"odd_status":        {unreadable, raw("HTTP/1.1 %s\r\n\r\n")},
	"odd_header":        {unreadable, raw("HTTP/1.1 200 OK\r\n%s\r\n\r\n")},
	"odd_header_folded": {unreadable, raw("HTTP/1.1 200 OK\r\n %s\r\n\r\n")},
	"odd_length":        {unreadable, raw("HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n")},
	"odd_encoding":      {unreadable, raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n")},
	"odd_chunk":         {unreadable, raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n")},

	// Orders as Runa may describe them some day. They are read so, not placed.
	"link_for_payout": {completed, reshaped(`{"items": [{"id": "I-1", "payout": LINK}]}`)},
	"link_for_amount": {completed, reshaped(`{"total_price": LINK}`)},
	"link_in_amount":  {completed, reshaped(`{"items": [{"id": "I-1", "face_value": {"value": LINK}}]}`)},
	"links_aside":     {completed, reshaped(`{"items": {"count": 1, "links": [LINK]}}`)},
	"link_as_label":   {completed, reshaped(`{"metadata": {"link": [LINK]}}`)},
	"another_order":   {misread, reshaped(`{"id": LINK}`)},
}

// refusal is an error in Runa's form that quotes the request wherever it can.
func refusal(status int, kind string) impostor {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		said := quote(r, body)
		w.Header().Set("X-Api-Version", client.DefaultAPIVersion)
		w.Header().Set("X-Amzn-Requestid", quotedID(r, body))
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(attrs{
			"type": kind, "message": "Cannot take " + said, "help": "Do not send " + said,
			"details": []any{attrs{"type": "value_error", "message": "no", "location": []string{"items", said}}},
		})
	}
}

// page is a proxy's error page.
func page(status int) impostor {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("X-Request-Id", quotedID(r, body))
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<html><body><h1>Sorry</h1><pre>%s</pre></body></html>", quote(r, body))
	}
}

func redirect(to string) impostor {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Header().Set("Location", to+inOneLine(r, body))
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
}

// raw is bytes on the wire, with a quote in them.
func raw(format string) impostor {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // the server speaks HTTP/1.1
		}
		_, _ = fmt.Fprintf(conn, format, inOneLine(r, body))
		_ = conn.Close()
	}
}

// reshaped answers with an order of a new shape, with links where there are none today.
func reshaped(change string) impostor {
	change = strings.ReplaceAll(change, "LINK", strconv.Quote(canaries["stray link"].value))
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Header().Set("X-Amzn-Requestid", quotedID(r, body))
		fields := attrs{"id": path.Base(r.URL.Path), "status": "COMPLETED", "currency": "USD"}
		if err := json.Unmarshal([]byte(change), &fields); err != nil {
			panic(err) // it is JSON
		}
		_ = json.NewEncoder(w).Encode(fields)
	}
}

// answersThatQuote buys one order for each bad answer, then without any, and looks at
// the orders with all of them once more.
func answersThatQuote(s *leakHarness) {
	var orders []string
	want, then := map[string]string{}, map[string]string{}
	for name, answer := range badAnswers {
		orders = append(orders, called(name, order(`items = [`+toPayee+`]`, `description = "`+name+`"`, `timeouts = { create = "10s" }`)))
		if then[name] = completed; answer.leaves != refused {
			want[name] = answer.leaves
		}
	}
	s.configure("orders_per_minute = 6000", orders...)
	s.answers(func(r *http.Request, body []byte) impostor {
		answer := badAnswers[s.describedAs(r, body)]
		placed := answer.leaves == misread || answer.leaves == completed
		if placed == (r.Method == http.MethodPost) {
			return nil
		}
		return answer.by
	})
	s.cli(1, "apply", "-input=false", "-parallelism=100", s.plan()) // all at once: orders that come later are not sent in an outage
	s.wantStatuses(want)
	s.answers(nil)
	s.cli(0, "apply", "-input=false", s.plan())
	s.wantStatuses(then)
	if got := len(s.sb.Ledger()); got != len(badAnswers) {
		s.t.Errorf("the ledger has %d orders, want %d", got, len(badAnswers))
	}
	s.answers(func(r *http.Request, body []byte) impostor { return badAnswers[s.describedAs(r, body)].by })
	s.cli(1, "plan", "-input=false")
	s.cli(1, "plan", "-input=false", "-json")
}

// describedAs is the description of the order that a request places or reads, "" for
// all other requests.
func (s *leakHarness) describedAs(r *http.Request, body []byte) string {
	var order struct{ Description string }
	if r.Method == http.MethodPost {
		_ = json.Unmarshal(body, &order) // an estimate has none
		return order.Description
	}
	for _, entry := range s.sb.Ledger() {
		if entry.ID == path.Base(r.URL.Path) {
			s.sb.must(s.t, json.Unmarshal([]byte(entry.Body), &order))
		}
	}
	return order.Description
}

// wantStatuses wants these orders in the state, and no others.
func (s *leakHarness) wantStatuses(want map[string]string) {
	s.t.Helper()
	var state struct {
		Resources []struct {
			Name      string
			Instances []struct{ Attributes struct{ Status string } }
		}
	}
	s.sb.must(s.t, json.Unmarshal([]byte(s.state), &state))
	got := map[string]string{}
	for _, resource := range state.Resources {
		got[resource.Name] = resource.Instances[0].Attributes.Status
	}
	if !maps.Equal(got, want) {
		s.t.Errorf("the state has %v, want %v", got, want)
	}
}

// everythingQuotes asks all that can be asked, and is refused with what it asked.
func everythingQuotes(s *leakHarness) {
	s.configure("", order(ofEachKind), `
data "runa_ping" "this" {}
data "runa_product" "this" {
  code = "ACME-US"
}
data "runa_products" "this" {}
data "runa_product_categories" "this" {}
data "runa_product_countries" "this" {}
data "runa_balance" "this" {
  currency = "USD"
}
data "runa_balances" "this" {}
data "runa_orders" "this" {}
data "runa_order_estimate" "this" {
  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items          = [{ face_value = 10, products = { type = "SINGLE", value = "ACME-US" } }]
}
`)
	for _, name := range []string{"bad_request", "redirect", "odd_header"} {
		s.answers(func(*http.Request, []byte) impostor { return badAnswers[name].by })
		s.fails("GET /ping", "plan", "-input=false", "-parallelism=100")
	}
}

// truncatedAnswers end in the middle: of an order that is placed, and of one with links.
func truncatedAnswers(s *leakHarness) {
	s.configure("", order(ofEachKind, `timeouts = { create = "1s" }`))
	s.fault(onOrders(sandbox.Fault{Action: sandbox.ActionTruncate}))
	s.apply(0, unconfirmedSummary)
	s.sb.ClearFaults()
	s.apply(0, "0 added, 1 changed, 0 destroyed")
	s.fault(onReading(sandbox.Fault{Action: sandbox.ActionTruncate}))
	s.fails("cannot be read", "plan", "-input=false")
}

// bytesOutOfTurn come after an answer, on a connection that is kept, where nobody
// asked. Go's own client writes about them.
func bytesOutOfTurn(s *leakHarness) {
	const answer = `{"message": "pong"}`
	s.configure("", "data \"runa_ping\" \"this\" {}\n\ndata \"runa_orders\" \"after\" {\n  depends_on = [data.runa_ping.this]\n}\n")
	more := raw(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s%%s", len(answer), answer))
	s.answers(func(r *http.Request, _ []byte) impostor {
		if path.Base(r.URL.Path) != "ping" {
			return nil
		}
		return more
	})
	s.cli(0, "plan", "-input=false")
	if !strings.Contains(s.read("trace.log"), "Unsolicited response") {
		s.t.Errorf("the log does not say %q, want it to report the bytes", "Unsolicited response")
	}
}

func wrongKey(s *leakHarness) {
	key := "api_key = " + fromFile("wrong API key")
	s.configure(key, order(ofEachKind))
	s.fails("Runa refuses the API key", "plan", "-input=false")
	s.configure(key+"\n  validate_catalog = false", order(ofEachKind))
	s.apply(1, "check the API key")
}

func malformedRecipients(s *leakHarness) {
	const hidden = "The value is not shown here because it may be a secret."
	to := func(name, method string) string {
		return called(name, order(`items = [{ face_value = 10, distribution_method = { `+method+` }, products = { type = "SINGLE", value = "P2C-US" } }]`))
	}
	s.configure("",
		to("address", `type = "EMAIL", email_address = `+fromFile("malformed address")),
		to("reference", `type = "RECIPIENT", email_address = `+fromFile("payee's address")+`, recipient_reference = `+fromFile("malformed reference")),
		to("both", `type = "PAYOUT_LINK", email_address = `+fromFile("e-mail address")+`, recipient_reference = `+fromFile("payee's reference")),
	)
	for _, command := range [][]string{{"validate"}, {"validate", "-json"}, {"plan", "-input=false"}, {"plan", "-input=false", "-json"}} {
		said := s.cli(1, command...).said()
		if got := strings.Count(strings.Join(strings.Fields(said), " "), hidden); got != 2 || !strings.Contains(said, "is not allowed for type") {
			s.t.Errorf("%d values are hidden, want 2:\n%s", got, said)
		}
	}
}

// anotherRecipient is asked for when an order is placed already.
func anotherRecipient(s *leakHarness) {
	// Terraform marks in a plan's planned_values only what the configuration marks.
	to := func(name string) string {
		return `items = [{ face_value = 10, distribution_method = { type = "EMAIL", email_address = sensitive(` + fromFile(name) + `) }, products = { type = "SINGLE", value = "ACME-US" } }]`
	}
	s.configure("", order(to("e-mail address")))
	s.apply(0, "Resources: 1 added")
	s.configure("", order(to("payee's address")))
	s.fails("A placed order cannot be changed", "plan", "-input=false")
	s.configure("", order(to("payee's address"), `on_change = "buy_again"`))
	s.apply(0, "0 added, 1 changed, 0 destroyed")
}

// repeated is where CLIs themselves repeat the id of an import, which they are told by
// the user and do not know to be a secret: to the user, in the arguments that they log,
// and in the name that their graph has for the import. No provider can keep them from
// it. Only the id itself is taken out of the texts to search.
var repeated = regexp.MustCompile(`Importing from ID "[^"\n]*"|Preparing import\.\.\. \[(?:(?:order_)?id|identity)=[^\]\n]*\]|\(import id \\?"[^"\n]*"\)|CLI (?:command )?args: \[\]string\{.*\}`)

// linksForIDs gives a link wherever an order's id is wanted.
func linksForIDs(s *leakHarness) {
	s.needs(10, 11, "ephemeral resources")
	s.repeated = repeated
	s.configure("",
		"data \"runa_order\" \"this\" {\n  id = "+fromFile("stray link")+"\n}\n",
		"ephemeral \"runa_payouts\" \"this\" {\n  order_id = "+fromFile("stray link")+"\n}\n")
	s.fails("The value is not shown here because it may be a secret.", "plan", "-input=false")
	s.configure("", order())
	s.fails("Not an order id", "import", "-input=false", this, canaries["stray link"].value)
	s.configure("", "import {\n  to = runa_order.this\n  id = "+fromFile("stray link")+"\n}\n", order())
	s.fails("Not an order id", "plan", "-input=false")
	if major, minor := s.version(); major > 1 || minor >= 12 {
		s.configure("", "import {\n  to = runa_order.this\n  identity = { order_id = "+fromFile("stray link")+" }\n}\n", order())
		s.fails("Not an order id", "plan", "-input=false")
	}
}
