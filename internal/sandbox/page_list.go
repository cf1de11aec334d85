package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// listRequest is which part of a list is asked for.
type listRequest struct {
	show, query string
	page, size  int
}

// readListRequest reads the page's form. What makes no sense is the first page.
func readListRequest(query url.Values) listRequest {
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil || number < 1 {
		number = 1
	}
	return listRequest{query.Get("show"), strings.TrimSpace(query.Get("q")), number, pageSize}
}

// listing is one page of a list.
type listing[T any] struct {
	Rows               []T
	Query              string
	All, Found         int // how many there are, and how many the query finds
	Page, Pages        int
	First, Last        int // the places of the rows among those found, from 1
	Earlier, Following string
}

// searchText is what a row can be found by: a piece of what it shows, or the whole of a word
// that it hides. Whoever knows an address or a winner's number finds the order; nobody
// can guess one letter by letter.
type searchText struct {
	shown  string
	hidden []string
}

// contains tells whether a word, in small letters, finds the row.
func (s searchText) contains(word string) bool {
	return strings.Contains(strings.ToLower(s.shown), word) || s.hides(word)
}

// hides tells whether a word is one of the hidden ones.
func (s searchText) hides(word string) bool {
	return slices.ContainsFunc(s.hidden, func(hidden string) bool { return strings.ToLower(hidden) == word })
}

// list makes a page of the n things that row shows. row also gives the words that a
// query may find them by; every word of the query must be among them.
func list[T any](ask listRequest, n int, row func(i int) (T, searchText)) listing[T] {
	found := search(ask, n, row)
	pages := max(1, (len(found)+ask.size-1)/ask.size)
	at := min(ask.page, pages)
	from, to := (at-1)*ask.size, min(at*ask.size, len(found))
	out := listing[T]{Query: ask.query, All: n, Found: len(found), Page: at, Pages: pages, First: from + 1, Last: to}
	for _, i := range found[from:to] {
		shown, _ := row(i)
		out.Rows = append(out.Rows, shown)
	}
	if ask.show == "" {
		return out // the overview leads nowhere
	}
	if at > 1 {
		out.Earlier = ask.link(at - 1)
	}
	if at < pages {
		out.Following = ask.link(at + 1)
	}
	return out
}

// search finds the places of the things that a query means. Without a query nothing
// is looked at, for a list may be long.
func search[T any](ask listRequest, n int, row func(i int) (T, searchText)) []int {
	wanted := strings.Fields(strings.ToLower(ask.query))
	var found []int
	for i := range n {
		if len(wanted) == 0 {
			found = append(found, i)
			continue
		}
		_, has := row(i)
		if !slices.ContainsFunc(wanted, func(word string) bool { return !has.contains(word) }) {
			found = append(found, i)
		}
	}
	return found
}

// link leads to another page of the same list.
func (l listRequest) link(page int) string {
	query := url.Values{"show": {l.show}, "page": {strconv.Itoa(page)}}
	if l.query != "" {
		query.Set("q", l.query)
	}
	return "/?" + query.Encode()
}
