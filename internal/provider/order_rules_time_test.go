package provider

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const earlierSummary = "Runa already had this order; nothing new was bought"

// TestAFirstPurchaseNeedsTheTime: a key of the user's is not sent before Runa has told
// the time, whatever else the plan had to ask.
func TestAFirstPurchaseNeedsTheTime(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	pings := sandbox.Fault{Method: http.MethodGet, Path: "/ping", Action: sandbox.ActionStatus, Status: http.StatusServiceUnavailable}
	tests := map[string]struct {
		config attrs
		ahead  time.Duration // Runa's clock before ours
		fault  *sandbox.Fault
		ledger int
		pings  int
		says   string
	}{
		"clocks agree":        {config: attrs{"idempotency_key": "k"}, ledger: 1, pings: 1},
		"our clock is behind": {config: attrs{"idempotency_key": "k"}, ahead: 31 * day, pings: 1, says: "differs from Runa's clock by about 744 hours"},
		"our clock is ahead":  {config: attrs{"idempotency_key": "k"}, ahead: -31 * day, pings: 1, says: "Next: set the clock"},
		"any answer tells it": {config: attrs{"idempotency_key": "k"}, fault: &pings, ledger: 1, pings: 4},
		"a random key":        {config: nil, ahead: 31 * day, ledger: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
			if test.fault != nil {
				c.fault(*test.fault)
			}
			c.restart(c.settings, shiftedClock{-test.ahead})
			got := c.apply(plain(test.config))
			if orders, posts := len(c.sb.Ledger()), c.sb.requests(http.MethodPost, "/order"); orders != test.ledger || posts != test.ledger {
				t.Errorf("%d orders, %d POSTs, want %d: %s", orders, posts, test.ledger, got.errors())
			}
			if sent := c.sb.requests(http.MethodGet, "/ping"); sent != test.pings {
				t.Errorf("%d pings, want %d", sent, test.pings)
			}
			if test.says == "" && len(got.diags) > 0 || !strings.Contains(got.errors(), test.says) {
				t.Errorf("it says %q %q, want %q", got.errors(), got.warnings(), test.says)
			}
		})
	}
}

// TestUnreachableRunaSellsNothing: without an answer nobody knows the time, and then
// nothing is sent under a key.
func TestUnreachableRunaSellsNothing(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
	c.restart(attrs{"validate_catalog": false, "base_url": "http://127.0.0.1:1/v2"}, nil)
	got := c.apply(plain(attrs{"idempotency_key": "k"}))
	c.severity(got, asError)
	c.expect(got, "create", "(no state)", 0, "Nothing was sent with idempotency key k", "Runa's time cannot be read", "apply again")
}

// TestEarlierOrders: an order that Runa had before this run is told, however young it
// is, and one that this run placed is never taken for such.
func TestEarlierOrders(t *testing.T) {
	t.Parallel()
	key := attrs{"idempotency_key": "k"}
	tests := map[string]struct {
		config attrs
		age    time.Duration // of an order under the key, 0: there is none
		ahead  time.Duration // our clock before Runa's
		ledger int
		warns  bool
	}{
		"lost state, a moment ago":       {config: key, age: 3 * time.Second, ledger: 1, warns: true},
		"lost state, our clock behind":   {config: key, age: 3 * time.Second, ahead: -2 * time.Hour, ledger: 1, warns: true},
		"first purchase, our clock fast": {config: key, ahead: 2 * time.Hour, ledger: 1},
		"first purchase, our clock slow": {config: key, ahead: -2 * time.Hour, ledger: 1},
		"a key of this run's own":        {config: nil, age: 3 * time.Second, ahead: 2 * time.Hour, ledger: 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, quick)
			if test.age > 0 {
				first := newCore(t, sb, nil)
				first.expect(first.apply(plain(key)), "create", "COMPLETED", 1)
				sb.Advance(test.age)
			}
			c := newCore(t, sb, nil)
			c.clock = shiftedClock{test.ahead}
			got := c.apply(plain(test.config))
			c.severity(got, asWarning)
			if warns := strings.Contains(got.warnings(), earlierSummary); warns != test.warns {
				t.Errorf("warns %t, want %t: %s", warns, test.warns, got.warnings())
			}
			says := []string{}
			if test.warns {
				says = append(says, "state was lost", "remove this resource from the state (state rm)", "its own idempotency_key")
			}
			c.expect(got, "create", "COMPLETED", test.ledger, says...)
		})
	}
}
