package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"path/filepath"
	"strconv"
)

//go:embed page*.html
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "*.html"))

// page is what a person sees at the root: the ledger, the journal and the catalogue
// of this sandbox. It needs no script and shows no secret; its buttons are forms.
//
// A search finds pieces of what rows show, masks and all, and whole words of what they
// hide: nobody can guess what is hidden by searching for it bit by bit. What was searched
// for stands in the form and in the links to other pages again, escaped: it is the
// reader's own.
type page struct {
	Mode   string
	Now    string
	Root   string // where the sandbox is
	Base   string // where its API is
	Key    string // masked
	Given  bool   // the key is not the sandbox's own
	Data   string // the data file's name, "" for none
	Show   string // overview, order, or a list: orders, requests, products, events; or admin
	Notice string // why a button has done nothing
	Gone   int    // how many calls the journal no longer has

	totals
	Faults    []faultRow
	Receivers []string // of events
	Help      string   // the admin calls
	Order     *orderPage
	Orders    listing[orderRow]
	Requests  listing[requestRow]
	Products  listing[productRow]
	Events    listing[eventRow]
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
	s.showPage(w, r, http.StatusOK, "")
}

// showPage shows the page, with a notice or without.
func (s *Sandbox) showPage(w http.ResponseWriter, r *http.Request, status int, notice string) {
	p := s.page(r)
	p.Notice = notice
	if err := s.settle(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	if err := pageTemplate.ExecuteTemplate(&b, "page.html", p); err != nil {
		panic(err) // the template is ours
	}
	if p.Show == "order" && p.Order == nil {
		status = http.StatusNotFound
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // with less, browsers would not say that a button is ours
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// page gathers what a call to the page shows.
func (s *Sandbox) page(r *http.Request) page {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := page{
		Mode:   s.options.Mode,
		Now:    s.clock.now().Format(pageTime),
		Root:   "http://" + r.Host,
		Base:   "http://" + r.Host + "/v2",
		Key:    maskedKey(s.options.APIKeys[0]),
		Given:  s.options.APIKeys[0] != s.options.ownKey(),
		Show:   "overview",
		Faults: s.faultRows(),
		Help:   AdminHelp,
		totals: s.totals(),
		Gone:   s.journal.added - len(s.journal.entries),
	}
	for _, hook := range s.options.Webhooks {
		p.Receivers = append(p.Receivers, hook.shown())
	}
	if s.options.Data != "" {
		p.Data = filepath.Base(s.options.Data)
	}
	ask := listRequest{size: glance, page: 1}
	switch show := r.URL.Query().Get("show"); show {
	case "orders", "requests", "products", "events", "admin":
		p.Show = show
		ask = readListRequest(r.URL.Query())
	}
	if id := r.URL.Query().Get("order"); id != "" {
		p.Show = "order"
		if o, ok := s.orders.find(id); ok {
			p.Order = s.orderPage(o, r.URL.Query().Get("q"))
		}
	}
	p.Orders = list(ask, len(s.orders.placed), s.orderRow)
	for i := range p.Orders.Rows {
		p.Orders.Rows[i].Query = p.Orders.Query
	}
	p.Requests = list(ask, len(s.journal.entries), s.requestRow)
	p.Products = list(ask, s.catalogue.Size(), s.productRow)
	p.Events = list(ask, len(s.messages.all), s.eventRow)
	return p
}

// pageTime is how the page writes times, all of them UTC.
const pageTime = "2006-01-02 15:04:05"

// faultRow is a fault in force, as the page shows it.
type faultRow struct{ Call, Does, Left string }

// faultRows are the faults that may still strike. The caller holds mu.
func (s *Sandbox) faultRows() (rows []faultRow) {
	for _, f := range s.faults.waiting {
		if f.Times > 0 && f.hits >= f.Times {
			continue
		}
		told := s.tellFault(f.Fault)
		row := faultRow{Call: orAny(told.Method) + " " + orAny(told.Path), Does: string(told.Action), Left: "every call"}
		if told.Status != 0 {
			row.Does += " " + strconv.Itoa(told.Status)
		}
		if f.Times > 0 {
			row.Left = strconv.Itoa(f.Times-f.hits) + " more"
		}
		if f.skip > 0 {
			row.Left += ", after " + strconv.Itoa(f.skip)
		}
		rows = append(rows, row)
	}
	return rows
}

func orAny(text string) string {
	if text == "" {
		return "any"
	}
	return text
}
