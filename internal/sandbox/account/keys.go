package account

import (
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// keyWindow is how long an idempotency key is remembered. Afterwards it is a new
// one, and the same request buys a second time (IDEM, 4).
const keyWindow = 30 * 24 * time.Hour

// keyStore remembers the answer to every idempotency key: of the whole account,
// and for order creation only (D and B, 4). Refusals and crashes are kept too.
type keyStore struct {
	records map[string]*record
}

// record is one key: the request that used it first and, once done, its answer. Of the
// request only a digest is kept, for it may be long and nothing but a refusal.
type record struct {
	digest  [sha256.Size]byte // of the body
	started time.Time
	done    bool
	answer  wire.Answer
}

func newKeyStore() keyStore {
	return keyStore{records: map[string]*record{}}
}

// reserve reserves a key for a new request. Where the key is known, it gives instead
// the answer that the repeat deserves, and whether that is the first one's.
func (k keyStore) reserve(key string, digest [sha256.Size]byte, now time.Time) (fresh *record, early wire.Answer, replay bool) {
	known, ok := k.live(key, now)
	if !ok {
		fresh = &record{digest: digest, started: now}
		k.records[key] = fresh
		return fresh, wire.Answer{}, false
	}
	switch {
	case known.digest != digest: // bytes, not meaning (D, 4)
		return nil, wire.Refuse(http.StatusBadRequest, "idempotency_validation_error",
			"This idempotency key was used before, with a different body.",
			"Use a new key for a new order; repeat an old one byte for byte."), false
	case !known.done:
		return nil, wire.Refuse(http.StatusBadRequest, "idempotency_in_progress",
			"The first request with this idempotency key is still running.",
			"Wait some seconds, then repeat with the same idempotency key."), false
	}
	return nil, known.answer, true
}

// live finds a key that is still remembered.
func (k keyStore) live(key string, now time.Time) (*record, bool) {
	known, ok := k.records[key]
	return known, ok && now.Sub(known.started) < keyWindow
}

// finish keeps the answer for repeats.
func (r *record) finish(a wire.Answer) {
	r.answer, r.done = a, true
}

// Reservation is an idempotency key that a request has reserved. Until it is completed, a repeat
// must wait.
type Reservation struct {
	*record
	key   string
	epoch int
}

// Reserve reserves an idempotency key for a request of an epoch. If the key is known, it gives
// instead the answer that the repeat deserves, and whether that is the first one's.
func (a *Account) Reserve(epoch int, key string, digest [sha256.Size]byte) (reserved *Reservation, early wire.Answer, replay bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.reserve(epoch, key, digest)
}

func (a *Account) reserve(epoch int, key string, digest [sha256.Size]byte) (*Reservation, wire.Answer, bool) {
	if epoch != a.epoch {
		return nil, wire.Answer{}, false // a reset has ended the world that this request came from
	}
	fresh, early, replay := a.keys.reserve(key, digest, a.clock.now())
	if fresh == nil {
		return nil, early, replay
	}
	return &Reservation{fresh, key, epoch}, wire.Answer{}, false
}

// Complete completes a reservation: what place answers is kept under the idempotency key, together
// with the order that it has bought. Without a reset in between, place is called once. If it
// panics, the answer to repeats is crashed.
func (a *Account) Complete(r *Reservation, crashed wire.Answer, place func(*Transaction) wire.Answer) wire.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.epoch != a.epoch {
		return wire.Answer{}
	}
	tx := &Transaction{account: a}
	defer func() {
		if !r.done { // a panic is passing
			r.finish(crashed)
		}
		// The order and its key together, or a restart could sell it twice.
		a.store.add(append(tx.changes, recordChange(r.key, r.record))...)
	}()
	r.finish(place(tx))
	return r.answer
}

// Overwrite keeps another answer under a reserved key.
func (a *Account) Overwrite(r *Reservation, answer wire.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.epoch == a.epoch {
		a.keep(r, answer)
	}
}

// AnswerFor keeps an answer under a key that no request has reserved. What an earlier request
// has stored there stays, as it does at Runa.
func (a *Account) AnswerFor(epoch int, key string, digest [sha256.Size]byte, answer wire.Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r, _, _ := a.reserve(epoch, key, digest); r != nil {
		a.keep(r, answer)
	}
}

func (a *Account) keep(r *Reservation, answer wire.Answer) {
	r.finish(answer)
	a.store.add(recordChange(r.key, r.record))
}
