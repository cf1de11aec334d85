package purchase

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// world is a local Runa behind a real server, a client of it, and one clock for
// both that moves only when somebody sleeps.
type world struct {
	*fakeClock
	box    *sandbox.Sandbox
	config client.Config
	client *client.Client
	busy   sync.WaitGroup // calls that Runa is at work on
}

func newWorld(t *testing.T, options sandbox.Options) *world {
	t.Helper()
	w := &world{fakeClock: newFakeClock()}
	options.Now, options.Products, options.RatePerMinute = w.Now, 1, -1
	options.Strict = true // a misspelt name fails a test
	w.box = sandbox.New(options)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.busy.Add(1)
		defer w.busy.Done()
		w.box.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(w.box.Close) // first, so that nothing hangs
	w.config = client.Config{BaseURL: server.URL + "/v2", APIKey: sandbox.Key, ReadTries: 1}
	w.giveUpAfter(t, client.DefaultRequestTimeout)
	return w
}

// giveUpAfter changes how long the client waits for an answer, in real time.
func (w *world) giveUpAfter(t *testing.T, timeout time.Duration) {
	t.Helper()
	w.config.RequestTimeout = timeout
	var err error
	if w.client, err = client.New(w.config); err != nil {
		t.Fatal(err)
	}
}

func (w *world) buyer() *Buyer { return w.buyerOf(w.client) }

func (w *world) buyerOf(api API) *Buyer {
	return New(api, Options{Clock: w, Random: func() float64 { return 0 }, Grace: grace})
}

func (w *world) fault(t *testing.T, f sandbox.Fault) {
	t.Helper()
	if err := w.box.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

// calm ends all faults, and waits for what they had held up.
func (w *world) calm() {
	w.box.ClearFaults()
	w.busy.Wait()
}

// posts counts the attempts that arrived.
func (w *world) posts() (count int) {
	for _, entry := range w.box.Journal() {
		if entry.Method == http.MethodPost {
			count++
		}
	}
	return count
}

// bought is a result and the ledger in short: "bought 1".
func (w *world) bought(result Result) string {
	return fmt.Sprintf("%s %d", result.Verdict, len(w.box.Ledger()))
}

// grace is unlike any pause.
const grace = 10*time.Second + 1

// fakeClock moves on when somebody sleeps. The grace after an interrupt does not
// pass by itself, unless graceless.
type fakeClock struct {
	mu        sync.Mutex
	now       time.Time
	slept     []time.Duration
	graceless bool
	onSleep   func(time.Duration)
}

// noon is when every test begins.
var noon = time.Date(2026, 7, 12, 12, 0, 0, 0, time.UTC)

func newFakeClock() *fakeClock { return &fakeClock{now: noon} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	if d == grace && !c.isGraceless() {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.advance(d)
	c.mu.Lock()
	c.slept = append(c.slept, d)
	hook := c.onSleep
	c.mu.Unlock()
	if hook != nil {
		hook(d)
	}
	return ctx.Err()
}

// setGraceless says whether the grace after an interrupt is over at once.
func (c *fakeClock) setGraceless(over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.graceless = over
}

func (c *fakeClock) isGraceless() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.graceless
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// reward is an order of one gift card.
func reward(face int64) client.OrderRequest {
	return client.OrderRequest{
		PaymentMethod: client.PaymentMethod{Type: "ACCOUNT_BALANCE", Currency: "USD"},
		Items: []client.OrderItem{{
			FaceValue:          decimal.NewFromInt(face),
			DistributionMethod: client.DistributionMethod{Type: "PAYOUT_LINK"},
			Products:           client.Products{Type: "SINGLE", Value: "BOLT-US"},
		}},
	}
}

func intend(t *testing.T, key string, mode client.ExecutionMode) Intent {
	t.Helper()
	intent, err := NewIntent(key, 1, mode, reward(25), true)
	if err != nil {
		t.Fatal(err)
	}
	return intent
}
