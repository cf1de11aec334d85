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

	// mostMissing is how often an order that was just placed may be unknown to Runa.
	mostMissing = 4
)

// follow watches an order that exists until Runa has finished it.
func (b *Buyer) follow(ctx context.Context, result Result, deadline time.Time) Result {
	result = b.watch(ctx, result, deadline)
	result.Earlier = result.Earlier || result.Intent.after(result.Order)
	return result
}

func (b *Buyer) watch(ctx context.Context, result Result, deadline time.Time) Result {
	if result.Order.Status == client.StatusCompleted && result.Order.Items != nil {
		return finished(result)
	}
	for poll := 0; ; poll++ {
		// An order that is not known to be processing is looked at straight away.
		if result.Order.Status == client.StatusProcessing || poll > 0 {
			if err := b.sleepUpTo(ctx, b.pause(poll, firstPoll, mostPoll), deadline); err != nil {
				return unfinished(result, err)
			}
		}
		order, err := b.api.Order(ctx, result.Order.ID)
		if err != nil {
			result.Err = err
			if hopeless(err) || (client.IsNotFound(err) && poll >= mostMissing) {
				return unfinished(result, nil)
			}
			continue
		}
		result.Order, result.Err = order, nil
		if order.Status != client.StatusProcessing {
			return finished(result)
		}
	}
}

// finished reads the verdict off a final order. A FAILED one of which it is not
// certain that nobody can spend it counts as bought.
func finished(result Result) Result {
	result.Verdict, result.Err = Bought, result.Order.Incomplete
	if FailedForNothing(result.Order) {
		result.Verdict, result.Err = Failed, ErrOrderFailed
	}
	return result
}

func unfinished(result Result, cause error) Result {
	result.Order.Status = client.StatusProcessing // as far as anyone knows
	result.Verdict, result.Err = Processing, because(cause, result.Err)
	return result
}

// hopeless reports a refusal that waiting does not heal: the key's.
func hopeless(err error) bool {
	var api *client.APIError
	return errors.As(err, &api) && (api.Status == http.StatusUnauthorized ||
		api.Status == http.StatusForbidden || api.Status == http.StatusGone)
}
