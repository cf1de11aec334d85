package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
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

var (
	countryPattern     = regexp.MustCompile(`^[A-Z]{2}$`)
	productCodePattern = regexp.MustCompile(`^[A-Z0-9]+(-[A-Z0-9]+)+$`)
)

// listProducts answers GET /product. A parameter code, which existed until July
// 2025, is taken in silence, as every unknown one (1.6).
func (s *Sandbox) listProducts(c *call) wire.Answer {
	filter, err := readFilter(c.query)
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "bad_request", err.Error(), "")
	}
	page, err := wire.ReadPage(c.query, 500)
	if err != nil {
		return wire.PaginationError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := wire.Window(s.shelf.products, page, s.shelf.split, func(p *product) bool {
		now, ok := s.shelf.current(p)
		return ok && filter.wants(now)
	})
	if err != nil {
		return wire.PaginationError(err)
	}
	rows := make([]json.RawMessage, len(found))
	for i, p := range found {
		now, _ := s.shelf.current(p)
		rows[i] = now.render("url", c.version)
	}
	return wire.Reply(http.StatusOK, struct {
		Catalog    []json.RawMessage `json:"catalog"`
		Pagination wire.Pagination   `json:"pagination"`
	}{rows, wire.Paginate(found, page, func(p *product) string { return p.Code })})
}

// split finds a cursor, which is a product's code (REC, 2). The product itself may
// have been withdrawn since.
func (s shelf) split(cursor string) (int, int, error) {
	if !productCodePattern.MatchString(cursor) {
		return 0, 0, errors.New("the cursor is not one of ours")
	}
	before := sort.Search(len(s.products), func(i int) bool { return s.products[i].Code >= cursor })
	upTo := sort.Search(len(s.products), func(i int) bool { return s.products[i].Code > cursor })
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

// wants tells whether a product passes the filter.
func (f productFilter) wants(p *product) bool {
	return (!f.orderable || p.IsOrderable) && anyOf(f.countries, p.Countries) && anyOf(f.categories, p.Categories)
}

// anyOf tells whether something wanted is there; wanting nothing takes everything.
func anyOf(wanted, there []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(there, w) })
}
