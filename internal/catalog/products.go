package catalog

import (
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// ordered is a list in order of code, each product once. One that moves while pages
// are read can come twice: the first stays.
func ordered(products []client.Product) []client.Product {
	slices.SortStableFunc(products, func(a, b client.Product) int { return strings.Compare(a.Code, b.Code) })
	return slices.CompactFunc(products, func(a, b client.Product) bool { return a.Code == b.Code })
}

// choose keeps the products that pass.
func (f Filter) choose(products []client.Product) (chosen []client.Product) {
	rules := f.set()
	for _, product := range products {
		if !slices.ContainsFunc(rules, func(r rule) bool { return !r.passes(product) }) {
			chosen = append(chosen, product)
		}
	}
	return chosen
}
