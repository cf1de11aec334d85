package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// batch is an order of a campaign in the ledger, with its items named after it.
func batch(id string, names ...string) sandbox.LedgerEntry {
	var items, shown []string
	for i, name := range names {
		items = append(items, fmt.Sprintf(`{"face_value":25,"distribution_method":{"email_address":"%s@example.com"},"products":{"type":"SINGLE","value":"ACME-US"}}`, name))
		shown = append(shown, fmt.Sprintf(`{"id":"E-%s-%d"}`, id, i))
	}
	body := fmt.Sprintf(`{"metadata":{"terraform_rewards_01":%q,"terraform_order_key":"k"},"items":[%s]}`, strings.Join(names, ","), strings.Join(items, ","))
	return sandbox.LedgerEntry{ID: id, IdempotencyKey: "key-" + id, Status: "COMPLETED", Body: body, Order: []byte(`{"items":[` + strings.Join(shown, ",") + `]}`)}
}

// listed is a campaign of rewards of 25 USD.
func listed(ids ...string) *campaign {
	c := &campaign{size: 2}
	for _, id := range ids {
		c.list = append(c.list, winner{id: id, product: "ACME-US", value: 25})
	}
	return c
}

// TestAuditOfCampaign: duplicates and losses are found reward by reward.
func TestAuditOfCampaign(t *testing.T) {
	first, second := batch("O-1", "a", "b"), batch("O-2", "c")
	whole := map[string]recordedOrder{"a": {"E-O-1-0", "O-1", "COMPLETED"}, "b": {"E-O-1-1", "O-1", "COMPLETED"}, "c": {"E-O-2-0", "O-2", "COMPLETED"}}
	part := map[string]recordedOrder{"a": whole["a"], "b": whole["b"]}
	mixed := map[string]recordedOrder{"a": {"E-O-1-1", "O-1", "COMPLETED"}, "b": {"E-O-1-0", "O-1", "COMPLETED"}, "c": whole["c"]}
	replaced := func(old, by string) sandbox.LedgerEntry {
		changed := second
		changed.Body = strings.Replace(second.Body, old, by, 1)
		return changed
	}
	for name, test := range map[string]struct {
		ledger []sandbox.LedgerEntry
		states []map[string]recordedOrder
		want   counts
		says   string
	}{
		"each bought once": {
			[]sandbox.LedgerEntry{first, second},
			[]map[string]recordedOrder{whole},
			counts{declared: 3, bought: 3},
			"",
		},
		"one of them again in a later order": {
			[]sandbox.LedgerEntry{first, second, batch("O-3", "d", "b")},
			[]map[string]recordedOrder{whole},
			counts{declared: 3, bought: 5, duplicates: 2, lost: 1},
			"b: O-3 is one more order",
		},
		"twice in one order": {
			[]sandbox.LedgerEntry{first, batch("O-2", "c", "c")},
			[]map[string]recordedOrder{whole},
			counts{declared: 3, bought: 4, duplicates: 1, lost: 1},
			"c: O-2 is one more order",
		},
		"not bought": {
			[]sandbox.LedgerEntry{first},
			[]map[string]recordedOrder{part},
			counts{declared: 3, bought: 2, lost: 1},
			"c: no order",
		},
		"not known": {
			[]sandbox.LedgerEntry{first, second},
			[]map[string]recordedOrder{part},
			counts{declared: 3, bought: 3, lost: 1},
			"c: order O-2 (E-O-2-0) is known to 0 of 1",
		},
		"not known to one of two directories": {
			[]sandbox.LedgerEntry{first, second},
			[]map[string]recordedOrder{whole, part},
			counts{declared: 3, bought: 3, lost: 1},
			"known to 1 of 2",
		},
		"known as another's item": {
			[]sandbox.LedgerEntry{first, second},
			[]map[string]recordedOrder{mixed},
			counts{declared: 3, bought: 3, lost: 2},
			"a: order O-1 (E-O-1-0) is known to 0 of 1",
		},
		"of another value": {
			[]sandbox.LedgerEntry{first, replaced(`"face_value":25`, `"face_value":50`)},
			[]map[string]recordedOrder{whole},
			counts{declared: 3, bought: 3, lost: 1},
			"c: order O-2 bought 50 of ACME-US, not 25 of ACME-US",
		},
		"labelled as another": {
			[]sandbox.LedgerEntry{first, replaced(`_01":"c"`, `_01":"d"`)},
			[]map[string]recordedOrder{whole},
			counts{declared: 3, bought: 3, duplicates: 1, lost: 1},
			`c, labelled \"d\"`,
		},
		"unreadable": {
			[]sandbox.LedgerEntry{first, {ID: "O-2", Body: "{"}},
			[]map[string]recordedOrder{part},
			counts{declared: 3, bought: 3, duplicates: 1, lost: 1},
			unreadable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			declared := listed("a", "b", "c")
			got, complaints := audit(declared.wares(), declared.sales(test.ledger), test.states, false)
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			said := strings.Join(complaints, "\n")
			if !strings.Contains(said, test.says) || (test.says == "") != (said == "") {
				t.Errorf("it says %q, want %q", said, test.says)
			}
		})
	}
}

// TestNamedInOrder: the pairs of metadata are read in the order of their numbers.
func TestNamedInOrder(t *testing.T) {
	ids := named(map[string]string{"terraform_rewards_02": "c", "terraform_order_key": "k", "terraform_rewards_01": "a,b", "terraform_rewards_10": "d"})
	if !slices.Equal(ids, []string{"a", "b", "c", "d"}) {
		t.Errorf("named() = %v, want [a b c d]", ids)
	}
}

// TestGrow: rows are only added, in both ways, and no id comes twice.
func TestGrow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	c, seen := drawCampaign(random), map[string]bool{}
	if len(c.list) < 300 || c.expected() < 6 {
		t.Errorf("%d rewards in %d orders, want at least 300 in at least 6", len(c.list), c.expected())
	}
	for range 20 {
		before := slices.Clone(c.list)
		added, where := c.grow(random)
		seen[where] = true
		if len(c.list) != len(before)+added || added == 0 {
			t.Fatalf("%d rows after %d were added to %d, want the sum, and at least one added", len(c.list), added, len(before))
		}
		if where == "at the end" && !slices.Equal(c.list[:len(before)], before) {
			t.Errorf("rows added at the end: the first %d rows are %v, want %v, as before", len(before), c.list[:len(before)], before)
		}
		round := fmt.Sprintf("x-%d-", c.rounds)
		kept := slices.DeleteFunc(slices.Clone(c.list), func(one winner) bool { return strings.HasPrefix(one.id, round) })
		if !slices.Equal(kept, before) {
			t.Errorf("the earlier rows are %v, want %v, as before", kept, before)
		}
	}
	if len(seen) != 2 {
		t.Errorf("rows were added in these places: %v, want both", seen)
	}
	ids := map[string]bool{}
	for _, ware := range c.wares() {
		ids[ware.name] = true
	}
	if len(ids) != len(c.list) {
		t.Errorf("%d ids for %d rows, want one each", len(ids), len(c.list))
	}
}

// TestMistakes: mistakes are in the file until they are corrected. What must be bought in
// the end is what the corrected file says.
func TestMistakes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	c := drawCampaign(random)
	c.mistake(random)
	before := c.wares()
	if !strings.Contains(c.csv(), notSold) {
		t.Errorf("the file has no %s, want mistakes with it", notSold)
	}
	c.corrected = true
	if strings.Contains(c.csv(), notSold) || !slices.Equal(before, c.wares()) {
		t.Errorf("after the correction, the file has mistakes: %t, and the wares are %v, want no mistakes and %v", strings.Contains(c.csv(), notSold), c.wares(), before)
	}
	for _, ware := range before {
		if strings.Contains(ware.contents, notSold) {
			t.Errorf("%s is to be bought as %s, want it without %s", ware.name, ware.contents, notSold)
		}
	}
}
