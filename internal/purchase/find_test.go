package purchase

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const day = 24 * time.Hour

// unconfirmed is an intent submitted at a time by the fake account.
func unconfirmed(t *testing.T, at time.Time) Intent {
	t.Helper()
	intent := intend(t, "7d0c", client.ModeAsync)
	intent.attempted(at, at)
	return intent
}

func TestCandidates(t *testing.T) {
	now := newFakeClock().Now()
	order := func(n int, age time.Duration) client.Order { return dated(n, now.Add(-age)) }
	pounds := order(1, 0)
	pounds.Currency = "GBP"
	nameless := order(1, 0)
	nameless.Currency = ""
	many := func(n int, first, step time.Duration) (orders []client.Order) {
		for i := range n {
			orders = append(orders, order(1000+i, first+time.Duration(i)*step))
		}
		return orders
	}
	join := slices.Concat[[]client.Order]
	list := func(orders ...client.Order) []client.Order { return orders }

	tests := map[string]struct {
		listed []client.Order
		adjust func(*Intent)
		want   []string
	}{
		"none":                     {nil, nil, nil},
		"nearest first":            {list(order(1, -50*time.Minute), order(2, -time.Second), order(3, 2*time.Second), order(4, time.Minute)), nil, []string{"O-2", "O-3", "O-4", "O-1"}},
		"an hour of skew":          {list(order(1, -61*time.Minute), order(2, -time.Hour), order(3, time.Hour), order(4, 61*time.Minute)), nil, []string{"O-2", "O-3"}},
		"oldest first":             {list(order(1, 9*day), order(2, 8*day), order(3, 0)), nil, []string{"O-3"}},
		"oldest first, much of it": {join(many(5000, 99*day, -time.Minute), list(order(3, 0))), nil, []string{"O-3"}},
		"unsorted":                 {list(order(1, 9*day), order(2, 0), order(3, -9*day), order(4, 9*day), order(5, time.Minute)), nil, []string{"O-2", "O-5"}},
		"unsorted, over a page":    {join(many(499, day, time.Minute), list(order(1, 0)), many(499, day, time.Minute), list(order(2, 0))), nil, []string{"O-1", "O-2"}},
		"newest first ends early":  {join(list(order(1, 0)), many(500, day, time.Minute), list(order(2, 0))), nil, []string{"O-1"}},
		"no candidate at all":      {many(2000, day, time.Minute), nil, nil},
		"processing":               {list(client.Order{ID: "O-1", Status: client.StatusProcessing}, order(2, 0)), nil, []string{"O-2"}},
		"of a new shape":           {list(client.Order{ID: "O-1", Status: client.StatusCompleted, Incomplete: errors.New("?")}, order(2, 0)), nil, []string{"O-2"}},
		"other currency":           {list(pounds, order(2, 0)), nil, []string{"O-2"}},
		"no currency":              {list(nameless), nil, []string{"O-1"}},
		"many attempts": {list(order(1, -3*day), order(2, -2*day), order(3, 0)), func(i *Intent) {
			i.attempted(now.Add(2*day), now)
		}, []string{"O-3", "O-2"}},
		"runs died before and after": {list(order(1, 20*day), order(2, 29*day), order(3, 58*day), order(4, 60*day)), func(i *Intent) {
			i.FirstAttempt = now.Add(-30 * day)
			i.LastAttempt = i.FirstAttempt
		}, []string{"O-2", "O-1", "O-3"}},
		"clock moved": {list(order(1, -2*time.Hour), order(2, 20*day)), func(i *Intent) {
			i.ClockChanged = true
		}, []string{"O-2"}},
		"clock stands before the attempt": {list(order(1, 20*day)), func(i *Intent) {
			i.FirstAttempt = now.Add(2 * day)
			i.LastAttempt = i.FirstAttempt
		}, []string{"O-1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			intent := unconfirmed(t, now)
			if test.adjust != nil {
				test.adjust(&intent)
			}
			from, to := intent.placedBetween(now)
			found, err := calm(&fakeAPI{listed: test.listed}, newFakeClock()).candidates(t.Context(), intent, from, to, now.Add(time.Minute))
			var got []string
			for _, c := range found {
				got = append(got, c.id)
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestFind(t *testing.T) {
	now := newFakeClock().Now()
	listed := []client.Order{dated(1, now), dated(2, now.Add(time.Minute)), dated(3, now.Add(2*time.Minute))}
	ours := listed[1]
	ours.Metadata = map[string]string{TagName: "7d0c"}
	theirs := listed[0]
	theirs.Metadata = map[string]string{TagName: "another"}
	silent := client.Order{ID: "O-1", Status: client.StatusProcessing}
	broken := errors.New("broken")

	tests := map[string]struct {
		api   *fakeAPI
		want  string
		err   error
		reads int
	}{
		"the second":        {&fakeAPI{listed: listed, reads: []reply{gives(theirs), gives(ours)}}, "O-2", nil, 2},
		"none":              {&fakeAPI{listed: listed, reads: []reply{gives(theirs)}}, "", nil, 3},
		"all processing":    {&fakeAPI{listed: listed, reads: []reply{gives(silent)}}, "", nil, 3},
		"the list breaks":   {&fakeAPI{listed: listed, listErr: broken, reads: []reply{gives(ours)}}, "", broken, 0},
		"a reading breaks":  {&fakeAPI{listed: listed, reads: []reply{says(broken)}}, "", broken, 1},
		"nothing is listed": {&fakeAPI{}, "", nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := calm(test.api, newFakeClock()).find(t.Context(), unconfirmed(t, now), now.Add(time.Hour))
			id := ""
			if got != nil {
				id = got.ID
			}
			if id != test.want || !errors.Is(err, test.err) || len(test.api.readIDs) != test.reads {
				t.Errorf("find() = %q, error %v, after reading %v, want %q, %v and %d readings", id, err, test.api.readIDs, test.want, test.err, test.reads)
			}
			if len(test.api.sent) != 0 {
				t.Errorf("find() sent %d orders, want none", len(test.api.sent))
			}
		})
	}
}

func TestFindReadsFinishedOrdersOnce(t *testing.T) {
	now := newFakeClock().Now()
	api := &fakeAPI{listed: []client.Order{dated(1, now), dated(2, now)}, reads: []reply{gives(dated(1, now)), gives(processing)}}
	b := calm(api, newFakeClock())
	for range 3 {
		if got, err := b.find(t.Context(), unconfirmed(t, now), now.Add(time.Hour)); got != nil || err != nil {
			t.Fatalf("find() = %v, error %v, want neither", got, err)
		}
	}
	if want := []string{"O-1", "O-2", "O-2", "O-2"}; !slices.Equal(api.readIDs, want) {
		t.Errorf("read %v, want %v", api.readIDs, want)
	}
}

func TestFindStopsWhenTheTimeIsUp(t *testing.T) {
	clock := newFakeClock()
	now := clock.Now()
	t.Run("listing", func(t *testing.T) {
		api := &fakeAPI{listed: []client.Order{dated(1, now)}}
		if _, err := calm(api, clock).find(t.Context(), unconfirmed(t, now), now.Add(-1)); !errors.Is(err, errTimeUp) {
			t.Errorf("find() = error %v, want %v", err, errTimeUp)
		}
	})
	t.Run("reading", func(t *testing.T) {
		slow := reply{do: func(context.Context) (client.Order, error) {
			clock.advance(20 * time.Second)
			return dated(1, now), nil
		}}
		api := &fakeAPI{reads: []reply{slow}}
		for n := range 100 {
			api.listed = append(api.listed, dated(n, now))
		}
		if _, err := calm(api, clock).find(t.Context(), unconfirmed(t, now), now.Add(time.Minute)); !errors.Is(err, errTimeUp) || len(api.readIDs) != 4 {
			t.Errorf("find() = error %v after reading %d orders, want %v after 4", err, len(api.readIDs), errTimeUp)
		}
	})
}

// TestFindOverPages looks through three pages of a real list.
func TestFindOverPages(t *testing.T) {
	w := newWorld(t, sandbox.Options{Processing: -1})
	place := func(key string) {
		if got := w.buyer().Buy(t.Context(), intend(t, key, client.ModeAsync), time.Minute, nil); got.Verdict != Bought {
			t.Fatalf("Buy() = %s, error %v, want %s", got.Verdict, got.Err, Bought)
		}
	}
	place("7d0c")
	first := w.Now()
	w.advance(2 * time.Hour)
	for n := range 1100 {
		place(fmt.Sprint("other", n))
	}
	before := len(w.box.Journal())
	got, err := w.buyer().find(t.Context(), unconfirmed(t, first), w.Now().Add(time.Hour))
	if err != nil || got == nil || got.Metadata[TagName] != "7d0c" {
		t.Fatalf("find() = %v, error %v, want the order with %s = 7d0c", got, err, TagName)
	}
	reads, pages := 0, 0 // the last page is empty
	for _, entry := range w.box.Journal()[before:] {
		if entry.Path == "/order" {
			pages++
		} else {
			reads++
		}
	}
	if pages != 4 || reads != 1 {
		t.Errorf("%d pages, %d orders read, want 4 and 1", pages, reads)
	}
}
