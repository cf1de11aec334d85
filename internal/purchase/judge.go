package purchase

import (
	"errors"
	"net/http"
	"slices"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// finding is what one attempt proves.
type finding int

const (
	// accepted: there is an order.
	accepted finding = iota
	// unsent: no byte left this machine. Nothing has changed.
	unsent
	// throttled: Runa put the attempt off without looking at it (429). Nothing has changed.
	throttled
	// busy: Runa is working on this key. Whoever sent it, an order may come of it.
	busy
	// lost: the request may have arrived, and what came of it is not known.
	lost
	// blocked: refused before Runa's order handler saw it. This attempt bought
	// nothing, and it says nothing about earlier ones.
	blocked
	// refused: the order handler's own no. It answers everything that is sent under a
	// key as it answered the first, so none of it bought anything (IDEM).
	refused
	// conflicting: the key first came with other contents. It says nothing of what
	// became of those.
	conflicting
)

// handlerRefusals are the reasons that Runa's order handler gives after it has
// looked at the key (ERR). Reasons that are found before that, such as a wrong
// version, depend on the attempt and prove nothing about an earlier one.
var handlerRefusals = []string{
	"bad_request", "validation_error", "invalid_execution_mode", client.TypeInsufficientFunds,
	"product_validation_error", "currency_mismatch", "payment_method_unavailable",
	"invalid_card_id", "currency_not_supported",
}

// judge says what an attempt proves by its error. Whatever it does not recognise is lost.
func judge(err error) finding {
	if err == nil {
		return accepted
	}
	var transport *client.TransportError
	if errors.As(err, &transport) && !transport.Sent {
		return unsent
	}
	var api *client.APIError
	if !errors.As(err, &api) {
		return lost
	}
	switch api.Status {
	case http.StatusTooManyRequests:
		return throttled
	case http.StatusConflict:
		return busy
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return lost // a proxy's: Runa may have got the request
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return blocked // "send it elsewhere": it was not taken here
	}
	switch {
	case api.Type == client.TypeIdempotencyInProgress:
		return busy
	case api.Status < 400 || api.Status > 499:
		return lost
	case api.FromHandler && api.Type == client.TypeIdempotencyValidation:
		return conflicting
	case api.FromHandler && isHandlerStatus(api.Status) && slices.Contains(handlerRefusals, api.Type):
		return refused
	default:
		return blocked
	}
}

func isHandlerStatus(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity
}

// unanswered reports whether nobody who could tell has said anything.
func (f finding) unanswered() bool { return f == unsent || f == lost }

// reopens reports whether, after this finding, an order may exist.
func (f finding) reopens() bool { return f == busy || f == lost }
