package sandbox

import (
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// bill is what a basket costs (SPEC, 3.1; EFX, 9.1).
type bill struct {
	prices   []decimal.Decimal // of the items, in the currency of the products
	discount decimal.Decimal   // in the payment currency, like total
	total    decimal.Decimal
	paid     wireAmount // what the recipients get for it, and how it was converted
}

// price works out a bill. The playground gives no discount (REC, 3.1). Prices are
// rounded item by item, half up (D, 12).
func (b basket) price(discounted bool) bill {
	var out bill
	face, sum := decimal.Zero, decimal.Zero
	for i, item := range b.items {
		price := item.faceValue
		if discounted {
			rest := decimal.NewFromInt(1).Sub(b.discounts[i])
			price = price.Mul(rest).Round(money.Places(b.currency))
		}
		out.prices = append(out.prices, price)
		face, sum = face.Add(item.faceValue), sum.Add(price)
	}
	out.paid.Value = money.Format(face, b.currency)
	out.total, out.discount = sum, face.Sub(sum)
	if payment := b.request.currency; payment != b.currency {
		out.exchange(face, sum, b.currency, payment)
	}
	return out
}

// exchange turns a bill into the payment currency: the discounted price is converted,
// the fee comes on top (SPEC, 3.1), and the discount is what the conversion of the
// face value would have cost more (D).
func (b *bill) exchange(face, sum decimal.Decimal, payout, payment string) {
	x := money.Convert(sum, payout, payment)
	b.total = x.Total
	b.discount = money.Convert(face, payout, payment).Converted.Sub(x.Converted)
	b.paid.FX = &wireFX{
		Rate:       x.Rate.String(),
		RateSymbol: x.Symbol,
		Fee:        wireFee{money.Format(x.Fee, payment), payment},
	}
}
