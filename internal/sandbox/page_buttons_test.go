package sandbox_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// press presses a button as a browser on the page does, which does not follow where it
// is led.
func (r *rig) press(form url.Values, headers ...string) result {
	origin := append([]string{"Content-Type", "application/x-www-form-urlencoded", "Origin", r.url, "Sec-Fetch-Site", "same-origin", "X-Api-Key", ""}, headers...)
	return r.call("POST", "/_sandbox/press", form.Encode(), origin...)
}

// TestPageButtons demands that every button does what it says, and leads back.
func TestPageButtons(t *testing.T) {
	to := receive(t, nil)
	r := production(t, sandbox.Options{Webhooks: []sandbox.Webhook{{URL: to.url}}, Balances: map[string]string{"USD": "500"}})
	back := func(form url.Values, want string) {
		t.Helper()
		if body := r.must(r.press(form), 200); !strings.Contains(body, want) {
			t.Errorf("%v does not lead to %s", form, want)
		}
	}
	back(url.Values{"do": {"lose"}}, "drop_after")
	if got := r.order("lost", tenDollars); got.err == nil {
		t.Errorf("got the answer %d, want none", got.status)
	}
	r.orders(1)
	back(url.Values{"do": {"refuse"}}, "status 503")
	r.must(r.order("refused", tenDollars), 503)
	back(url.Values{"do": {"refuse"}}, "End all faults")
	back(url.Values{"do": {"clear"}}, "Calls are answered as Runa would")
	id := idOf(t, r.must(r.order("k", strings.Replace(springSurvey, "\n", "", 1)), 202))
	r.box.Advance(1e9)
	to.deliveries(2)
	back(url.Values{"do": {"claim"}, "order": {id}, "item": {"2"}}, "CLAIMED")
	if got := r.get("/v2/order/" + id).body; strings.Count(got, "CLAIMED") != 1 || strings.Index(got, "CLAIMED") < strings.Index(got, "ACTIVE") {
		t.Errorf("got %s, want the second link CLAIMED", got)
	}
	back(url.Values{"do": {"fail"}, "order": {id}}, "<title>runa-sandbox: "+id)
	if got := r.get("/v2/order/" + id).body; !strings.Contains(got, `"FAILED"`) {
		t.Errorf("got %s, want FAILED", got)
	}
	before := r.box.Balances()["USD"]
	back(url.Values{"do": {"topup"}, "currency": {"USD"}, "amount": {"12.50"}}, "Money")
	if after := r.box.Balances()["USD"]; before != "490.13" || after != "502.63" {
		t.Errorf("the balance went from %s to %s, want 490.13 to 502.63", before, after)
	}
	to.deliveries(3) // it failed
	all, _ := r.box.Deliveries()
	back(url.Values{"do": {"send"}, "message": {all[0].ID}}, "<title>runa-sandbox: events")
	if again := to.deliveries(4)[3]; again.header.Get("Svix-Id") != all[0].ID {
		t.Errorf("got message %s, want %s again", again.header.Get("Svix-Id"), all[0].ID)
	}
	for _, form := range []url.Values{
		{},
		{"do": {"explode"}},
		{"do": {"claim"}, "order": {id}, "item": {"0"}},
		{"do": {"claim"}, "order": {id}, "item": {"999999999"}},
		{"do": {"claim"}, "order": {id}, "item": {"7"}},
		{"do": {"fail"}, "order": {"O-1"}},
		{"do": {"topup"}, "currency": {"USD"}, "amount": {"-5"}},
		{"do": {"topup"}, "currency": {"USD"}, "amount": {""}},
		{"do": {"send"}, "message": {"msg_1"}},
	} {
		if body := r.must(r.press(form), 400); !strings.Contains(body, "Nothing was changed") {
			t.Errorf("%v: got %s, want that nothing was changed", form, body)
		}
	}
	r.must(r.press(url.Values{"do": {strings.Repeat("x", 1<<20)}}), 400)
}

// TestPageButtonsAreItsOwn demands that no other site can press a button through
// somebody's browser, or lead a browser from here.
func TestPageButtonsAreItsOwn(t *testing.T) {
	r := start(t, sandbox.Options{})
	form := url.Values{"do": {"lose"}}
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://example.org"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "", "Origin", "https://example.org"}, {"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		if got := r.press(form, headers...); got.status != 403 {
			t.Errorf("%v: got %d, want 403", headers, got.status)
		}
	}
	if body := r.must(r.get("/_sandbox/faults"), 200); strings.TrimSpace(body) != "[]" {
		t.Errorf("got faults %s, want none", body)
	}
	r.must(r.press(form, "Sec-Fetch-Site", ""), 200) // an older browser's
	r.must(r.call("GET", "/_sandbox/press?do=lose", ""), 404)
	if got := r.press(url.Values{"do": {"clear"}, "order": {"//example.org/"}}); got.status != 200 || !strings.Contains(got.body, "<title>runa-sandbox: overview") {
		t.Errorf("got %d %s, want 200 and the overview", got.status, got.body)
	}
	page := r.get("/")
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("Content-Security-Policy = %s, want form-action self and no frame-ancestors", csp) // or another site could lay a button over this one's
	}
}

// TestAdminPageLeadsBack demands that a browser that looks at the admin calls sees a page
// with a way back, and a terminal the text.
func TestAdminPageLeadsBack(t *testing.T) {
	r := start(t, sandbox.Options{})
	body := r.must(r.get("/_sandbox/", "Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), 200)
	for _, says := range []string{`<a href="/">Overview</a>`, "/_sandbox/faults", `aria-current="page">Admin calls`} {
		if !strings.Contains(body, says) {
			t.Errorf("got %s, want %s in it", body, says)
		}
	}
	if body := r.must(r.get("/_sandbox/", "Accept", "*/*"), 404); strings.Contains(body, "<a") {
		t.Errorf("got %s, want plain text", body)
	}
}
