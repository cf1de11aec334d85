package purchase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// StoppedError says why an order was not sent: of another order of this process it is
// known that this one would end in the same way.
type StoppedError struct {
	Why string
	Err error // what the other order met
}

func (e *StoppedError) Error() string { return fmt.Sprintf("%s: %v", e.Why, e.Err) }

func (e *StoppedError) Unwrap() error { return e.Err }

// brake keeps a process from sending a thousand orders into the same wall. It holds back
// only what was never sent: what may have been bought is always looked for.
type brake struct {
	mu    sync.Mutex
	key   error               // the API key was refused
	short map[string]shortage // by currency
	lost  int                 // orders in a row whose time was up without an answer
	probe time.Time           // when the next order may find out whether Runa answers
	last  error               // what the last of them met
}

// shortage is the least sum that the account did not cover.
type shortage struct {
	sum decimal.Decimal
	err error
}

const (
	// outageAfter is how many orders in a row must run out of time before it is taken for
	// an outage.
	outageAfter = 3
	// probeTime is how long one order then tries, and how long the others are held back.
	probeTime = 30 * time.Second
)

// stops says why an order must not be sent now, and how long it may try otherwise.
func (b *brake) stops(intent Intent, now, deadline time.Time) (time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.key != nil {
		return deadline, &StoppedError{"Runa refused the API key for another order of this run", b.key}
	}
	if short, ok := b.short[intent.Currency]; ok && sumOf(intent).GreaterThanOrEqual(short.sum) {
		return deadline, &StoppedError{fmt.Sprintf("the account does not cover another order of this run, of %s %s", short.sum, intent.Currency), short.err}
	}
	if b.lost < outageAfter {
		return deadline, nil
	}
	if now.Before(b.probe) {
		return deadline, &StoppedError{fmt.Sprintf("Runa did not answer the last %d orders of this run", b.lost), b.last}
	}
	b.probe = now.Add(probeTime)
	if short := now.Add(probeTime); short.Before(deadline) {
		deadline = short
	}
	return deadline, nil
}

// answered notes that Runa takes orders.
func (b *brake) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost = 0
}

// timeUp notes an order whose time was up, and which Runa has not answered.
func (b *brake) timeUp(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost++
	b.last = err
}

// refuses notes what a refusal says of orders to come. A refusal may be an old one that
// Runa repeats, so that an account is called short only if its balance says so, too.
func (b *Buyer) refuses(ctx context.Context, intent Intent, err error) {
	var refusal *client.APIError
	if !errors.As(err, &refusal) {
		return
	}
	switch {
	case (refusal.Status == http.StatusUnauthorized || refusal.Status == http.StatusForbidden) && isOfKey(refusal.Type):
		b.brake.mu.Lock()
		defer b.brake.mu.Unlock()
		b.brake.key = err
	case refusal.Type == "insufficient_funds":
		sum := sumOf(intent)
		balance, unread := b.api.Balance(ctx, intent.Currency)
		if unread != nil || balance.Balance.Decimal().GreaterThanOrEqual(sum) {
			return
		}
		b.brake.mu.Lock()
		defer b.brake.mu.Unlock()
		if known, ok := b.brake.short[intent.Currency]; !ok || sum.LessThan(known.sum) {
			b.brake.short[intent.Currency] = shortage{sum, err}
		}
	}
}

// isOfKey reports whether a reason is about the API key itself (ERR).
func isOfKey(reason string) bool {
	return reason == "unauthorized" || reason == "forbidden" || reason == "invalid_api_key"
}

// sumOf is the sum of an intent's face values.
func sumOf(intent Intent) (sum decimal.Decimal) {
	var asked requested
	if json.Unmarshal(intent.Body, &asked) != nil {
		return decimal.Zero // it is not held back
	}
	for _, item := range asked.Items {
		sum = sum.Add(item.FaceValue)
	}
	return sum
}
