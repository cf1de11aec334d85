package purchase

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// model is one reward, the working directories that declare it, and what is known
// of it by right: it keeps its own books and checks them against Runa's ledger.
type model struct {
	life
	runa   *flakyRuna
	dirs   [2]directory
	skew   time.Duration
	skewed bool // by more than a search makes up for

	// What the user has written: the reward's face value and its key.
	face, generation int

	bid    *bid              // of the purchase under way
	bids   []*bid            // all of them
	owners []*bid            // of the orders in the ledger
	kept   map[string]string // key → the false answer that Runa keeps under it
	bodies map[string]map[string]bool

	trace []string
	wrong error // the first violation
}

// directory is the state of one working directory.
type directory struct {
	standing string // "" (no state), unconfirmed, processing, placed, failed, rejected
	orderID  string
	intent   Intent
	bid      *bid
}

// bid is one intent and what truly became of its attempts.
type bid struct {
	key, body string
	openSince time.Time // when an attempt first went out whose fate is not known
	denied    bool      // it was called certain that nothing was bought
	lost      bool      // the process died and took the intent with it
}

func newModel(runa *flakyRuna, l life) *model {
	return &model{life: l, runa: runa, face: 25, kept: map[string]string{}, bodies: map[string]map[string]bool{}}
}

func (m *model) log(format string, args ...any) {
	m.trace = append(m.trace, fmt.Sprintf(format, args...))
}

func (m *model) violate(format string, args ...any) {
	if m.wrong == nil {
		m.wrong = fmt.Errorf(format, args...)
		m.log("VIOLATED: %v", m.wrong)
	}
}

// live lets one event happen and checks the books.
func (m *model) live(e event) {
	m.log("%s", e)
	switch e.Kind {
	case "apply":
		d := &m.dirs[0]
		if m.Twice {
			d = &m.dirs[e.Directory]
		}
		m.apply(d, e)
	case "jump":
		m.pass(e.By)
	case "skew":
		m.skew = e.By
		m.skewed = m.skewed || e.By.Abs() > clockSkew
	case "arrive":
		m.arrive()
	case "fail", "fail with a link":
		m.fail(e.Kind == "fail with a link")
	case "edit", "edit and new key":
		m.edit(e.Kind == "edit and new key")
	}
	m.checkLedger()
}

// end re-runs without faults until nothing is left to do, and checks what is known.
func (m *model) end() {
	m.arrive()
	m.skew = 0
	for range 3 {
		for i := range m.directories() {
			m.apply(&m.dirs[i], event{})
		}
		m.pass(2 * time.Minute)
		m.checkLedger()
	}
	for i := range m.directories() {
		m.checkEnd(&m.dirs[i])
	}
	m.checkTotal()
	m.checkBytes()
}

func (m *model) directories() []directory {
	if m.Twice {
		return m.dirs[:]
	}
	return m.dirs[:1]
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
	p := &process{m: m, run: ctx, account: "ours", calls: e.Calls, interrupt: interrupt}
	if e.OtherAccount && d.standing == "unconfirmed" {
		p.account = "another"
	}
	clock := skewed{m.runa.fakeClock, m.skew}
	b := New(p, Options{Clock: clock, Random: func() float64 { return 0.5 }, Grace: grace})

	if !m.refresh(ctx, d, p) {
		return
	}
	switch d.standing {
	case "unconfirmed":
		m.bid = d.bid
		m.record(d, b.Settle(ctx, d.intent, time.Minute, nil), false)
	case "processing":
		m.record(d, b.Await(ctx, d.orderID, time.Minute), false)
	case "rejected", "failed":
		*d = directory{}
		m.create(ctx, d, b)
	case "":
		m.create(ctx, d, b)
	}
}

// refresh is Read. A run whose refresh fails ends there.
func (m *model) refresh(ctx context.Context, d *directory, p *process) bool {
	if d.orderID == "" {
		return true
	}
	order, err := p.Order(ctx, d.orderID)
	if err != nil {
		return false
	}
	switch {
	case order.Status == client.StatusProcessing:
		d.standing = "processing"
	case order.Status == client.StatusFailed && !spendable(order):
		d.standing = "failed"
	default:
		d.standing = "placed"
	}
	return true
}

func (m *model) create(ctx context.Context, d *directory, b *Buyer) {
	key := NewKey()
	if m.Given {
		key = fmt.Sprint("given-", m.generation)
	}
	intent, err := NewIntent(key, m.Mode, reward(int64(m.face)), m.Tagged)
	if err != nil {
		panic(err)
	}
	m.bid = &bid{key: key, body: string(intent.Body), lost: true} // until its result is saved
	m.bids = append(m.bids, m.bid)
	if m.bodies[key] == nil {
		m.bodies[key] = map[string]bool{}
	}
	m.bodies[key][m.bid.body] = true
	d.bid = m.bid
	m.record(d, b.Buy(ctx, intent, time.Minute), true)
}

// record saves a result as Create and Update do.
func (m *model) record(d *directory, result Result, creating bool) {
	m.log("  %s %s: %v", result.Verdict, result.Order.ID, result.Err)
	b := d.bid
	b.lost = false
	switch result.Verdict {
	case NotBought:
		m.deny(b)
		d.standing = "rejected"
		if creating {
			*d = directory{} // an error without a state
		}
	case Unconfirmed:
		d.standing, d.intent = "unconfirmed", viaJSON(result.Intent)
	case Processing:
		d.standing, d.orderID = "processing", result.Order.ID
	case Failed:
		if alive(m.entry(result.Order.ID)) {
			m.violate("a failure is reported of an order that can be spent")
		}
		d.standing, d.orderID = "failed", result.Order.ID
	case Bought:
		d.standing, d.orderID = "placed", result.Order.ID
	}
	if id := result.Order.ID; id != "" && m.entry(id).IdempotencyKey != b.key {
		m.violate("order %s has another key than the one sent", id)
	}
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

// attempt holds an attempt to the rule before it is made.
func (m *model) attempt(b *bid, s client.Submission, p *process) {
	now := m.runa.Now()
	switch {
	case s.Key != b.key || string(s.Body) != b.body || s.Mode != m.Mode:
		m.violate("an attempt has another key, mode or body than its order")
	case !b.openSince.IsZero() && now.Sub(b.openSince) >= 29*day+21*time.Hour: // 29 days by clocks 20 hours apart
		m.violate("an attempt is repeated after %s", now.Sub(b.openSince))
	case p.run.Err() != nil:
		m.violate("an attempt is begun after an interrupt")
	case p.account != "ours":
		m.violate("an attempt is repeated in another account")
	}
}

// attempted books what an attempt came to.
func (m *model) attempted(b *bid, did befallen, err error) {
	placed := m.own(b)
	switch did.What {
	case "refused", "500 kept":
		var api *client.APIError
		if errors.As(err, &api) && (api.Type == "insufficient_funds" || api.Type == "internal_server_error") {
			m.kept[b.key] = did.What
		}
	case "500 kept when done":
		if placed {
			m.kept[b.key] = did.What
		}
	case "slow", "queued":
		m.runa.late = append(m.runa.late, b)
	}
	certain := did.What == "unsent" || did.What == "401" || did.What == "403" || did.What == "404" || did.What == "410" || did.What == "429"
	if err != nil && !certain && b.openSince.IsZero() {
		b.openSince = m.runa.Now()
	}
}

// own notes whose the orders are that are new in the ledger, if any.
func (m *model) own(b *bid) (placed bool) {
	for _, entry := range m.runa.box.Ledger()[len(m.owners):] {
		m.ownOne(b, entry)
		placed = true
	}
	return placed
}

func (m *model) ownOne(b *bid, entry sandbox.LedgerEntry) {
	if entry.IdempotencyKey != b.key || entry.Body != b.body {
		m.violate("an order has another key or body than the attempt it came of")
	}
	if b.denied {
		m.violate("order %s was placed although nothing was bought, it was said", entry.ID)
	}
	m.owners = append(m.owners, b)
}

// deny books that it was called certain that a bid bought nothing.
func (m *model) deny(b *bid) {
	b.denied = true
	for i, o := range m.owners {
		if o == b {
			m.violate("nothing was bought, it is said, but order %s was", m.runa.box.Ledger()[i].ID)
		}
	}
}

// arrive lets the late calls arrive, one key after the other.
func (m *model) arrive() {
	late := m.runa.late
	m.runa.late = nil
	m.runa.arrive()
	for _, entry := range m.runa.box.Ledger()[len(m.owners):] {
		of := slices.IndexFunc(late, func(b *bid) bool { return b.key == entry.IdempotencyKey && b.body == entry.Body })
		if of < 0 {
			m.violate("order %s came of nothing", entry.ID)
			return
		}
		m.ownOne(late[of], entry)
	}
}

// pass lets time go by. No call stays on its way for hours.
func (m *model) pass(d time.Duration) {
	if d >= time.Hour {
		m.arrive()
	}
	m.runa.advance(d)
}

// fail has the newest order fail at Runa, once and for all.
func (m *model) fail(withLink bool) {
	ledger := m.runa.box.Ledger()
	if len(ledger) == 0 || ledger[len(ledger)-1].Status == "FAILED" {
		return
	}
	patch := sandbox.OrderPatch{Status: "FAILED"}
	if withLink {
		patch.Items = []sandbox.ItemPatch{{}}
	}
	if err := m.runa.box.PatchOrder(ledger[len(ledger)-1].ID, patch); err != nil {
		panic(err)
	}
}

// edit changes the reward where that is possible: the plan refuses it for what was,
// or may have been, placed. A user gives a new key only when told that nothing was
// bought, and never when a run has died.
func (m *model) edit(newKey bool) {
	d := &m.dirs[0]
	if m.Twice || d.standing != "" && d.standing != "rejected" && d.standing != "failed" {
		return
	}
	m.face++
	for _, b := range m.bids {
		newKey = newKey && !b.lost
	}
	if newKey {
		m.generation++
	}
}

func (m *model) entry(id string) sandbox.LedgerEntry {
	for _, entry := range m.runa.box.Ledger() {
		if entry.ID == id {
			return entry
		}
	}
	return sandbox.LedgerEntry{}
}

// alive reports, from the ledger, whether an order is worth anything to anybody.
func alive(entry sandbox.LedgerEntry) bool {
	var order struct {
		Items []struct {
			Payout struct {
				Status string `json:"status"`
			} `json:"payout"`
		} `json:"items"`
	}
	if entry.Status != "FAILED" {
		return entry.ID != ""
	}
	if err := json.Unmarshal(entry.Order, &order); err != nil {
		panic(err)
	}
	for _, item := range order.Items {
		if item.Payout.Status == "ACTIVE" || item.Payout.Status == "CLAIMED" {
			return true
		}
	}
	return false
}

// checkLedger holds the ledger to one order a key. Only one thing can make a second:
// another purchase under a given key, which knows nothing of the first, when Runa
// does not either.
func (m *model) checkLedger() {
	last := map[string]int{}
	for i, entry := range m.runa.box.Ledger() {
		if j, again := last[entry.IdempotencyKey]; again {
			before := m.runa.box.Ledger()[j]
			forgotten := m.Given && m.owners[i] != m.owners[j] && entry.CreatedAt.Sub(before.CreatedAt) >= 30*day
			if !forgotten {
				m.violate("orders %s and %s have one key", before.ID, entry.ID)
			}
		}
		last[entry.IdempotencyKey] = i
	}
}

// checkEnd says in what states a directory may come to rest.
func (m *model) checkEnd(d *directory) {
	key := fmt.Sprint("given-", m.generation)
	switch d.standing {
	case "placed":
		// Under a given key, Runa repeats the answer of a sync order as it was then.
		if !alive(m.entry(d.orderID)) && (!m.Given || m.Mode != client.ModeSync) {
			m.violate("order %s is kept and worth nothing", d.orderID)
		}
	case "unconfirmed":
		key = d.bid.key
		closed := d.intent.ClockMoved || m.runa.Now().Sub(d.intent.FirstAttempt) >= 29*day
		ordered := false
		for i, entry := range m.runa.box.Ledger() {
			found := m.owners[i] == d.bid || closed && entry.CreatedAt.After(d.intent.FirstAttempt.Add(-29*day))
			ordered = ordered || entry.IdempotencyKey == key && alive(entry) && found
		}
		switch {
		case ordered && m.Tagged && !m.skewed && !d.intent.ClockMoved:
			m.violate("an order carries its key and is not found")
		case !closed && m.kept[key] == "":
			m.violate("an order stays unconfirmed")
		}
	case "":
		// A given key can be used up: by a refusal or a failure that Runa repeats.
		if !m.Given || m.kept[key] == "" && len(m.bodies[key]) < 2 {
			m.violate("nothing is bought, and nothing says why")
		}
	case "failed":
		if !m.Given {
			m.violate("order %s failed and is not bought anew", d.orderID)
		}
	default:
		m.violate("it comes to rest %s", d.standing)
	}
}

// checkTotal counts what was paid for. Beyond the one reward there may only be what
// a process that died, or a month, has made everybody forget.
func (m *model) checkTotal() {
	known := map[string]bool{m.dirs[0].orderID: true, m.dirs[1].orderID: true}
	alivePerKey := map[string]int{}
	for i, entry := range m.runa.box.Ledger() {
		if !alive(entry) {
			continue
		}
		alivePerKey[entry.IdempotencyKey]++
		o := m.owners[i]
		unconfirmed := m.dirs[0].bid == o && m.dirs[0].standing == "unconfirmed"
		if !known[entry.ID] && !o.lost && !unconfirmed && !m.Given {
			m.violate("order %s is bought and nobody knows it", entry.ID)
		}
	}
	if m.Given && len(alivePerKey) > 1 {
		m.violate("one reward is bought under %d keys", len(alivePerKey))
	}
}

// checkBytes holds every request that arrived to the bytes of its key.
func (m *model) checkBytes() {
	for _, entry := range m.runa.box.Journal() {
		if entry.Method != "POST" {
			continue
		}
		ok := false
		for body := range m.bodies[entry.IdempotencyKey] {
			sum := sha256.Sum256([]byte(body))
			ok = ok || entry.BodySHA256 == hex.EncodeToString(sum[:])
		}
		if !ok {
			m.violate("a request has other bytes than its key stands for")
		}
	}
}
