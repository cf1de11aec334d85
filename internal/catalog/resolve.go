package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

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

// lookalikes says that there is no such code, and names those that somebody may have
// meant.
func lookalikes(code string, all []client.Product) string {
	text := fmt.Sprintf("The catalogue has no product or subscription plan %q. Upper and lower case matter.", code)
	if hint := didYouMean(code, all); hint != "" {
		text += " " + hint
	}
	return text
}
