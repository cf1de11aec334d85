package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// world is a local Runa, and a clock that moves when somebody sleeps.
type world struct {
	mu     sync.Mutex
	now    time.Time
	box    *sandbox.Sandbox
	server *httptest.Server
	client *client.Client
}

func newWorld(t testing.TB, options sandbox.Options) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 7, 12, 12, 0, 0, 0, time.UTC)}
	options.Now, options.Products, options.RatePerMinute = w.Now, 60, -1
	options.Strict = true // a misspelt name fails a test
	w.box = sandbox.New(options)
	w.server = httptest.NewServer(w.box)
	t.Cleanup(w.close)
	var err error
	w.client, err = client.New(client.Config{BaseURL: w.server.URL + "/v2", APIKey: sandbox.Key, ReadTries: 1})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// close can be called twice.
func (w *world) close() {
	w.box.Close() // first, so that nothing hangs
	w.server.Close()
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) Sleep(ctx context.Context, d time.Duration) error {
	if d == grace {
		<-ctx.Done() // the grace after an interrupt does not pass by itself
		return ctx.Err()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.mu.Lock()
	w.now = w.now.Add(d)
	w.mu.Unlock()
	return ctx.Err()
}

const grace = 10*time.Second + 1

// state is what a run keeps for the next one.
type state struct {
	book    *Book
	payouts map[string]Payout
	open    map[int]purchase.Intent
}

func newState() state { return state{NewBook(), map[string]Payout{}, map[int]purchase.Intent{}} }

// copied is what a run that is killed leaves behind: what there was before it.
func (s state) copied() state {
	return state{s.book.Clone(), maps.Clone(s.payouts), maps.Clone(s.open)}
}

// run applies a list.
func (w *world) run(ctx context.Context, s state, list []Reward, size int) ([]Outcome, error) {
	buyer := purchase.New(w.client, purchase.Options{Clock: w, Random: func() float64 { return 0 }, OrdersPerMinute: 100_000, Grace: grace})
	run := &Run{
		Name: "spring", Buyer: buyer, Book: s.book, Payouts: s.payouts, Open: s.open,
		Precheck: func(*Batch, Order) (func(), error) { return func() {}, nil },
	}
	settled := run.Settle(ctx, time.Hour)
	deal := s.book.Deal(list, groupOfTest, size)
	if len(deal.Batches) > 0 {
		if _, err := Find(ctx, w.client, "spring", s.book, s.payouts, 1000); err != nil {
			return nil, err
		}
		deal = s.book.Deal(list, groupOfTest, size)
	}
	outcomes := run.Buy(ctx, settled, deal.Batches, time.Hour)
	s.book.Removed = deal.Removed
	s.book.Trim(list)
	return outcomes, nil
}

// ledger counts how often each reward was bought.
func (w *world) ledger(t testing.TB) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, entry := range w.box.Ledger() {
		var body struct {
			Metadata map[string]string `json:"metadata"`
		}
		if err := json.Unmarshal([]byte(entry.Body), &body); err != nil {
			t.Fatal(err)
		}
		if entry.Status == "FAILED" {
			continue
		}
		for _, id := range labelled(body.Metadata) {
			counts[id]++
		}
	}
	return counts
}

// wantOnce wants each reward of a list bought exactly once, and nothing else.
func (w *world) wantOnce(t testing.TB, list []Reward) {
	t.Helper()
	counts := w.ledger(t)
	for _, reward := range list {
		if counts[reward.ID] != 1 {
			t.Errorf("%s was bought %d times, want once", reward.ID, counts[reward.ID])
		}
		delete(counts, reward.ID)
	}
	if len(counts) > 0 {
		t.Errorf("bought beside the list: %v, want nothing", counts)
	}
}

// rewards are n of a test, numbered from first.
func rewards(first, n int) (list []Reward) {
	for i := range n {
		list = append(list, reward(fmt.Sprintf("w-%03d", first+i), "ACME-US"))
	}
	return list
}

func said(outcomes []Outcome) string {
	var texts []string
	for _, o := range outcomes {
		text := fmt.Sprintf("%d %s", o.Order.Number, o.Result.Verdict)
		if o.NotSent != nil {
			text = fmt.Sprintf("%d not sent", o.Order.Number)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}
