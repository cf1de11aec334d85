package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// MaxPage is the longest page of any list (SPEC, 1.6).
const MaxPage = 500

// PageRequest is which page a caller asks for (PAGE, 2).
type PageRequest struct {
	limit         int
	before, after string // cursors; at most one is set
}

// Pagination is the envelope's second half.
type Pagination struct {
	Cursors cursors `json:"cursors"`
	Page    struct {
		Limit int `json:"limit"`
	} `json:"page"`
}

// cursors are left out on an empty page (14.8).
type cursors struct {
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// ReadPage reads limit, before and after.
func ReadPage(query url.Values, limit int) (PageRequest, error) {
	p := PageRequest{limit: limit, before: query.Get("before"), after: query.Get("after")}
	if query.Has("limit") {
		n, err := strconv.Atoi(query.Get("limit"))
		if err != nil || n < 1 || n > MaxPage {
			return p, fmt.Errorf("limit must be a whole number from 1 to %d", MaxPage)
		}
		p.limit = n
	}
	if query.Has("before") && query.Has("after") {
		return p, fmt.Errorf("before and after exclude one another")
	}
	for _, name := range []string{"before", "after"} {
		if query.Has(name) && query.Get(name) == "" {
			return p, fmt.Errorf("%s is empty", name)
		}
	}
	return p, nil
}

// PaginationError refuses a page that cannot be (ERR, 5.2).
func PaginationError(err error) Answer {
	return Refuse(http.StatusBadRequest, "pagination_error", "There is no such page: "+err.Error()+".",
		"Send one of the cursors of an earlier page, unchanged.")
}

// Window takes the page out of all there is, in order: only what keep keeps, past
// the cursor and without it (D: exclusive, 2). split tells where a cursor stands:
// how many come before it, and how many up to and including it.
func Window[T any](all []T, p PageRequest, split func(cursor string) (int, int, error), keep func(T) bool) ([]T, error) {
	page := []T{}
	if p.before != "" {
		end, _, err := split(p.before)
		if err != nil {
			return nil, err
		}
		for i := end - 1; i >= 0 && len(page) < p.limit; i-- {
			if keep(all[i]) {
				page = append(page, all[i])
			}
		}
		slices.Reverse(page)
		return page, nil
	}
	start := 0
	if p.after != "" {
		var err error
		if _, start, err = split(p.after); err != nil {
			return nil, err
		}
	}
	for i := start; i < len(all) && len(page) < p.limit; i++ {
		if keep(all[i]) {
			page = append(page, all[i])
		}
	}
	return page, nil
}

// Paginate describes a page: the cursors are those of its first and last thing.
func Paginate[T any](page []T, p PageRequest, cursor func(T) string) Pagination {
	var out Pagination
	out.Page.Limit = p.limit
	if len(page) > 0 {
		out.Cursors = cursors{Before: cursor(page[0]), After: cursor(page[len(page)-1])}
	}
	return out
}
