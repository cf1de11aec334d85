package purchase

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// brakes keep a run's orders back where those before them have shown that sending is
// no use. They decide only whether something is sent now, never what became of it. They
// are safe for concurrent use.
type brakes struct {
	mu         sync.Mutex
	keyRefused bool
	silent     int       // orders in a row that used up their time without an answer
	unanswered time.Time // when an order that was sent for the first time last got no answer
}

const (
	// enoughSilent is how many orders have to use up their time before the others of
	// the run are given a short one.
	enoughSilent = 3
	// probeEvery is how often a new order is sent all the same, to see whether Runa
	// answers it. Each that gets no answer stays unconfirmed.
	probeEvery = 15 * time.Second
)

var (
	// ErrKeyRefused is why an order was not sent: no order of this run would be taken.
	ErrKeyRefused = errors.New("Runa refused the API key for another order of this run") //nolint:staticcheck // a name
	// ErrOutage is why an order was not sent, or not for long: orders before it waited in vain.
	ErrOutage = errors.New("other orders of this run got no answer from Runa")
)

// check says why an order is not sent now. One that is open is sent whatever the
// outage: a repeat changes nothing, and may be answered.
func (b *brakes) check(now time.Time, open bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.keyRefused:
		return ErrKeyRefused
	case !open && b.silent >= enoughSilent && now.Before(b.unanswered.Add(probeEvery)):
		return ErrOutage
	}
	return nil
}

// answered notes what an attempt came to. Whatever Runa answers ends an outage. A new
// order's first attempt is the probe: a repeat may be answered with a failure that Runa
// keeps under its idempotency key, which says nothing of the others.
func (b *brakes) answered(f finding, err error, isNew bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f.unanswered() {
		if isNew {
			b.unanswered = now
		}
		return
	}
	b.silent = 0
	b.keyRefused = b.keyRefused || f == blocked && refusesKey(err)
}

// usedUp notes that an order's time is up, and that it got no answer at the end.
func (b *brakes) usedUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.silent++
}

func (b *brakes) outage() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.silent >= enoughSilent
}

// refusesKey reports a no to the API key, and not to one order: a firewall's 403, which
// has no type, may be about what an order says.
func refusesKey(err error) bool {
	var api *client.APIError
	if !errors.As(err, &api) {
		return false
	}
	return api.Status == http.StatusUnauthorized ||
		api.Status == http.StatusForbidden && api.Type != "" && api.Type != client.TypeOrderingRestricted
}
