package purchase

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPause(t *testing.T) {
	for name, test := range map[string]struct {
		first, most time.Duration
		longest     []time.Duration // by try
	}{
		"retry":     {firstRetry, mostRetry, []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 15 * time.Second}},
		"after 429": {firstAfter429, mostAfter429, []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 2 * time.Minute, 2 * time.Minute}},
		"poll":      {firstPoll, mostPoll, []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 15 * time.Second}},
	} {
		for try, longest := range test.longest {
			for _, chance := range []float64{0, 0.5, 0.999999} {
				b := New(&fakeAPI{}, Options{Random: func() float64 { return chance }})
				got := b.pause(try, test.first, test.most)
				if want := longest - time.Duration(chance*float64(longest)/2); got != want {
					t.Errorf("%s, try %d, chance %g: %s, want %s", name, try, chance, got, want)
				}
				if name == "after 429" && got < 5*time.Second {
					t.Errorf("pause(%d) with chance %g = %s, want at least the 5s that Runa asks for", try, chance, got)
				}
			}
		}
		b := New(&fakeAPI{}, Options{})
		for range 100 {
			if got := b.pause(1_000_000_000, test.first, test.most); got > test.most || got < test.most/2 {
				t.Errorf("%s, after very many tries: pause() = %s, want %s to %s", name, got, test.most/2, test.most)
			}
		}
	}
}

func TestMachineClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		clock := machineClock{}
		if err := clock.Sleep(t.Context(), time.Minute); err != nil || clock.Now().Sub(started) != time.Minute {
			t.Errorf("Sleep() took %s, error %v, want a minute and no error", clock.Now().Sub(started), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || clock.Now().Sub(started) != time.Minute+time.Second {
			t.Errorf("both Sleep() took %s, error %v, want a minute and a second, and %v", clock.Now().Sub(started), err, context.DeadlineExceeded)
		}
	})
}

// drowsy is a clock whose sleep does not notice that it was interrupted.
type drowsy struct{ *fakeClock }

func (c drowsy) Sleep(_ context.Context, d time.Duration) error {
	_ = c.fakeClock.Sleep(context.Background(), d)
	return nil
}

func TestInterruptInTheMomentOfWaking(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	clock := drowsy{newFakeClock()}
	clock.onSleep = func(time.Duration) { cancel() }
	api := &fakeAPI{creates: []reply{says(errUnsent)}}
	got := calm(api, clock).Buy(ctx, Intent{}, time.Hour, nil)
	if got.Verdict != NotBought || !errors.Is(got.Err, errInterrupted) || len(api.sent) != 1 {
		t.Errorf("Buy() = %s, %d attempts, error %v, want %s, 1 and %v", got.Verdict, len(api.sent), got.Err, NotBought, errInterrupted)
	}
}
