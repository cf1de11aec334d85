package purchase

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestOneRefusedKeyStopsTheRun(t *testing.T) {
	badKey, noKey := refusal(http.StatusForbidden, "forbidden"), refusal(http.StatusUnauthorized, "unauthorized")
	tests := map[string]struct {
		answers []reply
		stops   bool
	}{
		"401":                    {replies(says(noKey)), true},
		"401 of a gateway":       {replies(says(gateway401)), true},
		"403":                    {replies(says(badKey)), true},
		"no answer, then 403":    {replies(says(errLost), says(badKey)), true},
		"403 of a firewall":      {replies(says(refusal(http.StatusForbidden, ""))), false},
		"403 for a limit":        {replies(says(refusal(http.StatusForbidden, client.TypeOrderingRestricted))), false},
		"404":                    {replies(says(refusal(http.StatusNotFound, "not_found"))), false},
		"410":                    {replies(says(refusal(http.StatusGone, "version_removed"))), false},
		"a refusal of one order": {replies(says(refused400)), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			api := &fakeAPI{creates: test.answers}
			b := calm(api, newFakeClock())
			b.Buy(t.Context(), intend(t, "1", client.ModeAsync), time.Minute, nil)
			before := len(api.sent)
			got := b.Buy(t.Context(), intend(t, "2", client.ModeAsync), time.Minute, nil)
			if sent := len(api.sent) - before; (sent == 0) != test.stops || errors.Is(got.Err, ErrKeyRefused) != test.stops {
				t.Errorf("the next order was sent %d times, error %v, want ErrKeyRefused and nothing sent: %t", sent, got.Err, test.stops)
			}
			if test.stops && (got.Verdict != NotBought || !got.Intent.FirstAttempt.IsZero()) {
				t.Errorf("the order that was not sent is %s, attempted at %s, want %s and no attempt", got.Verdict, got.Intent.FirstAttempt, NotBought)
			}
		})
	}
}

// TestARefusedKeyForgetsNothing: an order that may exist is looked for as ever, and is
// never said not to exist.
func TestARefusedKeyForgetsNothing(t *testing.T) {
	clock := newFakeClock()
	intent := unconfirmed(t, clock.Now())
	ours := dated(1, clock.Now())
	ours.Metadata, ours.Items = map[string]string{TagName: intent.Key}, completed.Items
	for name, test := range map[string]struct {
		listed  []client.Order
		verdict Verdict
	}{
		"not found": {nil, Unconfirmed},
		"found":     {[]client.Order{ours}, Bought},
	} {
		t.Run(name, func(t *testing.T) {
			api := &fakeAPI{creates: replies(says(gateway401)), reads: replies(gives(ours)), listed: test.listed}
			b := calm(api, clock)
			b.Buy(t.Context(), intend(t, "1", client.ModeAsync), time.Minute, nil)
			got := b.Settle(t.Context(), intent, time.Minute, nil)
			if got.Verdict != test.verdict || errors.Is(got.Err, ErrKeyRefused) != (test.verdict == Unconfirmed) || len(api.sent) != 1 {
				t.Errorf("Settle() = %s with %d orders sent, error %v, want %s with 1, ErrKeyRefused: %t", got.Verdict, len(api.sent), got.Err, test.verdict, test.verdict == Unconfirmed)
			}
			if got.Intent.Key != intent.Key || !got.Intent.LastAttempt.Equal(intent.LastAttempt) {
				t.Errorf("the intent became %+v, want key %s and last attempt %s, as before", got.Intent, intent.Key, intent.LastAttempt)
			}
		})
	}
}

// TestOrdersInFlightWithARefusedKey: what is on its way when the key is refused gets
// its own answer.
func TestOrdersInFlightWithARefusedKey(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	api := &fakeAPI{creates: replies(reply{do: func(context.Context) (client.Order, error) {
		both.Done()
		both.Wait()
		return client.Order{}, gateway401
	}})}
	b := calm(api, newFakeClock())
	results := make([]Result, 2)
	var run sync.WaitGroup
	for i := range results {
		intent := intend(t, strconv.Itoa(i), client.ModeAsync)
		run.Go(func() { results[i] = b.Buy(t.Context(), intent, time.Minute, nil) })
	}
	run.Wait()
	for _, got := range results {
		if got.Verdict != NotBought || !errors.Is(got.Err, gateway401) {
			t.Errorf("Buy() = %s, error %v, want %s and %v", got.Verdict, got.Err, NotBought, gateway401)
		}
	}
	b.Buy(t.Context(), intend(t, "3", client.ModeAsync), time.Minute, nil)
	if len(api.sent) != 2 {
		t.Errorf("%d orders were sent, want 2", len(api.sent))
	}
}

// TestObjectionBeforeTheFirstAttempt: may is asked once, when it is the order's turn.
func TestObjectionBeforeTheFirstAttempt(t *testing.T) {
	objection := errors.New("too dear")
	for _, answer := range []error{nil, objection} {
		api := &fakeAPI{creates: replies(says(errLost), gives(completed))}
		asked := 0
		got := calm(api, newFakeClock()).Buy(t.Context(), intend(t, "1", client.ModeAsync), time.Minute, func() error {
			asked++
			return answer
		})
		want, sent := Bought, 2
		if answer != nil {
			want, sent = NotBought, 0
		}
		if got.Verdict != want || !errors.Is(got.Err, answer) || asked != 1 || len(api.sent) != sent {
			t.Errorf("Buy() = %s, %d attempts, asked %d times, error %v, want %s, %d, 1 and %v", got.Verdict, len(api.sent), asked, got.Err, want, sent, answer)
		}
	}
}

// TestOutage is a run of many orders of ten minutes each, at a Runa that is out of order.
func TestOutage(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	out := sandbox.Fault{Method: http.MethodPost, Path: "/order", Action: sandbox.ActionStatus, Status: http.StatusServiceUnavailable}
	w.fault(t, out)
	b := w.buyer()
	var all []Result
	// buy buys one more order, and tells how often it was sent, and for how long.
	buy := func() (got Result, sent int, took time.Duration) {
		posts, started := w.posts(), w.Now()
		got = b.Buy(t.Context(), intend(t, "key "+strconv.Itoa(len(all)), client.ModeAsync), 10*time.Minute, nil)
		all = append(all, got)
		return got, w.posts() - posts, w.Now().Sub(started)
	}
	for range enoughSilent {
		if got, sent, took := buy(); got.Verdict != Unconfirmed || sent < 10 || took < 9*time.Minute {
			t.Fatalf("Buy() = %s, %d attempts in %s, error %v, want %s, at least 10 in at least 9m", got.Verdict, sent, took, got.Err, Unconfirmed)
		}
	}
	// One is sent once, to see; the others are not sent at all.
	if got, sent, took := buy(); got.Verdict != Unconfirmed || sent != 1 || took > time.Minute || !errors.Is(got.Err, ErrOutage) {
		t.Fatalf("the next Buy() = %s, %d attempts in %s, error %v, want %s, 1 within a minute, ErrOutage", got.Verdict, sent, took, got.Err, Unconfirmed)
	}
	for range 20 {
		if got, sent, took := buy(); got.Verdict != NotBought || sent != 0 || took > time.Second || !errors.Is(got.Err, ErrOutage) {
			t.Fatalf("a later Buy() = %s, %d attempts in %s, error %v, want %s, none within a second, ErrOutage", got.Verdict, sent, took, got.Err, NotBought)
		}
	}
	// An order that may exist is looked for and repeated once.
	posts := w.posts()
	if got := b.Settle(t.Context(), all[0].Intent, 10*time.Minute, nil); got.Verdict != Unconfirmed || w.posts() != posts+1 || !errors.Is(got.Err, ErrOutage) {
		t.Fatalf("Settle() = %s, %d attempts, error %v, want %s, 1, ErrOutage", got.Verdict, w.posts()-posts, got.Err, Unconfirmed)
	}
	// When Runa answers again, every order has its whole time again.
	w.calm()
	w.advance(probeEvery)
	if got, sent, _ := buy(); got.Verdict != Bought || sent != 1 {
		t.Fatalf("Buy() when Runa answers again = %s, %d attempts, error %v, want %s, 1", got.Verdict, sent, got.Err, Bought)
	}
	out.Times = 5
	w.fault(t, out)
	if got, sent, _ := buy(); got.Verdict != Bought || sent != 6 {
		t.Fatalf("Buy() with five faults = %s, %d attempts, error %v, want %s, 6", got.Verdict, sent, got.Err, Bought)
	}
	// Whatever the run said of an order is true: each is bought exactly once in the end.
	for _, got := range all {
		switch got.Verdict {
		case Unconfirmed:
			got = b.Settle(t.Context(), got.Intent, time.Minute, nil)
		case NotBought:
			got = b.Buy(t.Context(), got.Intent, time.Minute, nil)
		}
		if got.Verdict != Bought {
			t.Errorf("in the end: %s, error %v, want %s", got.Verdict, got.Err, Bought)
		}
	}
	if orders := len(w.box.Ledger()); orders != len(all) {
		t.Errorf("the ledger has %d orders, want %d, one for each reward", orders, len(all))
	}
}

// TestOutageWithoutAConnection: what never left this machine was not bought.
func TestOutageWithoutAConnection(t *testing.T) {
	api := &fakeAPI{creates: replies(says(errUnsent))}
	b := calm(api, newFakeClock())
	for i, want := range []int{unsentTries, unsentTries, unsentTries, 1, 0, 0} {
		before := len(api.sent)
		got := b.Buy(t.Context(), intend(t, strconv.Itoa(i), client.ModeAsync), 10*time.Minute, nil)
		if sent := len(api.sent) - before; sent != want || got.Verdict != NotBought {
			t.Errorf("order %d: %s after %d attempts, want %d: %v", i, got.Verdict, sent, want, got.Err)
		}
	}
}

// TestKeptFailuresAreNoOutage: orders with whose keys Runa keeps a failure never stop
// back the others.
func TestKeptFailuresAreNoOutage(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.fault(t, sandbox.Fault{Method: http.MethodPost, Path: "/order", Action: sandbox.ActionStatus, Status: 500, Store: true})
	var stuck []Intent
	for i := range enoughSilent + 1 {
		stuck = append(stuck, w.buyer().Buy(t.Context(), intend(t, "stuck "+strconv.Itoa(i), client.ModeAsync), time.Minute, nil).Intent)
	}
	w.calm()
	b := w.buyer()
	for _, intent := range stuck {
		if got := b.Settle(t.Context(), intent, time.Minute, nil); got.Verdict != Unconfirmed {
			t.Fatalf("Settle() = %s, error %v, want %s", got.Verdict, got.Err, Unconfirmed)
		}
	}
	if got := b.Buy(t.Context(), intend(t, "new", client.ModeAsync), time.Minute, nil); got.Verdict != Bought {
		t.Errorf("Buy() of a new reward = %s, error %v, want %s", got.Verdict, got.Err, Bought)
	}
}
