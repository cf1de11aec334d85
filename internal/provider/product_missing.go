package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// selectProducts reads what passes the filters. A code that is named and not there is
// an error.
func selectProducts(ctx context.Context, s *session, model productsFilterModel) ([]client.Product, diag.Diagnostics) {
	filter, diags := model.toWire()
	if diags.HasError() {
		return nil, diags
	}
	products, err := s.catalog.Products(ctx, filter)
	if err != nil {
		return nil, aboutCatalogue(err, s.endpoint)
	}
	diags.Append(aboutUnknownFilters(s.catalog.Unknown(ctx, filter, products), s.endpoint)...)
	if missing := missingCodes(filter.Codes, products); len(missing) > 0 {
		diags.Append(aboutMissing(explainMissing(ctx, s.catalog, filter, missing), s.endpoint)...)
		return nil, diags
	}
	return products, diags
}

// maxExplained bounds the requests made only to word an error, beside those for suggestions.
const maxExplained = 10

// explainMissing says of each code why it was not selected: it does not exist, or
// it does and another filter left it out. Only then is Runa asked once more.
func explainMissing(ctx context.Context, products *catalog.Catalog, filter catalog.Filter, missing []string) (why []string) {
	others := filter
	others.Codes = nil
	if others.Empty() {
		for _, code := range missing {
			why = append(why, nowhere(ctx, products, code))
		}
		return why
	}
	asked := missing[:min(len(missing), maxExplained)]
	for _, code := range asked {
		product, err := products.Product(ctx, code, client.ContentURL)
		if client.IsNotFound(err) {
			why = append(why, nowhere(ctx, products, code))
			continue
		}
		why = append(why, explain(code, product, err, others))
	}
	if rest := len(missing) - len(asked); rest > 0 {
		why = append(why, fmt.Sprintf("and %d more", rest))
	}
	return why
}

// nowhere says that a code does not exist, and what may have been meant.
func nowhere(ctx context.Context, products *catalog.Catalog, code string) string {
	if hint := products.Similar(ctx, code); hint != "" {
		return code + " does not exist. " + hint
	}
	return code + " does not exist"
}

func explain(code string, product client.Product, err error, filter catalog.Filter) string {
	if err != nil {
		said := fmt.Sprintf("%s was not found, and looking it up failed: %v", code, err)
		if id := client.RequestID(err); id != "" {
			said += fmt.Sprintf(" (request id %s, which Runa's support asks for)", id)
		}
		return said
	}
	by := filter.Rejects(product)
	if len(by) == 0 {
		return code + " exists, but Runa's list does not have it"
	}
	return fmt.Sprintf("%s exists, but is excluded by %s", code, strings.Join(by, " and "))
}
