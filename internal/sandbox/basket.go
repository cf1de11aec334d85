package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// basket is a request whose products may be ordered, resolved.
type basket struct {
	request   orderRequest
	items     []itemRequest
	discounts []decimal.Decimal // the items' multipliers, as the catalogue has them
	refused   [][]string        // by item: what may not be ordered
	currency  string            // of all products
}

// choice is what one item offers to its recipient.
type choice struct {
	item     itemRequest // with the values of its template
	products []*product
	refused  []string // what may not be ordered, by the codes that were sent
}

// fill resolves the products of a request: first the products, then, where none is
// refused, the currencies. The text says what is wrong with those, "" for nothing.
func (s shelf) fill(request orderRequest, mode string) (basket, string) {
	b := basket{request: request}
	var offered []*product
	for _, item := range request.items {
		chosen := s.choose(item)
		b.refused = append(b.refused, chosen.refused)
		offered = append(offered, chosen.products...)
		b.items = append(b.items, chosen.item)
		b.discounts = append(b.discounts, chosen.discount())
	}
	if len(b.allRefused()) > 0 {
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

// allRefused is what may not be ordered, by the codes that were sent, each once.
func (b basket) allRefused() []string {
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
func exchangeComplaint(b basket, offered []*product, mode string) string {
	switch payment := b.request.currency; {
	case payment == b.currency && money.CanBeBalance(payment):
		return ""
	case !money.CanExchange(payment, b.currency):
		return "Products in " + b.currency + " cannot be paid for in " + payment + "."
	case mode != modeSync || len(b.items) != 1:
		return "An order in another currency than its products' must be synchronous and have one item."
	case slices.ContainsFunc(offered, func(p *product) bool { return p.Countries[0] != offered[0].Countries[0] }):
		return "An order in another currency than its products' must have products of one country."
	}
	return ""
}

// choose resolves what an item offers.
func (s shelf) choose(item itemRequest) choice {
	var c choice
	switch item.products.Type {
	case "SINGLE":
		c = s.chooseOne(item)
	case "MULTIPLE":
		c = s.chooseAmong(item, item.products.Values)
	default:
		c = s.chooseTemplate(item)
	}
	if item.distribution.Type == "RECIPIENT" && len(c.refused) == 0 && !takesRecipient(c.products) {
		c.refused = []string{asked(item.products)}
	}
	return c
}

// chooseOne resolves SINGLE: a product, or a subscription by its plan's code.
func (s shelf) chooseOne(item itemRequest) choice {
	code := item.products.Value
	p, ok := s.find(code)
	fits := ok && p.allows(item.faceValue)
	if subscribed, plan, ok := s.findPlan(code); ok {
		p, fits = subscribed, plan.allows(item.faceValue)
	}
	if !fits || !p.IsOrderable {
		return choice{refused: []string{code}}
	}
	if !p.isVisa() {
		item.products.UsageConfig = nil // ignored in silence (VISA, 3.1)
	}
	return choice{item: item, products: []*product{p}}
}

// chooseAmong resolves MULTIPLE: gift cards that are for sale (that other payout
// types are refused is D). Those that need more than the face value drop out of the
// link; one at least must stay (PST, 3.1).
func (s shelf) chooseAmong(item itemRequest, codes []string) choice {
	c := choice{item: item}
	stays := false
	for _, code := range codes {
		p, ok := s.find(code)
		if !ok || !p.IsOrderable || p.PayoutType != payoutGiftCard {
			c.refused = append(c.refused, code)
			continue
		}
		stays = stays || enough(item.faceValue, p)
		c.products = append(c.products, p)
	}
	if len(c.refused) == 0 && !stays {
		c.refused = codes
	}
	return c
}

// chooseTemplate resolves TEMPLATE: what its products still are, and the same rules.
// A template that is not there is refused like a product (D, 12).
func (s shelf) chooseTemplate(item itemRequest) choice {
	var codes []string
	for _, code := range s.templates[item.products.TemplateID] {
		if p, ok := s.find(code); ok && p.IsOrderable {
			codes = append(codes, code)
		}
	}
	item.products.Values = codes
	c := s.chooseAmong(item, codes)
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

// enough tells whether a face value is the least that a gift card needs.
func enough(value decimal.Decimal, p *product) bool {
	return value.GreaterThanOrEqual(p.minimum())
}

// takesRecipient tells whether all products may go to a RECIPIENT: payments and
// reloads (3.1).
func takesRecipient(products []*product) bool {
	return !slices.ContainsFunc(products, func(p *product) bool { return p.PayoutType != payoutPayment && !p.isReload() })
}

// asked is a selection in the words of an error.
func asked(s selection) string {
	return strings.Join(slices.Concat(nonEmpty(s.Value), nonEmpty(s.TemplateID), s.Values), ", ")
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// notAllowed refuses products (ERR, 5.2).
func notAllowed(codes []string) wire.Answer {
	return wire.Refuse(http.StatusBadRequest, "product_validation_error", "Not allowed to order products: "+strings.Join(codes, ", "),
		"Check that they are orderable, and that they have the denomination.")
}

// mismatch refuses currencies (ERR, 5.2).
func mismatch(message string) wire.Answer {
	return wire.Refuse(http.StatusBadRequest, "currency_mismatch", message, "")
}
