package purchase

import (
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// TestEarlier: an order that Runa had before the key was first sent is told from one
// that was just placed, by Runa's own times and however young it is.
func TestEarlier(t *testing.T) {
	now := newFakeClock().Now()
	made := func(ago time.Duration) client.Order {
		order := dated(1, now.Add(-ago))
		order.Items = completed.Items
		return order
	}
	working := made(time.Minute)
	working.Status = client.StatusProcessing
	tests := map[string]struct {
		creates []reply
		here    time.Duration // our clock, before Runa's
		unknown bool          // Runa has not told the time
		want    bool
	}{
		"placed now":                    {creates: replies(gives(made(0)))},
		"within what the Date leaves":   {creates: replies(gives(made(time.Second)))},
		"placed two seconds ago":        {creates: replies(gives(made(2 * time.Second))), want: true},
		"still processing":              {creates: replies(gives(working)), want: true},
		"our clock is ahead":            {creates: replies(gives(made(0))), here: 2 * time.Hour},
		"our clock is behind":           {creates: replies(gives(made(time.Minute))), here: -2 * time.Hour, want: true},
		"Runa has not told the time":    {creates: replies(gives(made(time.Hour))), unknown: true},
		"no time of creation":           {creates: replies(gives(completed))},
		"placed by a try that was lost": {creates: replies(says(errLost), gives(made(0)))},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			api := &fakeAPI{creates: test.creates, reads: []reply{gives(made(time.Minute))}}
			if !test.unknown {
				api.there = newFakeClock()
			}
			clock := newFakeClock()
			clock.advance(test.here)
			got := calm(api, clock).Buy(t.Context(), attemptUnsent(t), time.Hour, nil)
			if got.Verdict != Bought || got.Earlier != test.want {
				t.Errorf("Buy() = %s, earlier %t, error %v, want %s, earlier %t", got.Verdict, got.Earlier, got.Err, Bought, test.want)
			}
		})
	}
}

// TestEarlierSettled: what an intent placed itself is not older than it, and what is
// found with its tag and is older was placed by somebody else.
func TestEarlierSettled(t *testing.T) {
	now := newFakeClock().Now()
	for name, test := range map[string]struct {
		created time.Time
		want    bool
	}{
		"its own": {now, false}, "somebody else's": {now.Add(-time.Minute), true},
	} {
		order := asAsked(1, 1, test.created)
		api := &fakeAPI{listed: []client.Order{order}, reads: []reply{gives(order)}}
		got := calm(api, newFakeClock()).Settle(t.Context(), attemptAt(t, 1, now), time.Minute, nil)
		if got.Verdict != Bought || got.Earlier != test.want {
			t.Errorf("%s: Settle() = %s, earlier %t, error %v, want %s, earlier %t", name, got.Verdict, got.Earlier, got.Err, Bought, test.want)
		}
	}
}

func replies(all ...reply) []reply { return all }

func attemptUnsent(t *testing.T) Intent {
	t.Helper()
	return intend(t, "7d0c", client.ModeAsync)
}
