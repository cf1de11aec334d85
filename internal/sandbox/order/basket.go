package order

import (
	"net/http"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// Basket is a request whose products may be ordered, resolved.
type Basket struct {
	request   Request
	items     []Item
	discounts []decimal.Decimal // the items' multipliers, as the catalogue has them
	refused   [][]string        // by item: what may not be ordered
	currency  string            // of all products
}

// choice is what one item offers to its recipient.
type choice struct {
	item     Item // with the values of its template
	products []*catalogue.Product
	refused  []string // what may not be ordered, by the codes that were sent
}

// Resolve resolves the products of a request: first the products, then, where none is
// refused, the currencies. The text says what is wrong with those, "" for nothing.
func (request Request) Resolve(products *catalogue.Catalogue, mode string) (Basket, string) {
	b := Basket{request: request}
	var offered []*catalogue.Product
	for _, item := range request.items {
		chosen := item.choose(products)
		b.refused = append(b.refused, chosen.refused)
		offered = append(offered, chosen.products...)
		b.items = append(b.items, chosen.item)
		b.discounts = append(b.discounts, chosen.discount())
	}
	if len(b.AllRefused()) > 0 {
		return b, ""
	}
	b.currency = offered[0].Currency
	for _, p := range offered {
		if p.Currency != b.currency {
			return b, "All products of an order must have one currency."
		}
	}
	return b, exchangeComplaint(b, offered, mode)
}

// PaymentCurrency is the currency that the order is paid in.
func (b Basket) PaymentCurrency() string { return b.request.Currency }

// AllRefused is what may not be ordered, by the codes that were sent, each once.
func (b Basket) AllRefused() []string {
	var once []string
	for _, code := range slices.Concat(b.refused...) {
		if !slices.Contains(once, code) {
			once = append(once, code)
		}
	}
	return once
}

// exchangeComplaint says why an order cannot be paid in its payment currency, ""
// where it can. Embedded FX takes one item, sync, products of one country, and a
// pair that exists (EFX, 9.1); the error's type is D.
func exchangeComplaint(b Basket, offered []*catalogue.Product, mode string) string {
	switch payment := b.request.Currency; {
	case payment == b.currency && money.CanBeBalance(payment):
		return ""
	case !money.CanExchange(payment, b.currency):
		return "Products in " + b.currency + " cannot be paid for in " + payment + "."
	case mode != ModeSync || len(b.items) != 1:
		return "An order in another currency than its products' must be synchronous and have one item."
	case slices.ContainsFunc(offered, func(p *catalogue.Product) bool { return p.Countries[0] != offered[0].Countries[0] }):
		return "An order in another currency than its products' must have products of one country."
	}
	return ""
}

// choose resolves what an item offers.
func (item Item) choose(products *catalogue.Catalogue) choice {
	var c choice
	switch item.products.Type {
	case "SINGLE":
		c = item.chooseOne(products)
	case "MULTIPLE":
		c = item.chooseAmong(products, item.products.Values)
	default:
		c = item.chooseTemplate(products)
	}
	if item.distribution.Type == "RECIPIENT" && len(c.refused) == 0 && !takeRecipients(c.products) {
		c.refused = []string{item.products.Codes()}
	}
	return c
}

// chooseOne resolves SINGLE: a product, or a subscription by its plan's code.
func (item Item) chooseOne(products *catalogue.Catalogue) choice {
	code := item.products.Value
	p, ok := products.Find(code)
	fits := ok && p.Allows(item.faceValue)
	if subscribed, plan, ok := products.FindPlan(code); ok {
		p, fits = subscribed, plan.Allows(item.faceValue)
	}
	if !fits || !p.IsOrderable {
		return choice{refused: []string{code}}
	}
	if !p.IsVisa() {
		item.products.UsageConfig = nil // ignored in silence (VISA, 3.1)
	}
	return choice{item: item, products: []*catalogue.Product{p}}
}

// chooseAmong resolves MULTIPLE: gift cards that are for sale (that other payout
// types are refused is D). Those that need more than the face value drop out of the
// link; one at least must stay (PST, 3.1).
func (item Item) chooseAmong(products *catalogue.Catalogue, codes []string) choice {
	c := choice{item: item}
	stays := false
	for _, code := range codes {
		p, ok := products.Find(code)
		if !ok || !p.IsOrderable || p.PayoutType != catalogue.PayoutGiftCard {
			c.refused = append(c.refused, code)
			continue
		}
		stays = stays || p.MeetsMinimum(item.faceValue)
		c.products = append(c.products, p)
	}
	if len(c.refused) == 0 && !stays {
		c.refused = codes
	}
	return c
}

// chooseTemplate resolves TEMPLATE: what its products still are, and the same rules.
// A template that is not there is refused like a product (D, 12).
func (item Item) chooseTemplate(products *catalogue.Catalogue) choice {
	var codes []string
	for _, code := range products.Template(item.products.TemplateID) {
		if p, ok := products.Find(code); ok && p.IsOrderable {
			codes = append(codes, code)
		}
	}
	item.products.Values = codes
	c := item.chooseAmong(products, codes)
	if len(codes) == 0 || len(c.refused) > 0 {
		c.refused = []string{item.products.TemplateID}
	}
	return c
}

// discount is the multiplier that lowers an item's price. Which product a recipient
// will choose is not known in advance, so there is one for SINGLE only: the sample of
// 13.4 shows as much (D).
func (c choice) discount() decimal.Decimal {
	if c.item.products.Type != "SINGLE" || len(c.products) == 0 {
		return decimal.Zero
	}
	return decimal.RequireFromString(c.products[0].DiscountMultiplier)
}

// takeRecipients tells whether all products may go to a RECIPIENT: payments and
// reloads (3.1).
func takeRecipients(products []*catalogue.Product) bool {
	return !slices.ContainsFunc(products, func(p *catalogue.Product) bool { return p.PayoutType != catalogue.PayoutPayment && !p.IsReload() })
}

// Codes is a selection in the words of an error.
func (s selection) Codes() string {
	single := slices.DeleteFunc([]string{s.Value, s.TemplateID}, func(code string) bool { return code == "" })
	return strings.Join(append(single, s.Values...), ", ")
}

// ProductsRefused refuses products (ERR, 5.2).
func ProductsRefused(codes []string) wire.Answer {
	return wire.Refuse(http.StatusBadRequest, "product_validation_error", "Not allowed to order products: "+strings.Join(codes, ", "),
		"Check that they are orderable, and that they have the denomination.")
}

// CurrencyMismatch refuses currencies (ERR, 5.2).
func CurrencyMismatch(message string) wire.Answer {
	return wire.Refuse(http.StatusBadRequest, "currency_mismatch", message, "")
}

// Bill is what a basket costs (SPEC, 3.1; EFX, 9.1).
type Bill struct {
	prices   []decimal.Decimal // of the items, in the currency of the products
	discount decimal.Decimal   // in the payment currency, like total
	Total    decimal.Decimal
	paid     wireAmount // what the recipients get for it, and how it was converted
}

// Price works out a bill. The playground gives no discount (REC, 3.1). Prices are
// rounded item by item, half up (D, 12).
func (b Basket) Price(discounted bool) Bill {
	var out Bill
	faceValue, sum := decimal.Zero, decimal.Zero
	for i, item := range b.items {
		price := item.faceValue
		if discounted {
			rest := decimal.NewFromInt(1).Sub(b.discounts[i])
			price = price.Mul(rest).Round(money.Places(b.currency))
		}
		out.prices = append(out.prices, price)
		faceValue, sum = faceValue.Add(item.faceValue), sum.Add(price)
	}
	out.paid.Value = money.Format(faceValue, b.currency)
	out.Total, out.discount = sum, faceValue.Sub(sum)
	if payment := b.request.Currency; payment != b.currency {
		out.exchange(faceValue, sum, b.currency, payment)
	}
	return out
}

// exchange turns a bill into the payment currency: the discounted price is converted,
// the fee comes on top (SPEC, 3.1), and the discount is what the conversion of the
// face value would have cost more (D).
func (b *Bill) exchange(faceValue, sum decimal.Decimal, payout, payment string) {
	x := money.Convert(sum, payout, payment)
	b.Total = x.Total
	b.discount = money.Convert(faceValue, payout, payment).Converted.Sub(x.Converted)
	b.paid.FX = &wireFX{
		Rate:       x.Rate.String(),
		RateSymbol: x.Symbol,
		Fee:        wireFee{money.Format(x.Fee, payment), payment},
	}
}
