package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// digestVersion goes into every digest. A change of what is digested changes it,
// so that no old pin passes by chance.
const digestVersion = "runa products, digest 1\n"

// Digest names a selection of products by what matters to a buyer: a hexadecimal
// SHA-256 that stays the same for as long as the same products can be ordered on
// the same terms.
//
// Into it go, of each product: code, currency, is_orderable, state, payout_type,
// discount_multiplier, countries_redeemable_in, denominations (type, minimum_value,
// maximum_value, available_list) and subscription_plans (subscription_plan_code,
// length_unit, length, price). Names, texts, pictures, addresses, categories and
// all else are left out. Neither the order of products, countries, denominations
// or plans matters, nor a value listed twice, nor how a number is written.
func Digest(products []client.Product) string {
	lines := make([]string, 0, len(products))
	for _, product := range products {
		lines = append(lines, digestLine(product))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(digestVersion + strings.Join(slices.Compact(lines), "\n")))
	return hex.EncodeToString(sum[:])
}

// digestLine is JSON because JSON cannot be misread: no value can pass for two.
func digestLine(p client.Product) string {
	line := struct {
		Code, Currency, State, PayoutType, Discount string
		IsOrderable                                 bool
		Countries                                   []string
		Denominations                               any
		Plans                                       []string
	}{
		Code: p.Code, Currency: p.Currency, State: p.State, PayoutType: p.PayoutType, Discount: plain(p.DiscountMultiplier),
		IsOrderable: p.IsOrderable,
		Countries:   sorted(p.CountriesRedeemableIn),
	}
	if payout := p.Payout(); payout != nil {
		line.Denominations = denominationsOf(payout.Denominations)
		line.Plans = plansOf(payout.SubscriptionPlans)
	}
	return marshal(line)
}

func denominationsOf(d *client.Denominations) any {
	if d == nil {
		return nil
	}
	values := make([]string, 0, len(d.AvailableList))
	for _, value := range d.AvailableList {
		values = append(values, plain(value))
	}
	return struct {
		Type, Minimum, Maximum string
		List                   []string
	}{d.Type, plain(d.MinimumValue), plain(d.MaximumValue), sorted(values)}
}

func plansOf(plans []client.SubscriptionPlan) []string {
	lines := make([]string, 0, len(plans))
	for _, plan := range plans {
		lines = append(lines, marshal(struct {
			Code, Unit, Price string
			Length            int64
		}{plan.Code, plan.LengthUnit, plain(plan.Price), plan.Length}))
	}
	return sorted(lines)
}

// plain writes one value in one way: 10.5 and 10.50 are the same. An absent
// amount is not zero.
func plain(amount client.Amount) string {
	if amount == "" {
		return ""
	}
	return amount.Decimal().String()
}

// sorted is a list without its order and repetitions, never nil.
func sorted(values []string) []string {
	values = append([]string{}, values...)
	slices.Sort(values)
	return slices.Compact(values)
}

// marshal cannot fail: its values are strings, numbers and lists of them.
func marshal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}
