package sandbox

import (
	"bytes"
	_ "embed" // for the page's text
	"html/template"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what a person sees at the root: the ledger, the journal and the catalogue
// of this sandbox. It needs no script, changes nothing and shows no secret.
//
// A search looks at the words of rows as they are shown, masks and all, so that nobody
// can guess what is hidden by searching for it. What was searched for stands in the
// form and in the links to other pages again, escaped: it is the reader's own.
type page struct {
	Mode   string
	Now    string
	Base   string // where the API is
	Key    string // masked
	Given  bool   // the key is not the sandbox's own
	Data   string // the data file's name, "" for none
	Faults int
	Show   string // overview, orders, requests or products

	Money    []moneyRow
	Orders   listing[orderRow]
	Requests listing[requestRow]
	Products listing[productRow]
}

// Overview tells whether the page shows a little of everything.
func (p page) Overview() bool { return p.Show == "overview" }

// The lengths of a list: in the overview, and by itself.
const (
	glance   = 5
	pageSize = 50
)

// servePage answers GET /.
func (s *Sandbox) servePage(w http.ResponseWriter, r *http.Request) {
	p := s.page(r)
	if err := s.settle(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		panic(err) // the template is ours
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes())
}

// page gathers what a call to the page shows.
func (s *Sandbox) page(r *http.Request) page {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := page{
		Mode:   s.options.Mode,
		Now:    s.clock.now().Format(pageTime),
		Base:   "http://" + r.Host + "/v2",
		Key:    maskedKey(s.options.APIKeys[0]),
		Given:  s.options.APIKeys[0] != s.options.ownKey(),
		Faults: len(s.faults.waiting),
		Show:   "overview",
		Money:  s.account.rows(),
	}
	if s.options.Data != "" {
		p.Data = filepath.Base(s.options.Data)
	}
	ask := listRequest{size: glance, page: 1}
	switch show := r.URL.Query().Get("show"); show {
	case "orders", "requests", "products":
		p.Show = show
		ask = readListRequest(r.URL.Query())
	}
	p.Orders = list(ask, len(s.orders.placed), s.orderRow)
	p.Requests = list(ask, len(s.journal.entries), s.requestRow)
	p.Products = list(ask, len(s.shelf.products), s.productRow)
	return p
}

// pageTime is how the page writes times, all of them UTC.
const pageTime = "2006-01-02 15:04:05"

// listRequest is which part of a list is asked for.
type listRequest struct {
	show, query string
	page, size  int
}

// readListRequest reads the page's form. What makes no sense is the first page.
func readListRequest(query url.Values) listRequest {
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil || number < 1 {
		number = 1
	}
	return listRequest{query.Get("show"), strings.TrimSpace(query.Get("q")), number, pageSize}
}

// listing is one page of a list.
type listing[T any] struct {
	Rows               []T
	Query              string
	All, Found         int // how many there are, and how many the query finds
	Page, Pages        int
	First, Last        int // the places of the rows among those found, from 1
	Earlier, Following string
}

// list makes a page of the n things that row shows. row also gives the words that a
// query may find them by; every word of the query must be among them.
func list[T any](ask listRequest, n int, row func(i int) (T, string)) listing[T] {
	found := search(ask, n, row)
	pages := max(1, (len(found)+ask.size-1)/ask.size)
	at := min(ask.page, pages)
	from, to := (at-1)*ask.size, min(at*ask.size, len(found))
	out := listing[T]{Query: ask.query, All: n, Found: len(found), Page: at, Pages: pages, First: from + 1, Last: to}
	for _, i := range found[from:to] {
		shown, _ := row(i)
		out.Rows = append(out.Rows, shown)
	}
	if ask.show == "" {
		return out // a glance leads nowhere
	}
	if at > 1 {
		out.Earlier = ask.link(at - 1)
	}
	if at < pages {
		out.Following = ask.link(at + 1)
	}
	return out
}

// search finds the places of the things that a query means. Without a query nothing
// is looked at, for a list may be long.
func search[T any](ask listRequest, n int, row func(i int) (T, string)) []int {
	words := strings.Fields(strings.ToLower(ask.query))
	var found []int
	for i := range n {
		if len(words) == 0 {
			found = append(found, i)
			continue
		}
		if _, text := row(i); hasAll(strings.ToLower(text), words) {
			found = append(found, i)
		}
	}
	return found
}

// hasAll tells whether a text has all the words in it.
func hasAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// link leads to another page of the same list.
func (l listRequest) link(page int) string {
	query := url.Values{"show": {l.show}, "page": {strconv.Itoa(page)}}
	if l.query != "" {
		query.Set("q", l.query)
	}
	return "/?" + query.Encode()
}
