package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// NotBought is the status of a reward of the list that no order has yet.
const NotBought = "NOT_BOUGHT"

// Statuses counts rewards by what became of them. Listed is how many the list has.
func (b *Book) Statuses(payouts map[string]Payout, listed int) map[string]int64 {
	counts := map[string]int64{}
	bought := 0
	for _, order := range b.Orders {
		standing := order.Standing()
		if standing == purchase.Closed {
			counts[order.Status] += int64(len(order.Rewards))
			bought += len(order.Rewards)
			continue
		}
		for _, id := range order.Rewards {
			if !slices.Contains(b.Removed, id) {
				bought++
			}
			status := order.Status
			if payout := payouts[id]; standing == purchase.Placed && payout.Status != "" {
				status = payout.Status
			}
			counts[status]++
		}
	}
	if left := listed - bought; left > 0 {
		counts[NotBought] += int64(left)
	}
	return counts
}

// Bought counts the rewards and orders that are bought, or may be.
func (b *Book) Bought() (rewards, orders int) {
	for _, order := range b.Orders {
		if order.Standing() != purchase.Closed {
			rewards += len(order.Rewards)
			orders++
		}
	}
	return rewards, orders
}

// Totals are the sums of what is bought: face values in the products' currencies, and
// prices in the currencies paid in, as exact decimal texts.
func (b *Book) Totals() (faceValue, totalPrice map[string]string) {
	values, prices := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, order := range b.Orders {
		if order.Standing() == purchase.Closed {
			continue
		}
		if value, err := decimal.NewFromString(order.FaceValue); err == nil && order.Payout != "" {
			values[order.Payout] = values[order.Payout].Add(value)
		}
		if price, err := decimal.NewFromString(order.TotalPrice); err == nil && order.Currency != "" {
			prices[order.Currency] = prices[order.Currency].Add(price)
		}
	}
	return texts(values), texts(prices)
}

func texts(sums map[string]decimal.Decimal) map[string]string {
	written := map[string]string{}
	for currency, sum := range sums {
		written[currency] = sum.StringFixed(2)
	}
	return written
}

// Announce says in numbers what batches buy.
func Announce(batches []*Batch) string {
	rewards, sums := 0, map[string]decimal.Decimal{}
	for _, batch := range batches {
		rewards += len(batch.Rewards)
		sums[batch.Payout] = sums[batch.Payout].Add(batch.Sum())
	}
	return announce(rewards, len(batches), sums)
}

// Open says in numbers what is in orders of which it is not known whether they were
// placed, and counts it.
func (b *Book) Open() (said string, rewards, orders int) {
	sums := map[string]decimal.Decimal{}
	for _, order := range b.Orders {
		if order.Standing() != purchase.Open {
			continue
		}
		rewards += len(order.Rewards)
		orders++
		if value, err := decimal.NewFromString(order.FaceValue); err == nil {
			sums[order.Payout] = sums[order.Payout].Add(value)
		}
	}
	return announce(rewards, orders, sums), rewards, orders
}

func announce(rewards, orders int, sums map[string]decimal.Decimal) string {
	var amounts []string
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		amounts = append(amounts, strings.TrimSpace(grouped(sums[currency].StringFixed(2))+" "+currency))
	}
	return fmt.Sprintf("%s in %s, %s", Count(rewards, "reward"), Count(orders, "order"), strings.Join(amounts, " and "))
}

// Count says how many there are of something: "1 reward", "2,500 rewards".
func Count(n int, noun string) string {
	return grouped(fmt.Sprint(n)) + " " + Choose(n, noun, noun+"s")
}

// Choose gives the word for one, or the word for any other number.
func Choose(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// grouped writes a number with commas between thousands.
func grouped(number string) string {
	whole, rest, dot := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + rest
	}
	return whole
}
