package sandbox_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// The canaries. Each has a part that begins with zq, which no escaping changes and
// which is looked for by itself as well.
const (
	emailed     = `o'zqwren17+a&b@post.example`
	paid        = `zqrobin28@post.example`
	reference   = `zqplover39.ref_x@y-z`
	described   = `zqmartin40 "for" <Ana> & co`
	tagged      = `zqfinch51?x=y`
	claimed     = `https://spend.runa.io/zqosprey62?a=1&b=<2>+3`
	notAnEmail  = `zqheron73 at home`
	badRef      = `zqdunnock84 (gone)`
	halfBody    = `{"email_address":"zqbrambling95@post.example",`
	falseAnswer = `{"payout":{"url":"https://spend.runa.io/zqlinnet06"}}`
	falseHeader = `https://spend.runa.io/zqsiskin16`
	faultPath   = `/order/zqwhinchat27`
	faultMethod = `ZQSTONECHAT38`
	wrongKey    = `wgzqcuckoo49.secretpart49`
	mailAsKey   = `zqnuthatch61@post.example`
	linkAsKey   = `https://spend.runa.io/zqgoldcrest72`
	panicked    = `zqfieldfare83@post.example`
	hookPath    = `/zqredstart31`
	hookSecret  = `whsec_zqwheatear42AAAA` // base64
)

// core is a canary's part that no escaping changes.
var core = regexp.MustCompile(`(?i)zq[a-z]+[0-9]{2}`)

// both is a canary and its core.
func both(canaries ...string) (all []string) {
	for _, canary := range canaries {
		all = append(all, canary, core.FindString(canary))
	}
	return all
}

// secretLife is a sandbox to which everything has happened that may leave a secret
// somewhere.
type secretLife struct {
	*rig
	key, second string // the API keys, which are secret as well
	bodies      []string
	links       []string
	told        map[string]string // what the admin calls have answered, by call
	hooks       *receiver         // which fails half of the time
}

func liveSecretly(t *testing.T, options sandbox.Options) *secretLife {
	prefix := "XX"
	if options.Mode == sandbox.ModeProduction {
		prefix = "wg"
	}
	l := &secretLife{key: prefix + "zqbittern94.secretpart94", second: prefix + "zqbunting05.secretpart05", told: map[string]string{}}
	options.APIKeys, options.RatePerMinute = []string{l.key, l.second}, -1
	l.hooks = receive(t, func(n int) int { return 200 + 300*(n%2) })
	options.Webhooks, options.WebhookSecret = []sandbox.Webhook{{URL: l.hooks.url + hookPath + "?" + core.FindString(hookPath)}}, hookSecret
	l.rig = start(t, options)
	l.rig.key = l.key
	l.orders()
	l.faults()
	l.box.Advance(time.Minute)
	l.patches()
	l.events()
	l.strays()
	return l
}

// secrets are all canaries but those that are idempotency keys.
func (l *secretLife) secrets() []string {
	all := both(emailed, paid, reference, described, tagged, claimed, notAnEmail, badRef, halfBody,
		falseAnswer, falseHeader, faultPath, faultMethod, wrongKey, hookPath, hookSecret, l.key, l.second)
	for _, link := range l.links {
		all = append(all, link, link[strings.LastIndex(link, "/")+1:])
	}
	return append(all, l.bodies...)
}

// buy posts an order and remembers its body.
func (l *secretLife) buy(key, body string, headers ...string) result {
	l.bodies = append(l.bodies, body)
	return l.order(key, body, headers...)
}

// orders places orders of each kind in both modes, and some that are refused.
func (l *secretLife) orders() {
	acme, pay := `{"type":"SINGLE","value":"ACME-US"}`, `{"type":"SINGLE","value":"P2C-US"}`
	email := fmt.Sprintf(`{"type":"EMAIL","email_address":%q}`, emailed)
	person := fmt.Sprintf(`{"type":"RECIPIENT","recipient_reference":%q,"email_address":%q}`, reference, paid)
	words := fmt.Sprintf(`,"description":%q,"metadata":{"note":%q}}`, described, tagged)
	for i, body := range []string{
		item("USD", "10", email, acme), item("USD", "10", person, pay),
		strings.TrimSuffix(tenDollars, "}") + words,
	} {
		l.must(l.buy(fmt.Sprint("async ", i), body), 202)
		l.must(l.buy(fmt.Sprint("sync ", i), body+" ", "X-Execution-Mode", "sync"), 200)
		l.must(l.order(fmt.Sprint("async ", i), body), 202) // a repeat
		l.must(l.order(fmt.Sprint("async ", i), body+"\n"), 400)
	}
	l.must(l.buy(mailAsKey, tenDollars), 202)
	l.must(l.buy(linkAsKey, tenDollars), 202)
	l.must(l.buy(url.QueryEscape(mailAsKey), tenDollars), 202)

	l.must(l.buy("refused 1", item("USD", "10", fmt.Sprintf(`{"type":"EMAIL","email_address":%q}`, notAnEmail), acme)), 422)
	l.must(l.buy("refused 2", item("USD", "10", fmt.Sprintf(`{"type":"RECIPIENT","recipient_reference":%q,"email_address":%q}`, badRef, paid), pay)), 422)
	l.must(l.buy("refused 3", fmt.Sprintf(`{%q:1,"items":[{"products":{"type":%q}}]}`, emailed, described)), 422)
	l.must(l.buy("refused 4", item("USD", "10", email, fmt.Sprintf(`{"type":"SINGLE","value":%q}`, tagged))), 400)
	l.must(l.buy("malformed", halfBody), 400)
	l.must(l.buy("plain text", emailed, "Content-Type", "text/plain; note="+badRef), 400)
	l.must(l.call("POST", "/v2/order", l.bodies[0]), 422) // no key at all
	l.call("POST", "/v2/order/estimate", l.bodies[0])
}

// linksIn are the whole links in an answer.
func linksIn(answer string) (links []string) {
	for _, part := range strings.Split(answer, `"`) {
		if strings.HasPrefix(part, "https://spend.") {
			links = append(links, part)
		}
	}
	return slices.Compact(links) // the playground tells each twice
}

// admin makes an admin call and remembers what it says.
func (l *secretLife) admin(method, path, body string, status int) {
	l.t.Helper()
	if got := l.must(l.call(method, path, body), status); got != "" {
		l.told[fmt.Sprint(len(l.told), " ", method, " ", path, " ", body)] = got
	}
}

// faults lets a fault of every action strike an order with secrets in it.
func (l *secretLife) faults() {
	own := fmt.Sprintf(`,"status":503,"body":%q,"store":true,"headers":{"Location":%q,"X-Linnet":%q,%q:"1"}`, falseAnswer, falseHeader, falseHeader, faultMethod)
	for i, fault := range []string{
		`"drop_before"`, `"drop_after"`, `"delay","delay":"1ms"`, `"truncate"`, `"garbage"`, `"garbage"` + own,
		`"interim_102"`, `"interim_102"` + own, `"status"` + own, `"status","place":true` + own, `"hang","place":true`,
	} {
		l.admin("POST", "/_sandbox/faults", `{"method":"POST","path":"/order","times":1,"action":`+fault+`}`, 201)
		l.admin("GET", "/_sandbox/faults", "", 200)
		body, key := l.bodies[i%6], fmt.Sprint("fault ", i)
		if strings.Contains(fault, "hang") {
			l.givenUp(key, body)
		} else {
			l.order(key, body)
		}
		l.order(key, body)
	}
	strange := fmt.Sprintf(`{"method":%q,"path":%q,"action":"hang"}`, faultMethod, faultPath)
	l.admin("POST", "/_sandbox/faults", strange, 201)
	l.admin("GET", "/_sandbox/faults", "", 200)
}

// givenUp posts an order and goes away once it has arrived.
func (l *secretLife) givenUp(key, body string) {
	calls := len(l.box.Journal())
	ctx, leave := context.WithCancel(l.t.Context())
	gone := make(chan result)
	go func() { gone <- l.callWithin(ctx, "POST", "/v2/order", body, "X-Idempotency-Key", key) }()
	eventually(l.t, "the call arrives", func() bool { return len(l.box.Journal()) > calls })
	leave()
	<-gone
}

// patches lets the world change orders.
func (l *secretLife) patches() {
	ledger := l.box.Ledger()
	for _, e := range ledger {
		l.links = append(l.links, linksIn(l.must(l.get("/v2/order/"+e.ID), 200))...)
	}
	for i, patch := range []string{
		fmt.Sprintf(`{"items":[{"payout":{"status":"CLAIMED","url":%q}}]}`, claimed), `{"status":"FAILED","items":[{}]}`, `{"status":"FAILED"}`, `{"status":"PROCESSING"}`,
	} {
		l.must(l.call("PATCH", "/_sandbox/orders/"+ledger[i].ID, patch), 204)
	}
	l.must(l.call("PATCH", "/_sandbox/orders/"+url.PathEscape(paid), `{}`), 404)
	l.must(l.call("PATCH", "/_sandbox/products/ACME-US", fmt.Sprintf(`{"state":%q}`, paid)), 400)
	l.must(l.call("POST", "/_sandbox/faults", fmt.Sprintf(`{"action":%q}`, paid)), 400)
}

// events waits until some have arrived, and some have not.
func (l *secretLife) events() {
	l.must(l.call("PATCH", "/_sandbox/products/ACME-US", `{"discount_multiplier":"0.0200"}`), 204)
	eventually(l.t, "some fail and wait, some arrive", func() bool {
		all, _ := l.box.Deliveries()
		states := map[string]int{}
		for _, d := range all {
			states[d.State]++
		}
		return states["delivered"] > 3 && states["waiting"] > 3 && states["sending"] == 0
	})
	l.box.Advance(time.Minute)
	l.admin("GET", "/_sandbox/webhooks", "", 200)
	l.must(l.call("POST", "/_sandbox/webhooks/"+url.PathEscape(paid), ""), 404)
}

// strays calls with every secret in every place where it does not belong.
func (l *secretLife) strays() {
	secrets := []string{emailed, reference, described, claimed, l.links[0], l.key, wrongKey, l.bodies[0]}
	for _, secret := range secrets {
		escaped, inQuery := url.PathEscape(secret), url.QueryEscape(secret)
		for _, path := range []string{
			"/v2/order/" + escaped, "/v2/order/" + url.PathEscape(escaped), "/v2/order/O-" + escaped, "/v2/product/" + escaped, "/v2/product/ACME-US/" + escaped,
			"/v2/" + escaped, "/" + escaped, "/" + escaped + "/v2/order", "/v1/redeem/" + escaped, "/v2/order/estimate/" + escaped,
			"/v2/product?email=" + inQuery, "/v2/product?" + inQuery, "/v2/product?" + inQuery + "=1", "/v2/product?limit=1;" + inQuery,
			"/v2/product?limit=" + inQuery, "/v2/order?after=" + inQuery, "/v2/order?before=" + inQuery, "/v2/product?currency=" + inQuery,
			"/v2/product?countries_redeemable_in=GB&countries_redeemable_in=" + inQuery, "/v2/product?categories=" + inQuery, "/v2/product?is_orderable=" + inQuery,
			"/v2/product/ACME-US?content=" + inQuery, "/v2/ping?email=" + url.QueryEscape(inQuery), "/v2/balance?limit=%zz" + inQuery,
			"/v2/order?after=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("order "+secret))),
			"/v2/order?after=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(secret))), "/v2/x?body=" + base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			l.get(path)
		}
		for _, header := range []string{
			"User-Agent", "X-Execution-Mode", "X-Api-Version", "X-Api-Key", "X-Trigger-Error", "X-Send-Email", "Referer", "Cookie", "Authorization", "X-Forwarded-For", "Accept-Encoding",
		} {
			l.get("/v2/ping", header, secret)
			l.call("POST", "/v2/ping", secret, header, secret)
			l.order("stray "+header, tenDollars, header, secret)
		}
		l.get("/v2/ping", "User-Agent", "curl/8.5.0 ("+secret+") Terraform/1.12.6-"+secret+" "+secret+"/1.0")
		l.call(core.FindString(secret+faultMethod), "/v2/order", secret)
		l.call("DELETE", "/v2/order/"+escaped, secret)
	}
}

// views are all views of the page, by address, every list to its end.
func (l *secretLife) views() map[string]string {
	views := map[string]string{}
	for _, address := range []string{"/", "/?show=no", "/?show=admin"} {
		views[address] = l.must(l.get(address), 200)
	}
	for _, e := range l.box.Ledger() {
		views["/?order="+e.ID] = l.must(l.get("/?order="+e.ID), 200)
	}
	for _, form := range []url.Values{
		{"do": {"topup"}, "currency": {paid}, "amount": {"1"}},
		{"do": {"topup"}, "currency": {"USD"}, "amount": {claimed}},
		{"do": {"fail"}, "order": {claimed}},
		{"do": {"claim"}, "order": {paid}, "item": {described}},
		{"do": {"send"}, "message": {emailed}},
		{"do": {l.bodies[0]}},
	} {
		got := l.call("POST", "/_sandbox/press", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		views["POST "+form.Encode()] = l.must(got, 400)
	}
	for _, show := range []string{"orders", "requests", "products", "events"} {
		for page, more := 1, true; more; page++ {
			address := fmt.Sprintf("/?show=%s&page=%d", show, page)
			views[address] = l.must(l.get(address), 200)
			more = strings.Contains(views[address], `rel="next"`)
		}
	}
	return views
}
