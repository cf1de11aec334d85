package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// near is how many letters may differ in what somebody may have meant.
const near = 2

// Similar names the codes that somebody may have meant by one that does not exist, as a
// sentence. It is empty where none is near, or the catalogue cannot be read.
func (c *Catalog) Similar(ctx context.Context, code string) string {
	all, err := c.Products(ctx, Filter{})
	if err != nil {
		return ""
	}
	return didYouMean(code, all)
}

func didYouMean(code string, all []client.Product) string {
	const most = 5
	var alike []string
	for _, product := range all {
		distance := levenshtein.Distance(strings.ToUpper(code), strings.ToUpper(product.Code), nil)
		if (distance <= near || brand(product.Code) == brand(code)) && len(alike) < most {
			alike = append(alike, fmt.Sprintf("%s (%s)", product.Code, product.Name))
		}
	}
	return question(alike)
}

func question(alike []string) string {
	if len(alike) == 0 {
		return ""
	}
	return "Did you mean " + strings.Join(alike, " or ") + "?"
}

// brand is a code without its country. It only helps to guess what was meant.
func brand(code string) string {
	name, _, _ := strings.Cut(strings.ToUpper(code), "-")
	return name
}

// Unknown is a value of a filter that Runa's own lists do not have.
type Unknown struct {
	Filter string // countries_redeemable_in or categories
	Value  string
	Hint   string // what may have been meant, as a sentence; "" for nothing
}

// Unknown gives the countries and categories of a filter that Runa does not know. Runa
// answers them with no products and no complaint. Its lists are asked for only where a
// value is that of no product found, and not counted where they cannot be read.
func (c *Catalog) Unknown(ctx context.Context, filter Filter, found []client.Product) (unknown []Unknown) {
	for _, of := range []struct {
		name   string
		wanted []string
		has    func(client.Product) []string
		list   func(context.Context) ([]string, error)
		hint   func(value string, known []string) string
	}{
		{"countries_redeemable_in", filter.CountriesRedeemableIn, func(p client.Product) []string { return p.CountriesRedeemableIn }, c.Countries, likeCountry},
		{"categories", filter.Categories, func(p client.Product) []string { return p.Categories }, c.Categories, likeCategory},
	} {
		absent := slices.DeleteFunc(sorted(of.wanted), func(value string) bool {
			return slices.ContainsFunc(found, func(p client.Product) bool { return slices.Contains(of.has(p), value) })
		})
		if len(absent) == 0 {
			continue
		}
		known, err := of.list(ctx)
		if err != nil {
			continue
		}
		for _, value := range absent {
			if !slices.Contains(known, value) {
				unknown = append(unknown, Unknown{of.name, value, of.hint(value, known)})
			}
		}
	}
	return unknown
}

// misnamed are countries that are often called by another code than their own (ISO 3166-1).
var misnamed = map[string]string{"UK": "GB", "EN": "GB", "EL": "GR", "JA": "JP", "SW": "SE", "DA": "DK", "CS": "CZ"}

func likeCountry(value string, known []string) string {
	if code := misnamed[value]; slices.Contains(known, code) {
		return question([]string{code})
	}
	return ""
}

func likeCategory(value string, known []string) string {
	var alike []string
	for _, category := range known {
		low := strings.ToLower(value)
		if levenshtein.Distance(low, category, nil) <= near || strings.Contains(category, low) || strings.Contains(low, category) {
			alike = append(alike, category)
		}
	}
	return question(alike)
}
