package catalog

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Difference is one field of a product that is not what it was.
type Difference struct {
	Code, Field     string
	Pinned, Current string // for people; the same text means the same value
}

// traits writes each field of a product in one way, whatever the order of its values
// and the format of its numbers.
var traits = map[string]func(client.Product) string{
	"name":                    func(p client.Product) string { return p.Name },
	"currency":                func(p client.Product) string { return p.Currency },
	"state":                   func(p client.Product) string { return p.State },
	"is_orderable":            func(p client.Product) string { return strconv.FormatBool(p.IsOrderable) },
	"approval_state":          func(p client.Product) string { return p.ApprovalState },
	"payout_type":             func(p client.Product) string { return p.PayoutType },
	"availability":            func(p client.Product) string { return p.Availability },
	"categories":              func(p client.Product) string { return joined(p.Categories) },
	"countries_redeemable_in": func(p client.Product) string { return joined(p.CountriesRedeemableIn) },
	"discount_multiplier":     func(p client.Product) string { return plain(p.DiscountMultiplier) },
	"customer_service": func(p client.Product) string {
		return strings.TrimSpace(p.CustomerService.PhoneNumber + " " + p.CustomerService.WebsiteURL)
	},
	"denominations": ofPayout(func(p client.Payout) string { return faceValues(p.Denominations) }),
	"subscription_plans": ofPayout(func(p client.Payout) string {
		plans := make([]string, 0, len(p.SubscriptionPlans))
		for _, plan := range p.SubscriptionPlans {
			plans = append(plans, plan.Code+" ("+strconv.FormatInt(plan.Length, 10)+" "+plan.LengthUnit+") at "+plain(plan.Price))
		}
		return joined(plans)
	}),
	"assets": ofPayout(func(p client.Payout) string {
		return strings.TrimSpace(p.Assets.CardImageURL + " " + p.Assets.IconImageURL + " " + p.Assets.PrimaryColor)
	}),
	"expiry": ofPayout(func(p client.Payout) string {
		if p.Expiry == nil {
			return ""
		}
		return p.Expiry.Type + ", " + strconv.FormatInt(p.Expiry.InMonths, 10) + " months, " + p.Expiry.DatePolicy
	}),
	"redeemable_at":     ofPayout(func(p client.Payout) string { return p.RedeemableAt }),
	"website_url":       ofPayout(func(p client.Payout) string { return p.WebsiteURL }),
	"balance_check_url": ofPayout(func(p client.Payout) string { return p.BalanceCheckURL }),
	"barcode_format":    ofPayout(func(p client.Payout) string { return p.BarcodeFormat }),
	"e_code_usage_type": ofPayout(func(p client.Payout) string { return p.ECodeUsageType }),
}

func ofPayout(trait func(client.Payout) string) func(client.Product) string {
	return func(p client.Product) string {
		if payout := p.Payout(); payout != nil {
			return trait(*payout)
		}
		return ""
	}
}

// faceValues says what can be ordered. The list of an open product is left out: it
// only suggests.
func faceValues(d *client.Denominations) string {
	if d == nil {
		return ""
	}
	text := d.Type
	if d.Type == "fixed" {
		values := slices.Clone(d.AvailableList)
		slices.SortFunc(values, func(a, b client.Amount) int { return a.Decimal().Cmp(b.Decimal()) })
		list := make([]string, 0, len(values))
		for _, value := range values {
			list = append(list, plain(value))
		}
		text += " " + strings.Join(slices.Compact(list), ", ") + ","
	}
	return strings.TrimSpace(text + " from " + plain(d.MinimumValue) + " to " + plain(d.MaximumValue))
}

func joined(values []string) string { return strings.Join(sorted(values), ", ") }

// BuyersFields are the fields that decide whether, for whom and at what price a
// product can be ordered.
var BuyersFields = []string{
	"countries_redeemable_in", "currency", "denominations", "discount_multiplier", "is_orderable", "state", "subscription_plans",
}

// Fields are all fields that can be compared, sorted.
func Fields() []string { return slices.Sorted(maps.Keys(traits)) }

// Differences compares a product with what it was, in the fields named.
func Differences(pinned, current client.Product, in []string) (found []Difference) {
	for _, field := range sorted(in) {
		trait, ok := traits[field]
		if !ok {
			continue
		}
		if was, is := trait(pinned), trait(current); was != is {
			found = append(found, Difference{pinned.Code, field, was, is})
		}
	}
	return found
}
