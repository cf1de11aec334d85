package preflight

import (
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Runa answers a repeat with the order that its key has bought, for 30 days. After that the
// same key buys again, as where a resource is renamed, replaced or tainted: its old order
// leaves the state, and a new one is created. A run sees both.

// Margins of purchase.ReplayWindow. An apply may come a day after its plan. What a run has
// let go of must still be bought back in it, some calls later.
const (
	marginOfPlan   = 24 * time.Hour
	marginOfCreate = -time.Hour
)

// Bought is an order that is or may be bought, and was in the state when the run began.
type Bought struct {
	Name string
	At   time.Time // zero if that is not known, which counts as long ago
	// Deleted says that it has left the state in this run.
	Deleted bool
	// Restarts says that what is created under its key begins at attempt 1, while it was
	// bought in a later one. How old attempt 1 is, nobody knows any more.
	Restarts bool
}

// NoteBought notes what a key has bought.
func (r *Run) NoteBought(key string, order Bought) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bought[key] = order
}

// Lapsed gives the order that a key has bought, if the key may buy again.
func (r *Run) Lapsed(key string) (order Bought, lapsed bool) {
	r.mu.Lock()
	order, known := r.bought[key]
	r.mu.Unlock()
	margin := marginOfPlan
	if order.Deleted {
		margin = marginOfCreate
	}
	return order, known && (order.Restarts || r.old(order.At, margin))
}

// Old reports whether a key that has bought then may buy again now.
func (r *Run) Old(at time.Time) bool { return r.old(at, 0) }

func (r *Run) old(at time.Time, margin time.Duration) bool {
	return r.latest().Sub(at) >= purchase.ReplayWindow-margin
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
