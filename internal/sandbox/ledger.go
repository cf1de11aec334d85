package sandbox

import (
	"encoding/json"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

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
func (s *Sandbox) Ledger() []LedgerEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	out := make([]LedgerEntry, 0, len(s.orders.placed))
	for _, o := range s.orders.placed {
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
