package purchase

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// The statuses that are ours, beside Runa's PROCESSING, COMPLETED and FAILED.
const (
	StatusUnconfirmed = "UNCONFIRMED"
	StatusRejected    = "REJECTED"
)

// Standing is what the record of an attempt allows to be done next.
type Standing int

const (
	// Placed: bought, for good.
	Placed Standing = iota
	// Unfinished: bought, and Runa has not finished it yet.
	Unfinished
	// Open: perhaps bought. It must be settled.
	Open
	// Closed: it is certain that this attempt bought nothing and that its key never
	// will. Only now may the next attempt be sent.
	Closed
)

// StandingOf reads a recorded status. Links are those recorded with it, and seen
// says whether the order's items were: a FAILED order of which nothing else is known
// may hold something that can be spent.
func StandingOf(status string, links []client.PayoutLink, seen bool) Standing {
	switch status {
	case StatusUnconfirmed:
		return Open
	case StatusRejected:
		return Closed
	case string(client.StatusProcessing):
		return Unfinished
	case string(client.StatusFailed):
		if seen && !slices.ContainsFunc(links, Spendable) {
			return Closed
		}
	}
	return Placed
}

// Final reports whether Runa has nothing new to tell of an order: it is finished, and each
// of its links has come to an end (claimed, cancelled or expired: SPEC, 3.4). Links are those recorded with it.
func Final(status string, links []client.PayoutLink) bool {
	if status != string(client.StatusCompleted) && status != string(client.StatusFailed) {
		return false
	}
	return len(links) > 0 && !slices.ContainsFunc(links, func(link client.PayoutLink) bool {
		return link.Status != "CLAIMED" && link.Status != "CANCELLED" && link.Status != "EXPIRED"
	})
}

// Position is where a reward's key stands: at the newest attempt that is known of.
type Position struct {
	Key     string `json:"key"`
	Attempt int    `json:"attempt"` // from 1; 0 is an older record of attempt 1
	Closed  bool   `json:"closed"`
}

// Next is the attempt of a key that a purchase sends: the one after a closed one,
// else the same one again, which Runa answers as it did before. A position of another
// key says nothing of this one.
func (p Position) Next(key string) int {
	if p.Key != key {
		return 1
	}
	if p.Closed {
		return max(p.Attempt, 1) + 1
	}
	return max(p.Attempt, 1)
}

// attemptSpace is the UUID namespace of the keys of further attempts. It must never change: a
// run that knows nothing of the earlier ones finds their attempts by it.
var attemptSpace = uuid.MustParse("5b0c7a52-6c1c-5f1e-9d0e-3f1d9a7c2e44")

// AttemptKey is the idempotency key that an attempt is sent with: the first with
// the reward's own key, each further one with a UUIDv5 of that key and its number.
func AttemptKey(key string, attempt int) string {
	if attempt <= 1 {
		return key
	}
	return uuid.NewSHA1(attemptSpace, []byte(strconv.Itoa(attempt)+" "+key)).String()
}
