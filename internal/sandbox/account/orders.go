package account

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// ledger is all orders of the account.
type ledger struct {
	placed []*order.Order // oldest first
	byID   map[string]int
	ids    order.IDs
}

func newLedger() ledger {
	return ledger{byID: map[string]int{}}
}

// add adds an order.
func (l *ledger) add(o *order.Order) {
	l.byID[o.ID] = len(l.placed)
	l.placed = append(l.placed, o)
}

// find finds an order by its id.
func (l *ledger) find(id string) (*order.Order, bool) {
	i, ok := l.byID[id]
	if !ok {
		return nil, false
	}
	return l.placed[i], true
}

// Transaction is one request that may buy, while nothing else happens to the account.
type Transaction struct {
	account *Account
	changes []change // what is to be kept together with the answer
}

// Buy places an order and draws its price, unless the ordering limit or the balance forbids it.
// The order is not to be kept: it may change after the transaction.
func (t *Transaction) Buy(p order.Purchase) (placed *order.Order, refusal wire.Answer, ok bool) {
	a := t.account
	currency := p.Basket.PaymentCurrency()
	if refusal, refused := a.funds.refuses(currency, p.Cost.Total); refused {
		return nil, refusal, false
	}
	p.Production, p.Processing = a.options.Production, a.options.Processing
	o := p.Place(&a.orders.ids, a.clock.now())
	a.funds.draw(currency, p.Cost.Total)
	a.orders.add(o)
	a.awaitOrder(o)
	t.changes = append(t.changes, a.orderChange(o), a.fundsChange())
	return o, wire.Answer{}, true
}

// GetOrder answers GET /order/{id}.
func (a *Account) GetOrder(id string) wire.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, ok := a.orders.find(id)
	if !ok {
		return wire.Refuse(http.StatusNotFound, "not_found", "There is no such order.", "")
	}
	return wire.Reply(http.StatusOK, o.WireAt(a.clock.now()))
}

// ListOrders answers GET /order: newest first (D, 12), 100 a page unless asked
// otherwise (SPEC, 1.6).
func (a *Account) ListOrders(query url.Values) wire.Answer {
	page, err := wire.ReadPage(query, 100)
	if err != nil {
		return wire.PaginationError(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	newestFirst := slices.Clone(a.orders.placed)
	slices.Reverse(newestFirst)
	found, err := wire.Window(newestFirst, page, a.orders.split, func(*order.Order) bool { return true })
	if err != nil {
		return wire.PaginationError(err)
	}
	items := make([]any, len(found))
	for i, o := range found {
		items[i] = o.BasicAt(a.clock.now())
	}
	return wire.Reply(http.StatusOK, struct {
		Items      []any           `json:"items"`
		Pagination wire.Pagination `json:"pagination"`
	}{items, wire.Paginate(found, page, func(o *order.Order) string { return orderCursor(o.ID) })})
}

// orderCursor is opaque, as the older official samples show (2).
func orderCursor(id string) string {
	return base64.StdEncoding.EncodeToString([]byte("order " + id))
}

// ReadCursor gives the order's id in a cursor of the order list.
func ReadCursor(cursor string) (id string, ok bool) {
	plain, err := base64.StdEncoding.DecodeString(cursor)
	id, ok = strings.CutPrefix(string(plain), "order ")
	return id, ok && err == nil
}

// split finds where a cursor stands among the orders, newest first.
func (l *ledger) split(cursor string) (before, upTo int, err error) {
	id, ours := ReadCursor(cursor)
	i, known := l.byID[id]
	if !ours || !known {
		return 0, 0, errors.New("the cursor is not one of ours")
	}
	before = len(l.placed) - 1 - i
	return before, before + 1, nil
}

// LedgerEntry is one order that was really placed: the thing to count. It is the truth
// that tests hold the rest against, down to the bytes sent and the links given, and
// so the one place that shows links, people and request bodies. Pages, journal, faults
// and logs do not.
type LedgerEntry struct {
	ID             string          `json:"id"`
	IdempotencyKey string          `json:"idempotency_key"`
	Status         string          `json:"status"`
	Currency       string          `json:"currency"` // the payment currency
	CreatedAt      time.Time       `json:"created_at"`
	Mode           string          `json:"mode"`  // async or sync
	Body           string          `json:"body"`  // the request, byte for byte
	Order          json.RawMessage `json:"order"` // what GET /order/{id} answers now
}

// Ledger is every order really placed, oldest first.
func (a *Account) Ledger() []LedgerEntry {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock.now()
	out := make([]LedgerEntry, 0, len(a.orders.placed))
	for _, o := range a.orders.placed {
		out = append(out, LedgerEntry{
			ID:             o.ID,
			IdempotencyKey: o.Key,
			Status:         o.StatusAt(now),
			Currency:       o.Currency,
			CreatedAt:      o.Created,
			Mode:           o.Mode,
			Body:           string(o.Body),
			Order:          wire.JSON(o.WireAt(now)),
		})
	}
	return out
}

// PatchOrder changes an order as only the outside world can. An unknown id, or a
// change that makes no sense, is an error, and nothing is changed. In production mode
// an order that fails is re-credited, and one that comes back to life is paid again.
func (a *Account) PatchOrder(id string, p order.Patch) error {
	if err := a.patchOrder(id, p); err != nil {
		return err
	}
	return a.Sync()
}

func (a *Account) patchOrder(id string, p order.Patch) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	o, ok := a.orders.find(id)
	if !ok {
		return fmt.Errorf("order %q: %w", id, wire.ErrNotFound)
	}
	if err := p.Validate(len(o.Wire.Items)); err != nil {
		return fmt.Errorf("order %q: %w", id, err)
	}
	before := o.StatusAt(a.clock.now())
	if p.Status != "" {
		if err := a.funds.fail(o, p.Status == order.StatusFailed); err != nil {
			return fmt.Errorf("order %q: %w", id, err)
		}
	}
	p.Apply(o, a.clock.now())
	a.announcePatched(o, before)
	a.store.add(a.orderChange(o), a.fundsChange())
	return nil
}
