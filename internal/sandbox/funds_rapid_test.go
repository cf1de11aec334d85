package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// move is one thing that somebody does to an account.
type move struct {
	what     string
	currency string
	value    int // of an order
	key      int
	choice   int // which order a patch means
}

func drawMove(t *rapid.T) move {
	return move{
		what:     rapid.SampledFrom([]string{"order", "order", "order", "order", "fail", "revive", "top up", "limit"}).Draw(t, "what"),
		currency: rapid.SampledFrom([]string{"USD", "USD", "EUR", "JPY"}).Draw(t, "currency"),
		value:    rapid.IntRange(5, 500).Draw(t, "value"),
		key:      rapid.IntRange(0, 60).Draw(t, "key"),
		choice:   rapid.IntRange(0, 40).Draw(t, "choice"),
	}
}

// TestFundsUnderLoad lets several people order, fail, revive and top up at once, and
// demands at every moment that no balance is negative, and at the end that what was
// there is what is there and what the orders that did not fail have cost.
func TestFundsUnderLoad(t *testing.T) {
	start := map[string]string{"USD": "1000.00", "EUR": "700.00", "JPY": "90000"}
	rapid.Check(t, func(t *rapid.T) {
		box := sandbox.New(sandbox.Options{
			Mode: sandbox.ModeProduction, Products: 1, RatePerMinute: -1, Balances: start,
			OrderingLimit: map[string]string{"USD": rapid.SampledFrom([]string{"300.00", "100000.00"}).Draw(t, "limit")},
		})
		people := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawMove), 1, 25), 2, 6).Draw(t, "people")
		w := newWorld(box)
		var all sync.WaitGroup
		for _, moves := range people {
			all.Go(func() {
				for _, m := range moves {
					w.make(m)
				}
			})
		}
		all.Wait()
		for _, wrong := range append(w.wrong, w.audit(start)...) {
			t.Error(wrong)
		}
	})
}

// world is a sandbox and what was put into its account.
type world struct {
	box *sandbox.Sandbox

	mu       sync.Mutex
	toppedUp map[string]decimal.Decimal
	wrong    []string
}

func newWorld(box *sandbox.Sandbox) *world {
	return &world{box: box, toppedUp: map[string]decimal.Decimal{}}
}

// make makes a move, and looks at the balances.
func (w *world) make(m move) {
	switch m.what {
	case "order":
		request := httptest.NewRequest("POST", "http://127.0.0.1/v2/order", strings.NewReader(one(m.currency, fmt.Sprint(m.value), "BOLT-US")))
		request.Header.Set("X-Api-Key", sandbox.ProductionKey)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Idempotency-Key", fmt.Sprint(m.key, m.value, m.currency))
		request.Header.Set("X-Execution-Mode", "sync")
		answer := httptest.NewRecorder()
		w.box.ServeHTTP(answer, request)
		if kind := errorOf(answer.Body.String()); answer.Code != 200 && kind != "insufficient_funds" && kind != "ordering_restricted" &&
			kind != "idempotency_in_progress" {
			w.complain("an order: got %d %s, want it placed or a refusal that is documented", answer.Code, answer.Body)
		}
	case "fail", "revive":
		if placed := w.box.Ledger(); len(placed) > 0 {
			status := map[string]string{"fail": "FAILED", "revive": "COMPLETED"}[m.what]
			_ = w.box.PatchOrder(placed[m.choice%len(placed)].ID, sandbox.OrderPatch{Status: status}) // there may be too little to revive it
		}
	case "top up":
		if err := w.box.SetBalance(m.currency, fmt.Sprint("+", m.value)); err != nil {
			w.complain("a top-up: got error %v, want none", err)
		}
		w.mu.Lock()
		w.toppedUp[m.currency] = w.toppedUp[m.currency].Add(decimal.NewFromInt(int64(m.value)))
		w.mu.Unlock()
	case "limit":
		if err := w.box.SetOrderingLimit("EUR", fmt.Sprint(m.value*4)); err != nil {
			w.complain("a limit: got error %v, want none", err)
		}
	}
	for currency, balance := range w.box.Balances() {
		if strings.HasPrefix(balance, "-") {
			w.complain("got balance %s %s, want none below zero", balance, currency)
		}
	}
}

func (w *world) complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

// audit compares what there was with what there is.
func (w *world) audit(start map[string]string) (wrong []string) {
	spent := spentBy(w.box.Ledger())
	for currency, text := range start {
		had := decimal.RequireFromString(text).Add(w.toppedUp[currency])
		has := decimal.RequireFromString(w.box.Balances()[currency])
		if !had.Equal(has.Add(spent[currency])) {
			wrong = append(wrong, fmt.Sprintf("%s: got %s, want %s less %s, the price of the orders", currency, has, had, spent[currency]))
		}
	}
	return wrong
}

// spentBy is what the orders that did not fail have cost, by currency.
func spentBy(ledger []sandbox.LedgerEntry) map[string]decimal.Decimal {
	spent := map[string]decimal.Decimal{}
	for _, entry := range ledger {
		var order priced
		if err := json.Unmarshal(entry.Order, &order); err != nil {
			panic(err)
		}
		if entry.Status != "FAILED" {
			spent[entry.Currency] = spent[entry.Currency].Add(decimal.RequireFromString(order.TotalPrice))
		}
	}
	return spent
}
