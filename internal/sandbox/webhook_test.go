package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// receiver is somebody's program that is told of events.
type receiver struct {
	t      *testing.T
	url    string
	mu     sync.Mutex
	got    []delivered
	answer func(n int) int // the status for the nth delivery, from 1
}

// delivered is one delivery as it arrived.
type delivered struct {
	header http.Header
	body   string
}

// receive starts a receiver. Without an answer it takes everything.
func receive(t *testing.T, answer func(n int) int) *receiver {
	t.Helper()
	r := &receiver{t: t, answer: answer}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil || request.Method != http.MethodPost {
		return // given up on the way
	}
	r.mu.Lock()
	r.got = append(r.got, delivered{request.Header, string(body)})
	n := len(r.got)
	r.mu.Unlock()
	if r.answer != nil {
		w.WriteHeader(r.answer(n))
	}
}

// deliveries waits until there are so many.
func (r *receiver) deliveries(n int) []delivered {
	r.t.Helper()
	eventually(r.t, fmt.Sprint(n, " deliveries arrive"), func() bool { return len(r.all()) >= n })
	if all := r.all(); len(all) != n {
		r.t.Fatalf("%d deliveries, want %d", len(all), n)
	}
	return r.all()
}

func (r *receiver) all() []delivered {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// verify demands a signature that the library takes, under the names that it knows:
// Svix's headers are the standard's with another first word (8).
func (d delivered) verify(secret string) error {
	webhook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	header := http.Header{}
	for _, name := range []string{"id", "timestamp", "signature"} {
		header.Set("webhook-"+name, d.header.Get("svix-"+name))
	}
	return webhook.Verify([]byte(d.body), header)
}

// attempts demands what the journal has of events: event, attempt and status of each.
func (r *rig) attempts(want ...string) {
	r.t.Helper()
	told := func() (all []string) {
		for _, e := range r.box.Journal() {
			if e.Webhook != "" {
				all = append(all, fmt.Sprint(e.Webhook, " ", e.Attempt, ": ", e.Status))
			}
		}
		return all
	}
	eventually(r.t, fmt.Sprint("the journal has ", want), func() bool { return reflect.DeepEqual(told(), want) })
}

// state demands what has become of the only event.
func (r *rig) state(want string) sandbox.Delivery {
	r.t.Helper()
	var all []sandbox.Delivery
	eventually(r.t, "the event is "+want, func() bool {
		all, _ = r.box.Deliveries()
		return len(all) == 1 && all[0].State == want
	})
	return all[0]
}

// webhookSecret is what a user may have from Runa's portal.
const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// TestWebhookRetried demands that an order's end is told to a receiver that fails twice,
// after Svix's pauses, each time under the same id and with a signature that the
// library takes, and that the order itself waits for nothing.
func TestWebhookRetried(t *testing.T) {
	to := receive(t, func(n int) int { return map[bool]int{true: 500, false: 204}[n <= 2] })
	now := time.Now()
	r := start(t, sandbox.Options{
		Now: func() time.Time { return now }, Webhooks: []sandbox.Webhook{{URL: to.url + "/runa/zqdipper11?key=x"}}, WebhookSecret: webhookSecret,
	})
	id := idOf(t, r.must(r.order("k", strings.Replace(tenDollars, "{", `{"description":"for Ana",`, 1)), 202))
	if d := r.state("waiting"); !d.Due.Equal(r.box.Now().Add(time.Second)) || d.Attempts != 0 {
		t.Errorf("got %+v, want it due in a second, without attempts", d)
	}
	r.box.Advance(time.Second)
	r.attempts("order.completion 1: 500")
	r.box.Advance(5*time.Second - time.Microsecond)
	r.state("waiting")
	r.box.Advance(time.Microsecond)
	r.attempts("order.completion 1: 500", "order.completion 2: 500")
	r.box.Advance(5 * time.Minute)
	r.attempts("order.completion 1: 500", "order.completion 2: 500", "order.completion 3: 204")
	if d := r.state("delivered"); d.Attempts != 3 || d.Status != 204 || d.Due != nil || d.About != id || d.Event != sandbox.EventOrderCompletion {
		t.Errorf("got %+v, want it delivered by the third attempt", d)
	}
	r.box.Advance(24 * time.Hour)

	all := to.deliveries(3)
	want := strings.Split(r.must(r.get("/v2/order?limit=1"), 200), `"items":[`)[1]
	sameJSON(t, all[0].body, strings.Split(want, "],")[0])
	for _, d := range all {
		if err := d.verify(webhookSecret); err != nil {
			t.Error(err)
		}
		if err := d.verify(sandbox.WebhookSecret); err == nil {
			t.Error("another secret verifies it, want an error")
		}
		if d.header.Get("Svix-Id") != all[0].header.Get("Svix-Id") || d.body != all[0].body || d.header.Get("Content-Type") != "application/json" {
			t.Errorf("got %+v, want the first message again", d)
		}
		if strings.Contains(d.body, "http") || strings.Contains(d.body, "items") {
			t.Errorf("got %s, want no items and links", d.body)
		}
	}
	for _, path := range []string{"/_sandbox/requests", "/_sandbox/webhooks", "/?show=requests"} {
		if body := r.must(r.get(path), 200); strings.Contains(body, "zqdipper11") || strings.Contains(body, "for Ana") || !strings.Contains(body, strings.TrimPrefix(to.url, "http://")+"/…") {
			t.Errorf("%s: got %s, want the receiver's host, and no secret", path, body)
		}
	}
}

// TestWebhookSignature holds the signature to the vector that Svix publishes with its
// library.
func TestWebhookSignature(t *testing.T) {
	webhook, err := standardwebhooks.NewWebhook(webhookSecret)
	if err != nil {
		t.Fatal(err)
	}
	got, err := webhook.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("got %s, error %v; want Svix's own signature", got, err)
	}
}

// TestWebhookGivenUp demands eight attempts and no more, by the pauses that Svix has,
// and that the event can be sent again all the same.
func TestWebhookGivenUp(t *testing.T) {
	broken := true
	var mu sync.Mutex
	to := receive(t, func(int) int {
		mu.Lock()
		defer mu.Unlock()
		return map[bool]int{true: 302, false: 200}[broken]
	})
	r := start(t, sandbox.Options{Processing: -1, Webhooks: []sandbox.Webhook{{URL: to.url}}})
	r.must(r.order("k", tenDollars), 202)
	attempts := []string{"order.completion 1: 302"}
	r.attempts(attempts...)
	for n, pause := range []string{"5s", "5m", "30m", "2h", "5h", "10h", "10h"} {
		r.must(r.call("POST", "/_sandbox/clock", `{"advance":"`+pause+`"}`), 200)
		attempts = append(attempts, fmt.Sprintf("order.completion %d: 302", n+2))
		r.attempts(attempts...)
	}
	id := r.state("given up").ID
	r.box.Advance(1000 * time.Hour)
	mu.Lock()
	broken = false
	mu.Unlock()
	r.must(r.call("POST", "/_sandbox/webhooks/"+id, ""), 204)
	r.attempts(append(attempts, "order.completion 1: 200")...)
	if d := r.state("delivered"); d.ID != id {
		t.Errorf("got %+v, want message %s", d, id)
	}
	all := to.deliveries(9)
	if all[8].header.Get("Svix-Id") != id || all[8].body != all[0].body {
		t.Errorf("got %+v, want message %s with the first body", all[8], id)
	}
	r.must(r.call("POST", "/_sandbox/webhooks/msg_none", ""), 404)
}

// TestWebhookBodies demands what is told of each way in which an order can end and of
// products, each to those who want it.
func TestWebhookBodies(t *testing.T) {
	everything, orders, products := receive(t, nil), receive(t, nil), receive(t, nil)
	r := production(t, sandbox.Options{Webhooks: []sandbox.Webhook{
		{URL: everything.url}, {URL: orders.url, Event: sandbox.EventOrderCompletion}, {URL: products.url, Event: sandbox.EventProductUpdate},
	}})
	r.must(r.sync("sync", tenDollars), 200) // ended with its answer: no event
	failed := idOf(t, r.must(r.order("fails", tenDollars), 202))
	stuck := idOf(t, r.must(r.order("stuck", tenDollars), 202))
	r.must(r.call("PATCH", "/_sandbox/orders/"+failed, `{"status":"FAILED"}`), 204)
	r.must(r.call("PATCH", "/_sandbox/orders/"+failed, `{"items":[{"payout":{"status":"CANCELLED"}}]}`), 204) // no news
	sameJSON(t, orders.deliveries(1)[0].body, `{"id":"`+failed+`","status":"FAILED"}`)
	r.must(r.call("PATCH", "/_sandbox/orders/"+stuck, `{"status":"PROCESSING"}`), 204)
	r.box.Advance(time.Hour)
	r.must(r.call("PATCH", "/_sandbox/orders/"+stuck, `{"status":"COMPLETED"}`), 204)
	if body := orders.deliveries(2)[1].body; !strings.HasPrefix(body, `{"id":"`+stuck+`","status":"COMPLETED"`) {
		t.Errorf("got %s, want order %s COMPLETED", body, stuck)
	}

	r.must(r.call("PATCH", "/_sandbox/products/ACME-US", `{"name":"Acme & Sons"}`), 204) // nothing that the event tells
	r.must(r.call("PATCH", "/_sandbox/products/ACME-US", `{"is_orderable":false,"discount_multiplier":"0.0500"}`), 204)
	sameJSON(t, products.deliveries(1)[0].body, `{"product_code":"ACME-US","timestamp":"2026-07-12T11:00:00.120000+00:00",
		"old_state":{"price_multiplier":"0.987","is_orderable":true,"denominations":{"type":"fixed","available_list":["10","25","50.00","100"],"minimum_value":"10.00","maximum_value":"100.00"}},
		"new_state":{"price_multiplier":"0.95","is_orderable":false,"denominations":{"type":"fixed","available_list":["10","25","50.00","100"],"minimum_value":"10.00","maximum_value":"100.00"}}}`)
	r.must(r.call("PATCH", "/_sandbox/products/P2C-US", `{"withdrawn":true}`), 204)
	if body := products.deliveries(2)[1].body; !strings.Contains(body, `"is_orderable":false`) || !strings.Contains(body, `{"minimum_value":"5.00","maximum_value":"250.00"}`) {
		t.Errorf("got %s, want it not orderable, from 5.00 to 250.00", body)
	}
	r.must(r.call("PATCH", "/_sandbox/products/TUNES-ES", `{"is_orderable":false}`), 204)
	if body := products.deliveries(3)[2].body; strings.Contains(body, "denominations") {
		t.Errorf("got %s, want no denominations", body)
	}
	everything.deliveries(5)
	orders.deliveries(2)
}

// TestWebhookDownForLong demands that a receiver that takes no calls costs neither time
// nor memory without end: orders go on, and what there is no room for is counted.
func TestWebhookDownForLong(t *testing.T) {
	release := make(chan struct{})
	to := receive(t, func(int) int { <-release; return 200 })
	r := start(t, sandbox.Options{Webhooks: []sandbox.Webhook{{URL: to.url}}})
	defer close(release)
	for i := range 10_050 {
		patch := sandbox.ProductPatch{IsOrderable: new(i%2 == 1)}
		if err := r.box.PatchProduct("ACME-US", patch); err != nil {
			t.Fatal(err)
		}
	}
	r.must(r.call("PATCH", "/_sandbox/products/ACME-US", `{"is_orderable":true}`), 204)
	r.must(r.order("k", tenDollars), 202)
	all, lost := r.box.Deliveries()
	if len(all) != 10_000 || lost != 51 {
		t.Errorf("got %d events, %d lost; want 10000, 51 lost", len(all), lost)
	}
	if all = slices.DeleteFunc(all, func(d sandbox.Delivery) bool { return d.State != "sending" }); len(all) > 4 {
		t.Errorf("%d are being sent at the same time, want at most 4", len(all))
	}
	eventually(t, "four arrive", func() bool { return len(to.all()) >= 4 })
	if got := r.must(r.get("/_sandbox/webhooks"), 200); !strings.HasPrefix(got, `{"lost":51,"messages":[{"id":"msg_`) {
		t.Errorf("got %s, want 51 lost first", got[:200])
	}
}

// TestWebhookClose demands that Close ends deliveries, those on their way too, and that
// Reset forgets them.
func TestWebhookClose(t *testing.T) {
	release := make(chan struct{})
	to := receive(t, func(int) int { <-release; return 200 })
	r := start(t, sandbox.Options{Processing: -1, Webhooks: []sandbox.Webhook{{URL: to.url}}})
	defer close(release)
	r.must(r.order("k", tenDollars), 202)
	to.deliveries(1)
	r.must(r.call("POST", "/_sandbox/reset", ""), 204)
	if all, lost := r.box.Deliveries(); len(all) != 0 || lost != 0 {
		t.Errorf("after a reset: got %v, %d lost; want none", all, lost)
	}
	r.must(r.order("k", tenDollars), 202)
	to.deliveries(2)
	r.box.Close() // returns
	r.must(r.order("k 2", tenDollars), 202)
	r.box.Advance(time.Hour)
	to.deliveries(2)
}

// TestWebhookAfterRestart demands that an order that was PROCESSING when the sandbox
// stopped is told of by the next one, and one that had ended is not.
func TestWebhookAfterRestart(t *testing.T) {
	to := receive(t, nil)
	options := sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db"), Webhooks: []sandbox.Webhook{{URL: to.url}}}
	r := start(t, options)
	r.must(r.order("ends before", tenDollars), 202)
	r.box.Advance(time.Minute)
	r.must(r.order("ends after", tenDollars), 202)
	to.deliveries(1)
	r.box.Close()
	again := start(t, options)
	again.box.Advance(time.Second)
	again.state("delivered")
	if body := to.deliveries(2)[1].body; !strings.Contains(body, again.box.Ledger()[1].ID) {
		t.Errorf("got %s, want order %s", body, again.box.Ledger()[1].ID)
	}
}

// TestWebhookOptions demands that events leave this machine by no way.
func TestWebhookOptions(t *testing.T) {
	for _, address := range []string{
		"", "x", "127.0.0.1:80", "http://example.org/", "http://10.0.0.1/", "https://127.0.0.1/", "http://user:zqdipper11@127.0.0.1/", "http://127.0.0.1.example.org/", "http://0.0.0.0/", "ftp://localhost/zqdipper11",
	} {
		if box, err := sandbox.Open(sandbox.Options{Products: 1, Webhooks: []sandbox.Webhook{{URL: address}}}); err == nil {
			box.Close()
			t.Errorf("%s: got no error, want one", address)
		} else if strings.Contains(err.Error(), "zqdipper11") || !strings.Contains(err.Error(), "this machine only") {
			t.Error(err)
		}
	}
	for _, options := range []sandbox.Options{
		{Webhooks: []sandbox.Webhook{{URL: "http://localhost:1/", Event: "order.completed"}}}, {WebhookSecret: "zqdipper11"}, {WebhookSecret: "whsec_"}, {WebhookSecret: "whsec_zq!dipper11"},
	} {
		options.Products = 1
		if _, err := sandbox.Open(options); err == nil || strings.Contains(err.Error(), "dipper") || !strings.Contains(err.Error(), "webhook") {
			t.Errorf("%+v: got error %v, want one about the webhook, without its secret", options, err)
		}
	}
	for _, address := range []string{"http://localhost:9000/a?b=c", "http://[::1]/", "http://127.7.7.7:1"} {
		box, err := sandbox.Open(sandbox.Options{Products: 1, Webhooks: []sandbox.Webhook{{URL: address, Event: sandbox.EventProductUpdate}}})
		if err != nil {
			t.Error(err)
			continue
		}
		box.Close()
	}
}
