package purchase

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// TestSubmit checks submit against the table in contributing/architecture.md: what attempts
// come to, one after the other.
func TestSubmit(t *testing.T) {
	forbidden, gone, server500 := refusal(403, "ordering_restricted"), refusal(410, "version_removed"), refusal(500, "internal_server_error")
	inProgress, conflict := refusal(400, "idempotency_in_progress"), refusal(409, "")
	list := func(replies ...reply) []reply { return replies }

	tests := map[string]struct {
		attempts []reply // the last one repeats
		bought   string  // verdict of a new purchase
		settled  string  // verdict where an earlier attempt is open
		sent     int     // attempts within a minute, of a new purchase
	}{
		"200":                       {list(gives(completed)), "bought", "bought", 1},
		"202":                       {list(gives(processing)), "bought", "bought", 1},
		"refused":                   {list(says(refused400)), "refused", "refused", 1},
		"422":                       {list(says(refusal(422, "validation_error"))), "refused", "refused", 1},
		"unsent":                    {list(says(errUnsent)), "not bought", "unconfirmed", unsentTries},
		"unsent, then 200":          {list(says(errUnsent), gives(completed)), "bought", "bought", 2},
		"401":                       {list(says(gateway401)), "not bought", "unconfirmed", 1},
		"403":                       {list(says(forbidden)), "not bought", "unconfirmed", 1},
		"410":                       {list(says(gone)), "not bought", "unconfirmed", 1},
		"gateway's 400":             {list(says(refusal(400, ""))), "not bought", "unconfirmed", 1},
		"429":                       {list(says(throttled429)), "not bought", "unconfirmed", 3},
		"429, then 200":             {list(says(throttled429), gives(completed)), "bought", "bought", 2},
		"429, then 401":             {list(says(throttled429), says(gateway401)), "not bought", "unconfirmed", 2},
		"lost":                      {list(says(errLost)), "unconfirmed", "unconfirmed", 8},
		"500":                       {list(says(server500)), "unconfirmed", "unconfirmed", 8},
		"in progress":               {list(says(inProgress)), "unconfirmed", "unconfirmed", 8},
		"409":                       {list(says(conflict)), "unconfirmed", "unconfirmed", 8},
		"lost, then 200":            {list(says(errLost), gives(completed)), "bought", "bought", 2},
		"lost, then refused":        {list(says(errLost), says(refused400)), "refused", "refused", 2},
		"lost, then 401":            {list(says(errLost), says(gateway401)), "unconfirmed", "unconfirmed", 2},
		"lost, then 403":            {list(says(errLost), says(forbidden)), "unconfirmed", "unconfirmed", 2},
		"lost, then 410":            {list(says(errLost), says(gone)), "unconfirmed", "unconfirmed", 2},
		"lost, then gateway's 400":  {list(says(errLost), says(refusal(400, ""))), "unconfirmed", "unconfirmed", 2},
		"lost, then 429":            {list(says(errLost), says(throttled429)), "unconfirmed", "unconfirmed", 4},
		"lost, then unsent":         {list(says(errLost), says(errUnsent)), "unconfirmed", "unconfirmed", 8},
		"lost, unsent, 401":         {list(says(errLost), says(errUnsent), says(gateway401)), "unconfirmed", "unconfirmed", 3},
		"in progress, then 401":     {list(says(inProgress), says(gateway401)), "unconfirmed", "unconfirmed", 2},
		"409, then refused":         {list(says(conflict), says(refused400)), "refused", "refused", 2},
		"unsent, 429, lost, 401":    {list(says(errUnsent), says(throttled429), says(errLost), says(gateway401)), "unconfirmed", "unconfirmed", 4},
		"unsent, 429, 401":          {list(says(errUnsent), says(throttled429), says(gateway401)), "not bought", "unconfirmed", 3},
		"an unreadable answer, 401": {list(says(&client.UnreadableError{Status: 202}), says(gateway401)), "unconfirmed", "unconfirmed", 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			intent := intend(t, "7d0c", client.ModeAsync)
			api := &fakeAPI{creates: test.attempts, reads: []reply{gives(completed)}}
			bought := calm(api, newFakeClock()).Buy(t.Context(), intent, time.Minute, nil)
			if string(bought.Verdict) != test.bought || len(api.sent) != test.sent {
				t.Errorf("Buy() = %s, %d attempts, error %v, want %s, %d", bought.Verdict, len(api.sent), bought.Err, test.bought, test.sent)
			}
			clock := newFakeClock()
			again := &fakeAPI{creates: test.attempts, reads: []reply{gives(completed)}}
			intent.Tagged = false
			intent.attempted(clock.Now(), time.Time{})
			settled := calm(again, clock).Settle(t.Context(), intent, time.Minute, nil)
			if string(settled.Verdict) != test.settled {
				t.Errorf("Settle() = %s, error %v, want %s", settled.Verdict, settled.Err, test.settled)
			}
			for _, s := range append(api.sent, again.sent...) {
				if s.Key != "7d0c" || s.Mode != client.ModeAsync || string(s.Body) != string(intent.Body) {
					t.Errorf("sent key %q, mode %s, body %s, want 7d0c, %s, %s", s.Key, s.Mode, s.Body, client.ModeAsync, intent.Body)
				}
			}
			for i, d := range clock.slept {
				if d <= 0 {
					t.Errorf("pause %d is %s, want a positive one", i, d)
				}
			}
			for _, got := range []Result{bought, settled} {
				if (got.Err == nil) != (got.Verdict == Bought) {
					t.Errorf("%s with error %v, want an error unless %s", got.Verdict, got.Err, Bought)
				}
				if got.Intent.Key != "7d0c" || got.Intent.FirstAttempt.IsZero() || got.Intent.LastAttempt.Before(got.Intent.FirstAttempt) {
					t.Errorf("intent: key %q, attempts from %s to %s, want 7d0c and dates in order", got.Intent.Key, got.Intent.FirstAttempt, got.Intent.LastAttempt)
				}
			}
		})
	}
}

func TestBudget(t *testing.T) {
	for _, budget := range []time.Duration{-time.Hour, 0, time.Second, time.Minute, time.Hour} {
		clock := newFakeClock()
		api := &fakeAPI{creates: []reply{says(errLost)}}
		started := clock.Now()
		got := calm(api, clock).Buy(t.Context(), Intent{}, budget, nil)
		if took := clock.Now().Sub(started); took > max(0, budget) || budget-took > mostRetry {
			t.Errorf("with %s, Buy() took %s, want at most that, and at most %s less", budget, took, mostRetry)
		}
		if got.Verdict != Unconfirmed || !errors.Is(got.Err, errTimeUp) || !errors.Is(got.Err, errLost) || len(api.sent) == 0 {
			t.Errorf("with %s, Buy() = %s, %d attempts, error %v, want %s, at least 1, and %v with %v", budget, got.Verdict, len(api.sent), got.Err, Unconfirmed, errTimeUp, errLost)
		}
	}
}

func TestNoAttemptOutsideTheWindow(t *testing.T) {
	clock := newFakeClock()
	api := &fakeAPI{creates: []reply{{do: func(context.Context) (client.Order, error) {
		clock.advance(10 * day)
		return client.Order{}, errLost
	}}}}
	got := calm(api, clock).Buy(t.Context(), Intent{}, 1000*day, nil)
	if len(api.sent) != 3 || got.Verdict != Unconfirmed || !errors.Is(got.Err, ErrWindowClosed) {
		t.Errorf("Buy() = %s, %d attempts over 30 days, error %v, want %s, 3, ErrWindowClosed", got.Verdict, len(api.sent), got.Err, Unconfirmed)
	}

	t.Run("which never closes on what was not sent", func(t *testing.T) {
		clock := newFakeClock()
		api := &fakeAPI{creates: []reply{{do: func(context.Context) (client.Order, error) {
			clock.advance(40 * day)
			return client.Order{}, throttled429
		}}, gives(completed)}}
		if got := calm(api, clock).Buy(t.Context(), Intent{}, 1000*day, nil); got.Verdict != Bought {
			t.Errorf("Buy() = %s, error %v, want %s", got.Verdict, got.Err, Bought)
		}
	})
	t.Run("nor when the clock was set back", func(t *testing.T) {
		clock := newFakeClock()
		api := &fakeAPI{creates: []reply{{do: func(context.Context) (client.Order, error) {
			clock.advance(-2 * time.Hour)
			return client.Order{}, errLost
		}}}}
		got := calm(api, clock).Buy(t.Context(), Intent{}, day, nil)
		if len(api.sent) != 1 || got.Verdict != Unconfirmed || !got.Intent.ClockChanged {
			t.Errorf("Buy() = %s, %d attempts, clock changed: %t, error %v, want %s, 1, true", got.Verdict, len(api.sent), got.Intent.ClockChanged, got.Err, Unconfirmed)
		}
	})
}

func TestInterrupt(t *testing.T) {
	tests := map[string]struct {
		creates []reply
		at      int // the attempt after which the interrupt comes; 0: before the first
		verdict Verdict
		sent    int
	}{
		"before anything":     {nil, 0, NotBought, 0},
		"after nothing left":  {[]reply{says(errUnsent)}, 1, NotBought, 1},
		"after a 429":         {[]reply{says(throttled429)}, 1, NotBought, 1},
		"after a lost answer": {[]reply{says(errLost)}, 1, Unconfirmed, 1},
		"after three":         {[]reply{says(throttled429), says(errLost), says(throttled429)}, 3, Unconfirmed, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			clock := newFakeClock()
			if test.at == 0 {
				cancel()
			}
			api := &fakeAPI{creates: test.creates}
			clock.onSleep = func(time.Duration) {
				if len(api.sent) == test.at {
					cancel()
				}
			}
			got := calm(api, clock).Buy(ctx, Intent{Key: "7d0c"}, time.Hour, nil)
			if got.Verdict != test.verdict || len(api.sent) != test.sent || !errors.Is(got.Err, errInterrupted) {
				t.Errorf("Buy() = %s, %d attempts, error %v, want %s, %d and %v", got.Verdict, len(api.sent), got.Err, test.verdict, test.sent, errInterrupted)
			}
			if strings.Contains(got.Err.Error(), "context canceled") {
				t.Errorf("error %q, want one without %q", got.Err, "context canceled")
			}
		})
	}
}

// TestInterruptInFlight runs on the machine's clock, in a bubble of its own time.
func TestInterruptInFlight(t *testing.T) {
	answering := func(after time.Duration, order client.Order, err error) func(context.Context) (client.Order, error) {
		return func(ctx context.Context) (client.Order, error) {
			select {
			case <-time.After(after):
				return order, err
			case <-ctx.Done():
				return client.Order{}, &client.TransportError{Sent: true, Err: ctx.Err()}
			}
		}
	}
	tests := map[string]struct {
		attempt func(context.Context) (client.Order, error)
		grace   time.Duration
		verdict Verdict
		took    time.Duration
	}{
		"answered at once":        {answering(2*time.Second, completed, nil), 0, Bought, 2 * time.Second},
		"answered late":           {answering(10*time.Second, completed, nil), 0, Bought, 10 * time.Second},
		"accepted":                {answering(2*time.Second, processing, nil), 0, Processing, 2 * time.Second},
		"refused":                 {answering(2*time.Second, client.Order{}, refused400), 0, Refused, 2 * time.Second},
		"broken off":              {answering(2*time.Second, client.Order{}, errLost), 0, Unconfirmed, 2 * time.Second},
		"never answered":          {answering(time.Hour, completed, nil), 0, Unconfirmed, 11 * time.Second},
		"never answered, patient": {answering(time.Hour, completed, nil), time.Minute, Unconfirmed, 61 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				api := &fakeAPI{creates: []reply{{do: test.attempt}}}
				started := time.Now()
				got := New(api, Options{Grace: test.grace}).Buy(ctx, Intent{Key: "7d0c"}, time.Hour, nil)
				if took := time.Since(started); got.Verdict != test.verdict || took != test.took {
					t.Errorf("Buy() = %s after %s, error %v, want %s after %s", got.Verdict, took, got.Err, test.verdict, test.took)
				}
				if len(api.sent) != 1 || len(api.readIDs) != 0 {
					t.Errorf("%d attempts, %d readings, want 1 and none", len(api.sent), len(api.readIDs))
				}
			})
		})
	}
}

func TestAttemptsOutliveTheirCallersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		api := &fakeAPI{creates: []reply{{do: func(ctx context.Context) (client.Order, error) {
			time.Sleep(5 * time.Second)
			return completed, ctx.Err()
		}}}}
		if got := New(api, Options{}).Buy(ctx, Intent{}, time.Hour, nil); got.Verdict != Bought {
			t.Errorf("Buy() = %s, error %v, want %s", got.Verdict, got.Err, Bought)
		}
	})
}
