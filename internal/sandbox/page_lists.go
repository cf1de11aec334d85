package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
)

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

// searchText is what a row can be found by: a piece of what it shows, or the whole of a word
// that it hides. Whoever knows an address or a winner's number finds the order; nobody
// can guess one letter by letter.
type searchText struct {
	shown  string
	hidden []string
}

// contains tells whether a word, in small letters, finds the row.
func (s searchText) contains(word string) bool {
	return strings.Contains(strings.ToLower(s.shown), word) || s.hides(word)
}

// hides tells whether a word is one of the hidden ones.
func (s searchText) hides(word string) bool {
	return slices.ContainsFunc(s.hidden, func(hidden string) bool { return strings.ToLower(hidden) == word })
}

// list makes a page of the n things that row shows. row also gives the words that a
// query may find them by; every word of the query must be among them.
func list[T any](ask listRequest, n int, row func(i int) (T, searchText)) listing[T] {
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
		return out // the overview leads nowhere
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
func search[T any](ask listRequest, n int, row func(i int) (T, searchText)) []int {
	wanted := strings.Fields(strings.ToLower(ask.query))
	var found []int
	for i := range n {
		if len(wanted) == 0 {
			found = append(found, i)
			continue
		}
		_, has := row(i)
		if !slices.ContainsFunc(wanted, func(word string) bool { return !has.contains(word) }) {
			found = append(found, i)
		}
	}
	return found
}

// link leads to another page of the same list.
func (l listRequest) link(page int) string {
	query := url.Values{"show": {l.show}, "page": {strconv.Itoa(page)}}
	if l.query != "" {
		query.Set("q", l.query)
	}
	return "/?" + query.Encode()
}

// mark is a word with a colour.
type mark struct{ Text, Colour string }

// orderRow is an order as the page shows it.
type orderRow struct {
	Time, ID, Key, Mode       string
	Status                    mark
	Price, Discount, Currency string
	Description               string // "" where it is not shown
	Items                     []itemRow
	More                      int    // items that a list leaves out
	Query                     string // the search that found it, for its own page to show where
}

// itemRow is an item of it.
type itemRow struct {
	Number                     int // from 1
	Products, FaceValue, Price string
	Currency, Way, Recipient   string
	LinkStatus                 mark
	Updated, Expiry            string
	NoLink, Claimable, Found   bool
}

// rowItems is how many items of an order a list shows.
const rowItems = 3

// orderRow shows the ith order from the newest.
func (d pageData) orderRow(i int) (orderRow, searchText) {
	o := d.Orders[len(d.Orders)-1-i]
	row := d.wholeOrder(o)
	has := searchText{strings.Join([]string{row.Time, row.ID, row.Key, row.Mode, row.Status.Text, row.Currency, row.Description}, " "), hiddenWords(o)}
	for _, item := range row.Items {
		has.shown += " " + strings.Join([]string{item.Products, item.Way, item.LinkStatus.Text}, " ")
		if item.NoLink {
			has.shown += " no link"
		}
	}
	row.More = max(0, len(row.Items)-rowItems)
	row.Items = row.Items[:len(row.Items)-row.More]
	return row, has
}

// wholeOrder shows an order with all its items.
func (d pageData) wholeOrder(o *order.Order) orderRow {
	status := o.StatusAt(d.Now)
	row := orderRow{
		Time:        o.Created.Format(pageTime),
		ID:          o.ID,
		Key:         d.redactor.mask(o.Key),
		Mode:        o.Mode,
		Status:      mark{status, orderColours[status]},
		Price:       o.Wire.TotalPrice,
		Currency:    o.Currency,
		Description: d.ownDescription(o),
	}
	if strings.Trim(o.Wire.TotalDiscount, "0.") != "" {
		row.Discount = o.Wire.TotalDiscount
	}
	for n, item := range o.Wire.Items {
		shown := d.itemRow(item)
		shown.Number = n + 1
		if !o.ShowsLinks(status) {
			shown.LinkStatus, shown.NoLink, shown.Claimable, shown.Updated, shown.Expiry = mark{}, true, false, "", ""
		}
		row.Items = append(row.Items, shown)
	}
	return row
}

// itemRow shows an item, its recipient masked and its link left out.
func (d pageData) itemRow(item order.WireItem) itemRow {
	row := itemRow{
		Products:   d.redactor.mask(item.Products.Codes()),
		FaceValue:  item.FaceValue,
		Price:      item.Price,
		Currency:   item.Currency,
		Way:        item.DistributionMethod.Type,
		LinkStatus: mark{item.Payout.Status, linkColours[item.Payout.Status]},
		Updated:    wireTime(item.Payout.StatusUpdatedAt),
		Claimable:  item.Payout.Status == "ACTIVE",
	}
	if address := item.DistributionMethod.EmailAddress; address != "" {
		row.Recipient = maskEmail(address)
	}
	row.NoLink = item.Payout.URL == nil
	if item.Payout.ExpiryDate != nil {
		row.Expiry = wireTime(*item.Payout.ExpiryDate)
	}
	return row
}

// wireTime is a time of the wire as the page writes it. A patch may have written anything.
func wireTime(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return redacted
	}
	return at.UTC().Format(pageTime)
}

// The colours of the statuses (3.3, 3.4).
var (
	orderColours = map[string]string{order.StatusCompleted: "good", order.StatusProcessing: "busy", order.StatusFailed: "bad"}
	linkColours  = map[string]string{"ACTIVE": "good", "CLAIMED": "done", "CANCELLED": "bad", "EXPIRED": "bad"}
)

// requestRow is a call to the API as the page shows it.
type requestRow struct {
	Time, Method, Path, Query string
	Status                    mark
	Fault, Key, Mode          string
	Replayed                  bool
	Webhook, About            string // of an event: which, and the order or the product
	Attempt                   int
}

// requestRow shows the ith call from the newest.
func (d pageData) requestRow(i int) (requestRow, searchText) {
	e := d.entries[len(d.entries)-1-i]
	row := d.callRow(e)
	text := []string{row.Time, row.Method, row.Path, row.Query, row.Status.Text, row.Fault, row.Key, row.Mode, row.Webhook, row.About}
	if row.Replayed {
		text = append(text, "replayed")
	}
	return row, searchText{shown: strings.Join(text, " "), hidden: nonEmpty(e.RequestID)}
}

// callRow shows a call, or an attempt to deliver an event. What the journal shows is
// harmless, except for the idempotency key.
func (d pageData) callRow(e JournalEntry) requestRow {
	return requestRow{
		Time:     e.Time.Format(pageTime),
		Method:   e.Method,
		Path:     e.Path,
		Query:    e.Query,
		Status:   statusMark(e.Status),
		Fault:    e.Fault,
		Key:      d.redactor.mask(e.IdempotencyKey),
		Mode:     e.Mode,
		Replayed: e.Replayed,
		Webhook:  e.Webhook,
		About:    e.About,
		Attempt:  e.Attempt,
	}
}

// statusMark shows an HTTP status; 0 is a call without an answer.
func statusMark(status int) mark {
	switch {
	case status == 0:
		return mark{"none", "bad"}
	case status < http.StatusBadRequest:
		return mark{strconv.Itoa(status), "good"}
	case status < http.StatusInternalServerError:
		return mark{strconv.Itoa(status), "busy"}
	}
	return mark{strconv.Itoa(status), "bad"}
}

// productRow is a product as the page shows it.
type productRow struct {
	Code, Name, Country, Currency, Kind string
	Amounts, Discount, Categories       string
	Sale                                mark
}

// productRow shows the ith product by code, a withdrawn one too.
func (d pageData) productRow(i int) (productRow, searchText) {
	p, withdrawn := d.catalogue.At(i)
	row := productRow{
		Code:       p.Code,
		Name:       p.Name,
		Country:    strings.Join(p.Countries, " "),
		Currency:   p.Currency,
		Kind:       strings.ReplaceAll(p.PayoutType, "_", " "),
		Amounts:    p.Amounts(),
		Discount:   p.DiscountMultiplier,
		Categories: strings.Join(p.Categories, ", "),
		Sale:       mark{"for sale", "good"},
	}
	switch {
	case withdrawn:
		row.Sale = mark{"withdrawn", "bad"}
	case !p.IsOrderable:
		row.Sale = mark{"not for sale", "busy"}
	}
	return row, searchText{shown: strings.Join([]string{row.Code, row.Name, row.Country, row.Currency, row.Kind, row.Sale.Text, row.Categories}, " ")}
}

// eventRow is an event as the page shows it.
type eventRow struct {
	ID, Event, About, To string
	State                mark
	Attempts             int
	Answer, Next         string
	IsOrder              bool
}

// eventRow shows the ith event from the newest.
func (d pageData) eventRow(i int) (eventRow, searchText) {
	row := newEventRow(d.Deliveries[len(d.Deliveries)-1-i])
	return row, searchText{shown: strings.Join([]string{row.ID, row.Event, row.About, row.To, row.State.Text}, " ")}
}

// newEventRow shows a message.
func newEventRow(e webhook.Delivery) eventRow {
	row := eventRow{e.ID, e.Event, e.About, e.To, mark{e.State, "busy"}, e.Attempts, "–", "", e.Event == EventOrderCompletion}
	switch {
	case e.Due != nil:
		row.Next = e.Due.Format(pageTime)
	case e.State == "delivered":
		row.State.Colour = "good"
	case e.State == "given up":
		row.State.Colour = "bad"
	}
	if e.Attempts > 0 {
		row.Answer = statusMark(e.Status).Text
	}
	return row
}
