package purchase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// directory is one working directory: what its user wrote, and its state.
type directory struct {
	face  int64
	state *state // nil: none
	// conflicted: Runa was found to have a key with other contents. Nobody knows what
	// became of those, so the reward may stay as it is.
	conflicted bool
}

// String is all that a run can change in the directory.
func (d *directory) String() string {
	if d.state == nil {
		return ""
	}
	return fmt.Sprintf("%+v", *d.state)
}

// state is what the provider records of a reward, and whether core has tainted it.
type state struct {
	reward  string
	attempt int
	status  string
	orderID string
	links   []client.PayoutLink
	seen    bool // whether the order's items were
	intent  Intent
	tainted bool
	bid     *bid
}

func (s *state) standing() Standing { return StandingOf(s.status, s.links, s.seen) }

func (s *state) position() Position {
	return Position{Key: s.reward, Attempt: s.attempt, Closed: s.standing() == Closed}
}

// show takes over what Runa says of the order. Links that were seen once stay where
// it shows none any more: they may still be spent.
func (s *state) show(order client.Order) {
	s.orderID, s.status = order.ID, string(order.Status)
	if order.Status == client.StatusProcessing || order.Incomplete != nil || len(order.Items) == 0 && len(s.links) > 0 {
		return
	}
	s.links, s.seen = nil, true
	for _, item := range order.Items {
		if item.PayoutLink != nil {
			s.links = append(s.links, *item.PayoutLink)
		}
	}
}

// apply is one run of the command: refresh, plan, and what the plan calls for, as
// internal/provider does it. What is in the directory when it dies is its state.
func (m *model) apply(d *directory, e event) {
	defer func() {
		m.bid = nil
		switch died := recover().(type) {
		case nil, crash:
		default:
			panic(died)
		}
	}()
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	if e.Interrupted {
		interrupt()
	}
	p := &process{m: m, run: ctx, account: "ours", calls: e.Calls, atPost: e.AtPost, interrupt: interrupt}
	before := d.String()
	defer func() { m.idle = !p.posted && d.String() == before || e.AtPost && len(p.calls) > 0 }()
	if e.OtherAccount && d.state != nil && d.state.standing() == Open {
		p.account = "another"
	}
	clock := skewed{m.runa.fakeClock, m.skew}
	b := New(p, Options{Clock: clock, Random: func() float64 { return 0.5 }, Grace: grace})

	if !m.refresh(ctx, d, p) {
		return
	}
	s := d.state
	switch {
	case s == nil:
		m.create(ctx, d, b, Position{})
	case s.tainted && s.standing() == Open: // Delete refuses
	case s.tainted:
		m.replace(ctx, d, b, e.Torn)
	case s.standing() == Open:
		m.bid = s.bid
		m.settled(d, b.Settle(ctx, s.intent, time.Minute, nil))
	case s.standing() == Unfinished:
		m.bid = s.bid
		m.settled(d, b.Await(ctx, s.orderID, time.Minute))
	case s.standing() == Closed:
		result, bid := m.buy(ctx, d, b, s.position())
		if result.Verdict == NotBought {
			return // an update's error keeps the state
		}
		d.state = m.stateOf(bid, result)
	}
}

// refresh is Read. A run whose refresh fails ends there.
func (m *model) refresh(ctx context.Context, d *directory, p *process) bool {
	if d.state == nil || d.state.orderID == "" {
		return true
	}
	order, err := p.Order(ctx, d.state.orderID)
	if err != nil {
		return false
	}
	d.state.show(order)
	return true
}

// replace is Delete and then Create in one process, unless that is killed between
// the two.
func (m *model) replace(ctx context.Context, d *directory, b *Buyer, torn bool) {
	note := d.state.position()
	if torn {
		m.torn = true
		m.lose(d) // the state has forgotten the order, and nobody was told of it
		panic(crash{})
	}
	before := d.state.bid
	d.state = nil
	m.create(ctx, d, b, note)
	if d.state == nil { // it bought nothing, and says that the order before it stays bought
		before.lost = !before.denied
	}
}

// create is Create. Core taints what it leaves together with an error.
func (m *model) create(ctx context.Context, d *directory, b *Buyer, note Position) {
	result, bid := m.buy(ctx, d, b, note)
	if result.Verdict == NotBought || result.Verdict == Refused && !m.Given {
		return
	}
	d.state = m.stateOf(bid, result)
	d.state.tainted = result.Verdict.Closed()
}

// buy sends the next attempt, with what the user has written.
func (m *model) buy(ctx context.Context, d *directory, b *Buyer, known Position) (Result, *bid) {
	key := NewKey()
	if m.Given {
		key = fmt.Sprint("given-", m.generation)
	}
	attempt := known.Next(key)
	intent, err := NewIntent(key, attempt, m.Mode, reward(d.face), m.Tagged)
	if err != nil {
		panic(err)
	}
	m.bid = m.begin(key, attempt, intent)
	result := b.Buy(ctx, intent, time.Minute, nil)
	m.book(m.bid, result)
	if conflict := (*ConflictError)(nil); errors.As(result.Err, &conflict) {
		d.conflicted = true
	}
	return result, m.bid
}

// settled saves what Settle or Await came to. It taints nothing.
func (m *model) settled(d *directory, result Result) {
	bid := d.state.bid
	m.book(bid, result)
	if result.Verdict == NotBought {
		m.violate("settling calls an order not bought that may be")
	}
	before := d.state
	d.state = m.stateOf(bid, result)
	if d.state.intent.Key == "" {
		d.state.intent = before.intent // Await knows none
	}
}

// stateOf is what Create and Update record.
func (m *model) stateOf(b *bid, result Result) *state {
	b.lost = false
	s := &state{reward: b.reward, attempt: b.attempt, intent: viaJSON(result.Intent), bid: b}
	switch result.Verdict {
	case Refused, NotBought:
		s.status = StatusRejected
	case Unconfirmed:
		s.status = StatusUnconfirmed
	default:
		s.show(result.Order)
	}
	return s
}

// viaJSON is an intent as the state gives it back.
func viaJSON(i Intent) (back Intent) {
	data, err := json.Marshal(i)
	if err == nil {
		err = json.Unmarshal(data, &back)
	}
	if err != nil {
		panic(err)
	}
	return back
}
