package purchase

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// crowd has so many orders bought at once and returns when each attempt was made.
// It runs in a bubble of its own time.
func crowd(t *testing.T, perMinute, orders int, answer func(n int) (client.Order, error)) (attempts []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		started := time.Now()
		api := &fakeAPI{creates: []reply{{do: func(context.Context) (client.Order, error) {
			mu.Lock()
			defer mu.Unlock()
			attempts = append(attempts, time.Since(started))
			return answer(len(attempts))
		}}}}
		b := New(api, Options{OrdersPerMinute: perMinute})
		var all sync.WaitGroup
		for range orders {
			all.Go(func() {
				if got := b.Buy(t.Context(), Intent{}, 24*time.Hour, nil); got.Verdict != Bought {
					t.Errorf("Buy() = %s, error %v, want %s", got.Verdict, got.Err, Bought)
				}
			})
		}
		all.Wait()
	})
	return attempts
}

func TestPacerKeepsEveryMinute(t *testing.T) {
	for _, perMinute := range []int{1, 2, 7, 60, DefaultOrdersPerMinute, 2000} {
		orders := 3*perMinute + 1
		attempts := crowd(t, perMinute, orders, func(int) (client.Order, error) { return completed, nil })
		if len(attempts) != orders {
			t.Fatalf("%d a minute: %d attempts, want %d", perMinute, len(attempts), orders)
		}
		for i := range attempts {
			if i >= perMinute && attempts[i]-attempts[i-perMinute] < time.Minute-time.Microsecond {
				t.Errorf("%d a minute: attempts %d to %d within %s, want a minute", perMinute, i-perMinute, i, attempts[i]-attempts[i-perMinute])
				break
			}
		}
		if took := attempts[orders-1]; took > 3*time.Minute+20*time.Second {
			t.Errorf("%d a minute: %d orders took %s, want at most 3m20s", perMinute, orders, took)
		}
	}
}

func TestPacerLetsASmallRunGoAtOnce(t *testing.T) {
	attempts := crowd(t, 0, burst, func(int) (client.Order, error) { return completed, nil })
	if last := attempts[len(attempts)-1]; last != 0 {
		t.Errorf("the last of %d orders waited for %s, want no wait", burst, last)
	}
}

func TestOne429QuietsTheWholeRun(t *testing.T) {
	const orders = 60
	attempts := crowd(t, 0, orders, func(n int) (client.Order, error) {
		if n == 1 {
			return client.Order{}, throttled429
		}
		return completed, nil
	})
	if len(attempts) != orders+1 {
		t.Fatalf("%d attempts, want %d", len(attempts), orders+1)
	}
	atOnce := 0
	for _, at := range attempts[burst:] { // the first ones were on their way already
		if at < 5*time.Second {
			t.Errorf("an attempt after %s, want none in the first 5s", at)
		}
		if at == attempts[burst] {
			atOnce++
		}
	}
	if atOnce > burst {
		t.Errorf("%d attempts in the moment in which the quiet ended, want at most %d", atOnce, burst)
	}
}

func TestPacerTakesReservationsBack(t *testing.T) {
	clock := newFakeClock()
	api := &fakeAPI{creates: []reply{gives(completed)}}
	b := New(api, Options{OrdersPerMinute: 2, Clock: clock, Grace: grace})
	b.Buy(t.Context(), Intent{}, time.Hour, nil) // takes the first turn
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx    context.Context
		budget time.Duration
		why    error
	}{
		"too late":    {t.Context(), time.Second, errTimeUp},
		"interrupted": {stopped, time.Hour, errInterrupted},
	} {
		got := b.Buy(test.ctx, Intent{}, test.budget, nil)
		if got.Verdict != NotBought || !errors.Is(got.Err, test.why) || !got.Intent.FirstAttempt.IsZero() {
			t.Errorf("%s: Buy() = %s, first attempt %s, error %v, want %s, none and %v", name, got.Verdict, got.Intent.FirstAttempt, got.Err, NotBought, test.why)
		}
	}
	before := clock.Now()
	b.Buy(t.Context(), Intent{}, time.Hour, nil)
	if waited := clock.Now().Sub(before); waited != 30*time.Second {
		t.Errorf("waited %s for a turn that two gave back, want 30s", waited)
	}
	if len(api.sent) != 2 {
		t.Errorf("%d attempts, want 2", len(api.sent))
	}
}

func TestPausesNeverShorten(t *testing.T) {
	p, now := newPacer(DefaultOrdersPerMinute), newFakeClock().Now()
	p.pauseUntil(now.Add(time.Minute))
	p.pauseUntil(now.Add(time.Second))
	if wait, _ := p.turn(now); wait != time.Minute {
		t.Errorf("turn() waits %s, want a minute", wait)
	}
	if before, after := p.paused(now.Add(59*time.Second)), p.paused(now.Add(time.Minute)); !before || after {
		t.Errorf("paused() after 59s = %t, after a minute = %t, want true, then false", before, after)
	}
}
