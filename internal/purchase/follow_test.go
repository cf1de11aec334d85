package purchase

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func TestFollow(t *testing.T) {
	unknownShape := errors.New("unknown shape")
	items := func(status client.OrderStatus, links ...*client.PayoutLink) client.Order {
		order := client.Order{ID: "O-1", Status: status}
		for _, link := range links {
			order.Items = append(order.Items, client.OrderedItem{PayoutLink: link})
		}
		return order
	}
	link := func(status, url string) *client.PayoutLink { return &client.PayoutLink{Status: status, URL: url} }
	failed := func(links ...*client.PayoutLink) client.Order { return items(client.StatusFailed, links...) }
	incomplete := func(status client.OrderStatus) client.Order {
		return client.Order{ID: "O-1", Status: status, Incomplete: unknownShape}
	}
	missing := refusal(404, "not_found")

	tests := map[string]struct {
		reads   []reply
		verdict Verdict
		status  client.OrderStatus
		err     error
	}{
		"completed":                     {[]reply{gives(completed)}, Bought, "COMPLETED", nil},
		"completed after a while":       {[]reply{gives(processing), gives(processing), gives(completed)}, Bought, "COMPLETED", nil},
		"never completed":               {[]reply{gives(processing)}, Processing, "PROCESSING", errTimeUp},
		"completed, new shape":          {[]reply{gives(incomplete("COMPLETED"))}, Bought, "COMPLETED", unknownShape},
		"a new status":                  {[]reply{gives(items("CANCELLED"))}, Bought, "CANCELLED", nil},
		"failed":                        {[]reply{gives(failed())}, Failed, "FAILED", ErrOrderFailed},
		"failed, new shape":             {[]reply{gives(incomplete("FAILED"))}, Bought, "FAILED", unknownShape},
		"failed, link live":             {[]reply{gives(failed(nil, link("ACTIVE", "https://x.test")))}, Bought, "FAILED", nil},
		"failed, link claimed":          {[]reply{gives(failed(link("CLAIMED", "https://x.test")))}, Bought, "FAILED", nil},
		"failed, link sent by e-mail":   {[]reply{gives(failed(link("CLAIMED", "")))}, Bought, "FAILED", nil},
		"failed, link in a new status":  {[]reply{gives(failed(link("PAUSED", "https://x.test")))}, Bought, "FAILED", nil},
		"failed, link without a status": {[]reply{gives(failed(link("", "https://x.test")))}, Bought, "FAILED", nil},
		"failed, one link of two live":  {[]reply{gives(failed(link("CANCELLED", ""), link("ACTIVE", "")))}, Bought, "FAILED", nil},
		"failed, links dead":            {[]reply{gives(failed(link("CANCELLED", "https://x.test"), link("EXPIRED", "https://y.test")))}, Failed, "FAILED", ErrOrderFailed},
		"failed, no link":               {[]reply{gives(failed(nil, link("", "")))}, Failed, "FAILED", ErrOrderFailed},
		"a hiccup":                      {[]reply{says(errLost), says(refusal(500, "")), says(throttled429), gives(completed)}, Bought, "COMPLETED", nil},
		"not there at once":             {[]reply{says(missing), gives(completed)}, Bought, "COMPLETED", nil},
		"never there":                   {[]reply{says(missing)}, Processing, "PROCESSING", missing},
		"key withdrawn":                 {[]reply{gives(processing), says(gateway401)}, Processing, "PROCESSING", gateway401},
		"forbidden":                     {[]reply{says(refusal(403, ""))}, Processing, "PROCESSING", nil},
		"version removed":               {[]reply{says(refusal(410, ""))}, Processing, "PROCESSING", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			clock := newFakeClock()
			got := calm(&fakeAPI{reads: test.reads}, clock).Await(t.Context(), "O-1", time.Minute)
			if got.Verdict != test.verdict || got.Order.Status != test.status || got.Order.ID != "O-1" {
				t.Errorf("Await() = %s, order %q with status %q, want %s, O-1 with %q", got.Verdict, got.Order.ID, got.Order.Status, test.verdict, test.status)
			}
			if test.err != nil && !errors.Is(got.Err, test.err) || test.verdict == Bought && test.err == nil && got.Err != nil {
				t.Errorf("error %v, want %v", got.Err, test.err)
			}
			if name == "never there" && len(clock.slept) != mostMissing {
				t.Errorf("asked again %d times for what is not there, want %d", len(clock.slept), mostMissing)
			}
			if len(clock.slept) > 8 {
				t.Errorf("slept %d times within a minute, want at most 8: %v", len(clock.slept), clock.slept)
			}
		})
	}
}

func TestFollowAsksNoMoreThanItMust(t *testing.T) {
	for name, test := range map[string]struct {
		created      client.Order
		reads, slept int
	}{
		"done at once":             {completed, 0, 0},
		"done, and told in part":   {client.Order{ID: "O-1", Status: client.StatusCompleted}, 1, 0},
		"accepted":                 {processing, 1, 1},
		"failed, and told in part": {client.Order{ID: "O-1", Status: client.StatusFailed}, 1, 0},
	} {
		clock := newFakeClock()
		api := &fakeAPI{creates: []reply{gives(test.created)}, reads: []reply{gives(completed)}}
		got := calm(api, clock).Buy(t.Context(), Intent{}, time.Minute, nil)
		if got.Verdict != Bought || len(api.readIDs) != test.reads || len(clock.slept) != test.slept {
			t.Errorf("%s: Buy() = %s, read %v, slept %v, want %s, %d readings, %d pauses", name, got.Verdict, api.readIDs, clock.slept, Bought, test.reads, test.slept)
		}
	}
}

// TestFollowLooksUntilTheEnd: no time that was allowed is given away, and none is added.
func TestFollowLooksUntilTheEnd(t *testing.T) {
	for name, test := range map[string]struct {
		allowed time.Duration
		verdict Verdict
		reads   int
	}{
		"less than a pause":    {firstPoll / 10, Bought, 1},
		"a pause and a little": {firstPoll + firstPoll/10, Bought, 1},
		"nothing":              {0, Processing, 0},
	} {
		clock := newFakeClock()
		start := clock.Now()
		api := &fakeAPI{creates: []reply{gives(processing)}, reads: []reply{gives(completed)}}
		got := calm(api, clock).follow(t.Context(), Result{Order: processing}, start.Add(test.allowed))
		if took := clock.Now().Sub(start); got.Verdict != test.verdict || len(api.readIDs) != test.reads || took > test.allowed {
			t.Errorf("%s: follow() = %s after %s, read %v, want %s within %s, %d readings", name, got.Verdict, took, api.readIDs, test.verdict, test.allowed, test.reads)
		}
	}
	clock := newFakeClock()
	api := &fakeAPI{creates: []reply{gives(processing)}, reads: []reply{gives(processing)}}
	start := clock.Now()
	got := calm(api, clock).Buy(t.Context(), Intent{}, time.Minute, nil)
	if took := clock.Now().Sub(start); got.Verdict != Processing || took != time.Minute {
		t.Errorf("Buy() = %s after %s, want %s after a minute", got.Verdict, took, Processing)
	}
}

func TestInterruptWhileWaiting(t *testing.T) {
	for name, reads := range map[string][]reply{
		"between readings": {gives(processing)},
		"in a reading":     {says(context.Canceled)},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		clock := newFakeClock()
		clock.onSleep = func(time.Duration) { cancel() }
		api := &fakeAPI{creates: []reply{gives(processing)}, reads: reads}
		got := calm(api, clock).Buy(ctx, Intent{Key: "7d0c"}, time.Hour, nil)
		if got.Verdict != Processing || got.Order.ID != "O-1" || got.Order.Status != client.StatusProcessing {
			t.Errorf("%s: Buy() = %s, order %q with status %q, want %s, O-1 with %s", name, got.Verdict, got.Order.ID, got.Order.Status, Processing, client.StatusProcessing)
		}
		if !errors.Is(got.Err, errInterrupted) || strings.Contains(got.Err.Error(), "deadline") {
			t.Errorf("%s: error %v, want %v, without the word deadline", name, got.Err, errInterrupted)
		}
		if len(api.sent) != 1 || len(clock.slept) > 1 {
			t.Errorf("%s: %d attempts, slept %v, want 1 and at most one pause", name, len(api.sent), clock.slept)
		}
	}
}
