package sandbox

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// getOrder answers GET /order/{id}.
func (s *Sandbox) getOrder(c *call) wire.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders.find(strings.TrimPrefix(c.under, "/order/"))
	if !ok {
		return wire.Refuse(http.StatusNotFound, "not_found", "There is no such order.", "")
	}
	return wire.Reply(http.StatusOK, o.wireAt(s.clock.now()))
}

// listOrders answers GET /order: newest first (D, 12), 100 a page unless asked
// otherwise (SPEC, 1.6).
func (s *Sandbox) listOrders(c *call) wire.Answer {
	page, err := wire.ReadPage(c.query, 100)
	if err != nil {
		return wire.PaginationError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	newestFirst := slices.Clone(s.orders.placed)
	slices.Reverse(newestFirst)
	found, err := wire.Window(newestFirst, page, s.orders.split, func(*order) bool { return true })
	if err != nil {
		return wire.PaginationError(err)
	}
	items := make([]any, len(found))
	for i, o := range found {
		items[i] = o.basicAt(s.clock.now())
	}
	return wire.Reply(http.StatusOK, struct {
		Items      []any           `json:"items"`
		Pagination wire.Pagination `json:"pagination"`
	}{items, wire.Paginate(found, page, func(o *order) string { return orderCursor(o.id) })})
}

// orderCursor is opaque, as the older official samples show (2).
func orderCursor(id string) string {
	return base64.StdEncoding.EncodeToString([]byte("order " + id))
}

// split finds where a cursor stands among the orders, newest first.
func (b *orderBook) split(cursor string) (int, int, error) {
	plain, err := base64.StdEncoding.DecodeString(cursor)
	id, ours := strings.CutPrefix(string(plain), "order ")
	i, known := b.byID[id]
	if err != nil || !ours || !known {
		return 0, 0, errors.New("the cursor is not one of ours")
	}
	before := len(b.placed) - 1 - i
	return before, before + 1, nil
}
