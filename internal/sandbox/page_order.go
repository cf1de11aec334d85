package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// orderPage is an order's own page.
type orderPage struct {
	orderRow
	Completed string
	Failable  bool
	Words     string // what may be shown of its description
	Pairs     []pair // what may be shown of its metadata
	Host      string // where its links lead
	Calls     []requestRow
	Events    []eventRow
}

// pair is one of an order's metadata.
type pair struct{ Name, Value string }

// pageCalls is how many calls an order's page shows.
const pageCalls = 20

// orderPage makes the page of an order. The query marks the items that it means.
func (d pageData) orderPage(o *order.Order, query string) *orderPage {
	p := &orderPage{orderRow: d.wholeOrder(o), Words: d.shownDescription(o), Pairs: d.shownMetadata(o), Host: strings.Trim(strings.TrimPrefix(order.PayoutHost(d.options.production()), "https:"), "/")}
	p.Failable = p.Status.Text != order.StatusFailed
	if p.Status.Text == order.StatusCompleted {
		p.Completed = wireTime(*o.Wire.CompletedAt)
	}
	markFound(o, p.Items, query)
	for _, e := range slices.Backward(d.entries) {
		if len(p.Calls) < pageCalls && (e.IdempotencyKey != "" && e.IdempotencyKey == o.Key || e.Path == "/order/"+o.ID || e.About == o.ID) {
			p.Calls = append(p.Calls, d.callRow(e))
		}
	}
	for _, m := range d.Deliveries {
		if m.About == o.ID {
			p.Events = append(p.Events, newEventRow(m))
		}
	}
	return p
}

// The names that the provider gives to metadata: an order's key and attempt, and the ids
// of a campaign's rewards, some in each pair.
const (
	keyTag     = "terraform_order_key"
	attemptTag = "terraform_order_attempt"
	rewardsTag = "terraform_rewards_"
)

// campaignForm is the description that the provider itself writes for an order of a
// campaign: its name and number, a group, the first and the last id, how many. It is
// shown, for such descriptions are there to be read in lists. Ids that are no plain
// words, and all descriptions that users write, may be about people and are not.
var campaignForm = regexp.MustCompile(`^[A-Za-z0-9 ._-]{1,50} #[0-9]{1,9} \| [A-Za-z0-9 ._-]{1,40} \| [A-Za-z0-9._-]{1,16}~? to [A-Za-z0-9._-]{1,16}~? \([0-9]{1,3}\)$`)

// ownDescription is a description that may be shown, or "".
func (d pageData) ownDescription(o *order.Order) string {
	if text := o.Wire.Description; text != nil && campaignForm.MatchString(*text) {
		return d.redactor.mask(*text)
	}
	return ""
}

// shownDescription is what may be shown of a description.
func (d pageData) shownDescription(o *order.Order) string {
	if o.Wire.Description == nil {
		return ""
	}
	return cmp.Or(d.ownDescription(o), fmt.Sprintf("%d characters, not shown", len([]rune(*o.Wire.Description))))
}

var attemptShape = regexp.MustCompile(`^[0-9]{1,6}$`)

// shownMetadata is what may be shown of metadata: the provider's own pairs, where they are
// as it writes them, and the number of others.
func (d pageData) shownMetadata(o *order.Order) (shown []pair) {
	others, ids := 0, rewardIDs(o)
	for _, name := range slices.Sorted(maps.Keys(o.Wire.Metadata)) {
		value := o.Wire.Metadata[name]
		switch {
		case name == keyTag && value == o.Key:
			shown = append(shown, pair{name, "is the idempotency key"})
		case name == keyTag:
			shown = append(shown, pair{name, d.redactor.mask(value)})
		case ids != nil && strings.HasPrefix(name, rewardsTag):
		case name == attemptTag && attemptShape.MatchString(value):
			shown = append(shown, pair{name, value})
		default:
			others++
		}
	}
	if ids != nil {
		shown = append(shown, pair{rewardsTag + redacted, fmt.Sprintf("%d ids, not shown", len(ids))})
	}
	if others > 0 {
		shown = append(shown, pair{"others", fmt.Sprintf("%d, not shown", others)})
	}
	return shown
}

// rewardIDs are the ids of a campaign's rewards, one for each item, or none.
func rewardIDs(o *order.Order) (ids []string) {
	for _, name := range slices.Sorted(maps.Keys(o.Wire.Metadata)) {
		if strings.HasPrefix(name, rewardsTag) {
			ids = append(ids, strings.Split(o.Wire.Metadata[name], ",")...)
		}
	}
	if len(ids) != len(o.Wire.Items) {
		return nil
	}
	return ids
}

// hiddenWords are the words of an order that a page does not show, but finds it by: those of
// description and metadata, and who is to receive what.
func hiddenWords(o *order.Order) (all []string) {
	if o.Wire.Description != nil {
		all = append(all, splitWords(*o.Wire.Description)...)
	}
	for _, value := range o.Wire.Metadata {
		all = append(all, splitWords(value)...)
	}
	for _, item := range o.Wire.Items {
		all = append(all, recipientWords(item.DistributionMethod)...)
	}
	return all
}

// recipientWords are the words about a recipient.
func recipientWords(d order.Distribution) []string {
	return nonEmpty(d.EmailAddress, d.RecipientReference)
}

// nonEmpty is the texts that are not empty.
func nonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// markFound marks the items that a query means: by their recipient, or by their id in a
// campaign.
func markFound(o *order.Order, items []itemRow, query string) {
	ids := rewardIDs(o)
	for _, word := range strings.Fields(strings.ToLower(query)) {
		for i := range items {
			has := searchText{hidden: recipientWords(o.Wire.Items[i].DistributionMethod)}
			if ids != nil {
				has.hidden = append(has.hidden, ids[i])
			}
			items[i].Found = items[i].Found || has.hides(word)
		}
	}
}

// splitWords splits a text at spaces and commas: the provider lists ids with commas.
func splitWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
}

// moneyRow is one currency of the account, as the page shows it.
type moneyRow struct {
	Currency, Balance, Limit string
	Orders                   int
	Ordered                  string // what they cost
}

// count is how many there are of something, and a search that finds them.
type count struct {
	mark
	N    int
	Link string
}

// totals are the sums over all orders.
type totals struct {
	Money         []moneyRow
	Counts, Links []count // of orders and of links, by status
}

// totals adds up. Orders that have failed cost nothing, in the playground too.
func (d pageData) totals() totals {
	orders, links, number, ordered := map[string]int{}, map[string]int{}, map[string]int{}, money.Amounts{}
	for _, o := range d.Orders {
		status := o.StatusAt(d.Now)
		orders[status]++
		if status != order.StatusFailed {
			number[o.Currency]++
			ordered[o.Currency] = ordered[o.Currency].Add(o.Price())
		}
		if !o.ShowsLinks(status) {
			continue
		}
		for _, item := range o.Wire.Items {
			if item.Payout.URL != nil {
				links[item.Payout.Status]++
			}
		}
	}
	return totals{d.moneyRows(number, ordered), counts(orders, orderColours), counts(links, linkColours)}
}

// moneyRows are the currencies that have an amount, orders or a limit.
func (d pageData) moneyRows(number map[string]int, ordered money.Amounts) (rows []moneyRow) {
	seen := map[string]decimal.Decimal{}
	for _, some := range []money.Amounts{d.Balances, ordered, d.Limits} {
		for currency, amount := range some {
			seen[currency] = amount
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(seen)) {
		row := moneyRow{currency, money.Format(d.Balances[currency], currency), "", number[currency], money.Format(ordered[currency], currency)}
		if limit, ok := d.Limits[currency]; ok {
			row.Limit = money.Format(limit, currency)
		}
		rows = append(rows, row)
	}
	return rows
}

// counts shows numbers by status, as often as there is one, the good ones first.
func counts(numbers map[string]int, colours map[string]string) (out []count) {
	for _, status := range slices.Sorted(maps.Keys(numbers)) {
		link := "/?" + url.Values{"show": {"orders"}, "q": {status}}.Encode()
		out = append(out, count{mark{status, colours[status]}, numbers[status], link})
	}
	order := "good busy done bad"
	slices.SortStableFunc(out, func(a, b count) int { return strings.Index(order, a.Colour) - strings.Index(order, b.Colour) })
	return out
}
