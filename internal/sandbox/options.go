package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// The modes: which Runa a sandbox is (1.1).
const (
	ModePlayground = "playground"
	ModeProduction = "production"
)

// The API keys that a sandbox accepts unless Options say otherwise, one a mode.
// Playground keys begin with XX and production keys with wg (AUTH, 1.2); these
// open nothing.
const (
	Key           = "XXsandbox.not-a-real-key"
	ProductionKey = "wgsandbox.not-a-real-key"
)

// productionPrefix begins the keys of production, and of nothing else.
const productionPrefix = "wg"

// Webhook is an endpoint that receives events.
type Webhook = webhook.Endpoint

// The events that Runa sends (WH, 8).
const (
	EventOrderCompletion = webhook.EventOrderCompletion
	EventProductUpdate   = webhook.EventProductUpdate
)

// WebhookSecret signs the deliveries unless Options say otherwise. Everybody knows it.
const WebhookSecret = webhook.Secret

// The product selection templates of a sandbox in production mode.
const (
	TemplateUSD = catalogue.TemplateUSD
	TemplateGBP = catalogue.TemplateGBP
)

// Options say how a sandbox behaves. The zero value is a good playground.
type Options struct {
	// Mode is ModePlayground, which "" means too, or ModeProduction.
	Mode string

	// Products is the size of the catalogue; 0 means 5,000. The products that
	// examples, tests and templates rely on are there whatever it says.
	Products int

	// OwnProducts are further products, as GET /product gives them: a page, a list of
	// products, or one. They replace others of the same code. Their texts are
	// made up, as those of all products.
	OwnProducts []byte

	// Processing is how long an asynchronous order stays PROCESSING; 0 means the
	// playground's one second (ASYNC, 3.2), negative means not at all.
	Processing time.Duration

	// Latency is added to every answer. An order keeps its idempotency key reserved
	// meanwhile, and is placed even when the caller has gone away.
	Latency time.Duration

	// BodyTime is how long the body of a request may take to arrive; 0 means half a
	// minute. A connection that takes longer is cut.
	BodyTime time.Duration

	// Journal is how many calls the journal keeps, the newest ones; 0 means all, as
	// suits a test. A sandbox that runs for days needs a number.
	Journal int

	// RatePerMinute limits order creation; 0 means Runa's 300 (RATE, 5.3),
	// negative means no limit.
	RatePerMinute int

	// APIKeys are the keys to accept; none means the mode's own alone. They share
	// one account, and so one set of orders and idempotency keys (D, 4).
	APIKeys []string

	// Now is the clock; nil means time.Now. Advance adds to it.
	Now func() time.Time

	// Versions are the X-Api-Version values to accept, the first of them being the
	// account's own where a call names none (VER, 1.5); none means 2024-02-05 and
	// 2026-09-08.
	Versions []string

	// Balances are what the account starts with, by currency: "250.00". nil means
	// some in EUR, GBP, JPY and USD; empty means none. Only production's orders
	// draw them down (PLAY, 9.2). SetBalance changes them.
	Balances map[string]string

	// OrderingLimit is how much orders may draw, by payment currency; a currency
	// that is not there has no limit. The playground knows none (PLAY, 9.2).
	// SetOrderingLimit changes it.
	OrderingLimit map[string]string

	// Strict refuses members that Runa does not document in orders and estimates, which
	// finds misspelt names. Runa itself forbids none (EFX, 14.5).
	Strict bool

	// EstimateStrings makes estimates write amounts as strings, as the samples of
	// EFX do, and not as numbers, as SPEC does: both occur (7).
	EstimateStrings bool

	// Webhooks receive events. Close ends that.
	Webhooks []Webhook

	// WebhookSecret signs what they receive, as in whsec_…; "" means the constant.
	WebhookSecret string

	// Data names a file that keeps orders, idempotency keys, balances, limits, the
	// clock's advance and patched products. It needs Open. What the file has
	// goes before Balances and OrderingLimit, which are for a new one.
	Data string
}

// withDefaults fills in what the caller left at zero.
func (o Options) withDefaults() Options {
	if o.Mode == "" {
		o.Mode = ModePlayground
	}
	if o.Products <= 0 {
		o.Products = 5000
	}
	if o.Processing == 0 {
		o.Processing = time.Second
	}
	if o.BodyTime <= 0 {
		o.BodyTime = 30 * time.Second
	}
	if o.RatePerMinute == 0 {
		o.RatePerMinute = 300
	}
	if len(o.APIKeys) == 0 {
		o.APIKeys = []string{o.ownKey()}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(o.Versions) == 0 {
		o.Versions = []string{wire.Version20240205, wire.Version20260908}
	}
	if o.Balances == nil {
		o.Balances = usualBalances
	}
	if o.WebhookSecret == "" {
		o.WebhookSecret = WebhookSecret
	}
	o.Webhooks = slices.Clone(o.Webhooks)
	o.APIKeys, o.Versions = slices.Clone(o.APIKeys), slices.Clone(o.Versions)
	return o
}

// ownKey is the key to accept where none is given.
func (o Options) ownKey() string {
	if o.production() {
		return ProductionKey
	}
	return Key
}

// production tells whether money is drawn.
func (o Options) production() bool { return o.Mode == ModeProduction }

// validate says everything that is wrong with options that have their defaults.
func (o Options) validate() error {
	var wrong []error
	if o.Mode != ModePlayground && o.Mode != ModeProduction {
		wrong = append(wrong, fmt.Errorf("mode %q is neither %s nor %s", o.Mode, ModePlayground, ModeProduction))
	}
	for _, key := range o.APIKeys {
		if strings.HasPrefix(key, productionPrefix) != o.production() {
			wrong = append(wrong, fmt.Errorf("an API key is not one of %s: keys of production, and no others, begin with %s", o.Mode, productionPrefix))
		}
	}
	if len(o.OrderingLimit) > 0 && !o.production() {
		wrong = append(wrong, account.ErrNoLimits)
	}
	wrong = append(wrong, account.ValidateAmounts(o.Balances, o.OrderingLimit))
	for _, endpoint := range o.Webhooks {
		wrong = append(wrong, endpoint.Validate())
	}
	return errors.Join(append(wrong, webhook.ValidateSecret(o.WebhookSecret))...)
}

// usualBalances are what an account starts with. What the real playground shows is
// not known (D).
var usualBalances = map[string]string{"EUR": "10000", "GBP": "10000", "JPY": "1000000", "USD": "25000"}
