package sandbox

import (
	"fmt"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// generator makes up products. Everything about the nth product follows from n, so
// two sandboxes of one size are the same to the byte.
type generator struct {
	n       int            // products made so far
	spin    int            // turns of the country wheel
	perLand map[string]int // products made for each country
}

func newGenerator() *generator {
	return &generator{perLand: map[string]int{}}
}

// plain makes a product for a template: a gift card that is for sale.
func (g *generator) plain(in country) *product {
	return g.make(in, payoutGiftCard, stateLive, true)
}

// next makes any product: one in 50 a subscription, one in 100 a payment, one in
// 100 disabled (REC has 5 of 500), a few degraded or not for sale for no reason
// given.
func (g *generator) next() *product {
	in := countryWheel[g.spin%len(countryWheel)]
	g.spin++
	kind, state, orderable := payoutGiftCard, stateLive, true
	switch g.n % 100 {
	case 13, 63:
		kind = payoutSubscription
	case 37:
		kind = payoutPayment
	case 41:
		state, orderable = stateDisabled, false
	case 59:
		state = stateDegraded
	case 83:
		orderable = false
	}
	return g.make(in, kind, state, orderable)
}

// make makes a product of a kind.
func (g *generator) make(in country, kind, state string, orderable bool) *product {
	nth := g.perLand[in.code]
	g.perLand[in.code]++
	d := dice{n: g.n}
	g.n++
	name := brandName(nth)
	p := &product{
		ApprovalState:      "APPROVED",
		DiscountMultiplier: fmt.Sprintf("0.%04d", d.roll("discount", 1000)),
		Code:               productCode(name, in.code, nth),
		Name:               name,
		Categories:         someCategories(d),
		Countries:          []string{in.code},
		Currency:           in.currency,
		State:              state,
		PayoutType:         kind,
		IsOrderable:        orderable,
		Availability:       d.pick("availability", "realtime", "realtime", "stocked"),
	}
	p.CustomerService = customerService{
		PhoneNumber: d.maybe("phone", fmt.Sprintf("+00 555 %04d", d.roll("number", 10000))),
		WebsiteURL:  d.maybe("service", site(p.Code)+"/help"),
	}
	face := someFace(p, in, d)
	switch kind {
	case payoutGiftCard:
		p.GiftCard = &giftCard{someBarcode(d), someUsage(d), someDenominations(in.currency, d), face}
	case payoutSubscription:
		p.Subscription = &subscription{someBarcode(d), someUsage(d), []plan{somePlan(p, d)}, face}
	case payoutPayment:
		scale := money.Scale(in.currency)
		p.Payment = &payment{
			Assets:        paymentAssets{site(p.Code) + "/icon.png", fmt.Sprintf("#%06X", d.roll("color", 1<<24))},
			Denominations: amountRange{fmt.Sprintf("%d.00", 5*scale), fmt.Sprintf("%d.00", 250*scale)},
			Content:       face.Content,
		}
	}
	return p
}

// productCode is <BRAND>-<CC>. Some products of GB end in -UK, as 6 of 500 recorded
// ones do (REC, 1.7): nobody shall parse the country out of a code.
func productCode(name, in string, nth int) string {
	if in == "GB" && nth%25 == 12 {
		in = "UK"
	}
	return strings.ToUpper(strings.ReplaceAll(name, " ", "")) + "-" + in
}
