package sandbox

import (
	"slices"
	"sync"
	"time"
)

// JournalEntry is one call to the API, harmed or not, or one attempt to deliver an event. It has no payout
// link, no address or reference of a recipient and no API key: of the body only a hash, and of the rest only
// words that are known to be harmless, with … for others. The idempotency key is complete:
// it distinguishes orders.
type JournalEntry struct {
	Number         int       `json:"number"` // from 1; the first one shows how many are gone
	Time           time.Time `json:"time"`
	Method         string    `json:"method"`
	Path           string    `json:"path"` // under /v2, as faults spell it: "/order"
	Query          string    `json:"query"`
	IdempotencyKey string    `json:"idempotency_key"`
	Mode           string    `json:"mode"`        // X-Execution-Mode
	Status         int       `json:"status"`      // the status sent; 0 while there is none, or never was
	Fault          string    `json:"fault"`       // the action of the fault that hit the call
	Replayed       bool      `json:"replayed"`    // answered from the idempotency store
	BodySHA256     string    `json:"body_sha256"` // hex; "" for an empty body
	UserAgent      string    `json:"user_agent"`
	APIVersion     string    `json:"api_version"`          // X-Api-Version
	RequestID      string    `json:"request_id,omitempty"` // X-Amzn-Requestid of the answer, whether it was sent or not; an attempt to deliver has none

	// Of an attempt to deliver an event only, whose Path is the receiver's host.
	Webhook string `json:"webhook,omitempty"` // the event
	About   string `json:"about,omitempty"`   // an order's id, or a product's code
	Message string `json:"message,omitempty"` // the Svix-Id
	Attempt int    `json:"attempt,omitempty"` // from 1
}

// journal is the newest calls, oldest first.
//
// No data file keeps it: it is about this process.
type journal struct {
	limit int // how many it keeps, 0 for all
	now   func() time.Time

	mu      sync.Mutex
	added   int // so far
	entries []*JournalEntry
}

// add notes a call that has just come in. The entry is completed, by finish, before the
// caller can see an answer.
func (j *journal) add(e JournalEntry) *JournalEntry {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.added++
	e.Number, e.Time = j.added, j.now()
	if j.limit > 0 && len(j.entries) >= j.limit {
		j.entries = slices.Delete(j.entries, 0, 1)
	}
	j.entries = append(j.entries, &e)
	return &e
}

// finish notes the status that is about to be sent, 0 for none.
func (j *journal) finish(e *JournalEntry, status int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Status = status
}

// replay notes that the call gets the answer of an earlier one.
func (j *journal) replay(e *JournalEntry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Replayed = true
}

// reset forgets all calls.
func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.added, j.entries = 0, nil
}

// list is a copy of the entries, oldest first.
func (j *journal) list() []JournalEntry {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]JournalEntry, 0, len(j.entries))
	for _, e := range j.entries {
		out = append(out, *e)
	}
	return slices.Clip(out)
}
