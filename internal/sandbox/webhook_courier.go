package sandbox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// courier takes messages to their endpoints: a few at a time, beside everything else.
// A nil courier has nobody to go to.
type courier struct {
	client *http.Client
	signer *standardwebhooks.Webhook
	clock  func() time.Time // the machine's, which receivers compare with
	moved  chan struct{}    // something may be due

	ctx    context.Context // ends with the sandbox
	end    context.CancelFunc
	rounds sync.WaitGroup
}

const (
	couriers   = 4                // deliveries at the same time
	answerTime = 15 * time.Second // an answer that takes longer is none (WH, 8)
	maxAnswer  = 64 << 10         // how much of an answer is read
)

// newCourier makes a courier for the endpoints of valid options.
func newCourier(o Options) *courier {
	if len(o.Webhooks) == 0 {
		return nil
	}
	signer, _ := newSigner(o.WebhookSecret) // checked by validate
	dialer := net.Dialer{Control: onlyLoopback}
	c := &courier{
		signer: signer,
		clock:  o.Now,
		moved:  make(chan struct{}, 1),
		client: &http.Client{
			Timeout:   answerTime,
			Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: couriers, IdleConnTimeout: answerTime},
			// To follow would be to send elsewhere: a redirect is a failure.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c.ctx, c.end = context.WithCancel(context.Background())
	return c
}

// onlyLoopback refuses to connect to other machines, whatever localhost may mean.
func onlyLoopback(_, address string, _ syscall.RawConn) error {
	if host, _, err := net.SplitHostPort(address); err != nil || !IsLoopback(host) {
		return errors.New("not a loopback address")
	}
	return nil
}

// wake makes the courier look for something to do.
func (c *courier) wake() {
	if c == nil {
		return
	}
	select {
	case c.moved <- struct{}{}:
	default: // it will look anyway
	}
}

// stop ends all deliveries, those in progress too.
func (c *courier) stop() {
	if c == nil {
		return
	}
	c.end()
	c.rounds.Wait()
	c.client.CloseIdleConnections()
}

// startCourier begins to deliver, where there is anybody to deliver to.
func (s *Sandbox) startCourier() {
	if s.courier = newCourier(s.options); s.courier == nil {
		return
	}
	for range couriers {
		s.courier.rounds.Go(s.deliverAll)
	}
}

// deliverAll delivers one message after another until the sandbox closes.
func (s *Sandbox) deliverAll() {
	c := s.courier
	for c.ctx.Err() == nil {
		wait := s.deliverNext()
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-c.moved:
		case <-c.ctx.Done():
		}
		timer.Stop()
	}
}

// deliverNext delivers a message that is due, or says how long there is none. The
// journal shows every attempt.
func (s *Sandbox) deliverNext() (wait time.Duration) {
	m, epoch, entry, wait := s.takeMessage()
	if m == nil {
		return wait
	}
	s.courier.wake() // another may be due as well
	status := 0
	if s.settle() == nil { // nobody is told of what may yet be lost
		status = s.courier.deliver(m)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.Status = status
	if epoch == s.epoch {
		s.messages.settle(m, status, s.clock.now())
	}
	return 0
}

// takeMessage takes out a message that is due, and notes that it is being sent.
func (s *Sandbox) takeMessage() (*message, int, *JournalEntry, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	m, wait := s.messages.take(now)
	if m == nil {
		return nil, 0, nil, wait
	}
	entry := s.journal.add(JournalEntry{
		Time: now, Method: http.MethodPost, Path: m.to.shown(), Webhook: m.event, About: m.about, Message: m.id, Attempt: m.attempts,
	})
	return m, s.epoch, entry, 0
}

// deliver makes one attempt, signed as Svix signs (8). It gives the status of the answer, or 0.
//
// The timestamp is the machine's time, not the sandbox's: a receiver compares it with
// its own clock, and refuses what is five minutes off.
func (c *courier) deliver(m *message) int {
	sent := c.clock()
	request, err := http.NewRequestWithContext(c.ctx, http.MethodPost, m.to.URL, bytes.NewReader(m.body))
	if err != nil {
		return 0
	}
	signature, err := c.signer.Sign(m.id, sent, m.body)
	if err != nil {
		return 0
	}
	for name, value := range map[string]string{
		"Content-Type":   "application/json",
		"User-Agent":     "runa-sandbox",
		"Svix-Id":        m.id,
		"Svix-Timestamp": strconv.FormatInt(sent.Unix(), 10),
		"Svix-Signature": signature,
	} {
		request.Header.Set(name, value)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer) // so that the connection can be used again
	return response.StatusCode
}
