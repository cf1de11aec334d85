package main

import (
	"strings"
	"testing"
)

func TestLedgerCheck(t *testing.T) {
	const sold = "COMPLETED"
	for name, test := range map[string]struct {
		ledger ledger
		want   string
	}{
		"one order for each winner": {ledger{{"a", sold, ""}, {"b", sold, ""}}, ""},
		"a winner without an order": {ledger{{"a", sold, ""}}, "1 orders"},
		"a winner rewarded twice":   {ledger{{"a", sold, ""}, {"b", sold, ""}, {"b", sold, ""}}, "3 orders with 2 different keys"},
		"one key for two winners":   {ledger{{"a", sold, ""}, {"a", sold, ""}}, "2 orders with 1 different keys"},
		"an order that failed":      {ledger{{"a", sold, ""}, {"b", "FAILED", ""}}, "b is FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.ledger.check(2)
			if test.want == "" && err != nil {
				t.Fatal(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
