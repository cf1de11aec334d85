package sandbox

import (
	"errors"
	"fmt"
	"net/url"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The events that Runa sends (WH, 8).
const (
	EventOrderCompletion = "order.completion"
	EventProductUpdate   = "product.update"
)

// WebhookSecret signs the deliveries unless Options say otherwise. Everybody knows it.
const WebhookSecret = "whsec_cnVuYS1zYW5kYm94LCBubyBzZWNyZXQh" // "runa-sandbox, no secret!"

// Webhook is somebody who wants to be told of events: an endpoint, as Runa's portal
// calls it. Runa's own playground has none (WH, 8).
//
// An event's body does not say which event it is. At Runa an endpoint has one type of
// event, so its address tells; here Event "" means all of them.
type Webhook struct {
	URL   string // on a loopback address
	Event string // EventOrderCompletion, EventProductUpdate or "" for both
}

// wants tells whether the endpoint is to be told of an event.
func (h Webhook) wants(event string) bool { return h.Event == "" || h.Event == event }

// shown is where the endpoint is, without what may be a secret in its address.
func (h Webhook) shown() string {
	address, err := url.Parse(h.URL)
	if err != nil || address.Host == "" {
		return untold
	}
	return address.Host + "/" + untold
}

// validate says what is wrong with the endpoint. It does not quote the address.
func (h Webhook) validate() error {
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

// validateWebhooks says everything that is wrong with the endpoints and their secret.
func (o Options) validateWebhooks() error {
	var wrong []error
	for _, hook := range o.Webhooks {
		wrong = append(wrong, hook.validate())
	}
	if _, err := newSigner(o.WebhookSecret); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// newSigner makes what signs deliveries, with an error that does not quote the secret.
func newSigner(secret string) (*standardwebhooks.Webhook, error) {
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil || len(secret) <= len("whsec_") || secret[:len("whsec_")] != "whsec_" {
		return nil, errors.New("the webhook secret is not whsec_ and base64, such as " + WebhookSecret)
	}
	return signer, nil
}
