package purchase

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

const (
	// Most orders are done within a second (REC), and a run places them one after another,
	// so that each wait before a first look is one of the run's.
	firstPoll = 250 * time.Millisecond
	mostPoll  = 15 * time.Second

	// patience is how often an order that was just placed may be unknown to Runa.
	patience = 4
)

// follow watches an order that exists until Runa has finished it.
func (b *Buyer) follow(ctx context.Context, so Result, deadline time.Time) Result {
	so = b.watch(ctx, so, deadline)
	so.Earlier = so.Earlier || so.Intent.after(so.Order)
	return so
}

func (b *Buyer) watch(ctx context.Context, so Result, deadline time.Time) Result {
	if so.Order.Status == client.StatusCompleted && so.Order.Items != nil {
		return finished(so)
	}
	for poll := 0; ; poll++ {
		// An order that is not known to be processing is looked at straight away.
		if so.Order.Status == client.StatusProcessing || poll > 0 {
			if err := b.sleepUpTo(ctx, b.pause(poll, firstPoll, mostPoll), deadline); err != nil {
				return unfinished(so, err)
			}
		}
		order, err := b.api.Order(ctx, so.Order.ID)
		if err != nil {
			so.Err = err
			if hopeless(err) || (client.IsNotFound(err) && poll >= patience) {
				return unfinished(so, nil)
			}
			continue
		}
		so.Order, so.Err = order, nil
		if order.Status != client.StatusProcessing {
			return finished(so)
		}
	}
}

// finished reads the verdict off a final order. A FAILED one of which it is not
// certain that nobody can spend it counts as bought.
func finished(so Result) Result {
	so.Verdict, so.Err = Bought, so.Order.Incomplete
	if FailedForNothing(so.Order) {
		so.Verdict, so.Err = Failed, ErrOrderFailed
	}
	return so
}

func unfinished(so Result, cause error) Result {
	so.Order.Status = client.StatusProcessing // as far as anyone knows
	so.Verdict, so.Err = Processing, because(cause, so.Err)
	return so
}

// hopeless reports a refusal that waiting does not heal: the key's.
func hopeless(err error) bool {
	var api *client.APIError
	return errors.As(err, &api) && (api.Status == http.StatusUnauthorized ||
		api.Status == http.StatusForbidden || api.Status == http.StatusGone)
}
