package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// productFilter is what a caller wants of the catalogue. Repeated values of one
// parameter widen it, different parameters narrow it (D, 1.6).
type productFilter struct {
	orderable  bool
	countries  []string
	categories []string
}

// List answers GET /product. A parameter code, which existed until July
// 2025, is ignored, as every unknown one (1.6).
func (c *Catalogue) List(query url.Values, version string) wire.Answer {
	filter, err := readFilter(query)
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "bad_request", err.Error(), "")
	}
	page, err := wire.ReadPage(query, 500)
	if err != nil {
		return wire.PaginationError(err)
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	found, err := wire.Window(c.products, page, c.split, func(p *Product) bool {
		now, onSale := c.current(p)
		return onSale && filter.accepts(now)
	})
	if err != nil {
		return wire.PaginationError(err)
	}
	products := make([]json.RawMessage, len(found))
	for i, p := range found {
		products[i] = c.patched(p).render("url", version)
	}
	return wire.Reply(http.StatusOK, struct {
		Catalog    []json.RawMessage `json:"catalog"`
		Pagination wire.Pagination   `json:"pagination"`
	}{products, wire.Paginate(found, page, func(p *Product) string { return p.Code })})
}

// split finds a cursor, which is a product's code (REC, 2). The product itself may
// have been withdrawn since.
func (b *base) split(cursor string) (before, upTo int, err error) {
	if !productCodePattern.MatchString(cursor) {
		return 0, 0, errors.New("the cursor is not one of ours")
	}
	before = sort.Search(len(b.products), func(i int) bool { return b.products[i].Code >= cursor })
	upTo = sort.Search(len(b.products), func(i int) bool { return b.products[i].Code > cursor })
	return before, upTo, nil
}

// readFilter reads the filters of the list.
func readFilter(query url.Values) (productFilter, error) {
	f := productFilter{countries: query["countries_redeemable_in"], categories: query["categories"]}
	if query.Has("is_orderable") {
		var err error
		if f.orderable, err = strconv.ParseBool(query.Get("is_orderable")); err != nil {
			return f, errors.New("is_orderable must be true or false")
		}
	}
	for _, c := range f.countries {
		if !countryPattern.MatchString(c) {
			return f, fmt.Errorf("countries_redeemable_in: %q is not two capital letters", c)
		}
	}
	return f, nil
}

// accepts tells whether a product passes the filter.
func (f productFilter) accepts(p *Product) bool {
	return (!f.orderable || p.IsOrderable) && anyOf(f.countries, p.Countries) && anyOf(f.categories, p.Categories)
}

// anyOf tells whether something wanted is there; wanting nothing takes everything.
func anyOf(wanted, there []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(there, w) })
}

// Get answers GET /product/{product_code}; content says in which format its texts come
// (SPEC, 1.6).
func (c *Catalogue) Get(code string, query url.Values, version string) wire.Answer {
	format := "url"
	if query.Has("content") {
		format = query.Get("content")
	}
	if _, ok := contentSuffixes[format]; !ok {
		return wire.Refuse(http.StatusBadRequest, "bad_request", "content must be url, md or html.", "")
	}
	p, ok := c.Find(code)
	if !ok {
		return wire.Refuse(http.StatusNotFound, "not_found", "There is no such product.", "")
	}
	return wire.Answer{Status: http.StatusOK, Body: p.render(format, version)}
}

// ListCountries answers GET /product/countries (6.3).
func (c *Catalogue) ListCountries() wire.Answer {
	return wire.Reply(http.StatusOK, map[string]any{"countries": c.countries})
}

// ListCategories answers GET /product/categories.
func (c *Catalogue) ListCategories() wire.Answer {
	all := make([]category, len(categories))
	for i, code := range categories {
		all[i].Code = code
	}
	return wire.Reply(http.StatusOK, map[string]any{"categories": all})
}
