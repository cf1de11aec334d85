package campaign

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// API is the part of Runa in which a campaign is found. *client.Client implements it.
type API interface {
	Order(ctx context.Context, id string) (client.Order, error)
	Orders(context.Context) iter.Seq2[client.Order, error]
}

// TooManyError says that a search ended before it had seen all orders.
type TooManyError struct{ Searched int }

func (e *TooManyError) Error() string {
	return fmt.Sprintf("%d orders of the account were searched, and there are more", e.Searched)
}

// Found is what a search has added to a book.
type Found struct {
	Numbers []int
	Rewards []Reward // of orders that bought something, as Runa shows them
}

// Find adds to the book what Runa has of a campaign and the book does not: whatever an
// earlier run bought, and could not record. It only reads, and searches at most so many
// orders.
//
// An order that Runa has not finished shows no description, and is not found. Its
// number is then sent again, and Runa answers with the order it has: see Run.
func Find(ctx context.Context, api API, name string, book *Book, payouts map[string]Payout, most int) (found Found, err error) {
	candidates := map[int][]string{}
	searched := 0
	for entry, err := range api.Orders(ctx) {
		if err != nil {
			return found, fmt.Errorf("the account's orders cannot be read: %w", err)
		}
		if searched++; searched > most {
			return found, &TooManyError{most}
		}
		if entry.Undescribed {
			// It may be this campaign's, and be bought again once Runa has forgotten its key.
			return found, fmt.Errorf("order %s of the account may belong to this campaign, but its description cannot be read", entry.ID)
		}
		number, _, ok := described(entry.Description, name)
		if known := book.Find(number); ok && (known == nil || known.Standing() == purchase.Closed && known.OrderID != entry.ID) {
			candidates[number] = append(candidates[number], entry.ID)
		}
	}
	for number, ids := range candidates {
		order, items, err := best(ctx, api, name, number, ids)
		if err != nil {
			return found, err
		}
		if order == nil {
			continue
		}
		if known := book.Find(number); known != nil && known.Attempt >= order.Attempt {
			continue
		}
		order.Digests = digests(*order, items, book.Salt)
		book.put(*order)
		record(payouts, order.Rewards, items)
		found.Numbers = append(found.Numbers, number)
		if order.Standing() != purchase.Closed && len(items) == len(order.Rewards) {
			for i, item := range items {
				found.Rewards = append(found.Rewards, rewardFrom(order.Rewards[i], item))
			}
		}
	}
	slices.Sort(found.Numbers)
	return found, nil
}

// best reads the orders that say they are a campaign's n-th, and gives the one that
// stands for the number: what is bought, or else the newest attempt.
func best(ctx context.Context, api API, name string, number int, ids []string) (order *Order, items []client.OrderedItem, err error) {
	for _, id := range ids {
		read, err := api.Order(ctx, id)
		if err != nil {
			return nil, nil, fmt.Errorf("order %s of this campaign cannot be read: %w", id, err)
		}
		if read.Incomplete != nil {
			// It may be what was bought under this number: its key cannot be seen.
			return nil, nil, fmt.Errorf("order %s seems to belong to this campaign, but cannot be read: %w", id, read.Incomplete)
		}
		key, attempt := purchase.TagOf(read.Metadata)
		if key != Key(name, number) {
			continue // a namesake: it was not sent as this order
		}
		one, err := recordOf(name, read, attempt)
		if err != nil {
			return nil, nil, err
		}
		if order == nil || order.Standing() == purchase.Closed && (one.Standing() != purchase.Closed || one.Attempt > order.Attempt) {
			order, items = &one, read.Items
		}
	}
	return order, items, nil
}

// recordOf is the record of an order that was found.
func recordOf(name string, read client.Order, attempt int) (Order, error) {
	ids := labelled(read.Metadata)
	if read.Incomplete != nil || len(read.Items) != len(ids) && len(read.Items) > 0 {
		return Order{}, fmt.Errorf("order %s belongs to this campaign, but does not show which rewards it has", read.ID)
	}
	number, group, _ := described(read.Description, name)
	order := Order{Number: number, Attempt: attempt, Group: group, Rewards: ids}
	order.take(read)
	return order, nil
}

// take records what Runa says about an order.
func (o *Order) take(read client.Order) {
	o.OrderID, o.Status = read.ID, string(read.Status)
	if read.Status == client.StatusProcessing || read.Incomplete != nil {
		return // Runa says no more than this
	}
	o.Currency, o.TotalPrice = read.Currency, string(read.TotalPrice)
	o.Kept = o.Kept || read.Status == client.StatusFailed && !purchase.FailedForNothing(read)
	var sum decimal.Decimal
	for _, item := range read.Items {
		sum = sum.Add(item.FaceValue.Decimal())
		o.Payout = item.Currency
	}
	if len(read.Items) > 0 {
		o.FaceValue = sum.StringFixed(2)
	}
}

func digests(order Order, items []client.OrderedItem, salt string) (all string) {
	if len(items) != len(order.Rewards) {
		return ""
	}
	for i, item := range items {
		all += rewardFrom(order.Rewards[i], item).digest(salt)
	}
	return all
}

// record notes what became of an order's rewards. What Runa no longer tells stays.
func record(payouts map[string]Payout, ids []string, items []client.OrderedItem) {
	if len(items) != len(ids) {
		return
	}
	for i, item := range items {
		payout := Payout{ItemID: item.ID}
		if link := item.PayoutLink; link != nil {
			payout.Status, payout.StatusUpdatedAt = link.Status, link.StatusUpdatedAt
			payout.URL, payout.ExpiryDate = link.URL, link.ExpiryDate
		}
		payouts[ids[i]] = payout
	}
}
