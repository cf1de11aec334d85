package catalogue

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// generator makes up products. Everything about the nth product follows from n, so
// two sandboxes of one size are the same to the byte.
type generator struct {
	n          int            // products made so far
	turns      int            // of the country wheel
	perCountry map[string]int // products made for each country
}

func newGenerator() *generator {
	return &generator{perCountry: map[string]int{}}
}

// plain makes a product for a template: a gift card that is for sale.
func (g *generator) plain(in country) *Product {
	return g.make(in, PayoutGiftCard, stateLive, true)
}

// next makes any product: one in 50 a subscription, one in 100 a payment, one in
// 100 disabled (REC has 5 of 500), a few degraded or not for sale for no reason
// given.
func (g *generator) next() *Product {
	in := countryWheel[g.turns%len(countryWheel)]
	g.turns++
	kind, state, orderable := PayoutGiftCard, stateLive, true
	switch g.n % 100 {
	case 13, 63:
		kind = payoutSubscription
	case 37:
		kind = PayoutPayment
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
func (g *generator) make(in country, kind, state string, orderable bool) *Product {
	nth := g.perCountry[in.code]
	g.perCountry[in.code]++
	d := dice{n: g.n}
	g.n++
	name := brandName(nth)
	p := &Product{
		ApprovalState:      "APPROVED",
		DiscountMultiplier: fmt.Sprintf("0.%04d", d.roll("discount", 1000)),
		Code:               productCode(name, in.code, nth),
		Name:               name,
		Categories:         makeCategories(d),
		Countries:          []string{in.code},
		Currency:           in.currency,
		State:              state,
		PayoutType:         kind,
		IsOrderable:        orderable,
		Availability:       d.pick("availability", "realtime", "realtime", "stocked"),
	}
	p.CustomerService = customerService{
		PhoneNumber: d.maybe("phone", fmt.Sprintf("+00 555 %04d", d.roll("number", 10000))),
		WebsiteURL:  d.maybe("service", website(p.Code)+"/help"),
	}
	design := makeCard(p, in, d)
	switch kind {
	case PayoutGiftCard:
		p.GiftCard = &giftCard{makeBarcode(d), makeUsage(d), makeDenominations(in.currency, d), design}
	case payoutSubscription:
		p.Subscription = &subscription{makeBarcode(d), makeUsage(d), []Plan{makePlan(p, d)}, design}
	case PayoutPayment:
		scale := money.Scale(in.currency)
		p.Payment = &payment{
			Assets:        paymentAssets{website(p.Code) + "/icon.png", fmt.Sprintf("#%06X", d.roll("color", 1<<24))},
			Denominations: amountRange{fmt.Sprintf("%d.00", 5*scale), fmt.Sprintf("%d.00", 250*scale)},
			Content:       design.Content,
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

// dice give the nth product its features: any two rolls with one name and one n
// always are the same.
type dice struct{ n int }

// roll is a number from 0 to sides-1.
func (d dice) roll(name string, sides int) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", name, d.n)
	mixed := h.Sum64()
	mixed ^= mixed >> 29 // FNV's low bits alone follow n too closely
	return int(mixed % uint64(sides))
}

// pick is one of the choices.
func (d dice) pick(name string, choices ...string) string {
	return choices[d.roll(name, len(choices))]
}

// maybe is the text or, one time in three, null.
func (d dice) maybe(name, text string) *string {
	if d.roll("maybe "+name, 3) == 0 {
		return nil
	}
	return &text
}

var (
	brandHeads = strings.Fields("Ald Bren Cor Dal Elm Fen Gor Hal Ivo Jor Kel Lum Mar Nor Oss Pel Quin Ros Sol Tam Ulm Ver Wil Yar Zan")
	brandTails = strings.Fields("aro beck cott dina ette fold gate hurst ista jove kin lora mere nova orra pine quay ria stow ville")
	brandKinds = strings.Fields("Cafe Books Home Sport Kids Foods Style Tech Travel Gifts")
)

// brandName is the name of a country's nth brand: no two are the same, and none is
// anybody's.
func brandName(nth int) string {
	heads, tails, kinds := len(brandHeads), len(brandTails), len(brandKinds)
	step := nth * 181 // coprime with 500: a walk through all names that looks like none
	name := brandHeads[step%heads] + brandTails[step/heads%tails]
	round := nth / (heads * tails)
	switch {
	case round == 0:
		return name
	case round <= kinds:
		return name + " " + brandKinds[round-1]
	}
	return fmt.Sprintf("%s %s %d", name, brandKinds[round%kinds], round)
}

// makeCategories are one to nine categories.
func makeCategories(d dice) []string {
	n, at := 1+d.roll("categories", 3), d.roll("category", len(categories))
	if d.roll("many", 40) == 0 {
		n = 9
	}
	var out []string
	for i := range n {
		out = append(out, categories[(at+i*5)%len(categories)])
	}
	return out
}

// makeDenominations are open or fixed, about as often as recorded (268 to 232). The
// spelling of a fixed list's entries is as mixed as on the wire (REC, 6.1).
func makeDenominations(currency string, d dice) denominations {
	scale := money.Scale(currency)
	if d.roll("open", 500) < 232 {
		least, most := []int64{1, 5, 10}, []int64{100, 250, 500, 2000}
		return rangeOf(fmt.Sprintf("%d.00", least[d.roll("least", 3)]*scale), fmt.Sprintf("%d.00", most[d.roll("most", 4)]*scale))
	}
	tenths := []int64{50, 100, 125, 200, 250, 500, 755, 1000, 1500, 2000, 5000}
	from := d.roll("from", 6)
	var list []string
	for i := range 2 + d.roll("length", 4) {
		amount := tenths[from+i] * scale
		whole, rest := amount/10, amount%10
		list = append(list, d.pick(fmt.Sprint("format ", i), spellings(whole, rest)...))
	}
	return listOf(list...)
}

// spellings are the ways to write an amount.
func spellings(whole, tenth int64) []string {
	if tenth != 0 {
		return []string{fmt.Sprintf("%d.%d", whole, tenth), fmt.Sprintf("%d.%d0", whole, tenth)}
	}
	return []string{fmt.Sprint(whole), fmt.Sprintf("%d.00", whole), fmt.Sprint(whole)}
}

// makePlan is a subscription plan whose code is the product's, as recorded (6.1).
func makePlan(p *Product, d dice) Plan {
	scale := money.Scale(p.Currency)
	if d.roll("unit", 3) == 0 {
		return Plan{"Subscription 30 days", "DAYS", 30, fmt.Sprintf("%d.00", 10*scale), p.Code}
	}
	months := []int{1, 3, 6, 12}[d.roll("months", 4)]
	return Plan{fmt.Sprintf("Subscription %d months", months), "MONTHS", months, fmt.Sprintf("%d.00", 10*int64(months)*scale), p.Code}
}

func makeBarcode(d dice) *string {
	return d.maybe("barcode", d.pick("barcode", "code-128", "code-39", "QR", "ean-13", "pdf417", "ITF", "DATA_MATRIX", "other"))
}

func makeUsage(d dice) string {
	return d.pick("usage", "undefined", "url-recommended", "url-only")
}

// makeCard is how a card looks and reads.
func makeCard(p *Product, in country, d dice) card {
	months := []int{0, 12, 24, 36}[d.roll("months", 4)]
	ends := d.pick("expiry", "from-last-use", "from-last-balance-check", "from-issue-date", "indefinite", "do-not-show")
	if ends == "indefinite" || ends == "do-not-show" {
		months = 0
	}
	return card{
		RedeemableAt:    d.pick("at", "all", "online", "in-store"),
		BalanceCheckURL: d.maybe("balance", website(p.Code)+"/balance"),
		WebsiteURL:      d.maybe("site", website(p.Code)),
		Assets: cardAssets{
			CardImageURL: d.maybe("card", cardImage(p.Code)),
			IconImageURL: d.maybe("icon", strings.Replace(cardImage(p.Code), "-card.png", "-icon.png", 1)),
			PrimaryColor: d.maybe("color", fmt.Sprintf("#%06X", d.roll("color", 1<<24))),
		},
		Expiry:  expiry{d.maybe("policy", "Read the terms."), months, ends},
		Content: contentResources{code: p.Code, name: p.Name, locale: in.locale, sparse: d.roll("sparse", 2) == 0},
	}
}

// country is where generated products are redeemable, and how they are priced and
// described there.
type country struct {
	code, currency, locale string
	weight                 int // how large its share of the catalogue is
}

// countries are the documented example of GET /product/countries, the rest of the
// CTRY table (10), and two more whose currency is a payout currency.
var countries = []country{
	{"US", "USD", "en_US", 6},
	{"GB", "GBP", "en_GB", 5},
	{"DE", "EUR", "de_DE", 4},
	{"CA", "CAD", "en_CA", 3},
	{"FR", "EUR", "fr_FR", 3},
	{"ES", "EUR", "es_ES", 2},
	{"IT", "EUR", "it_IT", 2},
	{"NL", "EUR", "nl_NL", 2},
	{"AU", "AUD", "en_AU", 2},
	{"JP", "JPY", "ja_JP", 2},
	{"SE", "SEK", "sv_SE", 2},
	{"PL", "PLN", "pl_PL", 2},
	{"AE", "AED", "ar_AE", 1},
	{"AR", "ARS", "es_AR", 1},
	{"AT", "EUR", "de_AT", 1},
	{"BE", "EUR", "fr_BE", 1},
	{"BR", "BRL", "pt_BR", 1},
	{"CH", "CHF", "de_CH", 1},
	{"CL", "CLP", "es_CL", 1},
	{"CN", "CNY", "zh_CN", 1},
	{"CO", "COP", "es_CO", 1},
	{"CZ", "CZK", "cs_CZ", 1},
	{"DK", "DKK", "da_DK", 1},
	{"FI", "EUR", "fi_FI", 1},
	{"GR", "EUR", "el_GR", 1},
	{"HU", "HUF", "hu_HU", 1},
	{"IE", "EUR", "en_IE", 1},
	{"IL", "ILS", "he_IL", 1},
	{"IN", "INR", "en_IN", 1},
	{"KR", "KRW", "ko_KR", 1},
	{"LU", "EUR", "fr_LU", 1},
	{"MX", "MXN", "es_MX", 1},
	{"MY", "MYR", "ms_MY", 1},
	{"NO", "NOK", "nb_NO", 1},
	{"NZ", "NZD", "en_NZ", 1},
	{"PE", "PEN", "es_PE", 1},
	{"PT", "EUR", "pt_PT", 1},
	{"RO", "RON", "ro_RO", 1},
	{"SA", "SAR", "ar_SA", 1},
	{"SG", "SGD", "en_SG", 1},
	{"SI", "EUR", "sl_SI", 1},
	{"ZA", "ZAR", "en_ZA", 1},
}

// countryWheel has every country as often as its weight says.
var countryWheel = func() []country {
	var wheel []country
	for _, c := range countries {
		for range c.weight {
			wheel = append(wheel, c)
		}
	}
	return wheel
}()

// countryOf finds a country by its code.
func countryOf(code string) country {
	for _, c := range countries {
		if c.code == code {
			return c
		}
	}
	panic("sandbox: no country " + code)
}

// categories are all 17, in the documented order (6.2).
var categories = []string{
	"beauty-and-lifestyle", "booksellers", "department-stores", "electricals", "entertainment", "experiences",
	"fashion", "food-and-drink", "home-and-diy", "jewellers", "leisure-and-sports", "mens-fashion",
	"prepaid-card", "supermarkets", "toys-and-games", "travel", "womens-fashion",
}

// category is a category on the wire.
type category struct {
	Code string `json:"code"`
}

// IsCategory tells whether there is such a category.
func IsCategory(code string) bool { return slices.Contains(categories, code) }
