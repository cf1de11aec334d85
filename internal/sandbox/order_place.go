package sandbox

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

// newOrder makes the order that a basket asks for, at the price of its bill, as of
// now. The caller holds mu and has checked everything.
func (s *Sandbox) newOrder(b basket, cost bill, mode, key string, body []byte) *order {
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
	done := s.completed(o)
	for i, item := range b.items {
		o.wire.Items = append(o.wire.Items, s.newItem(item, b.currency, cost.prices[i], now, done))
	}
	o.wire.basicOrder = basicOrder{
		ID:            o.id,
		CreatedAt:     wire.Timestamp(now),
		CompletedAt:   &done,
		Description:   b.request.description,
		PaymentMethod: wirePayment{Type: "ACCOUNT_BALANCE"},
		Currency:      o.currency,
		TotalDiscount: money.Format(cost.discount, o.currency),
		TotalPrice:    money.Format(cost.total, o.currency),
	}
	if cost.paid.FX != nil {
		o.wire.PaymentMethod.Currency = o.currency
	}
	o.wire.TransactionDetail = map[string]wireAmount{b.currency: cost.paid}
	o.wire.Metadata = b.request.metadata
	return o
}

// newItem makes one item with a live link.
func (s *Sandbox) newItem(item itemRequest, currency string, price decimal.Decimal, now time.Time, done string) wireItem {
	id := s.newID("E-", now)
	link := s.payoutHost() + uuid.NewSHA1(uuid.NameSpaceURL, []byte(id)).String()
	made := wireItem{
		ID:                 id,
		DistributionMethod: item.distribution,
		Products:           item.products,
		FaceValue:          money.Format(item.faceValue, currency),
		Price:              money.Format(price, currency),
		Payout:             wirePayout{Status: "ACTIVE", StatusUpdatedAt: done, URL: &link},
		Currency:           currency,
	}
	if !s.options.production() {
		made.DiscountMultiplier, made.RedemptionURL = "0.0", wire.JSON(link)
	}
	return made
}

// payoutHost is where links lead (REC, 3.2).
func (s *Sandbox) payoutHost() string {
	if s.options.production() {
		return "https://spend.runa.io/"
	}
	return "https://spend.playground.runa.io/"
}

// completed is when an order says that it was. The playground says a second after it
// was created, in either mode and however long it really took (REC, 3.2); that
// production tells the truth is D.
func (s *Sandbox) completed(o *order) string {
	if s.options.production() {
		return wire.Timestamp(o.ready)
	}
	return wire.Timestamp(o.created.Add(time.Second))
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
