package purchase

import (
	"maps"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

const (
	// TagName is the metadata entry under which an order carries its key.
	TagName = "terraform_order_key"
	// MaxMetadata is how many pairs of metadata an order can have (SPEC, POST /order).
	MaxMetadata = 20
	// maxTag is how long a value of metadata can be (SPEC, POST /order).
	maxTag = 200

	// Runa forgets a key after 30 days and then buys again under it (IDEM). The
	// day's margin covers clocks that disagree.
	replayWindow = 29 * 24 * time.Hour
)

// Intent is one order to be bought exactly once. It is what must survive until
// the order is confirmed: a repeat has the same key and the same bytes.
type Intent struct {
	Key  string               `json:"key"`
	Mode client.ExecutionMode `json:"mode"`
	// Body is the request to the byte.
	Body []byte `json:"body"`
	// Currency is the one paid in. It narrows the search for a lost order.
	Currency string `json:"currency"`
	// Tagged says that the body carries the key in its metadata.
	Tagged bool `json:"tagged"`
	// Account is client.Account of the first attempt. Under another account
	// the key means nothing to Runa, and a repeat would be a second purchase.
	Account string `json:"account"`
	// FirstAttempt and LastAttempt bound when the order can have been placed.
	FirstAttempt time.Time `json:"first_attempt"`
	LastAttempt  time.Time `json:"last_attempt"`
	// ClockMoved says that a clock was seen standing before the first attempt. How
	// old the intent is cannot be known any more, so it is never sent again.
	ClockMoved bool `json:"clock_moved,omitempty"`
}

// NewKey mints a random key.
func NewKey() string { return uuid.NewString() }

// NewIntent fixes an order's bytes. With tag, the key goes into the metadata
// if there is room for it.
func NewIntent(key string, mode client.ExecutionMode, order client.OrderRequest, tag bool) (Intent, error) {
	intent := Intent{Key: key, Mode: mode, Currency: order.PaymentMethod.Currency}
	if tag && len(order.Metadata) < MaxMetadata && utf8.RuneCountInString(key) <= maxTag {
		metadata := map[string]string{TagName: key}
		maps.Copy(metadata, order.Metadata)
		order.Metadata = metadata
	}
	intent.Tagged = order.Metadata[TagName] == key
	var err error
	intent.Body, err = order.Encode()
	return intent, err
}

// repeatable reports whether Runa is sure to know the key again.
func (i *Intent) repeatable(now time.Time) bool {
	i.ClockMoved = i.ClockMoved || now.Before(i.FirstAttempt.Add(-clockSkew))
	return !i.ClockMoved && now.Before(i.RepeatableUntil())
}

// RepeatableUntil is the moment after which the intent must not be sent again.
func (i Intent) RepeatableUntil() time.Time { return i.FirstAttempt.Add(replayWindow) }

func (i Intent) submission(attempt int) client.Submission {
	return client.Submission{Key: i.Key, Mode: i.Mode, Body: i.Body, Attempt: attempt}
}

// placedBetween bounds when Runa can have placed the order.
func (i Intent) placedBetween(now time.Time) (from, to time.Time) {
	repeatable := i.repeatable(now)
	from, to = i.FirstAttempt.Add(-clockSkew), i.LastAttempt.Add(clockSkew)
	switch {
	case i.ClockMoved:
		from = time.Time{}
	case !repeatable: // the last resort: runs that died may have sent the key before and since, and left no trace
		from, to = from.Add(-replayWindow), now.Add(clockSkew)
	}
	return from, to
}

func (i *Intent) attempted(at time.Time) {
	// Without its monotonic part, which stands still while a machine sleeps: days
	// can pass between two attempts of one process.
	at = at.Round(0)
	if i.FirstAttempt.IsZero() {
		i.FirstAttempt = at
	}
	i.LastAttempt = at
}
