package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Order is an order as far as it is known: what is not known yet is left empty,
// and no rule is checked.
type Order struct {
	Currency string // paid in
	Sync     bool
	Items    []Item
}

// Codes are the products that an order names, item by item: repeated where items
// share one, and empty where one is not known yet.
func (o Order) Codes() (codes []string) {
	for _, item := range o.Items {
		codes = append(codes, item.Codes...)
	}
	return codes
}

// Item is one reward of an Order.
type Item struct {
	FaceValue *decimal.Decimal // nil: not known yet
	// Delivery is the distribution method's type, "" where not known yet.
	Delivery string
	// Codes are the products of a SINGLE or MULTIPLE item; an empty one is not
	// known yet. A TEMPLATE's products are known to Runa only.
	Codes []string
	// Choice says that the recipient chooses among Codes (MULTIPLE).
	Choice bool
	// SpendRules says that the item has a usage_config.
	SpendRules bool
}

// Product is what an item's code stands for: a product, or one plan of a
// subscription, whose price is then the only face value.
type Product struct {
	client.Product
	Plan *client.SubscriptionPlan
}

// Problem is a rule that an order breaks, or a warning. Item and Code place it: -1
// is the whole order, or the whole item.
type Problem struct {
	Item, Code int
	Field      Field
	Warning    bool
	Summary    string
	Detail     string // what is wrong, and what to change
}

// Field is the part of an order or item that a Problem is about.
type Field string

// The fields that rules are about.
const (
	FieldCode       Field = "code"
	FieldFaceValue  Field = "face_value"
	FieldDelivery   Field = "delivery"
	FieldSpendRules Field = "spend_rules"
	FieldCurrency   Field = "currency"
	FieldMode       Field = "mode"
	FieldItems      Field = "items"
)

const (
	payment    = "payment"
	recipient  = client.ByRecipient
	fixedList  = "fixed"
	reloadVisa = "VISARL-" // the prepaid cards that can be loaded again
	visa       = "VISA"
)

// Check compares an order with the products it names. Missing says of a code that
// is not among products what can be said of it, such as codes that look like it.
func Check(order Order, products map[string]Product, missing func(code string) string) (problems []Problem) {
	for i, item := range order.Items {
		problems = append(problems, item.check(i, products, missing)...)
	}
	return append(problems, order.checkTogether(products)...)
}

// PayoutCurrency is the currency of an order's products, "" where none is known.
func PayoutCurrency(order Order, products map[string]Product) string {
	for _, item := range order.Items {
		for _, code := range item.Codes {
			if product, ok := products[code]; ok {
				return product.Currency
			}
		}
	}
	return ""
}

func (item Item) check(i int, products map[string]Product, missing func(string) string) (problems []Problem) {
	var known []Product
	for c, code := range item.Codes {
		product, ok := products[code]
		switch {
		case code == "":
		case !ok:
			problems = append(problems, Problem{Item: i, Code: c, Field: FieldCode, Summary: "No such product", Detail: missing(code)})
		default:
			known = append(known, product)
			problems = append(problems, item.checkProduct(i, c, code, product)...)
		}
	}
	if item.Choice {
		return append(problems, item.checkChoice(i, known)...)
	}
	if len(known) == 1 {
		problems = append(problems, item.checkSingle(i, known[0])...)
	}
	return problems
}

// checkProduct applies to every product of an item, alone or in a choice.
func (item Item) checkProduct(i, c int, code string, product Product) (problems []Problem) {
	add := func(field Field, summary, format string, args ...any) {
		problems = append(problems, Problem{Item: i, Code: c, Field: field, Summary: summary, Detail: fmt.Sprintf(format, args...)})
	}
	if !product.IsOrderable {
		add(FieldCode, "Product cannot be ordered", "%s (%s) cannot be ordered now: Runa lists it as %s. Choose another product, or wait until is_orderable is true again.", code, product.Name, product.State)
	}
	if product.Plan == nil && product.Subscription != nil && len(product.Subscription.SubscriptionPlans) > 0 && !hasPlan(product, code) {
		add(FieldCode, "A subscription is ordered by its plan", "%s (%s) is a subscription. Use the code of one of its plans: %s.", code, product.Name, planList(product))
	}
	if item.Delivery == recipient && product.PayoutType != payment && !strings.HasPrefix(product.Code, reloadVisa) {
		add(FieldDelivery, "Product cannot be paid to a recipient", "RECIPIENT is for payment products and reloadable cards, and %s (%s) is a %s. Use EMAIL or PAYOUT_LINK.", code, product.Name, product.PayoutType)
	}
	return problems
}

func (item Item) checkSingle(i int, product Product) (problems []Problem) {
	if item.FaceValue != nil {
		if why := unsold(product, *item.FaceValue); why != "" {
			problems = append(problems, Problem{Item: i, Code: -1, Field: FieldFaceValue, Summary: "Face value is not sold", Detail: why})
		}
	}
	if item.SpendRules && !strings.HasPrefix(product.Code, visa) {
		problems = append(problems, Problem{
			Item: i, Code: -1, Field: FieldSpendRules, Warning: true, Summary: "Spend rules have no effect",
			Detail: fmt.Sprintf("%s (%s) is not a prepaid Visa card, and Runa ignores usage_config for anything else. Remove it.", product.Code, product.Name),
		})
	}
	return problems
}

// checkChoice: products that do not fit the value drop out of the recipient's
// choice without a word from Runa (PST); an order of which none fits is refused.
func (item Item) checkChoice(i int, products []Product) (problems []Problem) {
	if item.FaceValue == nil || len(products) < len(item.Codes) {
		return nil
	}
	var out []string
	for _, product := range products {
		if why := unsold(product, *item.FaceValue); why != "" {
			out = append(out, why)
		}
	}
	switch len(out) {
	case 0:
		return nil
	case len(products):
		return []Problem{{Item: i, Code: -1, Field: FieldFaceValue, Summary: "Face value fits no product of the choice", Detail: strings.Join(out, "\n")}}
	default:
		return []Problem{{
			Item: i, Code: -1, Field: FieldFaceValue, Warning: true, Summary: "Some products are not offered",
			Detail: "The recipient will not see every product of this choice:\n" + strings.Join(out, "\n"),
		}}
	}
}

// unsold says why a product is not sold for a value, "" where it is.
func unsold(product Product, value decimal.Decimal) string {
	name := fmt.Sprintf("%s (%s)", product.Code, product.Name)
	if product.Plan != nil {
		if price := product.Plan.Price.Decimal(); !price.Equal(value) {
			return fmt.Sprintf("%s, plan %s, costs %s %s, not %s.", name, product.Plan.Code, price.StringFixed(2), product.Currency, value)
		}
		return ""
	}
	payout := product.Payout()
	if payout == nil || payout.Denominations == nil {
		return ""
	}
	d := payout.Denominations
	if d.Type == fixedList && len(d.AvailableList) > 0 {
		if !slices.ContainsFunc(d.AvailableList, func(a client.Amount) bool { return a.Decimal().Equal(value) }) {
			return fmt.Sprintf("%s is sold for %s %s only, not for %s.", name, listed(d.AvailableList), product.Currency, value)
		}
		return ""
	}
	if (d.MinimumValue != "" && value.LessThan(d.MinimumValue.Decimal())) || (d.MaximumValue != "" && value.GreaterThan(d.MaximumValue.Decimal())) {
		return fmt.Sprintf("%s is sold for %s to %s %s, not for %s.", name, d.MinimumValue, d.MaximumValue, product.Currency, value)
	}
	return ""
}

// checkTogether checks the rules between items (LIM, EFX).
func (o Order) checkTogether(products map[string]Product) (problems []Problem) {
	var first *Product
	var countries []string
	for i, item := range o.Items {
		for c, code := range item.Codes {
			product, ok := products[code]
			if !ok {
				continue
			}
			if first == nil {
				first, countries = &product, product.CountriesRedeemableIn
				continue
			}
			if product.Currency != first.Currency {
				problems = append(problems, Problem{
					Item: i, Code: c, Field: FieldCode, Summary: "Products of different currencies",
					Detail: fmt.Sprintf("%s is in %s, and %s, earlier in this order, is in %s. All products of an order share a currency: use one order for each.", code, product.Currency, first.Code, first.Currency),
				})
				continue
			}
			shared := intersect(countries, product.CountriesRedeemableIn)
			if len(shared) == 0 && len(countries) > 0 && len(product.CountriesRedeemableIn) > 0 {
				problems = append(problems, Problem{
					Item: i, Code: c, Field: FieldCode, Summary: "Products of different countries",
					Detail: fmt.Sprintf("%s is for %s, and the products before it in this order are for %s. All products of an order share a country: use one order for each.",
						code, strings.Join(product.CountriesRedeemableIn, ", "), strings.Join(countries, ", ")),
				})
				continue
			}
			countries = shared
		}
	}
	if first != nil && o.Currency != "" && first.Currency != o.Currency {
		problems = append(problems, o.checkExchange(first.Currency)...)
	}
	return problems
}

// checkExchange checks what Embedded FX asks for (EFX).
func (o Order) checkExchange(payout string) (problems []Problem) {
	add := func(field Field, summary, detail string) {
		problems = append(problems, Problem{Item: -1, Code: -1, Field: field, Summary: summary, Detail: detail})
	}
	exchange := fmt.Sprintf("The products are in %s and the order is paid in %s, which is an exchange (Embedded FX).", payout, o.Currency)
	if why := noExchange(o.Currency, payout); why != "" {
		add(FieldCurrency, "Currencies cannot be exchanged", exchange+" "+why)
		return problems
	}
	if !o.Sync {
		add(FieldMode, "An exchange needs a sync order", exchange+" Set execution_mode = \"sync\", or pay in "+payout+".")
	}
	if len(o.Items) > 1 {
		add(FieldItems, "An exchange is for one item", fmt.Sprintf("%s It takes exactly one item, and this order has %d. Use one order for each, or pay in %s.", exchange, len(o.Items), payout))
	}
	return problems
}

// The currencies that Runa lists by what they can do (CUR). Others may be added at
// any time, so that a currency which is not listed is not refused.
var (
	noBalance   = []string{"CNY", "ILS", "KRW"}
	fromUSDOnly = []string{"AED", "ARS", "BRL", "CLP", "COP", "INR", "MYR", "PEN", "SAR"}
)

func noExchange(pay, payout string) string {
	switch {
	case slices.Contains(noBalance, pay) || slices.Contains(fromUSDOnly, pay):
		return fmt.Sprintf("Runa holds no balances in %s. Pay in %s or another currency of your account.", pay, payout)
	case slices.Contains(fromUSDOnly, payout) && pay != "USD":
		return fmt.Sprintf("Runa exchanges into %s from USD only. Pay in USD.", payout)
	default:
		return ""
	}
}

func intersect(a, b []string) (both []string) {
	for _, one := range a {
		if slices.Contains(b, one) {
			both = append(both, one)
		}
	}
	return both
}

func hasPlan(product Product, code string) bool {
	return slices.ContainsFunc(product.Subscription.SubscriptionPlans, func(p client.SubscriptionPlan) bool { return p.Code == code })
}

func planList(product Product) string {
	var texts []string
	for _, plan := range product.Subscription.SubscriptionPlans {
		texts = append(texts, fmt.Sprintf("%s (%s, %s %s)", plan.Code, plan.Name, plan.Price, product.Currency))
	}
	return strings.Join(texts, "; ")
}

// listed writes amounts in order of size, and no more than fit on a screen.
func listed(amounts []client.Amount) string {
	const most = 12
	values := make([]decimal.Decimal, len(amounts))
	for i, amount := range amounts {
		values[i] = amount.Decimal()
	}
	slices.SortFunc(values, decimal.Decimal.Cmp)
	var texts []string
	for i, value := range values {
		if i == most {
			texts = append(texts, strconv.Itoa(len(values)-most)+" more values up to "+values[len(values)-1].String())
			break
		}
		texts = append(texts, value.String())
	}
	return strings.Join(texts, ", ")
}
