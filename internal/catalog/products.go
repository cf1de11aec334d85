package catalog

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Source is where products are read. A *client.Client is one.
type Source interface {
	Products(context.Context, client.ProductFilter) iter.Seq2[client.Product, error]
}

// Products selects what passes the filter, in order of code and each once. With an
// error the selection is not complete, and so there is none.
func Products(ctx context.Context, source Source, filter Filter) ([]client.Product, error) {
	var selected []client.Product
	wanted := filter.local()
	for product, err := range source.Products(ctx, filter.remote()) {
		if err != nil {
			return nil, err
		}
		if wanted.Passes(product) {
			selected = append(selected, product)
		}
	}
	// A product that moves while pages are read can come twice: the first one stays.
	slices.SortStableFunc(selected, func(a, b client.Product) int { return strings.Compare(a.Code, b.Code) })
	return slices.CompactFunc(selected, func(a, b client.Product) bool { return a.Code == b.Code }), nil
}
