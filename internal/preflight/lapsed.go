package preflight

import (
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Runa answers a repeat with the order that its key has bought, for 30 days. After that the
// same key buys again, as where a resource is renamed, replaced or tainted: its old order
// leaves the state, and a new one is created. A run sees both.

// planMargin is how much later than its plan an apply may come.
const planMargin = 24 * time.Hour

// bought is what a key has bought, or may have.
type bought struct {
	name string
	at   time.Time
}

// Bought notes an order that is or may be bought, and was in the state when the run began.
func (r *Run) Bought(key, name string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bought[key] = bought{name, at}
}

// Lapsed gives the order that a key has bought so long ago that the key may buy again.
func (r *Run) Lapsed(key string) (name string, lapsed bool) {
	r.mu.Lock()
	order, known := r.bought[key]
	r.mu.Unlock()
	if !known || r.latest().Sub(order.at) < purchase.ReplayWindow-planMargin {
		return "", false
	}
	return order.name, true
}

// latest is the later of what this machine's clock and Runa's show.
func (r *Run) latest() time.Time {
	now := r.Now()
	if _, there, known := r.API.Time(); known && there.After(now) {
		return there
	}
	return now
}

// ToBeCreated reports whether an order is to be created under a key.
func (r *Run) ToBeCreated(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys[key] != nil && r.keys[key].created
}
