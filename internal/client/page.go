package client

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"strconv"
)

// ErrCursorStuck is returned when a page's cursor points back at a page already
// read: the list would otherwise be walked forever.
var ErrCursorStuck = errors.New("the list's cursor does not change")

// ErrTooManyPages is returned for a list that goes on and on: five million entries in
// full pages.
var ErrTooManyPages = errors.New("the list has more than 10000 pages")

const maxPages = 10_000

// maxPage is the largest page Runa gives (SPEC).
const maxPage = 500

// pagination is strict: a list that ends early would hide what is bought.
type pagination struct {
	Cursors struct {
		After string `json:"after" read:"strict"`
	} `json:"cursors" read:"strict"`
}

// walk yields every entry of a list, page by page. It ends at an empty page (the
// documented end, PAGE) or a missing cursor, and after yielding an error.
func walk[T any](ctx context.Context, query url.Values, fetch func(context.Context, url.Values) ([]T, pagination, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		page := url.Values{}
		for name, values := range query {
			page[name] = values
		}
		page.Set("limit", strconv.Itoa(maxPage))
		for seen := map[string]bool{}; ; {
			entries, next, err := fetch(ctx, page)
			if err != nil {
				yield(none, err)
				return
			}
			for _, entry := range entries {
				if !yield(entry, nil) {
					return
				}
			}
			switch cursor := next.Cursors.After; {
			case len(entries) == 0 || cursor == "":
				return
			case seen[cursor]:
				yield(none, ErrCursorStuck)
				return
			case len(seen)+1 >= maxPages:
				yield(none, ErrTooManyPages)
				return
			default:
				seen[cursor] = true
				page.Set("after", cursor)
			}
		}
	}
}
