package purchase

import (
	"cmp"
	"time"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

const (
	// rememberedFor is how long Runa remembers a key. After that it buys again under
	// it (IDEM).
	rememberedFor = 30 * 24 * time.Hour
	// ReplayWindow is how long a repeat is sure to be answered with the order that its key
	// has bought. It leaves a day's margin for clocks that disagree.
	ReplayWindow = rememberedFor - 24*time.Hour
)

// Intent is one attempt to buy a reward. It is what must survive until its order is
// confirmed: a repeat has the same key and the same bytes.
type Intent struct {
	// Key is the one it is sent under: AttemptKey of the two below.
	Key string `json:"key"`
	// Reward is the reward's own key. It is "" in older records, and means Key.
	Reward string `json:"reward,omitempty"`
	// Attempt counts from 1. It is 0 in older records, and means 1.
	Attempt int `json:"attempt,omitempty"`

	Mode client.ExecutionMode `json:"mode"`
	// Body is the request to the byte.
	Body []byte `json:"body"`
	// Currency is the currency paid in. It narrows the search for a lost order.
	Currency string `json:"currency"`
	// Tagged says that the body carries the reward's key and the attempt in its metadata.
	Tagged bool `json:"tagged"`
	// Account is client.Account of the first attempt. Under another account
	// the key means nothing to Runa, and a repeat would be a second purchase.
	Account string `json:"account"`
	// FirstAttempt and LastAttempt bound when the order can have been placed.
	FirstAttempt time.Time `json:"first_attempt"`
	LastAttempt  time.Time `json:"last_attempt"`
	// SentAfter is what Runa's clock showed at the least before the first attempt. An
	// order that is older was not placed by it. It is zero where that is not known.
	SentAfter time.Time `json:"sent_after,omitzero"`
	// ClockMoved says that a clock was seen standing before the first attempt. How
	// old the intent is cannot be known any more, so it is never sent again.
	ClockChanged bool `json:"clock_moved,omitempty"`
}

// NewKey mints a random key.
func NewKey() string { return uuid.NewString() }

// NewIntent fixes the bytes of an attempt at a reward. With tag, both go into the
// metadata if there is room for them.
func NewIntent(reward string, attempt int, mode client.ExecutionMode, order client.OrderRequest, tag bool) (Intent, error) {
	intent := Intent{Key: AttemptKey(reward, attempt), Reward: reward, Attempt: attempt, Mode: mode, Currency: order.PaymentMethod.Currency}
	if tag {
		order.Metadata = tagged(order.Metadata, reward, attempt)
	}
	intent.Tagged = intent.carriedBy(order.Metadata)
	var err error
	intent.Body, err = order.Encode()
	return intent, err
}

// carriedBy reports whether an order's metadata names this attempt, and no other of
// the same reward.
func (i Intent) carriedBy(metadata map[string]string) bool {
	key, attempt := TagOf(metadata)
	return key == i.reward() && attempt == max(i.Attempt, 1)
}

// reward is the reward's own key.
func (i Intent) reward() string { return cmp.Or(i.Reward, i.Key) }

// repeatable reports whether Runa is sure to know the key again.
func (i *Intent) repeatable(now time.Time) bool {
	i.ClockChanged = i.ClockChanged || now.Before(i.FirstAttempt.Add(-clockSkew))
	return !i.ClockChanged && now.Before(i.RepeatableUntil())
}

// RepeatableUntil is the moment after which the intent must not be sent again.
func (i Intent) RepeatableUntil() time.Time { return i.FirstAttempt.Add(ReplayWindow) }

func (i Intent) submission(attempt int) client.Submission {
	return client.Submission{Key: i.Key, Mode: i.Mode, Body: i.Body, Attempt: attempt}
}

// placedBetween bounds when Runa can have placed the order.
func (i Intent) placedBetween(now time.Time) (from, to time.Time) {
	repeatable := i.repeatable(now)
	from, to = i.FirstAttempt.Add(-clockSkew), i.LastAttempt.Add(clockSkew)
	switch {
	case i.ClockChanged:
		from = time.Time{}
	case !repeatable: // the last resort: runs that died may have sent the key before and since, and left no trace
		from, to = from.Add(-ReplayWindow), now.Add(clockSkew)
	}
	return from, to
}

// attempted notes that the intent is sent now: by our clock, and at the least by Runa's.
func (i *Intent) attempted(at, there time.Time) {
	// Without its monotonic part, which stands still while a machine sleeps: days
	// can pass between two attempts of one process.
	at = at.Round(0)
	if i.FirstAttempt.IsZero() {
		i.FirstAttempt, i.SentAfter = at, there
	}
	i.LastAttempt = at
}

// Near reports whether an order was created while Runa remembered the intent's key, or
// would have: so close to when it was sent that both cannot have bought under one key.
func (i Intent) Near(order client.Order) bool {
	created, err := time.Parse(time.RFC3339, order.CreatedAt)
	return err == nil && !i.ClockChanged && created.Sub(i.FirstAttempt).Abs() < ReplayWindow && created.Sub(i.LastAttempt).Abs() < ReplayWindow
}

// after reports whether an order was there before the intent was ever sent.
func (i Intent) after(order client.Order) bool {
	created, err := time.Parse(time.RFC3339, order.CreatedAt)
	return err == nil && created.Before(i.SentAfter)
}
