package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestNothingLeaks lives a life full of secrets, and demands that nothing that the
// sandbox shows has any of them, the ledger apart.
func TestNothingLeaks(t *testing.T) {
	for _, mode := range []string{sandbox.ModePlayground, sandbox.ModeProduction} {
		t.Run(mode, func(t *testing.T) {
			l := liveSecretly(t, sandbox.Options{Mode: mode, Data: filepath.Join(t.TempDir(), "runa.db")})
			s := newSearch(t)
			s.add(l.secrets()...)
			onPages := s.and(both(mailAsKey, linkAsKey)...)

			journal := l.must(l.get("/_sandbox/requests"), 200)
			s.none("the journal", journal)
			for call, said := range l.told {
				s.none(call, said)
			}
			views := l.views()
			for address, body := range views {
				onPages.none(address, body)
			}
			l.searches(onPages)
			l.arrived()
			t.Logf("searched %d bytes in %d texts for %d canaries in %d spellings",
				s.bytes+onPages.bytes, s.texts+onPages.texts, onPages.canaries, len(onPages.spelt)+len(onPages.exact))
			l.control(s, journal, views)
		})
	}
}

// control demands that there was something to find: the ledger has the secrets of its
// orders, and the journal and the pages have all the calls and orders.
func (l *secretLife) control(s *search, journal string, views map[string]string) {
	l.t.Helper()
	there := strings.Join(s.in(l.must(l.get("/_sandbox/orders"), 200)), "\n")
	var links []string
	for _, e := range l.box.Ledger() {
		links = append(links, linksIn(string(e.Order))...)
	}
	if len(links) < 10 {
		l.t.Errorf("the ledger has %d links, want at least 10", len(links))
	}
	for _, secret := range append(both(emailed, paid, reference, described, tagged, claimed), links...) {
		if !strings.Contains(there, secret+", ") {
			l.t.Errorf("the search has not found %s in the ledger, want it found", secret)
		}
	}
	if entries := decode[[]sandbox.JournalEntry](l.t, journal); len(entries) < 450 || len(entries) != len(l.box.Journal()) {
		l.t.Errorf("the journal has %d calls, want all %d, and at least 450", len(entries), len(l.box.Journal()))
	}
	for _, says := range []string{`"idempotency_key":"` + mailAsKey + `"`, `"path":"/order/…"`, `"query":"limit=…"`, `"user_agent":"curl/8.5.0 … Terraform/1.12.6… …"`, `"mode":"…"`} {
		if !strings.Contains(journal, says) {
			l.t.Errorf("the journal has no %s, want it", says)
		}
	}
	var all strings.Builder
	for _, body := range views {
		all.WriteString(body)
	}
	for _, e := range l.box.Ledger() {
		if !strings.Contains(all.String(), e.ID) {
			l.t.Errorf("no page shows %s, want one", e.ID)
		}
	}
	if rows := strings.Count(all.String(), `data-label="Call"`); rows < 450 {
		l.t.Errorf("the pages show %d calls, want at least 450", rows)
	}
}

// arrived demands that receivers are told what Runa tells them, and nothing else: of an
// order its description, and no link, person, metadata, key or receiver's secret.
func (l *secretLife) arrived() {
	l.t.Helper()
	s := newSearch(l.t)
	s.add(both(emailed, paid, reference, tagged, claimed, notAnEmail, badRef, wrongKey, mailAsKey, linkAsKey, hookSecret, l.key, l.second)...)
	s.add(l.links...)
	var all strings.Builder
	for _, d := range l.hooks.all() {
		fmt.Fprintln(&all, d.header, d.body)
	}
	s.none("the deliveries", all.String())
	for _, says := range []string{inJSON(described)[:12], `"status":"FAILED"`, `"product_code":"ACME-US"`} {
		if !strings.Contains(all.String(), says) {
			l.t.Errorf("no delivery has %s, want one", says)
		}
	}
}

// reflected is where a page repeats what was searched for, to whom searches for it.
var reflected = regexp.MustCompile(`name="q" value="[^"]*"|&amp;q=[^"&]*`)

// searches demands that what is hidden of an order can be found by the whole word alone,
// and no link, key or body at all, and that what was searched for stands in the form and
// in links that go on with it alone.
func (l *secretLife) searches(s *search) {
	l.t.Helper()
	hidden := both(emailed, paid, reference, described, tagged, claimed, notAnEmail, badRef, wrongKey, l.key, l.second, mailAsKey, linkAsKey)
	for _, link := range []string{l.links[0], l.links[len(l.links)-1]} {
		hidden = append(hidden, link, link[strings.LastIndex(link, "/")+1:])
	}
	whole := []string{emailed, paid, reference, described, core.FindString(described), tagged}
	for _, show := range []string{"orders", "requests", "products", "events"} {
		for _, secret := range hidden {
			queries := []string{secret, secret[:len(secret)*2/3]}
			if !strings.Contains(secret, " ") {
				queries = append(queries, secret[len(secret)/3:])
			}
			for _, query := range queries {
				address := "/?show=" + show + "&q=" + url.QueryEscape(query)
				body := l.must(l.get(address), 200)
				findable := show == "orders" && slices.Contains(whole, query)
				if strings.Contains(body, "Nothing found") == findable {
					l.t.Errorf("%s: finds something: %t, want %t", address, !findable, findable)
				}
				s.none(address, reflected.ReplaceAllString(body, ""))
			}
		}
	}
	for address, says := range map[string]string{
		"/?show=orders&q=p2c-us": "P2C-US", "/?show=requests&q=fault+10": "fault: hang", "/?show=products&q=acme": "ACME-US",
		"/?show=orders&q=" + url.QueryEscape(`"><b>x`): `value="&#34;&gt;&lt;b&gt;x"`,
	} {
		body := l.must(l.get(address), 200)
		if !strings.Contains(body, says) {
			l.t.Errorf("%s does not find %s, want it found", address, says)
		}
		s.none(address, reflected.ReplaceAllString(body, ""))
	}
}

// TestPanicsLeakNothing demands that a defect of the sandbox tells where it is, in the
// log and in the answer, and not what was in the request.
func TestPanicsLeakNothing(t *testing.T) {
	defer log.SetOutput(log.Writer())
	var said lockedBuffer
	log.SetOutput(&said)
	var mu sync.Mutex
	var looks int // that many looks at the clock, and it panics
	var value any
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		if looks--; looks == 0 {
			panic(value)
		}
		return noon
	}
	r := start(t, sandbox.Options{Now: now})
	s := newSearch(t)
	s.add(both(panicked, paid)...)
	body := item("USD", "10", fmt.Sprintf(`{"type":"EMAIL","email_address":%q}`, paid), `{"type":"SINGLE","value":"ACME-US"}`)
	for i, v := range []any{panicked, errors.New(panicked), fmt.Errorf("%w: %w", errors.New(panicked), errors.ErrUnsupported), []string{panicked}} {
		for at, call := range map[int]func() result{
			1: func() result { return r.get("/v2/order/" + panicked + "?email=" + panicked) },
			2: func() result { return r.order(fmt.Sprint("gateway ", i), body) },
			4: func() result { return r.order(fmt.Sprint("order ", i), body, "User-Agent", panicked) },
		} {
			mu.Lock()
			looks, value = at, v
			mu.Unlock()
			got := call()
			if at == 1 {
				if got.err == nil {
					t.Errorf("%T: got the answer %d, want none", v, got.status)
				}
				continue
			}
			s.none("an answer", r.must(got, 500))
		}
		for _, path := range []string{"/?show=orders&q=" + panicked, "/_sandbox/clock?" + panicked} {
			mu.Lock()
			looks, value = 1, v
			mu.Unlock()
			if got := r.get(path); got.err == nil {
				t.Errorf("%s: got the answer %d, want none", path, got.status)
			}
		}
	}
	text := said.String()
	s.none("the log", text)
	for _, says := range []string{"panic at GET /order/…: string", "panic at POST /order: *errors.errorString", "panic at GET /: ", "panic at GET /…: []string", "goroutine "} {
		if !strings.Contains(text, says) {
			t.Errorf("the log has no %s, want it", says)
		}
	}
	t.Logf("searched %d bytes in %d texts", s.bytes, s.texts)
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(text)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestDataFilesLeakNothing demands that words in the wrong place of a data file are not
// quoted when it is refused, and that a file that breaks is not quoted either.
func TestDataFilesLeakNothing(t *testing.T) {
	defer log.SetOutput(log.Writer())
	var said lockedBuffer
	log.SetOutput(&said)
	l := liveSecretly(t, sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db")})
	s := newSearch(t)
	s.add(l.secrets()...)
	if err := sandbox.BreakData(l.box); err != nil {
		t.Fatal(err)
	}
	l.order("lost", l.bodies[0])
	for _, path := range []string{"/", "/?show=orders", "/_sandbox/orders", "/_sandbox/requests", "/v2/order/" + url.PathEscape(paid)} {
		s.none(path, l.must(l.get(path), 500))
	}
	s.none("the log", said.String())

	for place, word := range map[string]string{
		"meta format": `{"format":1,"mode":%q}`, "meta clock": `%q`, "meta account": `{"balances":{"USD":%q}}`, "meta account 2": `{"balances":{%q:"1"}}`, "meta account 3": `{"limits":%q}`,
		"orders 1": `{"id":%[1]q,"wire":{"total_price":%[1]q}}`, "orders 2": `{"created":%q}`, "orders 3": `{"wire":{"items":%q}}`, "orders 4": `{"wire":{"items":[{"payout":{"url":%q}}]}}`, "orders 5": `%[1]q:%[1]q`,
		"keys 1": `{"started":%q}`, "keys 2": `{"status":%q}`, "keys 3": `{"answer":%q}`, "patches 1": `{"code":"ACME-US","patch":{"state":%q}}`,
		"patches 2": `{"code":"ACME-US","patch":{"denominations":{"minimum_value":%q}}}`, "patches 3": `{"code":"ACME-US","patch":{"discount_multiplier":%q}}`,
	} {
		path := filepath.Join(t.TempDir(), "damaged.db")
		made, err := sandbox.Open(sandbox.Options{Data: path, Products: 1})
		if err != nil {
			t.Fatal(err)
		}
		made.Close()
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		where := strings.Fields(place)
		fill := func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(where[0])).Put([]byte(where[1]), fmt.Appendf(nil, word, claimed))
		}
		if err := errors.Join(db.Update(fill), db.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err = sandbox.Open(sandbox.Options{Data: path, Products: 1}); err == nil {
			t.Errorf("%s: got no error, want one", place)
			continue
		}
		s.none(place, err.Error())
	}
	t.Logf("searched %d bytes in %d texts", s.bytes, s.texts)
}

// TestKeysShown holds the page to showing no more of an API key than its environment,
// even where somebody uses one as an idempotency key.
func TestKeysShown(t *testing.T) {
	for key, shows := range map[string]string{
		"XXzqcrane10.x": `>XX…</span> <span class="soft">given`, "zqcrane10secret": `>…</span> <span class="soft">given`, sandbox.Key: `>XX…</span> <span class="soft">printed`,
	} {
		r := start(t, sandbox.Options{Products: 1, APIKeys: []string{key}})
		r.key = key
		r.must(r.order("for "+key, tenDollars), 202)
		for _, view := range []string{"/", "/?show=orders", "/?show=requests"} {
			body := r.must(r.get(view), 200)
			if strings.Contains(body, key[2:]) || view == "/" && !strings.Contains(body, shows) {
				t.Errorf("%s: %s shows %s, want %s and no key", key, view, body, shows)
			}
		}
	}
}
