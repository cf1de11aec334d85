package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/oklog/ulid/v2"
	"github.com/shopspring/decimal"
)

// newOrder makes the order that a basket asks for, as of now. The caller holds mu
// and has checked everything.
func (s *Sandbox) newOrder(b basket, mode, key string, body []byte) *order {
	now := s.clock.now()
	o := &order{
		id:       s.newID("O-", now),
		key:      key,
		mode:     mode,
		currency: b.request.currency,
		created:  now,
		ready:    now,
		body:     body,
	}
	if mode == modeAsync {
		o.ready = now.Add(s.options.Processing)
	}
	total := decimal.Zero
	for _, item := range b.items {
		total = total.Add(item.faceValue)
		o.wire.Items = append(o.wire.Items, s.newItem(item, b.currency, now))
	}
	paid := wireAmount{Value: money(total, b.currency)}
	if b.currency != o.currency {
		total, paid.FX = pay(total, b.currency, o.currency)
	}
	o.wire.basicOrder = basicOrder{
		ID:            o.id,
		CreatedAt:     timestamp(now),
		CompletedAt:   new(timestamp(completed(now))),
		Description:   b.request.description,
		PaymentMethod: wirePayment{Type: "ACCOUNT_BALANCE"},
		Currency:      o.currency,
		TotalDiscount: money(decimal.Zero, o.currency), // the playground gives none (REC, 3.1)
		TotalPrice:    money(total, o.currency),
	}
	if paid.FX != nil {
		o.wire.PaymentMethod.Currency = o.currency
	}
	o.wire.TransactionDetail = map[string]wireAmount{b.currency: paid}
	o.wire.Metadata = b.request.metadata
	return o
}

// newItem makes one item with a live link. The price is the face value: the
// playground gives no discount (REC, 3.1).
func (s *Sandbox) newItem(item itemRequest, currency string, now time.Time) wireItem {
	id := s.newID("E-", now)
	link := "https://spend.playground.runa.io/" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(id)).String()
	return wireItem{
		ID:                 id,
		DistributionMethod: item.distribution,
		Products:           item.products,
		FaceValue:          money(item.faceValue, currency),
		Price:              money(item.faceValue, currency),
		DiscountMultiplier: "0.0",
		Payout:             wirePayout{Status: "ACTIVE", StatusUpdatedAt: timestamp(completed(now)), URL: &link},
		RedemptionURL:      &link,
		Currency:           currency,
	}
}

// completed is when the playground says that an order was: a second after it was
// created, in either mode and however long it really took (REC, 3.2).
func completed(created time.Time) time.Time { return created.Add(time.Second) }

// pay works out an Embedded FX payment: what it costs, and what the order says of it.
func pay(value decimal.Decimal, payout, payment string) (decimal.Decimal, *wireFX) {
	x := convert(value, payout, payment)
	return x.total, &wireFX{
		Rate:       x.rate.String(),
		RateSymbol: x.symbol,
		Fee:        wireFee{money(x.fee, payment), payment},
	}
}

// newID makes an id whose ULID decodes to the millisecond of creation (REC, 1.7).
// The rest of it follows from how many ids there are, so that a test on a fixed
// clock sees the same ids every time.
func (s *Sandbox) newID(prefix string, now time.Time) string {
	s.orders.ids++
	seed := binary.BigEndian.AppendUint64(nil, s.orders.ids)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(seed, uint64(now.UnixMicro())))
	id := ulid.ULID(sum[:16])
	if err := id.SetTime(ulid.Timestamp(now)); err != nil {
		panic(err) // after the year 10889
	}
	return prefix + id.String()
}
