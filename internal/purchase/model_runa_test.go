package purchase

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// nowhere is an address that refuses every connection. The port of a server that was
// closed may belong to another test's, which would then sell what is sent.
const nowhere = "http://127.0.0.1:1"

// flakyRuna is a local Runa to which a mishap happens call by call, over real HTTP.
// Its clock and ours are apart by as much as a life wants.
type flakyRuna struct {
	*fakeClock
	box       *sandbox.Sandbox
	reachable *client.Client
	offline   *client.Client // calls nowhere

	mu      sync.Mutex
	mishap  *mishap       // of the call in progress
	arrived func()        // tells that a call has arrived which will not be answered
	gate    chan struct{} // keeps the queued calls
	late    []*bid        // whose calls are queued or slow
	dry     bool          // the account is empty
	busy    sync.WaitGroup
}

func newFlakyRuna(t *testing.T) *flakyRuna {
	t.Helper()
	r := &flakyRuna{fakeClock: newFakeClock(), gate: make(chan struct{})}
	r.box = sandbox.New(sandbox.Options{Now: r.Now, Products: 1, RatePerMinute: -1, Strict: true})
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	t.Cleanup(r.box.Close)
	for url, c := range map[string]**client.Client{server.URL: &r.reachable, nowhere: &r.offline} {
		var err error
		if *c, err = client.New(client.Config{BaseURL: url + "/v2", APIKey: sandbox.Key, ReadTries: 1}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// ServeHTTP lets the mishap of the call happen.
func (r *flakyRuna) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.busy.Add(1)
	defer r.busy.Done()
	body, _ := io.ReadAll(request.Body)
	request.Body = io.NopCloser(bytes.NewReader(body)) // whole, even if the caller goes away
	request.Header.Del("Accept-Encoding")              // compressing takes longer than all the rest
	r.mu.Lock()
	m, arrived, gate := r.mishap, r.arrived, r.gate
	r.mishap, r.arrived = nil, nil
	r.mu.Unlock()
	if m == nil {
		r.serve(w, request)
		return
	}
	switch m.What {
	case "queued":
		arrived()
		<-gate
	case "slow":
		// Give up when Runa is at work on the key, or as good as.
		time.AfterFunc(time.Millisecond, arrived)
	case "refused":
		request.Header.Set("X-Trigger-Error", "insufficient_funds")
	case "500 kept":
		request.Header.Set("X-Trigger-Error", "internal_server_error")
	}
	if f, ok := modelFaults[m.What]; ok {
		f.Times = 1
		if err := r.box.AddFault(f); err != nil {
			panic(err)
		}
	}
	r.serve(w, request)
}

// serve passes a call on. An empty account refuses what it would else pay for.
func (r *flakyRuna) serve(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	dry := r.dry
	r.mu.Unlock()
	if dry {
		request.Header.Set("X-Trigger-Error", "insufficient_funds")
	}
	r.box.ServeHTTP(w, request)
}

// setDry empties the account or tops it up. It reports whether that changed it.
func (r *flakyRuna) setDry(dry bool) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed, r.dry = r.dry != dry, dry
	return changed
}

// modelFaults are what the mishaps do in the sandbox. A refusal of the order
// handler's is not among them: Runa never gives one for a key that has bought.
var modelFaults = func() map[string]sandbox.Fault {
	picked := map[string]string{
		"cut before": "cut before", "cut when done": "cut when done", "cut short": "answer cut short", "web page": "web page",
		"slow": "slower than the client", "500": "500", "500 when done": "500 when done",
		"500 kept when done": "500 when done, kept", "503 when done": "503 when done", "504": "504",
		"in progress": "400 in progress", "409": "409", "409 when done": "409 when done",
		"401": "401", "403": "403", "404": "404", "410": "410", "429": "429",
	}
	all, faults := faults(), map[string]sandbox.Fault{}
	for mishap, name := range picked {
		f, ok := all[name]
		if !ok {
			panic(name)
		}
		faults[mishap] = f
	}
	return faults
}()

// arrive lets the late calls go on, and waits until they are done.
func (r *flakyRuna) arrive() {
	r.mu.Lock()
	close(r.gate)
	r.gate = make(chan struct{})
	r.mu.Unlock()
	r.box.ClearFaults()
	r.busy.Wait()
}

// settleDown makes it as new for the next life.
func (r *flakyRuna) stopFailing() {
	r.arrive()
	r.setDry(false)
	r.box.Reset()
	r.late = nil
	r.advance(noon.Sub(r.Now()))
}

// crash is what a process dies of.
type crash struct{}

// process is the API as one process sees it.
type process struct {
	m         *model
	run       context.Context // ends with an interrupt
	account   string
	calls     []mishap
	atPost    bool // the mishaps wait for orders to be sent
	posted    bool // one was
	interrupt context.CancelFunc
}

func (p *process) Account() string { return p.account }

// Time is what a process that has heard Runa's Date knows of it.
func (p *process) Time() (earliest, latest time.Time, known bool) {
	now := p.m.runa.Now()
	return now.Truncate(time.Second).Add(-time.Second), now.Add(time.Second), true
}

// CreateOrder also checks every attempt against what an attempt must be.
func (p *process) CreateOrder(ctx context.Context, s client.Submission) (order client.Order, err error) {
	b := p.m.bid
	p.m.attempt(b, s, p)
	m := p.befall(ctx, "POST", func(ctx context.Context, c *client.Client) error {
		order, err = c.CreateOrder(ctx, s)
		return err
	})
	p.m.attempted(b, m, err)
	p.after(m)
	return order, err
}

func (p *process) Order(ctx context.Context, id string) (order client.Order, err error) {
	m := p.befall(ctx, "GET", func(ctx context.Context, c *client.Client) error {
		order, err = c.Order(ctx, id)
		return err
	})
	p.after(m)
	return order, err
}

// Orders reads the list as a whole, so that one mishap befalls all of it.
func (p *process) Orders(ctx context.Context) iter.Seq2[client.Order, error] {
	var orders []client.Order
	m := p.befall(ctx, "GET list", func(ctx context.Context, c *client.Client) error {
		for order, err := range c.Orders(ctx) {
			if err != nil {
				return err
			}
			orders = append(orders, order)
		}
		return nil
	})
	return func(yield func(client.Order, error) bool) {
		p.after(m)
		for _, order := range orders {
			if !yield(order, nil) {
				return
			}
		}
		if m.err != nil {
			yield(client.Order{}, m.err)
		}
	}
}

// befallen is a call's mishap and what it came to.
type befallen struct {
	mishap
	err error
}

// befall makes one call and lets its mishap happen.
func (p *process) befall(ctx context.Context, name string, call func(context.Context, *client.Client) error) befallen {
	var m mishap
	p.posted = p.posted || name == "POST"
	if len(p.calls) > 0 && (name == "POST" || !p.atPost) {
		m, p.calls = p.calls[0], p.calls[1:]
	}
	if m.Stop == "crash before" {
		p.m.log("%s: crash before", name)
		panic(crash{})
	}
	r := p.m.runa
	if m.Stop == "interrupt, no answer" {
		m.What = "queued"
	}
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	r.mu.Lock()
	r.mishap = &m
	switch {
	case m.Stop == "interrupt, no answer":
		r.setGraceless(true)
		r.arrived = p.interrupt
	case m.What == "slow" || m.What == "queued":
		r.arrived = giveUp
	}
	r.mu.Unlock()
	if m.Stop == "interrupt" {
		p.interrupt()
	}
	at := r.reachable
	if m.What == "unsent" {
		at = r.offline
	}
	out := befallen{m, call(ctx, at)}
	r.mu.Lock()
	r.mishap, r.arrived = nil, nil
	r.mu.Unlock()
	r.setGraceless(false)
	p.m.log("%s: %s", name, out)
	return out
}

func (b befallen) String() string {
	if b.err == nil {
		return b.mishap.String() + ": answered"
	}
	why, _, _ := strings.Cut(b.err.Error(), "\n")
	return fmt.Sprintf("%s: %s", b.mishap, why)
}

// after is what happens between an answer and what is done with it.
func (p *process) after(m befallen) {
	p.m.pass(m.By)
	switch m.Stop {
	case "interrupt after":
		p.interrupt()
	case "crash after":
		panic(crash{})
	}
}

// skewed is our clock where it differs from Runa's.
type skewed struct {
	*fakeClock
	by time.Duration
}

func (c skewed) Now() time.Time { return c.fakeClock.Now().Add(c.by) }
