// Package order is an order from the request to its answer: it reads and checks a request,
// resolves its products in the catalogue, prices them, and makes the order. It has no lock and
// no state. Whether an order may be placed is decided by the account.
package order

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/oklog/ulid/v2"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// Order is an order that was placed. It does not change by itself: what it looks
// like follows from the clock.
type Order struct {
	ID, Key, Mode string
	Currency      string // of the payment
	Created       time.Time
	Ready         time.Time // PROCESSING until then
	Body          []byte    // the request, byte for byte
	Wire          Full      // as completed

	// What PatchOrder did.
	Forced    string // a status that the clock has no say in
	ShowItems bool   // a FAILED order shows its items
	Full      bool   // and its completed_at
}

// The order statuses (3.3).
const (
	StatusProcessing = "PROCESSING"
	StatusCompleted  = "COMPLETED"
	StatusFailed     = "FAILED"
)

// The execution modes (SPEC, 1.3). Without the header an order is async.
const (
	ModeAsync = "async"
	ModeSync  = "sync"
)

// StatusAt is the order's status at a time.
func (o *Order) StatusAt(now time.Time) string {
	switch {
	case o.Forced != "":
		return o.Forced
	case now.Before(o.Ready):
		return StatusProcessing
	}
	return StatusCompleted
}

// WireAt is what GET /order/{id} answers at a time: one of two shapes, and for a
// FAILED order the basic one, without items (D, 12), unless a patch shows them, or the
// full one, which SPEC has (14.9).
func (o *Order) WireAt(now time.Time) any {
	full := o.Wire
	full.Status = o.StatusAt(now)
	switch full.Status {
	case StatusProcessing:
		return processing(o.ID)
	case StatusFailed:
		if !o.Full {
			full.CompletedAt = nil // it never was (D)
		}
		if !o.ShowItems {
			return full.Basic
		}
	}
	return full
}

// BasicAt is the order as GET /order lists it at a time (SPEC, 3.2).
func (o *Order) BasicAt(now time.Time) any {
	if full, ok := o.WireAt(now).(Full); ok {
		return full.Basic
	}
	return o.WireAt(now)
}

// Price is what the order costs, in its payment currency.
func (o *Order) Price() decimal.Decimal { return decimal.RequireFromString(o.Wire.TotalPrice) }

// Completion is the body of order.completion: the order as lists have it, without items
// and links, or of a FAILED one nothing but that (WH-O, 8).
func (o *Order) Completion(now time.Time) json.RawMessage {
	if status := o.StatusAt(now); status == StatusFailed {
		return wire.JSON(Accepted{o.ID, status})
	}
	return wire.JSON(o.BasicAt(now))
}

// ShowsLinks tells whether an order that has a status has links to show.
func (o *Order) ShowsLinks(status string) bool {
	return status == StatusCompleted || status == StatusFailed && o.ShowItems
}

// Basic is an order as the list shows it (SPEC, 3.2; 13.9).
type Basic struct {
	ID            string      `json:"id"`
	Status        string      `json:"status"`
	CreatedAt     string      `json:"created_at"`
	CompletedAt   *string     `json:"completed_at"`
	Description   *string     `json:"description"`
	PaymentMethod wirePayment `json:"payment_method"`
	Currency      string      `json:"currency"`
	TotalDiscount string      `json:"total_discount"`
	TotalPrice    string      `json:"total_price"`
}

// Full is a whole order, members in the recorded order (REC, 3.2).
type Full struct {
	Basic
	Items             []WireItem            `json:"items"`
	TransactionDetail map[string]wireAmount `json:"transaction_detail"` // by payout currency
	Metadata          map[string]string     `json:"metadata"`
}

// wirePayment names its currency in Embedded FX orders only: recorded orders have
// the type alone, the samples of EFX have both (3.2).
type wirePayment struct {
	Type     string `json:"type"`
	Currency string `json:"currency,omitempty"`
}

// WireItem is one item. redemption_url and discount_multiplier are recorded in the
// playground, though LOG says to treat the first as removed (3.2); production leaves
// both out, as the sample of 13.4 does. redemption_url is JSON, since null and not
// there are two things.
type WireItem struct {
	ID                 string          `json:"id"`
	DistributionMethod Distribution    `json:"distribution_method"`
	Products           selection       `json:"products"`
	FaceValue          string          `json:"face_value"`
	Price              string          `json:"price"`
	DiscountMultiplier string          `json:"discount_multiplier,omitempty"`
	Payout             wirePayout      `json:"payout"`
	RedemptionURL      json.RawMessage `json:"redemption_url,omitempty"`
	Currency           string          `json:"currency"`
}

// wirePayout is an item's link (3.4).
type wirePayout struct {
	Status          string  `json:"status"`
	StatusUpdatedAt string  `json:"status_updated_at"`
	URL             *string `json:"url"`
	ExpiryDate      *string `json:"expiry_date"`
}

// wireAmount is what was paid out in one currency.
type wireAmount struct {
	Value string  `json:"value"`
	FX    *wireFX `json:"fx"`
}

// wireFX is how an amount was converted (EFX, 9.1).
type wireFX struct {
	Rate       string  `json:"rate"`
	RateSymbol string  `json:"rate_symbol"`
	Fee        wireFee `json:"fee"`
}

type wireFee struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// Accepted is the 202's whole body (SPEC, 3.2).
type Accepted struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// running is an order that is PROCESSING; the wording is ours (D, 3.2).
type running struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

func processing(id string) running {
	return running{id, StatusProcessing, "Order is still being processed."}
}

// IDs makes the ids of an account's orders and items.
type IDs struct {
	Made uint64 // so far
}

// next makes an id whose ULID decodes to the millisecond of creation (REC, 1.7).
// The rest of it follows from how many ids there are, so that a test on a fixed
// clock sees the same ids every time.
func (g *IDs) next(prefix string, now time.Time) string {
	g.Made++
	seed := binary.BigEndian.AppendUint64(nil, g.Made)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(seed, uint64(now.UnixMicro())))
	id := ulid.ULID(sum[:16])
	if err := id.SetTime(ulid.Timestamp(now)); err != nil {
		panic(err) // after the year 10889
	}
	return prefix + id.String()
}

// Purchase is everything that an order is made of.
type Purchase struct {
	Basket     Basket
	Cost       Bill
	Mode, Key  string
	Body       []byte        // the request
	Production bool          // or else the playground
	Processing time.Duration // of an asynchronous order
}

// Place makes the order, as of now. Everything has been checked.
func (p Purchase) Place(ids *IDs, now time.Time) *Order {
	currency := p.Basket.request.Currency
	o := &Order{
		ID:       ids.next("O-", now),
		Key:      p.Key,
		Mode:     p.Mode,
		Currency: currency,
		Created:  now,
		Ready:    now,
		Body:     p.Body,
	}
	if p.Mode == ModeAsync {
		o.Ready = now.Add(p.Processing)
	}
	completed := p.completed(o)
	for i, item := range p.Basket.items {
		o.Wire.Items = append(o.Wire.Items, p.newItem(item, p.Cost.prices[i], ids.next("E-", now), completed))
	}
	o.Wire.Basic = Basic{
		ID:            o.ID,
		CreatedAt:     wire.Timestamp(now),
		CompletedAt:   &completed,
		Description:   p.Basket.request.description,
		PaymentMethod: wirePayment{Type: "ACCOUNT_BALANCE"},
		Currency:      currency,
		TotalDiscount: money.Format(p.Cost.discount, currency),
		TotalPrice:    money.Format(p.Cost.Total, currency),
	}
	if p.Cost.paid.FX != nil {
		o.Wire.PaymentMethod.Currency = currency
	}
	o.Wire.TransactionDetail = map[string]wireAmount{p.Basket.currency: p.Cost.paid}
	o.Wire.Metadata = p.Basket.request.metadata
	return o
}

// newItem makes one item with a live link.
func (p Purchase) newItem(item Item, price decimal.Decimal, id, completed string) WireItem {
	currency := p.Basket.currency
	link := PayoutHost(p.Production) + uuid.NewSHA1(uuid.NameSpaceURL, []byte(id)).String()
	made := WireItem{
		ID:                 id,
		DistributionMethod: item.distribution,
		Products:           item.products,
		FaceValue:          money.Format(item.faceValue, currency),
		Price:              money.Format(price, currency),
		Payout:             wirePayout{Status: "ACTIVE", StatusUpdatedAt: completed, URL: &link},
		Currency:           currency,
	}
	if !p.Production {
		made.DiscountMultiplier, made.RedemptionURL = "0.0", wire.JSON(link)
	}
	return made
}

// PayoutHost is where links lead (REC, 3.2).
func PayoutHost(production bool) string {
	if production {
		return "https://spend.runa.io/"
	}
	return "https://spend.playground.runa.io/"
}

// completed is when an order says that it was. The playground says a second after it
// was created, in either mode and however long it really took (REC, 3.2); that
// production tells the truth is D.
func (p Purchase) completed(o *Order) string {
	if p.Production {
		return wire.Timestamp(o.Ready)
	}
	return wire.Timestamp(o.Created.Add(time.Second))
}
