package purchase

import (
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

	generation int // of the key that the user gives

	bid     *bid                 // of the purchase in progress
	bids    []*bid               // all of them
	owners  []*bid               // of the orders in the ledger
	broken  map[string]bool      // keys under which Runa keeps an answer of 5xx
	refused map[string]bool      // keys under which it keeps a refusal
	first   map[string]time.Time // when a reward's key was first sent

	torn  bool // a process was killed between Delete and Create
	idle  bool // the last event changed nothing
	trace []string
	wrong error // the first violation
}

// bid is one intent and what truly became of it.
type bid struct {
	reward    string
	attempt   int
	key, body string
	openSince time.Time // when it first went out and its fate is not known
	denied    bool      // it was called certain that nothing was bought
	lost      bool      // the process died and took the intent with it, or the state is lost
}

func newModel(runa *flakyRuna, l life) *model {
	m := &model{life: l, runa: runa, broken: map[string]bool{}, refused: map[string]bool{}, first: map[string]time.Time{}}
	m.dirs[0].face, m.dirs[1].face = faces[0], faces[0]
	return m
}

// faces are the values that the user changes between.
var faces = [2]int64{25, 26}

func (m *model) log(format string, args ...any) {
	m.trace = append(m.trace, fmt.Sprintf(format, args...))
}

func (m *model) violate(format string, args ...any) {
	if m.wrong == nil {
		m.wrong = fmt.Errorf(format, args...)
		m.log("VIOLATED: %v", m.wrong)
	}
}

// liveAll lives a whole life. In one that is told to, a last event that changed nothing
// is the end, and reported: the life without it says as much.
func (m *model) liveAll(skipIdle bool) (idle bool) {
	defer m.runa.stopFailing()
	for _, event := range m.Events {
		m.live(event)
		if m.wrong != nil {
			return false
		}
	}
	if m.idle && skipIdle {
		return true
	}
	m.end()
	return false
}

// live lets one event happen and checks the books.
func (m *model) live(e event) {
	m.log("%s", e)
	m.idle, m.torn = false, false
	d := &m.dirs[0]
	if m.Twice {
		d = &m.dirs[e.Directory]
	}
	switch e.Kind {
	case "apply":
		m.apply(d, e)
		m.idle = m.idle || e.Torn && !m.torn
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
		m.edit(d, e.Kind == "edit and new key")
	case "lose state":
		m.lose(d)
	case "taint", "untaint":
		m.taint(d, e.Kind == "taint")
	case "run dry", "top up":
		m.idle = !m.runa.setDry(e.Kind == "run dry")
	}
	m.checkLedger()
}

// end takes all faults away and applies for as long as the rule allows. Then nothing
// may be left to do, and what is known must be true.
func (m *model) end() {
	m.arrive()
	m.skew = 0
	m.runa.setDry(false)
	for i := range m.directories() {
		d := &m.dirs[i]
		applies, most := 0, m.attempts()+2
		d.conflicted = false // only what is so at the end is an excuse
		if d.state != nil && d.state.standing() == Open {
			d.state.tainted = false // as the message says
		}
		for ; applies < most && !m.atRest(d) && (applies < 2 || !m.stuck(d)); applies++ {
			m.apply(d, event{})
			m.pass(2 * time.Minute)
			m.checkLedger()
		}
		m.checkEnd(d, applies)
	}
	m.checkTotal()
	m.checkBytes()
}

// stuck reports whether Runa keeps a crash under the key of what must be settled.
func (m *model) stuck(d *directory) bool {
	return d.state != nil && d.state.standing() == Open && m.broken[d.state.bid.key]
}

// attempts is how often one key was tried at most.
func (m *model) attempts() (most int) {
	for _, b := range m.bids {
		most = max(most, b.attempt)
	}
	return most
}

// atRest reports whether the next plan would say "no changes".
func (m *model) atRest(d *directory) bool {
	s := d.state
	return s != nil && !s.tainted && s.standing() == Placed && (alive(m.entry(s.orderID)) || s.status == string(client.StatusFailed))
}

func (m *model) directories() []directory {
	if m.Twice {
		return m.dirs[:]
	}
	return m.dirs[:1]
}

// begin starts the record of an attempt. It is lost until its result is saved.
func (m *model) begin(reward string, attempt int, intent Intent) *bid {
	b := &bid{reward: reward, attempt: attempt, key: intent.Key, body: string(intent.Body), lost: true}
	m.bids = append(m.bids, b)
	return b
}

// book compares a verdict with what is true.
func (m *model) book(b *bid, result Result) {
	m.log("  attempt %d: %s %s: %v", b.attempt, result.Verdict, result.Order.ID, result.Err)
	switch result.Verdict {
	case NotBought, Refused:
		m.deny(b)
		b.lost = false
	case Failed:
		if alive(m.entry(result.Order.ID)) {
			m.violate("a failure is reported of an order that can be spent")
		}
	}
	if result.Earlier && m.ownerOf(result.Order.ID) == b {
		m.violate("order %s is said to be older than the request that placed it", result.Order.ID)
	}
	if result.Verdict == Refused && !m.refused[b.key] {
		m.violate("a refusal is reported that Runa never gave")
	}
	if result.Verdict == Bought && result.Intent.Key != "" && m.entry(result.Order.ID).Body != b.body {
		m.violate("order %s is taken over with other contents", result.Order.ID)
	}
	if id := result.Order.ID; id != "" && m.entry(id).IdempotencyKey != b.key {
		m.violate("order %s has another key than the one sent", id)
	}
}

// attempt checks an attempt against the rule before it is made.
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
	case b.attempt > 1 && m.remembers(b.reward, now) && !m.closed(AttemptKey(b.reward, b.attempt-1)):
		m.violate("attempt %d is sent and the one before it is not closed", b.attempt)
	}
}

// remembers reports whether Runa still knows of a reward's first attempt.
func (m *model) remembers(reward string, now time.Time) bool {
	first, sent := m.first[reward]
	return sent && now.Sub(first) < rememberedFor
}

// closed is whether a key truly never buys anything any more: Runa was heard to refuse
// it, or all that it bought has failed.
func (m *model) closed(key string) bool {
	return m.died(key) && !slices.ContainsFunc(m.runa.box.Ledger(), func(entry sandbox.LedgerEntry) bool {
		return entry.IdempotencyKey == key && alive(entry)
	})
}

// died is whether one purchase under a key came to nothing. Another can have bought,
// after Runa forgot the key.
func (m *model) died(key string) bool {
	return m.refused[key] || slices.ContainsFunc(m.runa.box.Ledger(), func(entry sandbox.LedgerEntry) bool {
		return entry.IdempotencyKey == key && !alive(entry)
	})
}

// attempted books what an attempt came to.
func (m *model) attempted(b *bid, did befallen, err error) {
	m.own(b)
	if _, sent := m.first[b.reward]; !sent && did.What != "unsent" {
		m.first[b.reward] = m.runa.Now()
	}
	var api *client.APIError
	if errors.As(err, &api) {
		m.refused[b.key] = m.refused[b.key] || api.Type == "insufficient_funds"
		m.broken[b.key] = m.broken[b.key] || did.What == "" && api.Status >= 500
	}
	if did.What == "slow" || did.What == "queued" {
		m.runa.late = append(m.runa.late, b)
	}
	certain := did.What == "unsent" || did.What == "401" || did.What == "403" || did.What == "404" || did.What == "410" || did.What == "429"
	if err != nil && !certain && b.openSince.IsZero() {
		b.openSince = m.runa.Now()
	}
}

// ownerOf is whose request placed an order, nil where none did.
func (m *model) ownerOf(id string) *bid {
	for i, entry := range m.runa.box.Ledger() {
		if entry.ID == id {
			return m.owners[i]
		}
	}
	return nil
}

// own notes whose the orders are that are new in the ledger, if any.
func (m *model) own(b *bid) {
	for _, entry := range m.runa.box.Ledger()[len(m.owners):] {
		m.ownOne(b, entry)
	}
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
		m.idle = true
		return
	}
	// Half of them have the full body, which has dead links unless it says otherwise.
	patch := sandbox.OrderPatch{Status: "FAILED", Full: len(ledger)%2 == 0}
	if withLink {
		patch.Items = []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "ACTIVE"}}}
	}
	if err := m.runa.box.PatchOrder(ledger[len(ledger)-1].ID, patch); err != nil {
		panic(err)
	}
}

// edit changes the reward where that is possible: the plan refuses it for what was,
// or may have been, placed. A user gives a new key only when told that nothing was
// bought, and never when a run has died.
func (m *model) edit(d *directory, newKey bool) {
	if d.state != nil && d.state.standing() != Closed {
		m.idle = true
		return
	}
	d.face = faces[0] + faces[1] - d.face
	for _, b := range m.bids {
		newKey = newKey && !m.Twice && !b.lost
	}
	if newKey {
		m.generation++
	}
}

// lose has the state file deleted.
func (m *model) lose(d *directory) {
	m.idle = d.state == nil
	if d.state != nil {
		d.state.bid.lost = !d.state.bid.denied
		d.state = nil
	}
}

// taint is the user's command, or its opposite. Without a key it means a purchase.
func (m *model) taint(d *directory, tainted bool) {
	m.idle = d.state == nil || d.state.tainted == tainted || tainted && !m.Given
	if !m.idle {
		d.state.tainted = tainted
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
