package campaign

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Book is the record of a campaign's orders: which rewards each one has, and what
// became of it. A reward that is in an order which bought something is never dealt again.
type Book struct {
	// Salt keeps the digests of two campaigns apart.
	Salt   string  `json:"salt"`
	Orders []Order `json:"orders"`
	// Removed are bought rewards that have left the list, and of which the user was told.
	Removed []string `json:"removed,omitempty"`
}

// Order is one order of a campaign.
type Order struct {
	// Number counts a campaign's orders from 1. Its idempotency key follows from it.
	Number  int    `json:"number"`
	OrderID string `json:"order_id,omitempty"`
	// Status is Runa's, or one of purchase's own.
	Status  string `json:"status"`
	Attempt int    `json:"attempt"`
	// Group says what the order's rewards have in common, such as "USD US".
	Group string `json:"group"`
	// Currency is the currency paid in.
	Currency   string `json:"currency,omitempty"`
	TotalPrice string `json:"total_price,omitempty"`
	// FaceValue is the sum of its rewards, in Payout, the currency of their products.
	FaceValue string `json:"face_value,omitempty"`
	Payout    string `json:"payout_currency,omitempty"`
	// Rewards are the ids in the order of the items, Digests their contents in a row.
	Rewards []string `json:"rewards"`
	Digests string   `json:"digests"`
	// Kept says of a FAILED order that something of it may be spent all the same.
	Kept bool `json:"kept,omitempty"`
}

// Payout is what became of one reward.
type Payout struct {
	ItemID          string `json:"item_id,omitempty"`
	Status          string `json:"status"`
	StatusUpdatedAt string `json:"status_updated_at,omitempty"`
	ExpiryDate      string `json:"expiry_date,omitempty"`
	// URL is as good as the money, and is kept apart from the rest: what a refresh changes
	// is logged by OpenTofu, and a refresh never changes a link.
	URL string `json:"-"`
}

// NewBook is the book of a campaign of which nothing is known.
func NewBook() *Book { return &Book{Salt: uuid.NewString()[:8]} }

// ReadBook reads what Text wrote.
func ReadBook(text string) (*Book, error) {
	book := &Book{}
	if err := json.Unmarshal([]byte(text), book); err != nil {
		return nil, err
	}
	return book, nil
}

// Text is the book as a state keeps it.
func (b *Book) Text() (string, error) {
	slices.SortFunc(b.Orders, func(x, y Order) int { return x.Number - y.Number })
	text, err := json.Marshal(b)
	return string(text), err
}

// Clone is a copy that can be changed.
func (b *Book) Clone() *Book {
	clone := *b
	clone.Orders, clone.Removed = slices.Clone(b.Orders), slices.Clone(b.Removed)
	return &clone
}

// Standing is what an order's record allows to be done next.
func (o Order) Standing() purchase.Standing {
	var links []client.PayoutLink
	if o.Kept {
		links = []client.PayoutLink{{URL: "kept"}}
	}
	return purchase.StandingOf(o.Status, links, true)
}

// Complete reports whether all orders are bought and finished. One without rewards is a
// number that is free.
func (b *Book) Complete() bool {
	return !slices.ContainsFunc(b.Orders, func(o Order) bool { return len(o.Rewards) > 0 && o.Standing() != purchase.Placed })
}

// Trim takes out of orders that bought nothing the rewards that the list no longer has,
// or that another order has.
func (b *Book) Trim(list []Reward) {
	wanted := make(map[string]bool, len(list))
	for _, reward := range list {
		wanted[reward.ID] = true
	}
	for _, order := range b.Orders {
		if order.Standing() != purchase.Closed {
			for _, id := range order.Rewards {
				delete(wanted, id)
			}
		}
	}
	for i := range b.Orders {
		if order := &b.Orders[i]; order.Standing() == purchase.Closed {
			order.Rewards = slices.DeleteFunc(slices.Clone(order.Rewards), func(id string) bool { return !wanted[id] })
			order.Digests = "" // of what may change
		}
	}
}

// Currency is the one that all orders are paid in, "" where there is no such one.
func (b *Book) Currency() (currency string) {
	for i, order := range b.Orders {
		if i > 0 && order.Currency != currency {
			return ""
		}
		currency = order.Currency
	}
	return currency
}

// Find gives the order with a number, nil where there is none.
func (b *Book) Find(number int) *Order {
	i := slices.IndexFunc(b.Orders, func(o Order) bool { return o.Number == number })
	if i < 0 {
		return nil
	}
	return &b.Orders[i]
}

// put records an order under its number.
func (b *Book) put(order Order) {
	if known := b.Find(order.Number); known != nil {
		*known = order
		return
	}
	b.Orders = append(b.Orders, order)
}

// digestAt is the digest of the order's i-th reward, "" in a record that lacks it.
func (o Order) digestAt(i int) string {
	if len(o.Digests) < (i+1)*digestLength {
		return ""
	}
	return o.Digests[i*digestLength : (i+1)*digestLength]
}
