package purchase

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// several buys orders of some sums, one after the other, and tells their verdicts and
// which of them were stopped.
func several(t *testing.T, b *Buyer, budget time.Duration, sums ...int64) string {
	t.Helper()
	var said []string
	for i, sum := range sums {
		intent, err := NewIntent(fmt.Sprintf("key-%d", i), 1, client.ModeAsync, reward(sum), true)
		if err != nil {
			t.Fatal(err)
		}
		result := b.Buy(t.Context(), intent, budget)
		verdict := string(result.Verdict)
		if errors.As(result.Err, new(*StoppedError)) {
			verdict += " (stopped)"
		}
		said = append(said, verdict)
	}
	return strings.Join(said, ", ")
}

// TestBrakeOfTheKey: after a refused API key nothing is sent that was not sent before,
// and what may have been bought is still looked for.
func TestBrakeOfTheKey(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]string{401: "unauthorized", 403: "forbidden"} {
		api := &fakeAPI{creates: []reply{says(refusal(status, kind))}}
		b := calm(api, newFakeClock())
		if said := several(t, b, time.Minute, 25, 25, 25); said != "not bought, not bought (stopped), not bought (stopped)" || len(api.sent) != 1 {
			t.Errorf("%d: %s, %d sent", status, said, len(api.sent))
		}
		open := intend(t, "7d0c", client.ModeAsync)
		open.attempted(noon, noon)
		open.Tagged = false
		if result := b.Settle(t.Context(), open, time.Minute, nil); result.Verdict != Unconfirmed || len(api.sent) != 2 {
			t.Errorf("%d: settling comes to %s, %d sent", status, result.Verdict, len(api.sent))
		}
	}
	for name, err := range map[string]error{"of a gateway": gateway401, "of the account's limit": refusal(403, "ordering_restricted")} {
		api := &fakeAPI{creates: []reply{says(err)}}
		if said := several(t, calm(api, newFakeClock()), time.Minute, 25, 25); said != "not bought, not bought" || len(api.sent) != 2 {
			t.Errorf("%s: %s, %d sent", name, said, len(api.sent))
		}
	}
}

// TestBrakeOfTheFunds: where the balance is short, orders that cost as much or more are
// not sent. A refusal that Runa only repeats holds nothing back.
func TestBrakeOfTheFunds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		balance string
		said    string
	}{
		"short":           {"20.00", "refused, refused (stopped), bought, refused (stopped)"},
		"covered by now":  {"500.00", "refused, bought, bought, bought"},
		"not to be known": {"", "refused, bought, bought, bought"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &fakeAPI{balance: test.balance, creates: []reply{says(refused400), gives(completed)}}
			said := several(t, calm(api, newFakeClock()), time.Minute, 25, 50, 10, 25)
			if want := strings.ReplaceAll(test.said, "refused (stopped)", "not bought (stopped)"); said != want {
				t.Errorf("%s, want %s", said, want)
			}
		})
	}
}

// TestBrakeOfAnOutage: after some orders whose time was up, one at a time finds out
// shortly whether Runa answers again, and then all go on as before.
func TestBrakeOfAnOutage(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"503": refusal(503, ""), "no host": errUnsent, "no answer": errLost} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newFakeClock()
			api := &fakeAPI{creates: []reply{says(err)}}
			b := calm(api, clock)
			several(t, b, 10*time.Minute, 25, 25, 25)
			began, sent := clock.Now(), len(api.sent)
			several(t, b, 10*time.Minute, 25)
			if took := clock.Now().Sub(began); took > probeTime || len(api.sent) == sent {
				t.Errorf("the probe took %s, %d sent", took, len(api.sent)-sent)
			}
			sent = len(api.sent)
			if said := several(t, b, 10*time.Minute, 25, 25); said != "not bought (stopped), not bought (stopped)" || len(api.sent) != sent {
				t.Errorf("beside the probe: %s, %d sent", said, len(api.sent)-sent)
			}
			api.creates = []reply{gives(completed)}
			clock.advance(probeTime)
			if said := several(t, b, 10*time.Minute, 25, 25); said != "bought, bought" {
				t.Errorf("when Runa answers again: %s", said)
			}
		})
	}
}
