package purchase

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestSettle(t *testing.T) {
	now := newFakeClock().Now()
	ours := dated(1, now)
	ours.Metadata, ours.Items = map[string]string{TagName: "7d0c"}, completed.Items
	failed := ours
	failed.Status, failed.Items = client.StatusFailed, nil
	stillAtIt := errors.New("the list is down")

	tests := map[string]struct {
		api     *fakeAPI
		adjust  func(*Intent)
		verdict Verdict
		err     error
		sent    int
	}{
		"found":                   {&fakeAPI{listed: []client.Order{ours}, reads: []reply{gives(ours)}}, nil, Bought, nil, 0},
		"found, failed":           {&fakeAPI{listed: []client.Order{failed}, reads: []reply{gives(failed)}}, nil, Failed, ErrOrderFailed, 0},
		"not found, repeated":     {&fakeAPI{creates: []reply{gives(completed)}}, nil, Bought, nil, 1},
		"not found, refused":      {&fakeAPI{creates: []reply{says(refused400)}}, nil, Refused, refused400, 1},
		"not found, 401":          {&fakeAPI{creates: []reply{says(gateway401)}}, nil, Unconfirmed, gateway401, 1},
		"search broken, repeated": {&fakeAPI{listErr: stillAtIt, creates: []reply{gives(completed)}}, nil, Bought, nil, 1},
		"untagged, repeated":      {&fakeAPI{listErr: stillAtIt, creates: []reply{gives(completed)}}, func(i *Intent) { i.Tagged = false }, Bought, nil, 1},
		"another account":         {&fakeAPI{account: "another"}, nil, Unconfirmed, ErrOtherAccount, 0},
		"another account, found":  {&fakeAPI{account: "another", listed: []client.Order{ours}, reads: []reply{gives(ours)}}, nil, Unconfirmed, ErrOtherAccount, 0},
		"too late":                {&fakeAPI{}, late, Unconfirmed, ErrWindowClosed, 0},
		"too late, search broken": {&fakeAPI{listErr: stillAtIt}, late, Unconfirmed, stillAtIt, 0},
		"too late, untagged":      {&fakeAPI{listed: []client.Order{ours}}, func(i *Intent) { late(i); i.Tagged = false }, Unconfirmed, ErrWindowClosed, 0},
		"too late, found":         {&fakeAPI{listed: []client.Order{ours}, reads: []reply{gives(ours)}}, late, Bought, nil, 0},
		"clock set back":          {&fakeAPI{}, func(i *Intent) { i.FirstAttempt = now.Add(2 * time.Hour) }, Unconfirmed, ErrWindowClosed, 0},
		"without a date":          {&fakeAPI{}, func(i *Intent) { *i = Intent{Key: "7d0c"} }, Unconfirmed, ErrWindowClosed, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			intent := unconfirmed(t, now)
			if test.adjust != nil {
				test.adjust(&intent)
			}
			got := calm(test.api, newFakeClock()).Settle(t.Context(), intent, time.Minute, nil)
			if got.Verdict != test.verdict || !errors.Is(got.Err, test.err) || len(test.api.sent) != test.sent {
				t.Errorf("Settle() = %s, %d attempts, error %v, want %s, %d and %v", got.Verdict, len(test.api.sent), got.Err, test.verdict, test.sent, test.err)
			}
			if got.Intent.Key != "7d0c" {
				t.Errorf("key of the intent = %q, want 7d0c", got.Intent.Key)
			}
			if errors.Is(got.Err, stillAtIt) && !errors.Is(got.Err, ErrWindowClosed) {
				t.Errorf("Settle() = error %v, want one that also says that the window is closed", got.Err)
			}
		})
	}
}

// TestSettleAsksBeforeItRepeats: and only then, since looking costs nothing.
func TestSettleAsksBeforeItRepeats(t *testing.T) {
	now := newFakeClock().Now()
	ours := dated(1, now)
	ours.Metadata, ours.Items = map[string]string{TagName: "7d0c"}, completed.Items
	objection := errors.New("too dear")
	tests := map[string]struct {
		api     *fakeAPI
		adjust  func(*Intent)
		answer  error
		verdict Verdict
		err     error
		asked   int
		sent    int
	}{
		"may":             {&fakeAPI{creates: []reply{gives(completed)}}, nil, nil, Bought, nil, 1, 1},
		"may not":         {&fakeAPI{}, nil, objection, Unconfirmed, objection, 1, 0},
		"found":           {&fakeAPI{listed: []client.Order{ours}, reads: []reply{gives(ours)}}, nil, objection, Bought, nil, 0, 0},
		"too late":        {&fakeAPI{}, late, objection, Unconfirmed, ErrWindowClosed, 0, 0},
		"another account": {&fakeAPI{account: "another"}, nil, objection, Unconfirmed, ErrOtherAccount, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			intent := unconfirmed(t, now)
			if test.adjust != nil {
				test.adjust(&intent)
			}
			asked := 0
			got := calm(test.api, newFakeClock()).Settle(t.Context(), intent, time.Minute, func() error {
				asked++
				return test.answer
			})
			if got.Verdict != test.verdict || !errors.Is(got.Err, test.err) || len(test.api.sent) != test.sent || asked != test.asked {
				t.Errorf("Settle() = %s, %d attempts, asked %d times, error %v, want %s, %d, %d and %v",
					got.Verdict, len(test.api.sent), asked, got.Err, test.verdict, test.sent, test.asked, test.err)
			}
		})
	}
}

// late makes an intent older than Runa's memory.
func late(i *Intent) {
	i.FirstAttempt = i.FirstAttempt.Add(-29 * day)
	i.LastAttempt = i.FirstAttempt
}

func TestInterruptWhileSettling(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	now := newFakeClock().Now()
	api := &fakeAPI{listed: []client.Order{dated(1, now)}, creates: []reply{gives(completed)}, reads: []reply{{do: func(context.Context) (client.Order, error) {
		cancel()
		return client.Order{}, context.Canceled
	}}}}
	got := calm(api, newFakeClock()).Settle(ctx, unconfirmed(t, now), time.Hour, nil)
	if got.Verdict != Unconfirmed || !errors.Is(got.Err, errInterrupted) || len(api.sent) != 0 {
		t.Errorf("Settle() = %s, %d attempts, error %v, want %s, none and %v", got.Verdict, len(api.sent), got.Err, Unconfirmed, errInterrupted)
	}
}

func TestBuyNamesItsAccount(t *testing.T) {
	got := calm(&fakeAPI{account: "ours", creates: []reply{says(errLost)}}, newFakeClock()).Buy(t.Context(), Intent{Account: "stale"}, 0, nil)
	if got.Intent.Account != "ours" {
		t.Errorf("account of the intent = %q, want %q", got.Intent.Account, "ours")
	}
}

// TestResentByGo: Go's transport would repeat an order by itself on a connection
// that was kept alive, and a refusal of the repeat would pass for one of the order.
func TestResentByGo(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.buyer().Await(t.Context(), "O-none", 0) // leaves a connection behind
	w.fault(t, sandbox.Fault{Method: "POST", Action: sandbox.ActionDropAfter, Times: 1})
	w.fault(t, sandbox.Fault{Method: "POST", Action: sandbox.ActionStatus, Status: 401})
	got := w.buyer().Buy(t.Context(), intend(t, "7d0c", client.ModeAsync), time.Minute, nil)
	if bought := w.bought(got); bought != "unconfirmed 1" {
		t.Errorf("bought %q, error %v, want %q", bought, got.Err, "unconfirmed 1")
	}
	if posts := w.posts(); posts != 2 {
		t.Errorf("%d requests, want 2", posts)
	}
}
