package order

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/oklog/ulid/v2"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

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
