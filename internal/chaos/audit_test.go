package main

import (
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// entry is an order in the ledger, whose reward is its description.
func entry(reward, id, key string) sandbox.LedgerEntry {
	return sandbox.LedgerEntry{ID: id, IdempotencyKey: key, Status: "COMPLETED", Body: `{"description":"` + reward + `"}`}
}

func TestAudit(t *testing.T) {
	a, b := entry("a", "O-1", "key-a"), entry("b", "O-2", "key-b")
	both := map[string]recordedOrder{"a": {"key-a", "O-1", "COMPLETED"}, "b": {"key-b", "O-2", "PROCESSING"}}
	onlyA := map[string]recordedOrder{"a": both["a"]}
	processing := b
	processing.Status = "PROCESSING"

	for name, test := range map[string]struct {
		ledger  []sandbox.LedgerEntry
		states  []map[string]recordedOrder
		orphans bool
		want    counts
		says    string
	}{
		"each bought once": {
			ledger: []sandbox.LedgerEntry{a, b}, states: []map[string]recordedOrder{both},
			want: counts{declared: 2, bought: 2},
		},
		"bought again with another key": {
			ledger: []sandbox.LedgerEntry{a, b, entry("b", "O-3", "key-c")}, states: []map[string]recordedOrder{both},
			want: counts{declared: 2, bought: 3, duplicates: 1, lost: 1}, says: "b: O-3 is one more order",
		},
		"bought again with the same key": {
			ledger: []sandbox.LedgerEntry{a, b, entry("a", "O-3", "key-a")}, states: []map[string]recordedOrder{both},
			want: counts{declared: 2, bought: 3, duplicates: 1, lost: 1}, says: "a: O-3 is one more order",
		},
		"not bought": {
			ledger: []sandbox.LedgerEntry{a}, states: []map[string]recordedOrder{onlyA},
			want: counts{declared: 2, bought: 1, lost: 1}, says: "b: no order",
		},
		"not known": {
			ledger: []sandbox.LedgerEntry{a, b}, states: []map[string]recordedOrder{onlyA},
			want: counts{declared: 2, bought: 2, lost: 1}, says: "known to 0 of 1",
		},
		"never confirmed": {
			ledger: []sandbox.LedgerEntry{a, b},
			states: []map[string]recordedOrder{{"a": both["a"], "b": {"key-b", "", "UNCONFIRMED"}}},
			want:   counts{declared: 2, bought: 2, lost: 1}, says: "known to 0 of 1",
		},
		"known under another key": {
			ledger: []sandbox.LedgerEntry{a, b},
			states: []map[string]recordedOrder{{"a": both["a"], "b": {"key-c", "O-2", "COMPLETED"}}},
			want:   counts{declared: 2, bought: 2, lost: 1}, says: "known to 0 of 1",
		},
		"known to one of two directories": {
			ledger: []sandbox.LedgerEntry{a, b}, states: []map[string]recordedOrder{both, onlyA},
			want: counts{declared: 2, bought: 2, lost: 1}, says: "known to 1 of 2",
		},
		"never finished": {
			ledger: []sandbox.LedgerEntry{a, processing}, states: []map[string]recordedOrder{both},
			want: counts{declared: 2, bought: 2, lost: 1}, says: "O-2 is PROCESSING",
		},
		"never declared": {
			ledger: []sandbox.LedgerEntry{a, b, entry("c", "O-3", "key-c")}, states: []map[string]recordedOrder{both},
			want: counts{declared: 2, bought: 3, duplicates: 1}, says: "nobody declared",
		},
		"a documented orphan": {
			ledger: []sandbox.LedgerEntry{a, entry("b", "O-3", "key-c"), b}, states: []map[string]recordedOrder{both}, orphans: true,
			want: counts{declared: 2, bought: 3, orphans: 1},
		},
		"nothing but an orphan": {
			ledger: []sandbox.LedgerEntry{a, b}, states: []map[string]recordedOrder{onlyA}, orphans: true,
			want: counts{declared: 2, bought: 2, orphans: 1, lost: 1}, says: "b: no order",
		},
	} {
		t.Run(name, func(t *testing.T) {
			declared := orders{{name: "a"}, {name: "b"}}
			got, complaints := audit(declared.wares(), declared.sales(test.ledger), test.states, test.orphans)
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
