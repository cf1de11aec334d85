package sandbox_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestReplay(t *testing.T) {
	r := start(t, sandbox.Options{})
	first := r.order("k", tenDollars)
	r.must(first, 202)
	r.box.Advance(time.Hour)
	again := r.order("k", tenDollars)
	if again.body != first.body || again.status != 202 || again.header.Get("X-Api-Version") != "2024-02-05" {
		t.Errorf("replayed as %d %s, want 202 %s, version 2024-02-05", again.status, again.body, first.body)
	}
	// Another mode is not another body: the first answer comes back.
	if again := r.sync("k", tenDollars); again.body != first.body || again.status != 202 {
		t.Errorf("replayed as %d %s, want 202 %s", again.status, again.body, first.body)
	}
	r.orders(1)
	journal := r.box.Journal()
	if journal[0].Replayed || !journal[1].Replayed || !journal[2].Replayed {
		t.Errorf("journal = %+v, want the second and the third call replayed", journal)
	}
}

func TestReplayIsVerbatimUnderAnotherVersion(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.must(r.order("k", tenDollars, "X-Api-Version", "2026-09-08"), 202)
	if got := r.order("k", tenDollars).header.Get("X-Api-Version"); got != "2026-09-08" {
		t.Errorf("replayed with version %q, want 2026-09-08", got)
	}
}

func TestOtherBody(t *testing.T) {
	r := start(t, sandbox.Options{})
	first := r.order("k", tenDollars)
	r.must(first, 202)
	// Bytes are compared, not meaning.
	for _, body := range []string{one("USD", "25", "ACME-US"), tenDollars + " ", strings.Replace(tenDollars, "10", "10.0", 1), "{"} {
		if got := r.order("k", body); got.status != 400 || errorOf(got.body) != "idempotency_validation_error" {
			t.Errorf("%s: got %d %s, want 400 idempotency_validation_error", body, got.status, got.body)
		}
	}
	if again := r.order("k", tenDollars); again.body != first.body {
		t.Errorf("replayed as %s, want the first answer, %s", again.body, first.body)
	}
	r.orders(1)
}

func TestRefusalsAreStored(t *testing.T) {
	r := start(t, sandbox.Options{})
	bad := one("USD", "0", "ACME-US")
	first := r.order("k", bad)
	r.must(first, 422)
	if again := r.order("k", bad); again.body != first.body || again.status != 422 {
		t.Errorf("replayed as %d %s, want 422 %s", again.status, again.body, first.body)
	}
	if got := r.order("k", tenDollars); errorOf(got.body) != "idempotency_validation_error" {
		t.Errorf("got %d %s, want idempotency_validation_error", got.status, got.body)
	}
	gone := one("USD", "10", "GONE-US")
	r.must(r.order("gone", gone), 400)
	if err := r.box.PatchProduct("GONE-US", sandbox.ProductPatch{IsOrderable: new(true)}); err != nil {
		t.Fatal(err)
	}
	r.must(r.order("gone", gone), 400) // still: the refusal is stored
	r.must(r.order("new", gone), 202)
}

func TestGatewayIsNotStored(t *testing.T) {
	r := start(t, sandbox.Options{RatePerMinute: 1})
	r.must(r.order("k", tenDollars, "X-Api-Key", ""), 401)
	r.must(r.order("k", tenDollars, "X-Api-Key", "XXother"), 403)
	r.must(r.order("k", tenDollars, "X-Api-Version", "2023-01-16"), 410)
	r.must(r.order("k", tenDollars, "X-Api-Version", "nonsense"), 400)
	r.must(r.order("other", tenDollars), 202)
	r.must(r.order("k", tenDollars), 429)
	r.box.Advance(time.Minute)
	r.must(r.order("k", tenDollars), 202)
	r.orders(2)
}

func TestKeyGrowsOld(t *testing.T) {
	r := start(t, sandbox.Options{})
	first := r.must(r.order("k", tenDollars), 202)
	r.box.Advance(30*24*time.Hour - time.Microsecond)
	if again := r.must(r.order("k", tenDollars), 202); again != first {
		t.Errorf("within 30 days: got %s, want %s", again, first)
	}
	r.box.Advance(time.Microsecond)
	second := r.must(r.order("k", tenDollars), 202)
	if second == first {
		t.Errorf("after 30 days: got the first order %s again, want another one", second)
	}
	r.orders(2)
	if again := r.must(r.order("k", tenDollars), 202); again != second {
		t.Errorf("within 30 days of the second order: got %s, want %s", again, second)
	}
	r.box.Advance(30 * 24 * time.Hour)
	r.must(r.order("k", one("USD", "25", "ACME-US")), 202) // even another body
	r.orders(3)
}

func TestOneKeyFromManyCallers(t *testing.T) {
	r := start(t, sandbox.Options{})
	const callers = 32
	var wait sync.WaitGroup
	bodies := make([]string, callers)
	for i := range callers {
		wait.Go(func() {
			for {
				got := r.order("k", tenDollars)
				if errorOf(got.body) == "idempotency_in_progress" {
					continue
				}
				if bodies[i] = got.body; got.status != 202 {
					t.Errorf("got %d %s, error %v; want 202", got.status, got.body, got.err)
				}
				return
			}
		})
	}
	wait.Wait()
	for _, body := range bodies {
		if body != bodies[0] {
			t.Errorf("got %s, want %s", body, bodies[0])
		}
	}
	r.orders(1)
}

func TestManyCallersOfEverything(t *testing.T) {
	r := start(t, sandbox.Options{RatePerMinute: -1})
	var wait sync.WaitGroup
	for i := range 32 {
		wait.Go(func() {
			got := r.order(fmt.Sprint(i), springSurvey)
			if got.status != 202 {
				t.Errorf("got %d %s, error %v; want 202", got.status, got.body, got.err)
				return
			}
			_ = r.box.PatchOrder(idOf(t, got.body), sandbox.OrderPatch{Status: "FAILED"})
			_ = r.box.PatchProduct("MAPLE-CA", sandbox.ProductPatch{Name: fmt.Sprint(i)})
			for _, path := range []string{"/v2/order", "/v2/product?limit=10", "/v2/product/MAPLE-CA", "/_sandbox/orders", "/_sandbox/requests"} {
				if got := r.get(path); got.status != 200 {
					t.Errorf("%s: got %d, error %v; want 200", path, got.status, got.err)
				}
			}
		})
	}
	wait.Wait()
	r.orders(32)
	ids := map[string]bool{}
	for _, o := range r.box.Ledger() {
		ids[o.ID] = true
	}
	if len(ids) != 32 {
		t.Errorf("got %d ids, want 32", len(ids))
	}
}

func TestRateLimit(t *testing.T) {
	r := start(t, sandbox.Options{RatePerMinute: 3})
	r.must(r.order("a", tenDollars), 202)
	r.box.Advance(30 * time.Second)
	r.must(r.order("b", "{}"), 422) // failures count
	r.must(r.order("a", tenDollars), 202)
	for range 5 { // refusals do not
		got := r.order("c", tenDollars)
		if body := r.must(got, 429); body != `{"error":"rate exceeded"}` {
			t.Errorf("got %s, want the body of Runa's 429", body)
		}
		for _, header := range []string{"X-Api-Version", "Retry-After", "X-Ratelimit-Limit"} {
			if v := got.header.Get(header); v != "" {
				t.Errorf("%s = %s, want none", header, v)
			}
		}
	}
	r.must(r.get("/v2/order"), 200)
	r.box.Advance(30*time.Second - time.Microsecond)
	r.must(r.order("c", tenDollars), 429)
	r.box.Advance(time.Microsecond)
	r.must(r.order("c", tenDollars), 202)
	r.must(r.order("d", tenDollars), 429)
	r.orders(2)
}

func TestRateLimitDefaults(t *testing.T) {
	for limit, allowed := range map[int]int{0: 300, -1: 350} {
		r := start(t, sandbox.Options{RatePerMinute: limit})
		passed := 0
		for range 350 {
			if r.order("k", tenDollars).status != 429 {
				passed++
			}
		}
		if passed != allowed {
			t.Errorf("limit %d: %d orders passed, want %d", limit, passed, allowed)
		}
	}
}
