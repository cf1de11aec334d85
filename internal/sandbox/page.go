package sandbox

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

//go:embed page*.html
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "*.html"))

// pageHandler answers browsers: the page, and its buttons.
type pageHandler struct{ sandbox *Sandbox }

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
	overviewRows = 5
	pageSize     = 50
)

// serve answers GET /.
func (h *pageHandler) serve(w http.ResponseWriter, r *http.Request) {
	h.show(w, r, http.StatusOK, "")
}

// show shows the page, with a notice or without.
func (h *pageHandler) show(w http.ResponseWriter, r *http.Request, status int, notice string) {
	p := h.gather(r)
	p.Notice = notice
	if err := h.sandbox.account.Sync(); err != nil {
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
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin") // with less, browsers would not say that a button is ours
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// pageData is what a page is made of. The view is valid while the account is read.
type pageData struct {
	account.View
	options   Options
	catalogue *catalogue.Catalogue
	redactor  redactor
	entries   []JournalEntry
	faults    []activeFault
}

// gather gathers what a call to the page shows.
func (h *pageHandler) gather(r *http.Request) (p page) {
	s := h.sandbox
	d := pageData{
		options: s.options, catalogue: s.catalogue, redactor: s.redactor,
		entries: s.journal.list(), faults: s.faults.list(),
	}
	s.account.Read(func(view account.View) {
		d.View = view
		p = d.page(r)
	})
	return p
}

// page makes the page of a call.
func (d pageData) page(r *http.Request) page {
	p := page{
		Mode:   d.options.Mode,
		Now:    d.Now.Format(pageTime),
		Root:   "http://" + r.Host,
		Base:   "http://" + r.Host + "/v2",
		Key:    maskKey(d.options.APIKeys[0]),
		Given:  d.options.APIKeys[0] != d.options.ownKey(),
		Show:   "overview",
		Faults: d.faultRows(),
		Help:   AdminHelp,
		totals: d.totals(),
	}
	if len(d.entries) > 0 {
		p.Gone = d.entries[0].Number - 1
	}
	for _, endpoint := range d.options.Webhooks {
		p.Receivers = append(p.Receivers, endpoint.Host())
	}
	if d.options.Data != "" {
		p.Data = filepath.Base(d.options.Data)
	}
	ask := listRequest{size: overviewRows, page: 1}
	switch show := r.URL.Query().Get("show"); show {
	case "orders", "requests", "products", "events", "admin":
		p.Show = show
		ask = readListRequest(r.URL.Query())
	}
	if id := r.URL.Query().Get("order"); id != "" {
		p.Show = "order"
		if i := slices.IndexFunc(d.Orders, func(o *order.Order) bool { return o.ID == id }); i >= 0 {
			p.Order = d.orderPage(d.Orders[i], r.URL.Query().Get("q"))
		}
	}
	p.Orders = list(ask, len(d.Orders), d.orderRow)
	for i := range p.Orders.Rows {
		p.Orders.Rows[i].Query = p.Orders.Query
	}
	p.Requests = list(ask, len(d.entries), d.requestRow)
	p.Products = list(ask, d.catalogue.Size(), d.productRow)
	p.Events = list(ask, len(d.Deliveries), d.eventRow)
	return p
}

// pageTime is how the page writes times, all of them UTC.
const pageTime = "2006-01-02 15:04:05"

// faultRow is a fault in force, as the page shows it.
type faultRow struct{ Call, Does, Left string }

// faultRows are the faults that may still strike.
func (d pageData) faultRows() (rows []faultRow) {
	for _, f := range d.faults {
		if f.Times > 0 && f.hits >= f.Times {
			continue
		}
		shown := d.redactor.fault(f.Fault)
		row := faultRow{Call: orAny(shown.Method) + " " + orAny(shown.Path), Does: string(shown.Action), Left: "every call"}
		if shown.Status != 0 {
			row.Does += " " + strconv.Itoa(shown.Status)
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

// The page's buttons: forms, for the page runs no script. Each does what an admin call
// does, and leads back to where it was pressed. That no page of another site presses them
// is guard's care.

// maxForm is how long a form may be.
const maxForm = 4 << 10

// press answers POST /_sandbox/press.
func (h *pageHandler) press(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "This is no form of the page.", http.StatusBadRequest)
		return
	}
	err := h.do(r.PostForm)
	if err == nil {
		err = h.sandbox.account.Sync()
	}
	if err != nil {
		h.show(w, r, http.StatusBadRequest, h.sandbox.redactor.mask(err.Error()))
		return
	}
	http.Redirect(w, r, backTo(r.PostForm), http.StatusSeeOther)
}

// backTo is where a button was: an order's page, the events or the overview.
func backTo(form url.Values) string {
	if id := form.Get("order"); orderIDShape.MatchString(id) {
		return "/?order=" + id
	}
	if form.Get("do") == "send" {
		return "/?show=events"
	}
	return "/"
}

// do does what a button says.
func (h *pageHandler) do(form url.Values) error {
	switch form.Get("do") {
	case "lose":
		return h.sandbox.AddFault(Fault{Method: http.MethodPost, Path: "/order", Times: 1, Action: ActionDropAfter})
	case "refuse":
		return h.sandbox.AddFault(Fault{Method: http.MethodPost, Path: "/order", Times: 1, Action: ActionStatus, Status: http.StatusServiceUnavailable})
	case "clear":
		h.sandbox.ClearFaults()
		return nil
	case "topup":
		return h.sandbox.account.SetBalances(map[string]string{form.Get("currency"): "+" + form.Get("amount")})
	case "fail":
		return h.sandbox.PatchOrder(form.Get("order"), order.Patch{Status: order.StatusFailed})
	case "claim":
		return claimItem(h.sandbox, form.Get("order"), form.Get("item"))
	case "send":
		return h.sandbox.SendAgain(form.Get("message"))
	}
	return errors.New("there is no such button")
}

// claimItem claims the link of an item, by its number from 1.
func claimItem(s *Sandbox, id, item string) error {
	number, err := strconv.Atoi(item)
	if err != nil || number < 1 || number > order.MaxItems {
		return errors.New("there is no such item")
	}
	items := make([]order.ItemPatch, number)
	items[number-1].Payout.Status = "CLAIMED"
	return s.PatchOrder(id, order.Patch{Items: items})
}
