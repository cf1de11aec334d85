package sandbox

import (
	"net/http"
	"strconv"
	"strings"
)

// moneyRow is one currency of the account, as the page shows it.
type moneyRow struct {
	Currency, Balance, Drawn, Limit string
}

// rows are the currencies that have or had anything, or a limit.
func (a account) rows() []moneyRow {
	seen := map[string]bool{}
	for _, some := range []amounts{a.balances, a.drawn, a.limits} {
		for currency := range some {
			seen[currency] = true
		}
	}
	var rows []moneyRow
	for _, currency := range sortedKeys(seen) {
		row := moneyRow{currency, money(a.balances[currency], currency), money(a.drawn[currency], currency), ""}
		if limit, ok := a.limits[currency]; ok {
			row.Limit = money(limit, currency)
		}
		rows = append(rows, row)
	}
	return rows
}

// mark is a word with a colour.
type mark struct{ Text, Colour string }

// orderRow is an order as the page shows it.
type orderRow struct {
	Time, ID, Key, Mode       string
	Status                    mark
	Price, Discount, Currency string
	Items                     []itemRow
}

// itemRow is an item of it.
type itemRow struct {
	Products, FaceValue, Currency string
	Way, Recipient                string
	Link                          string
	LinkStatus                    mark
}

// orderRow shows the ith order from the newest. Description and metadata are the
// customer's own business, and left out.
func (s *Sandbox) orderRow(i int) (orderRow, string) {
	o := s.orders.placed[len(s.orders.placed)-1-i]
	status := o.statusAt(s.clock.now())
	row := orderRow{
		Time:     o.created.Format(pageTime),
		ID:       o.id,
		Key:      s.masked(o.key),
		Mode:     o.mode,
		Status:   mark{status, orderColours[status]},
		Price:    o.wire.TotalPrice,
		Currency: o.currency,
	}
	if strings.Trim(o.wire.TotalDiscount, "0.") != "" {
		row.Discount = o.wire.TotalDiscount
	}
	words := []string{row.Time, row.ID, row.Key, row.Mode, status, row.Currency}
	for _, item := range o.wire.Items {
		shown := s.itemRow(item)
		if status == statusProcessing || status == statusFailed && !o.showItems {
			shown.Link, shown.LinkStatus = "no link", mark{}
		}
		row.Items = append(row.Items, shown)
		words = append(words, shown.Products, shown.Way, shown.LinkStatus.Text)
	}
	return row, strings.Join(words, " ")
}

// itemRow shows an item, its recipient and its link masked.
func (s *Sandbox) itemRow(item wireItem) itemRow {
	row := itemRow{
		Products:   s.masked(asked(item.Products)),
		FaceValue:  item.FaceValue,
		Currency:   item.Currency,
		Way:        item.DistributionMethod.Type,
		Link:       "no link",
		LinkStatus: mark{item.Payout.Status, linkColours[item.Payout.Status]},
	}
	if address := item.DistributionMethod.EmailAddress; address != "" {
		row.Recipient = maskedEmail(address)
	}
	if item.Payout.URL != nil {
		row.Link = maskedLink(*item.Payout.URL)
	}
	return row
}

// The colours of the statuses (3.3, 3.4).
var (
	orderColours = map[string]string{statusCompleted: "good", statusProcessing: "busy", statusFailed: "bad"}
	linkColours  = map[string]string{"ACTIVE": "good", "CLAIMED": "done", "CANCELLED": "bad", "EXPIRED": "bad"}
)

// requestRow is a call to the API as the page shows it.
type requestRow struct {
	Time, Method, Path, Query string
	Status                    mark
	Fault, Key, Mode          string
	Replayed                  bool
}

// requestRow shows the ith call from the newest. What the journal tells is harmless
// but for the key.
func (s *Sandbox) requestRow(i int) (requestRow, string) {
	e := s.journal.entries[len(s.journal.entries)-1-i]
	row := requestRow{
		Time:     e.Time.Format(pageTime),
		Method:   e.Method,
		Path:     e.Path,
		Query:    e.Query,
		Status:   statusMark(e.Status),
		Fault:    e.Fault,
		Key:      s.masked(e.IdempotencyKey),
		Mode:     e.Mode,
		Replayed: e.Replayed,
	}
	words := []string{row.Time, row.Method, row.Path, row.Query, row.Status.Text, row.Fault, row.Key, row.Mode}
	if row.Replayed {
		words = append(words, "replayed")
	}
	return row, strings.Join(words, " ")
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
func (s *Sandbox) productRow(i int) (productRow, string) {
	p := s.shelf.products[i]
	if changed, ok := s.shelf.changed[p.Code]; ok {
		p = changed
	}
	row := productRow{
		Code:       p.Code,
		Name:       p.Name,
		Country:    strings.Join(p.Countries, " "),
		Currency:   p.Currency,
		Kind:       strings.ReplaceAll(p.PayoutType, "_", " "),
		Amounts:    p.amounts(),
		Discount:   p.DiscountMultiplier,
		Categories: strings.Join(p.Categories, ", "),
		Sale:       mark{"for sale", "good"},
	}
	switch {
	case s.shelf.withdrawn[p.Code]:
		row.Sale = mark{"withdrawn", "bad"}
	case !p.IsOrderable:
		row.Sale = mark{"not for sale", "busy"}
	}
	return row, strings.Join([]string{row.Code, row.Name, row.Country, row.Currency, row.Kind, row.Sale.Text, row.Categories}, " ")
}

// amounts are what a product can be bought for, in short.
func (p *product) amounts() string {
	switch p.PayoutType {
	case payoutSubscription:
		var plans []string
		for _, plan := range p.Subscription.Plans {
			plans = append(plans, plan.Code+" "+plan.Price)
		}
		return strings.Join(plans, ", ")
	case payoutPayment:
		return p.Payment.Denominations.MinimumValue + " – " + p.Payment.Denominations.MaximumValue
	}
	if d := p.GiftCard.Denominations; d.Type == fixedAmounts {
		return strings.Join(d.AvailableList, ", ")
	}
	return p.GiftCard.Denominations.MinimumValue + " – " + p.GiftCard.Denominations.MaximumValue
}
