package sandbox

import (
	"slices"
	"time"
)

// JournalEntry is one call to the API, harmed or not, or one attempt to deliver an event. It holds no payout link, nobody's
// address or reference and no API key: of the body only a hash, and of the rest only
// words that are known to be harmless, with … for others. The idempotency key is whole,
// whatever it is made of: it is what tells orders apart.
type JournalEntry struct {
	Number         int       `json:"number"` // from 1; the first that is still there tells how many are not
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
	most    int // how many it keeps, 0 for all
	added   int // so far
	entries []*JournalEntry
}

// add takes note of a call that has just come in. The entry is completed, under
// the sandbox's lock, before the caller can see an answer.
func (j *journal) add(e JournalEntry) *JournalEntry {
	j.added++
	e.Number = j.added
	if j.most > 0 && len(j.entries) >= j.most {
		j.entries = slices.Delete(j.entries, 0, 1)
	}
	j.entries = append(j.entries, &e)
	return &e
}

// Journal is the calls to the API, oldest first: all of them, or as many of the newest
// as Options.Journal says. The number of the first shows how many earlier ones are gone.
func (s *Sandbox) Journal() []JournalEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]JournalEntry, 0, len(s.journal.entries))
	for _, e := range s.journal.entries {
		out = append(out, *e)
	}
	return slices.Clip(out)
}
