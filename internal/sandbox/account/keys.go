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

// claim takes a key for a new request. Where the key is known, it gives instead
// the answer that the repeat deserves, and whether that is the first one's.
func (k keyStore) claim(key string, digest [sha256.Size]byte, now time.Time) (fresh *record, early wire.Answer, replay bool) {
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
