package provider

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// hurriedClock starts at the machine's time and moves on only when somebody sleeps, so
// that ten minutes pass at once.
type hurriedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hurriedClock) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hurriedClock) Sleep(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	return ctx.Err()
}

// TestAnOutageEndsTheRun: three orders wait for the whole of their time, and the others
// do not. What was sent stays unconfirmed, and all are bought once in the end.
func TestAnOutageEndsTheRun(t *testing.T) {
	const notSent = "Not sent: other orders of this run got no answer from Runa. Nothing was bought."
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.restart(nil, &hurriedClock{now: time.Now()})
	var log bytes.Buffer
	c.ctx = tflogtest.RootLogger(t.Context(), &log)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: http.StatusServiceUnavailable}))
	configs := keyed("25", "25", "25", "25", "25", "25")

	orders, runs := crowd(c, configs...)
	posts := map[string]int{}
	for _, entry := range c.sb.Journal() {
		if entry.Method == http.MethodPost {
			posts[entry.IdempotencyKey]++
		}
	}
	for i, one := range orders {
		key := configs[i]["idempotency_key"].(string)
		switch {
		case i < 4:
			one.severity(runs[i], asWarning)
			one.expect(runs[i], "create", "UNCONFIRMED", 0, "may or may not have been bought", "503 Service Unavailable")
			if long := posts[key] > 10; long != (i < 3) || posts[key] == 0 {
				t.Errorf("order %d was sent %d times, want more than 10 times: %t, otherwise 1 to 10", i, posts[key], i < 3)
			}
		default:
			saysOnly(t, one, runs[i], notSent)
			if posts[key] != 0 {
				t.Errorf("order %d was sent %d times, want never", i, posts[key])
			}
		}
	}
	verdicts := map[any]int{}
	entries, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e["@message"] == "Runa order" && e["error"] != nil {
			verdicts[e["@level"]]++
		}
	}
	if verdicts["warn"] != len(configs) {
		t.Errorf("the log has verdicts with a reason at these levels: %v, want %d at warn", verdicts, len(configs))
	}

	c.sb.ClearFaults()
	c.restart(nil, c.clock)
	for i, one := range orders {
		one.server = c.server
		one.expectBought(configs[i])
	}
	if bought := len(c.sb.Ledger()); bought != len(configs) {
		t.Errorf("the ledger has %d orders, want %d, one for each reward", bought, len(configs))
	}
}

// expectBought applies once more, and wants an order that is carried out.
func (c *orderHarness) expectBought(config attrs) {
	c.t.Helper()
	if got := c.apply(config); got.errors() != "" || c.get("status") != "COMPLETED" {
		c.t.Errorf("status %q, errors %q, want COMPLETED and none", c.get("status"), got.errors())
	}
}
