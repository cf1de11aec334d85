package purchase

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// fakeAPI answers as it is told, attempt by attempt; the last answer repeats.
type fakeAPI struct {
	creates []reply
	reads   []reply
	listed  []client.Order
	listErr error
	account string
	there   *fakeClock // Runa's; nil: not known

	mu      sync.Mutex
	sent    []client.Submission
	readIDs []string
	lists   int
}

// reply is an order or an error, or whatever do comes to.
type reply struct {
	order client.Order
	err   error
	do    func(context.Context) (client.Order, error)
}

func (r reply) give(ctx context.Context) (client.Order, error) {
	if r.do != nil {
		return r.do(ctx)
	}
	return r.order, r.err
}

func nth(replies []reply, n int) reply { return replies[min(n, len(replies)-1)] }

func (f *fakeAPI) Account() string { return f.account }

func (f *fakeAPI) Time() (earliest, latest time.Time, known bool) {
	if f.there == nil {
		return earliest, latest, false
	}
	now := f.there.Now()
	return now.Add(-time.Second), now, true
}

func (f *fakeAPI) CreateOrder(ctx context.Context, s client.Submission) (client.Order, error) {
	f.mu.Lock()
	n := len(f.sent)
	s.Body = slices.Clone(s.Body)
	f.sent = append(f.sent, s)
	f.mu.Unlock()
	return nth(f.creates, n).give(ctx)
}

func (f *fakeAPI) Order(ctx context.Context, id string) (client.Order, error) {
	f.mu.Lock()
	n := len(f.readIDs)
	f.readIDs = append(f.readIDs, id)
	f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return client.Order{}, err
	}
	return nth(f.reads, n).give(ctx)
}

func (f *fakeAPI) Orders(context.Context) iter.Seq2[client.Order, error] {
	return func(yield func(client.Order, error) bool) {
		f.lists++
		for _, order := range f.listed {
			if !yield(order, nil) {
				return
			}
		}
		if f.listErr != nil {
			yield(client.Order{}, f.listErr)
		}
	}
}

// The answers of an attempt.
var (
	errLost    = &client.TransportError{Method: "POST", Path: "/order", Sent: true, Err: errors.New("reset")}
	errUnsent  = &client.TransportError{Method: "POST", Path: "/order", Err: errors.New("connection refused")}
	processing = client.Order{ID: "O-1", Status: client.StatusProcessing}
	completed  = client.Order{ID: "O-1", Status: client.StatusCompleted, Items: []client.OrderedItem{{ID: "E-1"}}}
)

// refusal is an answer of Runa's order handler; a type of "" makes it the gateway's.
func refusal(status int, kind string) error {
	return &client.APIError{Method: "POST", Path: "/order", Status: status, Type: kind, FromHandler: kind != ""}
}

func says(err error) reply           { return reply{err: err} }
func gives(order client.Order) reply { return reply{order: order} }

var (
	refused400   = refusal(http.StatusBadRequest, "insufficient_funds")
	gateway401   = refusal(http.StatusUnauthorized, "")
	throttled429 = refusal(http.StatusTooManyRequests, "")
)

// calm is a Buyer on a fake clock, without chance.
func calm(api API, clock Clock) *Buyer {
	return New(api, Options{Clock: clock, Random: func() float64 { return 0 }, Grace: grace})
}

// dated is an entry of the list of orders, and what reading it gives.
func dated(n int, at time.Time) client.Order {
	return client.Order{
		ID: "O-" + strconv.Itoa(n), Status: client.StatusCompleted, Currency: "USD",
		CreatedAt: at.Format("2006-01-02T15:04:05.000000+00:00"),
	}
}
