package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// pages serves a catalogue page by page: answers holds the body for each cursor,
// "" being the first page.
func pages(answers map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[r.URL.Query().Get("after")]
		if !ok {
			answering(400, `{"type":"pagination_error","message":"Bad cursor."}`)(w, r)
			return
		}
		answering(200, body)(w, r)
	}
}

// page is one page of products with the cursor to the next, "" for a null one.
func page(after string, codes ...string) string {
	var catalog []string
	for _, code := range codes {
		catalog = append(catalog, fmt.Sprintf(`{"code":%q}`, code))
	}
	cursor := "null"
	if after != "" {
		cursor = fmt.Sprintf("%q", after)
	}
	return fmt.Sprintf(`{"catalog":[%s],"pagination":{"cursors":{"before":null,"after":%s},"page":{"limit":500}}}`,
		strings.Join(catalog, ","), cursor)
}

func TestWalk(t *testing.T) {
	tests := map[string]struct {
		pages map[string]string
		codes []string
		lines []string
		stuck bool
	}{
		"ends at an empty page": {
			pages: map[string]string{"": page("B", "A", "B"), "B": page("C", "C"), "C": page("")},
			codes: []string{"A", "B", "C"},
			lines: []string{"GET /v2/product?limit=500", "GET /v2/product?after=B&limit=500", "GET /v2/product?after=C&limit=500"},
		},
		"ends at an empty page that has a cursor": {
			pages: map[string]string{"": page("A", "A"), "A": page("A")},
			codes: []string{"A"},
			lines: []string{"GET /v2/product?limit=500", "GET /v2/product?after=A&limit=500"},
		},
		"ends at a null cursor": {
			pages: map[string]string{"": page("A", "A"), "A": page("", "B")},
			codes: []string{"A", "B"},
			lines: []string{"GET /v2/product?limit=500", "GET /v2/product?after=A&limit=500"},
		},
		"ends without pagination": {
			pages: map[string]string{"": `{"catalog":[{"code":"A"}]}`},
			codes: []string{"A"},
			lines: []string{"GET /v2/product?limit=500"},
		},
		"an empty list": {
			pages: map[string]string{"": page("")},
			lines: []string{"GET /v2/product?limit=500"},
		},
		"a cursor with signs": {
			pages: map[string]string{"": page("b3+/=&x", "A"), "b3+/=&x": page("")},
			codes: []string{"A"},
			lines: []string{"GET /v2/product?limit=500", "GET /v2/product?after=b3%2B%2F%3D%26x&limit=500"},
		},
		"a cursor that does not move": {
			pages: map[string]string{"": page("A", "A"), "A": page("A", "B")},
			codes: []string{"A", "B"},
			lines: []string{"GET /v2/product?limit=500", "GET /v2/product?after=A&limit=500"},
			stuck: true,
		},
		"cursors that go round": {
			pages: map[string]string{"": page("A", "A"), "A": page("B", "B"), "B": page("A", "C")},
			codes: []string{"A", "B", "C"},
			lines: []string{"GET /v2/product?limit=500", "GET /v2/product?after=A&limit=500", "GET /v2/product?after=B&limit=500"},
			stuck: true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := serve(t, pages(test.pages))
			var codes []string
			var last error
			for product, err := range w.client(t).Products(t.Context(), ProductFilter{}) {
				if last = err; err == nil {
					codes = append(codes, product.Code)
				}
			}
			wantEqual(t, "codes", codes, test.codes)
			wantEqual(t, "requests", w.lines(), test.lines)
			if errors.Is(last, ErrCursorStuck) != test.stuck || (last != nil) != test.stuck {
				t.Errorf("Products() ended with %v, want ErrCursorStuck: %t, otherwise no error", last, test.stuck)
			}
		})
	}
}

func TestWalkStopsWhenItsConsumerDoes(t *testing.T) {
	w := serve(t, pages(map[string]string{"": page("B", "A", "B"), "B": page("C", "C")}))
	for product, err := range w.client(t).Products(t.Context(), ProductFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if product.Code == "B" {
			break
		}
	}
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/product?limit=500"})
}

func TestWalkEndsAtAnError(t *testing.T) {
	w := serve(t, pages(map[string]string{"": page("A", "A"), "A": page("gone", "B")}))
	var codes []string
	var errs []error
	for product, err := range w.client(t).Products(t.Context(), ProductFilter{}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		codes = append(codes, product.Code)
	}
	wantEqual(t, "codes", codes, []string{"A", "B"})
	var api *APIError
	if len(errs) != 1 || !errors.As(errs[0], &api) || api.Type != "pagination_error" {
		t.Errorf("errors = %v, want one pagination_error", errs)
	}
}

func TestAWalkCanBeRepeated(t *testing.T) {
	w := serve(t, pages(map[string]string{"": page("A", "A"), "A": page("", "B")}))
	products := w.client(t).Products(t.Context(), ProductFilter{})
	for range 2 {
		count := 0
		for _, err := range products {
			if err != nil {
				t.Fatal(err)
			}
			count++
		}
		if count != 2 {
			t.Errorf("got %d products, want 2", count)
		}
	}
}

// TestWalkEnds: a list whose cursors never end does.
func TestWalkEnds(t *testing.T) {
	t.Parallel()
	fetched := 0
	endless := func(context.Context, url.Values) (entries []int, next pagination, err error) {
		fetched++
		next.Cursors.After = strconv.Itoa(fetched)
		return []int{fetched}, next, nil
	}
	var last error
	for _, err := range walk(t.Context(), nil, endless) {
		last = err
	}
	if !errors.Is(last, ErrTooManyPages) || fetched != maxPages {
		t.Errorf("walk() took %d pages, then %v, want %d, then ErrTooManyPages", fetched, last, maxPages)
	}
}
