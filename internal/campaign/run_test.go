package campaign

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestRun buys a list, buys what is added anywhere, and nothing twice when its state is
// lost.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Processing: 2 * time.Second})
	s := newState()
	list := rewards(0, 10)
	if outcomes, err := w.run(t.Context(), s, list, 4); err != nil || said(outcomes) != "1 bought, 2 bought, 3 bought" {
		t.Fatalf("run() = %s, error %v, want 1 to 3 bought", said(outcomes), err)
	}
	if !s.book.Complete() || len(s.payouts) != 10 || s.payouts["w-003"].URL == "" {
		t.Errorf("complete %t, payouts %v, want true and 10, w-003 with a link", s.book.Complete(), s.payouts)
	}
	list = append(rewards(100, 3), list...)
	for name, s := range map[string]state{"with its state": s, "without": newState()} {
		if _, err := w.run(t.Context(), s, list, 4); err != nil {
			t.Fatalf("%s: run() = error %v, want none", name, err)
		}
		w.wantOnce(t, list)
		if len(s.payouts) != 13 || len(w.box.Ledger()) != 4 {
			t.Errorf("%s: %d payouts, %d orders, want 13 and 4", name, len(s.payouts), len(w.box.Ledger()))
		}
	}
}

// TestUnseenOrders: an order that Runa has not finished shows no campaign. A run that
// knows nothing of it, and has another list, stops at its number and buys nothing that
// it holds.
func TestUnseenOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Processing: 3 * time.Hour})
	list := rewards(0, 8)
	first := newState()
	if _, err := w.run(t.Context(), first, list, 2); err != nil { // its time is up while they are processed
		t.Fatal(err)
	}
	longer := slices.Insert(slices.Clone(list), 0, reward("w-new", "ACME-US"))
	outcomes, err := w.run(t.Context(), newState(), longer, 2)
	if err != nil || !strings.HasPrefix(said(outcomes), "1 not bought") || outcomes[0].Rest != 4 {
		t.Errorf("run() = %s, error %v, want 1 not bought, with a rest of 4: %+v", said(outcomes), err, outcomes)
	}
	w.wantOnce(t, list)
}

// TestStops: after an order of which it is not known whether it was placed, nothing of
// a higher number is sent; the next run goes on.
func TestStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	if err := w.box.AddFault(sandbox.Fault{Method: http.MethodPost, Path: "/order", Skip: 1, Action: sandbox.ActionDropAfter}); err != nil {
		t.Fatal(err)
	}
	s, list := newState(), rewards(0, 8)
	outcomes, err := w.run(t.Context(), s, list, 2)
	if err != nil || said(outcomes) != "1 bought, 2 unconfirmed" || outcomes[1].Rest != 2 {
		t.Fatalf("run() = %s, error %v, want 1 bought, 2 unconfirmed, with a rest of 2: %+v", said(outcomes), err, outcomes)
	}
	w.box.ClearFaults()
	if outcomes, err = w.run(t.Context(), s, list, 2); err != nil || said(outcomes) != "2 bought, 3 bought, 4 bought" {
		t.Errorf("the next run() = %s, error %v, want 2 bought, 3 bought, 4 bought", said(outcomes), err)
	}
	w.wantOnce(t, list)
}

// TestRefusedOrders: what Runa refuses is tried again with what the list says then,
// and what it accepts meanwhile is kept.
func TestRefusedOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	s, list := newState(), rewards(0, 6)
	list[2].Item.Products.Value = "NONE-US"
	outcomes, err := w.run(t.Context(), s, list, 2)
	if err != nil || said(outcomes) != "1 bought, 2 refused, 3 bought" {
		t.Fatalf("run() = %s, error %v, want 1 bought, 2 refused, 3 bought", said(outcomes), err)
	}
	list[2].Item.Products.Value = "ACME-US"
	if outcomes, err = w.run(t.Context(), s, list, 2); err != nil || said(outcomes) != "2 bought" || s.book.Find(2).Attempt != 2 {
		t.Errorf("the next run() = %s, error %v, order 2 after %d attempts, want 2 bought after 2", said(outcomes), err, s.book.Find(2).Attempt)
	}
	w.wantOnce(t, list)
}

// TestFailedForms: an order that fails is bought again, whether Runa shows it bare or, as
// its schema has it, with items and dead links; and not where a link of it lives.
func TestFailedForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		patch sandbox.OrderPatch
		again bool
	}{
		"bare":      {sandbox.OrderPatch{Status: "FAILED"}, true},
		"full":      {sandbox.OrderPatch{Status: "FAILED", Full: true}, true},
		"full, one": {sandbox.OrderPatch{Status: "FAILED", Full: true, Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "ACTIVE"}}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{Processing: 30 * time.Hour})
			list := rewards(0, 4)
			s := newState()
			if outcomes, err := w.run(t.Context(), s, list, 4); err != nil || said(outcomes) != "1 processing" {
				t.Fatalf("run() = %s, error %v, want 1 processing", said(outcomes), err)
			}
			if err := w.box.PatchOrder(w.box.Ledger()[0].ID, c.patch); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := w.run(t.Context(), s, list, 4); err != nil {
					t.Fatal(err)
				}
			}
			if again := len(w.box.Ledger()) == 2; again != c.again || len(w.box.Ledger()) > 2 {
				t.Errorf("the ledger has %d orders, want 1, or 2 if it is bought again: %t", len(w.box.Ledger()), c.again)
			}
		})
	}
}

// TestRuns: whatever breaks, whoever runs beside, and whatever is lost, no reward is
// bought twice, and in the end each is bought once.
func TestRuns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, sandbox.Options{Processing: rapid.SampledFrom([]time.Duration{0, 3 * time.Second, 10 * time.Minute}).Draw(rt, "processing")})
		defer w.close()
		size := rapid.IntRange(1, 4).Draw(rt, "size")
		list := rewards(0, rapid.IntRange(1, 9).Draw(rt, "rewards"))
		states := []state{newState(), newState()}
		for round := range rapid.IntRange(1, 5).Draw(rt, "rounds") {
			if rapid.Bool().Draw(rt, "faulty") {
				fault := sandbox.Fault{
					Method: http.MethodPost, Path: "/order", Skip: rapid.IntRange(0, 2).Draw(rt, "skip"), Times: rapid.IntRange(1, 4).Draw(rt, "times"),
					Action: rapid.SampledFrom([]sandbox.Action{sandbox.ActionDropBefore, sandbox.ActionDropAfter, sandbox.ActionGarbage, sandbox.ActionTruncate}).Draw(rt, "action"),
				}
				if err := w.box.AddFault(fault); err != nil {
					rt.Fatal(err)
				}
			}
			lists := [][]Reward{list, list}
			if rapid.Bool().Draw(rt, "more") { // only one of two runs may know
				at := rapid.IntRange(0, len(list)).Draw(rt, "at")
				list = slices.Insert(slices.Clone(list), at, rewards(100*(round+1), rapid.IntRange(1, 4).Draw(rt, "added"))...)
				lists[0] = list
			}
			var both sync.WaitGroup
			runners := rapid.IntRange(1, 2).Draw(rt, "runners")
			for i := range runners {
				fate := rapid.SampledFrom([]string{"kept", "kept", "killed", "lost"}).Draw(rt, "fate")
				both.Go(func() {
					s := states[i].copied()
					_, _ = w.run(t.Context(), s, lists[i], size) // whatever it comes to
					switch fate {
					case "kept":
						states[i] = s
					case "lost":
						states[i] = newState()
					}
				})
			}
			both.Wait()
			w.box.ClearFaults()
			for id, times := range w.ledger(t) {
				if times > 1 {
					rt.Fatalf("%s was bought %d times, want once at most", id, times)
				}
			}
		}
		for range 4 { // all is calm now, and there is one runner
			w.mu.Lock()
			w.now = w.now.Add(time.Hour)
			w.mu.Unlock()
			if _, err := w.run(t.Context(), states[0], list, size); err != nil {
				rt.Fatal(err)
			}
		}
		counts := w.ledger(t)
		for _, reward := range list {
			if counts[reward.ID] != 1 {
				rt.Fatalf("%s was bought %d times, want once: %v", reward.ID, counts[reward.ID], states[0].book.Orders)
			}
		}
		if !states[0].book.Complete() {
			rt.Fatalf("Complete() = false, want true: %v", states[0].book.Orders)
		}
	})
}
