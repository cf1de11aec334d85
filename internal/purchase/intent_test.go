package purchase

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func TestNewIntent(t *testing.T) {
	pairs := func(n int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprint("name", i)] = "value"
		}
		return m
	}
	tests := map[string]struct {
		key      string
		metadata map[string]string
		tag      bool
		tagged   bool
		sent     int // pairs
	}{
		"tagged":                        {"7d0c", nil, true, true, 1},
		"beside the user's own":         {"7d0c", pairs(19), true, true, 20},
		"no room":                       {"7d0c", pairs(20), true, false, 20},
		"not asked for":                 {"7d0c", pairs(1), false, false, 1},
		"nothing at all":                {"7d0c", nil, false, false, 0},
		"key as long as a value may be": {strings.Repeat("k", 200), nil, true, true, 1},
		"key too long for a value":      {strings.Repeat("k", 201), nil, true, false, 0},
		"the user's own tag":            {"7d0c", map[string]string{TagName: "mine"}, true, false, 1},
		"the user's own tag, equal":     {"7d0c", map[string]string{TagName: "7d0c"}, false, true, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			order := reward(25)
			order.Metadata = maps.Clone(test.metadata)
			got, err := NewIntent(test.key, 1, client.ModeSync, order, test.tag)
			if err != nil {
				t.Fatal(err)
			}
			if got.Key != test.key || got.Mode != client.ModeSync || got.Currency != "USD" || got.Tagged != test.tagged {
				t.Errorf("NewIntent() = key %q, mode %s, currency %s, tagged %t, want %q, %s, USD, %t",
					got.Key, got.Mode, got.Currency, got.Tagged, test.key, client.ModeSync, test.tagged)
			}
			if !maps.Equal(order.Metadata, test.metadata) {
				t.Errorf("the caller's metadata is now %v, want %v, as before", order.Metadata, test.metadata)
			}
			var sent struct {
				Metadata map[string]string `json:"metadata"`
			}
			if err := json.Unmarshal(got.Body, &sent); err != nil || len(sent.Metadata) != test.sent {
				t.Errorf("sends metadata %v, error %v, want %d labels", sent.Metadata, err, test.sent)
			}
			if (sent.Metadata[TagName] == test.key) != test.tagged {
				t.Errorf("the tag is %q, want the key %q: %t", sent.Metadata[TagName], test.key, test.tagged)
			}
			for range 20 {
				again, err := NewIntent(test.key, 1, client.ModeSync, order, test.tag)
				if err != nil || string(again.Body) != string(got.Body) {
					t.Fatalf("NewIntent() again: body %s, error %v, want %s", again.Body, err, got.Body)
				}
			}
		})
	}
}

func TestIntentKeepsItsBytes(t *testing.T) {
	intent := intend(t, "7d0c", client.ModeAsync)
	intent.Account, intent.ClockChanged = "account", true
	intent.attempted(time.Date(2026, 7, 12, 10, 0, 0, 123456789, time.UTC), time.Date(2026, 7, 12, 9, 0, 0, 0, time.UTC))
	stored, err := json.Marshal(intent)
	if err != nil {
		t.Fatal(err)
	}
	var got Intent
	if err := json.Unmarshal(stored, &got); err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", intent) {
		t.Errorf("%v: stored as %s\ngot  %+v\nwant %+v", err, stored, got, intent)
	}
	want := `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":25,"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"SINGLE","value":"BOLT-US"}}],"metadata":{"terraform_order_key":"7d0c"}}`
	if string(got.Body) != want {
		t.Errorf("the body is\n%s\nwant\n%s", got.Body, want)
	}
}

func TestNewKey(t *testing.T) {
	key, err := uuid.Parse(NewKey())
	if err != nil || key.Version() != 4 || key.String() == NewKey() {
		t.Errorf("NewKey() = %s, error %v, want a UUIDv4, another one each time", key, err)
	}
}

func TestRepeatable(t *testing.T) {
	const day = 24 * time.Hour
	first := time.Date(2026, 7, 12, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		age  time.Duration
		want bool
	}{
		"at once":                {0, true},
		"clocks differ a little": {-59 * time.Minute, true},
		"clock set back":         {-61 * time.Minute, false},
		"a day":                  {day, true},
		"just inside the margin": {29*day - time.Nanosecond, true},
		"the margin":             {29 * day, false},
		"Runa forgets":           {30 * day, false},
		"years":                  {2000 * day, false},
	} {
		intent := Intent{FirstAttempt: first, LastAttempt: first}
		if got := intent.repeatable(first.Add(test.age)); got != test.want {
			t.Errorf("%s: repeatable() = %t, want %t", name, got, test.want)
		}
		if test.age < -clockSkew && intent.repeatable(first) {
			t.Errorf("%s: repeatable() = true when the clock is right again, want false", name)
		}
	}
	if never := (Intent{}); never.repeatable(first) {
		t.Error("repeatable() of an intent without a date = true, want false")
	}
}

func TestAttemptsAreDatedByTheWall(t *testing.T) {
	var intent Intent
	first, second := time.Now(), time.Now().Add(time.Second)
	intent.attempted(first, first)
	intent.attempted(second, second)
	if !intent.SentAfter.Equal(first) {
		t.Errorf("sent first after %v, want %v", intent.SentAfter, first)
	}
	// A time with a monotonic part is not == to the same one without it.
	if intent.FirstAttempt != first.Round(0) || intent.LastAttempt != second.Round(0) {
		t.Errorf("attempts at %v and %v, want %v and %v, since monotonic time stands still while the machine sleeps",
			intent.FirstAttempt, intent.LastAttempt, first.Round(0), second.Round(0))
	}
}
