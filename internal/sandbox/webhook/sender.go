package webhook

import (
	"bytes"
	"context"
	"encoding/json"
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

// Sender sends messages to their endpoints: a few at a time, beside everything else.
// A nil sender sends nothing.
type Sender struct {
	source Source
	client *http.Client
	signer *standardwebhooks.Webhook
	clock  func() time.Time // the machine's, which receivers compare with
	due    chan struct{}    // something may be due

	ctx     context.Context // ends with the sandbox
	end     context.CancelFunc
	workers sync.WaitGroup
}

// Source is where a sender gets its work.
type Source interface {
	// NextAttempt takes out a message that is due, or says how long there is none.
	NextAttempt() (*Attempt, time.Duration)
	// Ready waits until what the attempt says is certain not to be lost.
	Ready() error
	// FinishAttempt notes the status of the answer, 0 for none.
	FinishAttempt(a *Attempt, status int)
}

// Attempt is one attempt to deliver a message.
type Attempt struct {
	ID           string
	To           Endpoint
	Event, About string
	Number       int // from 1
	Body         json.RawMessage

	queue   *Queue // which a reset may have replaced since
	message *message
}

const (
	maxSenders = 4                // deliveries at the same time
	answerTime = 15 * time.Second // an answer that takes longer is none (WH, 8)
	maxAnswer  = 64 << 10         // how much of an answer is read
)

// NewSender begins to deliver what the source has. The secret is valid.
func NewSender(secret string, clock func() time.Time, source Source) *Sender {
	signer, _ := newSigner(secret)
	dialer := net.Dialer{Control: onlyLoopback}
	s := &Sender{
		source: source,
		signer: signer,
		clock:  clock,
		due:    make(chan struct{}, 1),
		client: &http.Client{
			Timeout:   answerTime,
			Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: maxSenders, IdleConnTimeout: answerTime},
			// To follow would be to send elsewhere: a redirect is a failure.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	for range maxSenders {
		s.workers.Go(s.run)
	}
	return s
}

// onlyLoopback refuses to connect to other machines, whatever localhost may mean.
func onlyLoopback(_, address string, _ syscall.RawConn) error {
	if host, _, err := net.SplitHostPort(address); err != nil || !IsLoopback(host) {
		return errors.New("not a loopback address")
	}
	return nil
}

// Wake makes the sender look for something to do.
func (s *Sender) Wake() {
	if s == nil {
		return
	}
	select {
	case s.due <- struct{}{}:
	default: // it will look anyway
	}
}

// Stop ends all deliveries, those in progress too.
func (s *Sender) Stop() {
	if s == nil {
		return
	}
	s.end()
	s.workers.Wait()
	s.client.CloseIdleConnections()
}

// run delivers one message after another until the sender stops.
func (s *Sender) run() {
	for s.ctx.Err() == nil {
		wait := s.deliverNext()
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-s.due:
		case <-s.ctx.Done():
		}
		timer.Stop()
	}
}

// deliverNext delivers a message that is due, or says how long there is none.
func (s *Sender) deliverNext() (wait time.Duration) {
	attempt, wait := s.source.NextAttempt()
	if attempt == nil {
		return wait
	}
	s.Wake() // another may be due as well
	status := 0
	if s.source.Ready() == nil {
		status = s.deliver(attempt)
	}
	s.source.FinishAttempt(attempt, status)
	return 0
}

// deliver makes one attempt, signed as Svix signs (8). It gives the status of the answer, or 0.
//
// The timestamp is the machine's time, not the sandbox's: a receiver compares it with
// its own clock, and refuses what is five minutes off.
func (s *Sender) deliver(a *Attempt) int {
	sent := s.clock()
	request, err := http.NewRequestWithContext(s.ctx, http.MethodPost, a.To.URL, bytes.NewReader(a.Body))
	if err != nil {
		return 0
	}
	signature, err := s.signer.Sign(a.ID, sent, a.Body)
	if err != nil {
		return 0
	}
	for name, value := range map[string]string{
		"Content-Type":   "application/json",
		"User-Agent":     "runa-sandbox",
		"Svix-Id":        a.ID,
		"Svix-Timestamp": strconv.FormatInt(sent.Unix(), 10),
		"Svix-Signature": signature,
	} {
		request.Header.Set(name, value)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer) // so that the connection can be used again
	return response.StatusCode
}
