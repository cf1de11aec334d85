package purchase

import (
	"fmt"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// TestAttemptKey checks the keys against what earlier releases sent: others would buy again.
func TestAttemptKey(t *testing.T) {
	for _, test := range []struct {
		key     string
		attempt int
		want    string
	}{
		{"7d0c", 0, "7d0c"},
		{"7d0c", 1, "7d0c"},
		{"7d0c", 2, "deb0d049-4bae-56ac-9af8-c19b732cbafc"},
		{"7d0c", 3, "e0d54709-3894-5685-9637-d7cc2ebf2012"},
		{"7d0c", 12, "aa41611a-665a-547a-9140-5a58b2accea1"},
		{"äöü", 2, "958f3252-69ca-5b20-adf2-9194204bb6e3"},
		{"2 7d0c", 2, "a6ab0980-e434-577b-9bfa-4520dfb65607"},
	} {
		if got := AttemptKey(test.key, test.attempt); got != test.want {
			t.Errorf("attempt %d of %q has the key %s, want %s", test.attempt, test.key, got, test.want)
		}
	}
}

func TestAttemptKeysDiffer(t *testing.T) {
	of := map[string]string{}
	for _, key := range []string{"7d0c", "1", "11", "1 1", "", " "} {
		for attempt := 1; attempt <= 1000; attempt++ {
			this := fmt.Sprintf("attempt %d of %q", attempt, key)
			if other, taken := of[AttemptKey(key, attempt)]; taken {
				t.Fatalf("%s has the key of %s, want a key of its own", this, other)
			}
			of[AttemptKey(key, attempt)] = this
		}
	}
}

func TestNextAttempt(t *testing.T) {
	for name, test := range map[string]struct {
		at   Position
		key  string
		want int
	}{
		"nothing is known":             {Position{}, "7d0c", 1},
		"another key":                  {Position{"8e1d", 5, true}, "7d0c", 1},
		"another key, open":            {Position{"8e1d", 5, false}, "7d0c", 1},
		"the first, open":              {Position{"7d0c", 1, false}, "7d0c", 1},
		"the first, closed":            {Position{"7d0c", 1, true}, "7d0c", 2},
		"the third, open":              {Position{"7d0c", 3, false}, "7d0c", 3},
		"the third, closed":            {Position{"7d0c", 3, true}, "7d0c", 4},
		"an older record":              {Position{"7d0c", 0, false}, "7d0c", 1},
		"an older record, closed":      {Position{"7d0c", 0, true}, "7d0c", 2},
		"a key of nothing, nothing":    {Position{}, "", 1},
		"a broken record":              {Position{"7d0c", -3, false}, "7d0c", 1},
		"a broken record, and closed":  {Position{"7d0c", -3, true}, "7d0c", 2},
		"the key in another spelling":  {Position{"7D0C", 2, true}, "7d0c", 1},
		"the key with something added": {Position{"7d0c-", 2, true}, "7d0c", 1},
	} {
		if got := test.at.Next(test.key); got != test.want {
			t.Errorf("%s: attempt %d, want %d", name, got, test.want)
		}
	}
}

func TestFinal(t *testing.T) {
	for name, test := range map[string]struct {
		status string
		links  []string
		want   bool
	}{
		"all at an end":         {"COMPLETED", []string{"CLAIMED", "CANCELLED", "EXPIRED"}, true},
		"failed, all at an end": {"FAILED", []string{"CANCELLED"}, true},
		"one is live":           {"COMPLETED", []string{"CLAIMED", "ACTIVE"}, false},
		"one has no status":     {"COMPLETED", []string{"CLAIMED", ""}, false},
		"one that nobody knows": {"COMPLETED", []string{"HELD"}, false},
		"no links":              {"COMPLETED", nil, false},
		"failed, no links":      {"FAILED", nil, false},
		"processing":            {"PROCESSING", []string{"CLAIMED"}, false},
		"unconfirmed":           {StatusUnconfirmed, []string{"CLAIMED"}, false},
	} {
		links := make([]client.PayoutLink, len(test.links))
		for i, status := range test.links {
			links[i].Status = status
		}
		if got := Final(test.status, links); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}

func TestStandingOf(t *testing.T) {
	links := func(all ...client.PayoutLink) []client.PayoutLink { return all }
	live := client.PayoutLink{Status: "ACTIVE", URL: "https://spend.example"}
	mailed := client.PayoutLink{Status: "ACTIVE"}
	claimed := client.PayoutLink{Status: "CLAIMED"}
	cancelled := client.PayoutLink{Status: "CANCELLED", URL: "https://spend.example"}
	expired := client.PayoutLink{Status: "EXPIRED"}

	for name, test := range map[string]struct {
		status string
		links  []client.PayoutLink
		seen   bool
		want   Standing
	}{
		"unconfirmed":                   {"UNCONFIRMED", nil, false, Open},
		"unconfirmed, seen":             {"UNCONFIRMED", nil, true, Open},
		"rejected":                      {"REJECTED", nil, false, Closed},
		"processing":                    {"PROCESSING", nil, false, Unfinished},
		"completed":                     {"COMPLETED", links(live), true, Placed},
		"completed, nothing seen":       {"COMPLETED", nil, false, Placed},
		"completed, without links":      {"COMPLETED", nil, true, Placed},
		"failed":                        {"FAILED", nil, true, Closed},
		"failed, nothing seen":          {"FAILED", nil, false, Placed},
		"failed with a link":            {"FAILED", links(live), true, Placed},
		"failed, one of two":            {"FAILED", links(cancelled, live), true, Placed},
		"failed, sent by e-mail":        {"FAILED", links(mailed), true, Placed},
		"failed, claimed":               {"FAILED", links(claimed), true, Placed},
		"failed, all links dead":        {"FAILED", links(cancelled, expired), true, Closed},
		"failed, dead links not seen":   {"FAILED", links(cancelled), false, Placed},
		"failed with an empty link":     {"FAILED", links(client.PayoutLink{}), true, Closed},
		"a status nobody thought of":    {"ON_HOLD", nil, true, Placed},
		"no status":                     {"", nil, false, Placed},
		"rejected in another spelling":  {"rejected", nil, true, Placed},
		"a verdict instead of a status": {string(Refused), nil, true, Placed},
	} {
		if got := StandingOf(test.status, test.links, test.seen); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

func TestVerdictsThatClose(t *testing.T) {
	for verdict, want := range map[Verdict]bool{
		Bought: false, Processing: false, Failed: true, Refused: true, NotBought: false, Unconfirmed: false,
	} {
		if verdict.Closed() != want {
			t.Errorf("%s: Closed() = %t, want %t", verdict, !want, want)
		}
	}
}
