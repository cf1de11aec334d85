package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Resolve reads what codes stand for. One read is enough for a product, however
// many orders name it. Codes that are no product's are looked for among the plans
// of all subscriptions, for which there is no read of their own. Missing explains
// a code that is not in the result.
func (c *Catalog) Resolve(ctx context.Context, codes []string) (found map[string]Product, missing func(string) string, err error) {
	found = map[string]Product{}
	var unknown []string
	for _, code := range codes {
		if _, ok := found[code]; ok || code == "" {
			continue
		}
		if strings.Trim(code, ".") == "" { // not even a path to ask at
			unknown = append(unknown, code)
			continue
		}
		product, err := c.Product(ctx, code, client.ContentURL)
		switch {
		case client.IsNotFound(err):
			unknown = append(unknown, code)
		case err != nil:
			return nil, nil, err
		default:
			found[code] = Product{Product: product, Plan: planOf(product, code)}
		}
	}
	if len(unknown) == 0 {
		return found, nil, nil
	}
	all, err := c.Products(ctx, Filter{})
	if err != nil {
		return nil, nil, err
	}
	for _, product := range all {
		for _, code := range unknown {
			if plan := planOf(product, code); plan != nil {
				found[code] = Product{Product: product, Plan: plan}
			}
		}
	}
	return found, func(code string) string { return lookalikes(code, all) }, nil
}

func planOf(product client.Product, code string) *client.SubscriptionPlan {
	if product.Subscription == nil {
		return nil
	}
	i := slices.IndexFunc(product.Subscription.SubscriptionPlans, func(p client.SubscriptionPlan) bool { return p.Code == code })
	if i < 0 {
		return nil
	}
	return &product.Subscription.SubscriptionPlans[i]
}

// lookalikes names the codes that someone may have meant.
func lookalikes(code string, all []client.Product) string {
	const near, most = 2, 5
	var alike []string
	for _, product := range all {
		distance := levenshtein.Distance(strings.ToUpper(code), strings.ToUpper(product.Code), nil)
		if (distance <= near || brand(product.Code) == brand(code)) && len(alike) < most {
			alike = append(alike, fmt.Sprintf("%s (%s)", product.Code, product.Name))
		}
	}
	text := fmt.Sprintf("The catalogue has no product or subscription plan %q. Upper and lower case matter.", code)
	if len(alike) > 0 {
		text += " Did you mean " + strings.Join(alike, " or ") + "?"
	}
	return text
}

// brand is a code without its country. It only helps to guess what was meant.
func brand(code string) string {
	name, _, _ := strings.Cut(strings.ToUpper(code), "-")
	return name
}
