package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// watched is a body that tells whether anybody has looked at it.
type watched struct {
	io.Reader
	looked bool
}

func (w *watched) Read(p []byte) (int, error) {
	w.looked = true
	return w.Reader.Read(p)
}

// TestKeyBeforeBody demands that nobody reads what comes without a right key, unless a
// fault holds the call.
func TestKeyBeforeBody(t *testing.T) {
	box := sandbox.New(sandbox.Options{Products: 1})
	defer box.Close()
	post := func(key string) (*watched, int) {
		body := &watched{Reader: strings.NewReader(tenDollars)}
		request := httptest.NewRequest("POST", "http://localhost/v2/order", body)
		request.Header.Set("X-Api-Key", key)
		request.Header.Set("X-Idempotency-Key", "k")
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		box.ServeHTTP(answer, request)
		return body, answer.Code
	}
	for key, status := range map[string]int{"": 401, "XXother": 403} {
		if body, got := post(key); body.looked || got != status {
			t.Errorf("key %q: got %d, body read: %t; want %d, body not read", key, got, body.looked, status)
		}
	}
	for _, e := range box.Journal() {
		if e.BodySHA256 != "" {
			t.Errorf("journal entry = %+v, want no hash of a body", e)
		}
	}
	if body, got := post(sandbox.Key); !body.looked || got != 202 {
		t.Errorf("got %d, body read: %t; want 202, body read", got, body.looked)
	}
}

// TestFaultOfRefusedCall demands that a false answer to a call without a right key is
// not stored: its body is not known.
func TestFaultOfRefusedCall(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.fault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500, Store: true, Times: 1})
	r.must(r.order("k", tenDollars, "X-Api-Key", "XXother"), 500)
	r.must(r.order("k", tenDollars), 202)
}

// TestHungCallerLeaves demands that a call without a right key that hangs ends with its
// caller, though nobody wants its body.
func TestHungCallerLeaves(t *testing.T) {
	done := make(chan struct{})
	box := sandbox.New(sandbox.Options{Products: 1})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		defer close(done)
		box.ServeHTTP(w, request)
	}))
	defer server.Close()
	defer box.Close()
	if err := box.AddFault(sandbox.Fault{Action: sandbox.ActionHang}); err != nil {
		t.Fatal(err)
	}
	conn := send(t, server.URL, "XXother", len(tenDollars), tenDollars)
	eventually(t, "the call hangs", func() bool { return len(box.Journal()) == 1 })
	_ = conn.Close()
	<-done
}

// send sends the head of an order and the beginning of its body.
func send(t *testing.T, root, key string, length int, body string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(root, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /v2/order HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: %s\r\nX-Idempotency-Key: k\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", key, length, body)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestSlowBodies demands that a body that does not come is not waited for: not forever,
// and whatever the request is.
func TestSlowBodies(t *testing.T) {
	r := start(t, sandbox.Options{BodyTime: 10 * time.Millisecond})
	slow := map[string]net.Conn{
		"order":     send(t, r.url, sandbox.Key, 1000, tenDollars),
		"wrong key": send(t, r.url, "XXother", 1000, tenDollars),
		"no key":    send(t, r.url, "", 1000, tenDollars),
	}
	for name, head := range map[string]string{
		"admin": "POST /_sandbox/clock HTTP/1.1\r\nHost: localhost", "form": "POST /_sandbox/press HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded",
		"page": "GET / HTTP/1.1\r\nHost: localhost", "foreign": "GET / HTTP/1.1\r\nHost: evil.example",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := conn.Write([]byte(head + "\r\nContent-Length: 1000\r\n\r\n{")); err != nil {
			t.Fatal(err)
		}
		slow[name] = conn
	}
	for name, conn := range slow {
		text, _ := io.ReadAll(conn) // the test ends when the connection does
		if name == "order" && len(text) > 0 {
			t.Errorf("%s: got the answer %s, want none", name, text)
		}
	}
	r.orders(0)
}

// limited is an answer whose connection has deadlines.
type limited struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (l *limited) SetReadDeadline(at time.Time) error {
	l.set = append(l.set, at)
	return nil
}

// TestBodyTimeEndsWithBody demands that a body's time is up when the body is there, so
// that a call may be held for as long as a fault likes, and not before.
func TestBodyTimeEndsWithBody(t *testing.T) {
	box := sandbox.New(sandbox.Options{Products: 1})
	defer box.Close()
	for name, c := range map[string]struct {
		key, body string
		limits    int
		ended     bool
	}{
		"order": {sandbox.Key, tenDollars, 2, true}, "nothing": {sandbox.Key, "", 1, true},
		"refused": {"XXother", tenDollars, 1, false}, "too long": {sandbox.Key, strings.Repeat(" ", 10<<20+1), 1, false},
	} {
		request := httptest.NewRequest("POST", "http://localhost/v2/order", strings.NewReader(c.body))
		request.Header.Set("X-Api-Key", c.key)
		answer := &limited{ResponseRecorder: httptest.NewRecorder()}
		box.ServeHTTP(answer, request)
		if len(answer.set) != c.limits || answer.set[len(answer.set)-1].IsZero() != c.ended {
			t.Errorf("%s: got deadlines %v, want %d, ended: %t", name, answer.set, c.limits, c.ended)
		}
	}
}

// TestStoredRefusalsAreShort demands that the data file does not grow with what is
// refused, that a repeat is still told from another body, and that a file of the format
// before, which has the bodies, is read.
func TestStoredRefusalsAreShort(t *testing.T) {
	options := sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db")}
	r := start(t, options)
	refused := make([]string, 5)
	for i := range refused {
		refused[i] = strings.Replace(tenDollars, "{", `{"description":"`+strings.Repeat(fmt.Sprint(i), 1<<20)+`",`, 1)
		r.must(r.order(fmt.Sprint(i), refused[i]), 422)
	}
	info, err := os.Stat(options.Data)
	if err != nil || info.Size() > 1<<20 {
		t.Errorf("the data file has %d bytes (error %v), want at most 1 MiB", info.Size(), err)
	}
	check := func() {
		t.Helper()
		r = r.reopened(options)
		for i, body := range refused {
			r.must(r.order(fmt.Sprint(i), body), 422)
			if got := r.order(fmt.Sprint(i), body+" "); errorOf(got.body) != "idempotency_validation_error" {
				t.Errorf("got %d %s, want idempotency_validation_error", got.status, got.body)
			}
		}
	}
	check()

	// As the format before has it: {"body": all of it} without a digest.
	r.box.Close()
	db, err := bbolt.Open(options.Data, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		format := tx.Bucket([]byte("meta"))
		if err := format.Put([]byte("format"), bytes.Replace(format.Get([]byte("format")), []byte(`"format":2`), []byte(`"format":1`), 1)); err != nil {
			return err
		}
		keys := tx.Bucket([]byte("keys"))
		return keys.ForEach(func(name, value []byte) error {
			record := decode[map[string]any](t, string(value))
			delete(record, "digest")
			key := decode[struct{ Key []byte }](t, string(value)).Key
			record["body"] = []byte(refused[key[0]-'0'])
			return keys.Put(name, mustMarshal(t, record))
		})
	})
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	check()
}

// TestFindingsAreBounded demands that a request can be wrong in more places than are
// told.
func TestFindingsAreBounded(t *testing.T) {
	r := start(t, sandbox.Options{RatePerMinute: -1})
	choice := `{"type":"MULTIPLE","values":[` + strings.TrimSuffix(strings.Repeat("1,", 500), ",") + `]}`
	for name, c := range map[string]struct {
		body  string
		least int
		most  int
	}{
		"items":    {items(strings.TrimSuffix(strings.Repeat("{},", 100_000), ",")), 1, 1},
		"choices":  {items(strings.TrimSuffix(strings.Repeat(part(`{"type":"PAYOUT_LINK"}`, choice)+",", 200), ",")), 1000, 1000},
		"metadata": {strings.Replace(tenDollars, "{", `{"metadata":{`+many(50_000, `"%d":1`)+`},`, 1), 1, 1},
	} {
		if got := len(details(t, r.order(name, c.body))); got < c.least || got > c.most {
			t.Errorf("%s: got %d details, want %d to %d", name, got, c.least, c.most)
		}
	}
}

// TestJournalIsBounded demands the newest calls alone, and that the journal and the page
// say how many are gone.
func TestJournalIsBounded(t *testing.T) {
	r := start(t, sandbox.Options{Journal: 3})
	for range 4 {
		r.must(r.get("/v2/balance"), 200)
	}
	r.must(r.get("/v2/ping"), 200)
	journal := decode[[]struct {
		Number int
		Path   string
	}](t, r.must(r.get("/_sandbox/requests"), 200))
	if len(journal) != 3 || journal[0].Number != 3 || journal[2].Number != 5 || journal[2].Path != "/ping" {
		t.Errorf("journal = %+v, want entries 3 to 5, the last of /ping", journal)
	}
	if page := r.must(r.get("/?show=requests"), 200); !strings.Contains(page, "without the first 2") || strings.Count(page, `data-label="Call"`) != 3 {
		t.Errorf("got %s, want three calls, without the first 2", page)
	}
	r.must(r.call("POST", "/_sandbox/reset", ""), 204)
	if page := r.must(r.get("/?show=requests"), 200); strings.Contains(page, "without the first") {
		t.Errorf("got %s, want no calls left out", page)
	}
	r.must(r.get("/v2/ping"), 200)
	if e := r.box.Journal()[0]; e.Number != 1 {
		t.Errorf("journal entry = %+v, want number 1 after a reset", e)
	}
}

// TestAdminBodiesAreBounded demands that what needs no key takes no long bodies.
func TestAdminBodiesAreBounded(t *testing.T) {
	r := start(t, sandbox.Options{})
	long := `{"action":"status","status":500,"body":"` + strings.Repeat("x", 1<<20) + `"}`
	if got := r.must(r.call("POST", "/_sandbox/faults", long), 400); !strings.Contains(got, "too large") {
		t.Errorf("got %s, want that the body is too large", got)
	}
}
