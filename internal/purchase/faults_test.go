package purchase

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// faultTable is what becomes of a purchase when POST /order goes wrong: a verdict,
// and how many orders have really been placed by then. It holds in both modes.
//
//	once  the fault strikes the first attempt only
//	ever  it strikes every attempt
//	then  faults are over: what is unconfirmed is settled, what was not bought is
//	      bought again, under a new key or again under the given one
//	lost  the same, but the state was lost as well: everything is bought again
//
// That lost orders are bought twice under new keys is why keys can be given.
const faultTable = `
fault                     | once          | ever          | then, new key | given key     | lost, new key | given key
cut before                | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
cut when done             | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
slow                      | bought 1      | bought 1      | -             | -             | -             | -
slower than the client    | unconfirmed 0 | unconfirmed 0 | bought 1      | bought 1      | bought 2      | bought 1
hangs                     | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
hangs when done           | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
answer cut short          | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1

web page                  | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
web page, kept            | unconfirmed 1 | unconfirmed 1 | bought 1      | bought 1      | bought 2      | unconfirmed 1
web page with 202         | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
web page with 502         | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1

102                       | bought 1      | bought 1      | -             | -             | -             | -
102, 500                  | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
102, 500 when done        | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
102, in progress          | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1

400 refusal               | refused 0     | refused 0     | bought 1      | bought 1      | bought 1      | bought 1
400 refusal, kept         | refused 0     | refused 0     | bought 1      | refused 0     | bought 1      | refused 0
400 other body            | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
400 in progress           | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
400 in progress when done | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
400 of a gateway          | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
401                       | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
403                       | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
403 spending limit        | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
404                       | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
409                       | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
409 when done             | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
410                       | not bought 0  | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
422                       | refused 0     | refused 0     | bought 1      | bought 1      | bought 1      | bought 1
422, kept                 | refused 0     | refused 0     | bought 1      | refused 0     | bought 1      | refused 0
429                       | bought 1      | not bought 0  | bought 1      | bought 1      | bought 1      | bought 1
429, kept                 | not bought 0  | not bought 0  | bought 1      | not bought 0  | bought 1      | not bought 0

500                       | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
500 when done             | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
500, kept                 | unconfirmed 0 | unconfirmed 0 | unconfirmed 0 | unconfirmed 0 | bought 1      | unconfirmed 0
500 when done, kept       | unconfirmed 1 | unconfirmed 1 | bought 1      | bought 1      | bought 2      | unconfirmed 1
502                       | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
502 when done             | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
503                       | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
503 when done             | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
504                       | bought 1      | unconfirmed 0 | bought 1      | bought 1      | bought 1      | bought 1
504 when done             | bought 1      | unconfirmed 1 | bought 1      | bought 1      | bought 2      | bought 1
504 when done, kept       | unconfirmed 1 | unconfirmed 1 | bought 1      | bought 1      | bought 2      | unconfirmed 1
`

// faults are the table's, by name.
func faults() map[string]sandbox.Fault {
	const (
		status = sandbox.ActionStatus
		page   = sandbox.ActionGarbage
		after  = sandbox.ActionInterim102
	)
	body := func(kind string) string { return `{"type":"` + kind + `","message":"No.","help":null}` }
	return map[string]sandbox.Fault{
		"cut before":             {Action: sandbox.ActionDropBefore},
		"cut when done":          {Action: sandbox.ActionDropAfter},
		"slow":                   {Action: sandbox.ActionDelay, Delay: time.Millisecond},
		"slower than the client": {Action: sandbox.ActionDelay, Delay: time.Hour},
		"hangs":                  {Action: sandbox.ActionHang},
		"hangs when done":        {Action: sandbox.ActionHang, Place: true},
		"answer cut short":       {Action: sandbox.ActionTruncate},

		"web page":          {Action: page},
		"web page, kept":    {Action: page, Store: true},
		"web page with 202": {Action: page, Status: 202},
		"web page with 502": {Action: page, Status: 502},

		"102":                {Action: after},
		"102, 500":           {Action: after, Status: 500},
		"102, 500 when done": {Action: after, Status: 500, Place: true},
		"102, in progress":   {Action: after, Status: 400, Body: body("idempotency_in_progress")},

		"400 refusal":               {Action: status, Status: 400, Body: body("insufficient_funds")},
		"400 refusal, kept":         {Action: status, Status: 400, Body: body("insufficient_funds"), Store: true},
		"400 other body":            {Action: status, Status: 400, Body: body("idempotency_validation_error")},
		"400 in progress":           {Action: status, Status: 400, Body: body("idempotency_in_progress")},
		"400 in progress when done": {Action: status, Status: 400, Body: body("idempotency_in_progress"), Place: true},
		"400 of a gateway":          {Action: status, Status: 400, Body: "<html>Bad Request</html>"},
		"401":                       {Action: status, Status: 401},
		"403":                       {Action: status, Status: 403},
		"403 spending limit":        {Action: status, Status: 403, Body: body("ordering_restricted")},
		"404":                       {Action: status, Status: 404},
		"409":                       {Action: status, Status: 409},
		"409 when done":             {Action: status, Status: 409, Place: true},
		"410":                       {Action: status, Status: 410},
		"422":                       {Action: status, Status: 422},
		"422, kept":                 {Action: status, Status: 422, Store: true},
		"429":                       {Action: status, Status: 429},
		"429, kept":                 {Action: status, Status: 429, Store: true},

		"500":                 {Action: status, Status: 500},
		"500 when done":       {Action: status, Status: 500, Place: true},
		"500, kept":           {Action: status, Status: 500, Store: true},
		"500 when done, kept": {Action: status, Status: 500, Place: true, Store: true},
		"502":                 {Action: status, Status: 502},
		"502 when done":       {Action: status, Status: 502, Place: true},
		"503":                 {Action: status, Status: 503},
		"503 when done":       {Action: status, Status: 503, Place: true},
		"504":                 {Action: status, Status: 504},
		"504 when done":       {Action: status, Status: 504, Place: true},
		"504 when done, kept": {Action: status, Status: 504, Body: body("timeout"), Place: true, Store: true},
	}
}

// TestFaults checks the table over real HTTP.
func TestFaults(t *testing.T) {
	faults := faults()
	rows := strings.Split(strings.TrimSpace(faultTable), "\n")[1:]
	for _, row := range rows {
		if row == "" {
			continue
		}
		cell := strings.Split(row, "|")
		for i := range cell {
			cell[i] = strings.TrimSpace(cell[i])
		}
		name := cell[0]
		fault, ok := faults[name]
		if !ok {
			t.Fatalf("fault %q of the table is unknown, want one of the list", name)
		}
		delete(faults, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, mode := range []client.ExecutionMode{client.ModeAsync, client.ModeSync} {
				given := "7d0c"
				struck(t, mode, "", fault, 1, true, cell[1], cell[3])
				struck(t, mode, given, fault, 1, true, cell[1], cell[4])
				struck(t, mode, "", fault, 0, true, cell[2], cell[3])
				struck(t, mode, given, fault, 0, true, cell[2], cell[4])
				struck(t, mode, "", fault, 0, false, cell[2], cell[5])
				struck(t, mode, given, fault, 0, false, cell[2], cell[6])
			}
		})
	}
	for name := range faults {
		t.Errorf("fault %q is not in the table, want a row", name)
	}
}

// struck buys while a fault strikes so many times (0: always), and goes on when it
// is over: from the state where there is one, and else again. No given key: a new one
// for each purchase.
func struck(t *testing.T, mode client.ExecutionMode, given string, fault sandbox.Fault, times int, remember bool, want, wantThen string) {
	t.Helper()
	key := func() string {
		if given == "" {
			return NewKey()
		}
		return given
	}
	w := newWorld(t, sandbox.Options{})
	buyer := w.buyer()
	switch stuck := fault.Action == sandbox.ActionHang || fault.Delay > time.Minute; {
	case stuck && times == 0:
		buyer = w.buyerOf(impatient{w.client, w, fault})
	case stuck:
		// Whoever waits for what never comes need not wait long. An answer comes after
		// it, which a slow machine must have the time to give.
		w.giveUpAfter(t, time.Second)
		buyer = w.buyer()
	}
	fault.Method, fault.Path, fault.Times = "POST", "/order", times
	w.fault(t, fault)
	first := buyer.Buy(t.Context(), intend(t, key(), mode), time.Minute, nil)
	if got := w.bought(first); got != want {
		t.Errorf("%s, key %q, struck %d times: %s, want %s: %v", mode, given, times, got, want, first.Err)
	}
	if first.Verdict == Bought {
		return
	}
	w.calm()
	w.giveUpAfter(t, client.DefaultRequestTimeout)
	var second Result
	if first.Verdict == Unconfirmed && remember {
		second = w.buyer().Settle(t.Context(), first.Intent, time.Minute, nil)
	} else {
		second = w.buyer().Buy(t.Context(), intend(t, key(), mode), time.Minute, nil)
	}
	if got := w.bought(second); got != wantThen {
		t.Errorf("%s, key %q, struck %d times, remembered: %t, then: %s, want %s: %v", mode, given, times, remember, got, wantThen, second.Err)
	}
}

// impatient gives up on an order as soon as a fault has it: however slow the machine is,
// nothing is on its way any more that would arrive after the fault.
type impatient struct {
	*client.Client
	w     *world
	fault sandbox.Fault
}

func (i impatient) CreateOrder(ctx context.Context, s client.Submission) (client.Order, error) {
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	before := i.w.posts()
	go func() {
		for ctx.Err() == nil && (i.w.posts() == before || i.fault.Place && len(i.w.box.Ledger()) == 0) {
			time.Sleep(time.Millisecond)
		}
		giveUp()
	}()
	return i.Client.CreateOrder(ctx, s)
}
