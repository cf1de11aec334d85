// Package webhook sends events as Runa does through Svix: a queue of messages with their
// repeats, and what signs and sends them. The queue has no lock: whoever owns it guards it.
// It knows nothing about orders and products.
package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// The events that Runa sends (WH, 8).
const (
	EventOrderCompletion = "order.completion"
	EventProductUpdate   = "product.update"
)

// Secret signs the deliveries unless another one is given. Everybody knows it.
const Secret = "whsec_cnVuYS1zYW5kYm94LCBubyBzZWNyZXQh" // "runa-sandbox, no secret!"

// Endpoint receives events. Runa's portal calls it so, too. Runa's own playground has
// none (WH, 8).
//
// An event's body does not say which event it is. At Runa an endpoint has one type of
// event, so its address says it; here Event "" means all of them.
type Endpoint struct {
	URL   string // on a loopback address
	Event string // EventOrderCompletion, EventProductUpdate or "" for both
}

// wants tells whether the endpoint receives an event.
func (h Endpoint) wants(event string) bool { return h.Event == "" || h.Event == event }

// Host is where the endpoint is, without what may be a secret in its address.
func (h Endpoint) Host() string {
	address, err := url.Parse(h.URL)
	if err != nil || address.Host == "" {
		return "…"
	}
	return address.Host + "/…"
}

// Validate says what is wrong with the endpoint. It does not quote the address.
func (h Endpoint) Validate() error {
	var wrong []error
	switch h.Event {
	case "", EventOrderCompletion, EventProductUpdate:
	default:
		wrong = append(wrong, fmt.Errorf("webhook: the event is neither %s nor %s", EventOrderCompletion, EventProductUpdate))
	}
	address, err := url.Parse(h.URL)
	if err != nil || address.Scheme != "http" || address.User != nil || !IsLoopback(address.Hostname()) {
		wrong = append(wrong, errors.New("webhook: the address is not like http://127.0.0.1:9000/runa: events are sent to this machine only"))
	}
	return errors.Join(wrong...)
}

// IsLoopback tells whether a host, without a port, can only be this machine.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// ValidateSecret says what is wrong with a secret. It does not quote it.
func ValidateSecret(secret string) error {
	_, err := newSigner(secret)
	return err
}

// newSigner makes what signs deliveries.
func newSigner(secret string) (*standardwebhooks.Webhook, error) {
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil || len(secret) <= len("whsec_") || secret[:len("whsec_")] != "whsec_" {
		return nil, errors.New("the webhook secret is not whsec_ and base64, such as " + Secret)
	}
	return signer, nil
}

// Queue is all messages of this process, oldest first. No data file keeps it. It has no
// lock.
type Queue struct {
	endpoints []Endpoint
	all       []*message
	waiting   []*message // by when they are due
	lost      int
}

// NewQueue is a queue without messages, for some endpoints.
func NewQueue(endpoints []Endpoint) *Queue { return &Queue{endpoints: endpoints} }

// Event is something that is sent to endpoints.
type Event struct {
	Type  string
	About string // an order's id, or a product's code
	Due   time.Time
	Body  json.RawMessage // nil: Await makes it when the event is due
	Await func(now time.Time) json.RawMessage
}

// message is one event on its way to one endpoint.
type message struct {
	Event
	id string // the same at every attempt, by which receivers recognize repeats (WH, 8)
	to Endpoint

	state    messageState // Due is the next attempt
	attempts int
	status   int // of the last attempt; 0 for no answer
}

// messageState is how far a message has come.
type messageState string

const (
	messageWaiting   messageState = "waiting"
	messageSending   messageState = "sending"
	messageDelivered messageState = "delivered"
	messageGivenUp   messageState = "given up"
)

// pauses are those between the attempts (WH, 8).
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour,
}

// maxMessages is how many messages are remembered. When there are more, the oldest that
// has ended is forgotten; while none has, new ones are lost, and counted.
const maxMessages = 10_000

// Announce adds an event for every endpoint that wants it. An id is never the same again,
// not even after a restart: a receiver may remember it.
func (q *Queue) Announce(e Event, now time.Time) {
	for _, endpoint := range q.endpoints {
		if endpoint.wants(e.Type) {
			q.add(&message{Event: e, id: "msg_" + ulid.MustNewDefault(now).String(), to: endpoint})
		}
	}
}

// add adds a message, if there is room.
func (q *Queue) add(m *message) {
	if len(q.all) >= maxMessages {
		ended := func(m *message) bool { return m.state == messageDelivered || m.state == messageGivenUp }
		oldest := slices.IndexFunc(q.all, ended)
		if oldest < 0 {
			q.lost++
			return
		}
		q.all = slices.Delete(q.all, oldest, oldest+1)
	}
	q.all = append(q.all, m)
	q.wait(m)
}

// wait puts a message among the waiting, after those that are due at the same time.
func (q *Queue) wait(m *message) {
	m.state = messageWaiting
	at, _ := slices.BinarySearchFunc(q.waiting, m, func(other, m *message) int {
		if other.Due.After(m.Due) {
			return 1
		}
		return -1
	})
	q.waiting = slices.Insert(q.waiting, at, m)
}

// Take takes out the message that is due first, or says how long there is none.
func (q *Queue) Take(now time.Time) (*Attempt, time.Duration) {
	if len(q.waiting) == 0 {
		return nil, time.Hour
	}
	m := q.waiting[0]
	if wait := m.Due.Sub(now); wait > 0 {
		return nil, wait
	}
	q.waiting = slices.Delete(q.waiting, 0, 1)
	m.state = messageSending
	m.attempts++
	if m.Body == nil {
		m.Body = m.Await(now)
	}
	return &Attempt{ID: m.id, To: m.to, Event: m.Type, About: m.About, Number: m.attempts, Body: m.Body, queue: q, message: m}, 0
}

// Finish notes the result of an attempt: any 2xx has delivered (WH, 8). The caller guards
// the queue.
func (a *Attempt) Finish(status int, now time.Time) {
	m := a.message
	m.status = status
	switch {
	case status >= 200 && status <= 299:
		m.state = messageDelivered
	case m.attempts > len(pauses):
		m.state = messageGivenUp
	default:
		m.Due = now.Add(pauses[m.attempts-1])
		a.queue.wait(m)
	}
}

// ForgetAwaited takes out the messages that still wait for something to happen to an order.
func (q *Queue) ForgetAwaited(about string) {
	awaits := func(m *message) bool { return m.About == about && m.Body == nil }
	q.all = slices.DeleteFunc(q.all, awaits)
	q.waiting = slices.DeleteFunc(q.waiting, awaits)
}

// SendAgain makes a message due now, and starts the pauses again.
func (q *Queue) SendAgain(id string, now time.Time) error {
	at := slices.IndexFunc(q.all, func(m *message) bool { return m.id == id })
	if at < 0 {
		return fmt.Errorf("message %q: %w", id, wire.ErrNotFound)
	}
	m := q.all[at]
	switch {
	case m.state == messageSending:
		return fmt.Errorf("message %q is being sent", id)
	case m.Body == nil:
		return errors.New("the order has not ended yet")
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(other *message) bool { return other == m })
	m.Due, m.attempts = now, 0
	q.wait(m)
	return nil
}

// Delivery is one event and its result: what may be shown of a message. The
// body is left out, for an order's description may say anything.
type Delivery struct {
	ID       string     `json:"id"` // the Svix-Id
	Event    string     `json:"event"`
	About    string     `json:"about"` // an order's id, or a product's code
	To       string     `json:"to"`    // the receiver's host; its path may be a secret
	State    string     `json:"state"` // waiting, sending, delivered or given up
	Attempts int        `json:"attempts"`
	Status   int        `json:"status"`        // of the last attempt; 0 for no answer
	Due      *time.Time `json:"due,omitempty"` // the next attempt, by the sandbox's clock
}

// Deliveries is every message that is remembered, oldest first, and how many were lost
// because 10,000 others were waiting.
func (q *Queue) Deliveries() (all []Delivery, lost int) {
	all = make([]Delivery, 0, len(q.all))
	for _, m := range q.all {
		d := Delivery{ID: m.id, Event: m.Type, About: m.About, To: m.to.Host(), State: string(m.state), Attempts: m.attempts, Status: m.status}
		if m.state == messageWaiting {
			due := m.Due
			d.Due = &due
		}
		all = append(all, d)
	}
	return all, q.lost
}
