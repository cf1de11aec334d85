package sandbox_test

import (
	"html"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// secretive is a life full of things that a page must not show.
func secretive(r *rig) {
	person := `{"type":"RECIPIENT","recipient_reference":"driver-77","email_address":"bo.private@example.test"}`
	r.must(r.order("ana.private@example.test march", springSurvey), 202)
	r.must(r.order("https://spend.runa.io/11111111-secret", item("USD", "10", person, `{"type":"SINGLE","value":"P2C-US"}`)), 202)
	r.must(r.order("wgreal.private "+r.key, tenDollars), 202)
	r.must(r.get("/v2/product?limit=1&api_key=wgreal.private&note=ana.private@example.test&currency=wgreal.private"), 200)
	r.must(r.get("/v2/order/ana.private@example.test"), 404)
	r.must(r.get("/v2/order/"+r.key), 404)
	r.box.Advance(1e10)
}

// TestPageShowsNoSecret demands that nothing worth hiding is on any of the views.
func TestPageShowsNoSecret(t *testing.T) {
	for _, mode := range []string{sandbox.ModePlayground, sandbox.ModeProduction} {
		r := start(t, sandbox.Options{Mode: mode})
		secretive(r)
		for _, view := range []string{"/", "/?show=orders", "/?show=requests", "/?show=products", "/?show=nonsense&page=-1"} {
			got := r.get(view, "X-Api-Key", "")
			body := html.UnescapeString(r.must(got, 200))
			for _, secret := range []string{"private", "driver-77", "ana@", "11111111", r.key, "Spring survey", "campaign"} {
				if strings.Contains(body, secret) {
					t.Errorf("%s shows %s, want it hidden", view, secret)
				}
			}
			for _, e := range r.box.Ledger() {
				for _, link := range linksOf(string(e.Order)) {
					if strings.Contains(body, link) {
						t.Errorf("%s shows the link %s, want it hidden", view, link)
					}
				}
			}
			if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(body, "<script") {
				t.Errorf("%s: Content-Security-Policy = %s, want one that runs no scripts, and none in the page", view, csp)
			}
		}
	}
}

// linksOf are the tokens of the links in an order.
func linksOf(order string) (links []string) {
	for _, part := range strings.Split(order, `"`) {
		if strings.HasPrefix(part, "https://spend.") {
			links = append(links, part[strings.LastIndex(part, "/")+1:])
		}
	}
	return links
}

func TestPageShowsWhatIsThere(t *testing.T) {
	r := production(t, sandbox.Options{Data: filepath.Join(t.TempDir(), "campaign.db"), OrderingLimit: map[string]string{"GBP": "77"}, Balances: map[string]string{"USD": "500", "NOK": "0"}})
	secretive(r)
	r.must(r.sync("yen", one("USD", "500", "SUSHI-JP")), 200)
	r.must(r.order("yen", one("USD", "501", "SUSHI-JP")), 400)
	r.must(r.order("yen", one("USD", "500", "SUSHI-JP"), "X-Execution-Mode", "sync"), 200)
	r.must(r.order("<b>bold</b>", tenDollars), 202) // still PROCESSING
	ledger := r.box.Ledger()
	for _, patch := range []error{
		r.box.PatchOrder(ledger[2].ID, sandbox.OrderPatch{Status: "FAILED"}),
		r.box.PatchOrder(ledger[3].ID, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CLAIMED", NoURL: true}}}}),
		r.box.PatchProduct("ACME-US", sandbox.ProductPatch{Withdrawn: new(true)}),
		r.box.PatchProduct("BOLT-US", sandbox.ProductPatch{Name: "Bolt & Sons"}),
	} {
		if patch != nil {
			t.Fatal(patch)
		}
	}
	r.fault(sandbox.Fault{Path: "/ping", Action: sandbox.ActionDropBefore, Times: 1})
	r.get("/v2/ping")
	r.fault(sandbox.Fault{Path: "/ping", Action: sandbox.ActionStatus, Status: 503})
	r.must(r.get("/v2/ping"), 503)
	for view, says := range map[string][]string{
		"/":                            {"production", "campaign.db", r.url + "/v2", "wg…", "2026-07-12 10:00:10", "77.00", "NOK", "…@example.test", "fault: drop_before", `any /ping</span></td><td data-label="Fault"><span><span class="mark bad">status 503`, "every call"},
		"/?show=orders":                {"COMPLETED", "FAILED", "PROCESSING", "CLAIMED", "no link", "RECIPIENT …@example.test", "0.32 off", "500 JPY", ledger[0].ID, "&lt;b&gt;bold&lt;/b&gt;"},
		"/?show=requests":              {"replayed", "fault: drop_before", "none", "503", "limit=1&amp;…&amp;…&amp;currency=…", "POST /order", "GET /order/…"},
		"/?show=products":              {"ACME-US", "withdrawn", "Bolt &amp; Sons", "not for sale", "10, 25, 50.00, 100 USD"},
		"/?show=products&q=us+payment": {"P2C-US", "5.00 – 250.00 USD"},
		"/?show=products&q=tunes":      {"TUNES6-ES 59.94, TUNES12-ES 119.88 EUR"},
		"/?show=orders&q=nobody":       {"Nothing found", `value="nobody"`},
		"/?show=requests&q=nobody":     {"Nothing found"},
		"/?show=products&q=nobody":     {"Nothing found"},
	} {
		body := r.must(r.get(view), 200)
		for _, part := range says {
			if !strings.Contains(body, part) {
				t.Errorf("%s has no %s, want it", view, part)
			}
		}
	}
	empty := start(t, sandbox.Options{Balances: map[string]string{}})
	body := empty.must(empty.get("/"), 200)
	for _, part := range []string{"No orders yet", "No calls yet", "No balances", "this process alone"} {
		if !strings.Contains(body, part) {
			t.Errorf("the page of an empty sandbox has no %s, want it", part)
		}
	}
}

func TestPagePages(t *testing.T) {
	r := start(t, sandbox.Options{Products: 300})
	for view, want := range map[string][3]string{
		"/?show=products":                {"ACME-US", "page=2", ""},
		"/?show=products&page=2":         {"page 2 of 6", "page=3", "page=1"},
		"/?show=products&page=6":         {"251 to 300 of 300", "", "page=5"},
		"/?show=products&page=99":        {"251 to 300 of 300", "", "page=5"},
		"/?show=products&page=two":       {"1 to 50 of 300", "page=2", ""},
		"/?show=products&q=gift&page=2":  {"page 2 of 6", "page=3&amp;q=gift", "page=1&amp;q=gift"},
		"/?show=products&q=VISA+prepaid": {"VISASL-12M-USD", "", ""},
		"/":                              {"Catalogue 300", "", ""},
	} {
		body := r.must(r.get(view), 200)
		if !strings.Contains(body, want[0]) || strings.Contains(body, `rel="next"`) != (want[1] != "") || strings.Contains(body, `rel="prev"`) != (want[2] != "") ||
			!strings.Contains(body, want[1]) || !strings.Contains(body, want[2]) {
			t.Errorf("%s: not %q in %s", view, want, body)
		}
	}
}

// TestPageIsOnlyThere demands that the root is the only page, and only to be read.
func TestPageIsOnlyThere(t *testing.T) {
	r := start(t, sandbox.Options{})
	r.must(r.call(http.MethodPost, "/", ""), 403)
	r.must(r.get("/index.html"), 403)
	if got := r.call(http.MethodHead, "/", ""); got.status != 200 || got.body != "" {
		t.Errorf("got %+v, want 200 without a body", got)
	}
	if len(r.box.Journal()) != 2 {
		t.Errorf("the journal has %d calls, want 2: those of the page are not in it", len(r.box.Journal()))
	}
}
