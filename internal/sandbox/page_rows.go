package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

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
func (s *Sandbox) orderRow(i int) (orderRow, words) {
	o := s.orders.placed[len(s.orders.placed)-1-i]
	row := s.wholeOrder(o)
	has := words{strings.Join([]string{row.Time, row.ID, row.Key, row.Mode, row.Status.Text, row.Currency, row.Description}, " "), hiddenWords(o)}
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
func (s *Sandbox) wholeOrder(o *order.Order) orderRow {
	status := o.StatusAt(s.clock.now())
	row := orderRow{
		Time:        o.Created.Format(pageTime),
		ID:          o.ID,
		Key:         s.masked(o.Key),
		Mode:        o.Mode,
		Status:      mark{status, orderColours[status]},
		Price:       o.Wire.TotalPrice,
		Currency:    o.Currency,
		Description: s.ownDescription(o),
	}
	if strings.Trim(o.Wire.TotalDiscount, "0.") != "" {
		row.Discount = o.Wire.TotalDiscount
	}
	for n, item := range o.Wire.Items {
		shown := s.itemRow(item)
		shown.Number = n + 1
		if !o.ShowsLinks(status) {
			shown.LinkStatus, shown.NoLink, shown.Claimable, shown.Updated, shown.Expiry = mark{}, true, false, "", ""
		}
		row.Items = append(row.Items, shown)
	}
	return row
}

// itemRow shows an item, its recipient masked and its link left out.
func (s *Sandbox) itemRow(item order.WireItem) itemRow {
	row := itemRow{
		Products:   s.masked(item.Products.Codes()),
		FaceValue:  item.FaceValue,
		Price:      item.Price,
		Currency:   item.Currency,
		Way:        item.DistributionMethod.Type,
		LinkStatus: mark{item.Payout.Status, linkColours[item.Payout.Status]},
		Updated:    wireTime(item.Payout.StatusUpdatedAt),
		Claimable:  item.Payout.Status == "ACTIVE",
	}
	if address := item.DistributionMethod.EmailAddress; address != "" {
		row.Recipient = maskedEmail(address)
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
		return untold
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
func (s *Sandbox) requestRow(i int) (requestRow, words) {
	e := s.journal.entries[len(s.journal.entries)-1-i]
	row := s.callRow(e)
	text := []string{row.Time, row.Method, row.Path, row.Query, row.Status.Text, row.Fault, row.Key, row.Mode, row.Webhook, row.About}
	if row.Replayed {
		text = append(text, "replayed")
	}
	return row, words{shown: strings.Join(text, " "), hidden: nonEmpty(e.RequestID)}
}

// callRow shows a call, or an attempt to deliver an event. What the journal tells is
// harmless but for the key.
func (s *Sandbox) callRow(e *JournalEntry) requestRow {
	return requestRow{
		Time:     e.Time.Format(pageTime),
		Method:   e.Method,
		Path:     e.Path,
		Query:    e.Query,
		Status:   statusMark(e.Status),
		Fault:    e.Fault,
		Key:      s.masked(e.IdempotencyKey),
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
func (s *Sandbox) productRow(i int) (productRow, words) {
	p, withdrawn := s.catalogue.At(i)
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
	return row, words{shown: strings.Join([]string{row.Code, row.Name, row.Country, row.Currency, row.Kind, row.Sale.Text, row.Categories}, " ")}
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
func (s *Sandbox) eventRow(i int) (eventRow, words) {
	row := s.messages.all[len(s.messages.all)-1-i].row()
	return row, words{shown: strings.Join([]string{row.ID, row.Event, row.About, row.To, row.State.Text}, " ")}
}

// row shows a message.
func (m *message) row() eventRow {
	row := eventRow{m.id, m.event, m.about, m.to.shown(), mark{string(m.state), "busy"}, m.attempts, "–", "", m.event == EventOrderCompletion}
	switch m.state {
	case messageDelivered:
		row.State.Colour = "good"
	case messageGivenUp:
		row.State.Colour = "bad"
	case messageWaiting:
		row.Next = m.due.Format(pageTime)
	}
	if m.attempts > 0 {
		row.Answer = statusMark(m.status).Text
	}
	return row
}
