// Package webhook sends events as Runa does through Svix: a queue of messages with their
// repeats, and what signs and sends them. The queue has no lock: whoever owns it guards it.
// It knows nothing about orders and products.
package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The events that Runa sends (WH, 8).
const (
	EventOrderCompletion = "order.completion"
	EventProductUpdate   = "product.update"
)

// Secret signs the deliveries unless another one is given. Everybody knows it.
const Secret = "whsec_cnVuYS1zYW5kYm94LCBubyBzZWNyZXQh" // "runa-sandbox, no secret!"

// Endpoint receives events. Runa's portal calls it so, too. Runa's own playground has
// none (WH, 8).
//
// An event's body does not say which event it is. At Runa an endpoint has one type of
// event, so its address tells; here Event "" means all of them.
type Endpoint struct {
	URL   string // on a loopback address
	Event string // EventOrderCompletion, EventProductUpdate or "" for both
}

// wants tells whether the endpoint receives an event.
func (h Endpoint) wants(event string) bool { return h.Event == "" || h.Event == event }

// Host is where the endpoint is, without what may be a secret in its address.
func (h Endpoint) Host() string {
	address, err := url.Parse(h.URL)
	if err != nil || address.Host == "" {
		return "…"
	}
	return address.Host + "/…"
}

// Validate says what is wrong with the endpoint. It does not quote the address.
func (h Endpoint) Validate() error {
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

// IsLoopback tells whether a host, without a port, can only be this machine.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// ValidateSecret says what is wrong with a secret. It does not quote it.
func ValidateSecret(secret string) error {
	_, err := newSigner(secret)
	return err
}

// newSigner makes what signs deliveries.
func newSigner(secret string) (*standardwebhooks.Webhook, error) {
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil || len(secret) <= len("whsec_") || secret[:len("whsec_")] != "whsec_" {
		return nil, errors.New("the webhook secret is not whsec_ and base64, such as " + Secret)
	}
	return signer, nil
}
