package catalog

import (
	"context"
	"maps"
	"slices"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Drift is how far the catalogue is from products that were pinned.
type Drift struct {
	Differences []Difference
	Withdrawn   []string // codes that are gone, sorted
	New         []string // codes that pass the filter and are not pinned, sorted
	// Selected are the products that the filter selects now.
	Selected []client.Product
}

// None reports whether nothing changed.
func (m Drift) None() bool { return len(m.Differences)+len(m.Withdrawn)+len(m.New) == 0 }

// Compare compares products that were selected by a filter with the catalogue as it
// is, in the fields named. A product that no longer passes the filter differs in
// what the filter is about. A filter that names codes has nothing new.
func (c *Catalog) Compare(ctx context.Context, filter Filter, pinned []client.Product, in []string) (drift Drift, err error) {
	current, err := c.current(ctx, filter, pinned)
	if err != nil {
		return Drift{}, err
	}
	drift.Selected = filter.choose(ordered(slices.Collect(maps.Values(current))))
	for _, was := range pinned {
		is, ok := current[was.Code]
		delete(current, was.Code)
		if !ok {
			drift.Withdrawn = append(drift.Withdrawn, was.Code)
			continue
		}
		drift.Differences = append(drift.Differences, Differences(was, is, append(filter.lost(is), in...))...)
	}
	for code := range current {
		drift.New = append(drift.New, code)
	}
	drift.Withdrawn, drift.New = sorted(drift.Withdrawn), sorted(drift.New)
	return drift, nil
}

// current is what passes the filter now, and what is pinned, by code.
func (c *Catalog) current(ctx context.Context, filter Filter, pinned []client.Product) (map[string]client.Product, error) {
	current := map[string]client.Product{}
	if len(filter.Codes) == 0 {
		selected, err := c.Products(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, product := range selected {
			current[product.Code] = product
		}
	}
	var others Filter
	for _, product := range pinned {
		if _, ok := current[product.Code]; !ok {
			others.Codes = append(others.Codes, product.Code)
		}
	}
	if len(others.Codes) == 0 {
		return current, nil
	}
	found, err := c.Products(ctx, others)
	for _, product := range found {
		current[product.Code] = product
	}
	return current, err
}

// lost are the fields in which a product fails the filter.
func (f Filter) lost(p client.Product) []string {
	names := f.Rejects(p)
	for i, name := range names {
		if name == "name_regex" {
			names[i] = "name"
		}
	}
	return names
}
