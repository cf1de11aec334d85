package sandbox

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

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

// totals adds up. Orders that have failed cost nothing, in the playground too. The
// caller holds mu.
func (s *Sandbox) totals() totals {
	now := s.clock.now()
	orders, links, number, ordered := map[string]int{}, map[string]int{}, map[string]int{}, money.Amounts{}
	for _, o := range s.orders.placed {
		status := o.StatusAt(now)
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
	return totals{s.moneyRows(number, ordered), counts(orders, orderColours), counts(links, linkColours)}
}

// moneyRows are the currencies that have an amount, orders or a limit.
func (s *Sandbox) moneyRows(number map[string]int, ordered money.Amounts) (rows []moneyRow) {
	seen := map[string]decimal.Decimal{}
	for _, some := range []money.Amounts{s.account.balances, ordered, s.account.limits} {
		for currency, amount := range some {
			seen[currency] = amount
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(seen)) {
		row := moneyRow{currency, money.Format(s.account.balances[currency], currency), "", number[currency], money.Format(ordered[currency], currency)}
		if limit, ok := s.account.limits[currency]; ok {
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
