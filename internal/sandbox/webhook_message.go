package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// message is one event on its way to one endpoint.
type message struct {
	id    string // the same at every attempt, for receivers to tell repeats by (WH, 8)
	to    Webhook
	event string
	about string       // an order's id, or a product's code
	order *order.Order // the body is made of it when the message is due
	body  json.RawMessage

	due      time.Time // the next attempt
	state    messageState
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

// newMessageID makes an id. It is never the same again, not even after a restart: a
// receiver may remember it.
func newMessageID(now time.Time) string {
	return "msg_" + ulid.MustNewDefault(now).String()
}

// maxMessages is how many messages are remembered. When there are more, the oldest that
// has ended is forgotten; while none has, new ones are lost, and counted.
const maxMessages = 10_000

// messageList is all messages of this process, oldest first. No data file keeps it.
type messageList struct {
	all     []*message
	waiting []*message // by when they are due
	lost    int
}

// add takes a message in, where there is room.
func (l *messageList) add(m *message) {
	if len(l.all) >= maxMessages {
		ended := func(m *message) bool { return m.state == messageDelivered || m.state == messageGivenUp }
		oldest := slices.IndexFunc(l.all, ended)
		if oldest < 0 {
			l.lost++
			return
		}
		l.all = slices.Delete(l.all, oldest, oldest+1)
	}
	l.all = append(l.all, m)
	l.wait(m)
}

// wait puts a message among the waiting, after those that are due at the same time.
func (l *messageList) wait(m *message) {
	m.state = messageWaiting
	at, _ := slices.BinarySearchFunc(l.waiting, m, func(other, m *message) int {
		if other.due.After(m.due) {
			return 1
		}
		return -1
	})
	l.waiting = slices.Insert(l.waiting, at, m)
}

// take takes out the message that is due first, or says how long there is none.
func (l *messageList) take(now time.Time) (*message, time.Duration) {
	if len(l.waiting) == 0 {
		return nil, time.Hour
	}
	m := l.waiting[0]
	if wait := m.due.Sub(now); wait > 0 {
		return nil, wait
	}
	l.waiting = slices.Delete(l.waiting, 0, 1)
	m.state = messageSending
	m.attempts++
	if m.body == nil {
		m.body = m.order.Completion(now)
	}
	return m, 0
}

// settle notes what has become of an attempt: any 2xx has delivered (WH, 8).
func (l *messageList) settle(m *message, status int, now time.Time) {
	m.status = status
	switch {
	case status >= 200 && status <= 299:
		m.state = messageDelivered
	case m.attempts > len(pauses):
		m.state = messageGivenUp
	default:
		m.due = now.Add(pauses[m.attempts-1])
		l.wait(m)
	}
}

// forgetAwaited takes out the messages that wait for an order to end.
func (l *messageList) forgetAwaited(o *order.Order) {
	awaits := func(m *message) bool { return m.order == o && m.body == nil }
	l.all = slices.DeleteFunc(l.all, awaits)
	l.waiting = slices.DeleteFunc(l.waiting, awaits)
}

// again makes a message due now, as on its first day.
func (l *messageList) again(id string, now time.Time) error {
	at := slices.IndexFunc(l.all, func(m *message) bool { return m.id == id })
	if at < 0 {
		return fmt.Errorf("message %q: %w", id, wire.ErrNotFound)
	}
	m := l.all[at]
	switch {
	case m.state == messageSending:
		return fmt.Errorf("message %q is being sent", id)
	case m.order != nil && m.body == nil:
		return errors.New("the order has not ended yet")
	}
	l.waiting = slices.DeleteFunc(l.waiting, func(other *message) bool { return other == m })
	m.due, m.attempts = now, 0
	l.wait(m)
	return nil
}
