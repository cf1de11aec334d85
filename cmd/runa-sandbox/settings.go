package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// settings are what the command line says.
type settings struct {
	listen      string
	showVersion bool
	options     sandbox.Options
}

// parse reads the command line, and refuses what would be unsafe. What the options
// themselves refuse is the sandbox's to say.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	o := &s.options
	flags := flag.NewFlagSet("runa-sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { usage(flags) }
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8484", "loopback `address` to listen on; port 0 takes a free one")
	flags.StringVar(&o.Mode, "mode", sandbox.ModePlayground, "which Runa to be: playground or production")
	flags.StringVar(&o.Data, "data", "", "`file` that keeps orders, idempotency keys, balances, limits, the clock's advance and\npatched products, over restarts and crashes; made when it is not there (default: in memory)")
	flags.DurationVar(&o.Processing, "processing", 0, "how long an asynchronous order stays PROCESSING; 0 is the playground's 1s, negative is not at all")
	flags.DurationVar(&o.Latency, "latency", 0, "added to every answer")
	flags.IntVar(&o.RatePerMinute, "rate", 0, "order creations a minute; 0 is Runa's 300, negative is no limit")
	flags.IntVar(&o.Products, "products", 0, "size of the catalogue; 0 is 5000")
	flags.Func("products-file", "`file` of products of your own, as JSON in Runa's shape: a page of GET /product, a list, or one product", func(file string) (err error) {
		o.OwnProducts, err = os.ReadFile(file)
		return err
	})
	flags.IntVar(&o.Journal, "journal", 1000, "how many requests the journal keeps, the newest ones; 0 is all")
	flags.Func("api-key", "an API `key` to accept, which is not printed; may be repeated. Lists of processes show it:\nbetter given in a file, or as $"+keyVariable+"\n(default "+sandbox.Key+", in production "+sandbox.ProductionKey+")", addKey(&o.APIKeys))
	flags.Func("api-key-file", "`file` of API keys to accept, one a line; may be repeated", addKeys(&o.APIKeys))
	flags.Func("balance", "`CUR=AMOUNT` that the account starts with, where -data has none yet; may be repeated\n(default some EUR, GBP, JPY and USD)", amount(&o.Balances))
	flags.Func("ordering-limit", "`CUR=AMOUNT` that orders may draw in all, where -data says nothing yet; may be repeated (production)", amount(&o.OrderingLimit))
	flags.BoolVar(&o.Strict, "strict", false, "refuse members that Runa does not document in orders and estimates, such as misspelt ones")
	flags.BoolVar(&o.EstimateStrings, "estimate-strings", false, "estimates write amounts as strings, not as numbers (production)")
	flags.Func("webhook", "`[EVENT=]URL` of this machine to send events to, signed as Runa signs them; may be repeated.\nEVENT is order.completion or product.update (default: both)", func(text string) error {
		o.Webhooks = append(o.Webhooks, webhook(text))
		return nil
	})
	flags.StringVar(&o.WebhookSecret, "webhook-secret", "", "`secret` that signs events, whsec_…, which is not printed; better given as $"+secretVariable+"\n(default "+sandbox.WebhookSecret+")")
	flags.BoolVar(&s.showVersion, "version", false, "print the version and stop")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		// It is not quoted: where -api-key was given two keys, it is the second.
		return s, errors.New("unexpected argument: every flag begins with a dash and takes one value")
	}
	o.APIKeys = keys(o.APIKeys, o.Mode)
	if o.WebhookSecret == "" {
		o.WebhookSecret = os.Getenv(secretVariable)
	}
	return s, checkLoopback(s.listen)
}

// secretVariable is the environment's way to give the webhook secret, which no list of
// processes shows.
const secretVariable = "RUNA_SANDBOX_WEBHOOK_SECRET"

// webhook reads a flag such as product.update=http://127.0.0.1:9000/runa. An address may
// have an equals sign as well, but only after its colon.
func webhook(text string) sandbox.Webhook {
	event, address, ok := strings.Cut(text, "=")
	if !ok || strings.Contains(event, ":") {
		return sandbox.Webhook{URL: text}
	}
	return sandbox.Webhook{URL: address, Event: event}
}

// amount reads a flag such as USD=250.00 into a map.
func amount(into *map[string]string) func(string) error {
	return func(text string) error {
		currency, amount, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("it is not like USD=250.00")
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[currency] = amount
		return nil
	}
}

// ownKey is the key that a mode accepts by itself.
func ownKey(mode string) string {
	if mode == sandbox.ModeProduction {
		return sandbox.ProductionKey
	}
	return sandbox.Key
}

// checkLoopback refuses to be reachable from elsewhere: the key is known to
// everybody, and the admin calls have none.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("-listen %q: %w", address, err)
	}
	if sandbox.IsLoopback(host) {
		return nil
	}
	return fmt.Errorf("-listen %q: the sandbox listens on a loopback address only, such as 127.0.0.1:8484, "+
		"because its API key is public and its admin calls need none", address)
}

// usage explains the program.
func usage(flags *flag.FlagSet) {
	fmt.Fprint(flags.Output(), `runa-sandbox is a local Runa: the Payouts API under /v2, for tests and for trying out.
Nothing it sells is real, and its keys open nothing. It prints what to export:

  $ runa-sandbox -listen 127.0.0.1:0
  export RUNA_BASE_URL=http://127.0.0.1:40123/v2 RUNA_API_KEY=`+sandbox.Key+`

Its root, here http://127.0.0.1:40123/, shows the orders, the requests and the
catalogue in a browser.

Modes:

  -mode playground   orders cost nothing and never lack funds; no discounts, no estimate;
                     X-Trigger-Error and X-Send-Email; the playground's four templates
  -mode production   keys begin with wg; orders draw balances down, with discounts, and are
                     re-credited when they fail; insufficient_funds, ordering_restricted,
                     POST /order/estimate; product selection templates:
                     `+sandbox.TemplateUSD+` (USD), `+sandbox.TemplateGBP+` (GBP)

Both exchange currencies. With -data FILE a sandbox forgets nothing that it has answered,
however it ends; a file belongs to its mode, and to one process at a time. Faults, the
requests, events and the rate limit's minute are of the process and not kept.

With -webhook URL a sandbox sends order.completion, when an asynchronous order has
ended, and product.update, when a product was patched: with Svix's headers and
signature, and retried as Svix does until the answer is a 2xx: after 5s, 5m, 30m, 2h, 5h,
10h and 10h of the sandbox's clock, which can be moved. Runa's own playground sends none.

Flags:

`)
	flags.PrintDefaults()
	fmt.Fprint(flags.Output(), "\nAdmin calls, without a key:\n\n", sandbox.AdminHelp)
}
