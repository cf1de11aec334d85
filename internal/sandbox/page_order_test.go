package sandbox_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// describedAs is an order of one item with a description and metadata.
func describedAs(description, metadata string) string {
	return strings.TrimSuffix(tenDollars, "}") + fmt.Sprintf(`,"description":%q,"metadata":{%s}}`, description, metadata)
}

// TestPageFindsWinners demands that a winner is found by what its owner knows, whole, in
// whatever place it stands, and not by a piece of that.
func TestPageFindsWinners(t *testing.T) {
	r := start(t, sandbox.Options{})
	person := `{"type":"RECIPIENT","recipient_reference":"driver-77","email_address":"bo@example.test"}`
	ids := map[string]string{}
	for name, body := range map[string]string{
		"reference":   item("USD", "10", person, `{"type":"SINGLE","value":"P2C-US"}`),
		"description": describedAs("autumn-raffle w-0042", `"shop":"harbour"`),
		"campaign":    describedAs("winners-spring-2026 #7 | USD | w-00900 to w-01099 (2)", `"terraform_rewards_01":"w-00900,w-01099","terraform_order_key":"campaign"`),
	} {
		ids[name] = idOf(t, r.must(r.order(name, body), 202))
	}
	link := regexp.MustCompile(`href="/\?order=(O-[0-9A-Z]+)`)
	for query, want := range map[string]string{
		"driver-77": "reference", "BO@example.test": "reference", "w-0042": "description", "harbour": "description", "autumn-raffle W-0042 completed": "description",
		"w-00900": "campaign", "w-01099": "campaign", "#7 winners-spring": "campaign",
		"driver-7": "", "driver": "", "bo@example": "", "w-004": "", "arbour": "", "autumn": "", "w-00900,w-01099": "", "w-0042 harbours": "",
	} {
		r.box.Advance(1e9)
		body := r.must(r.get("/?show=orders&q="+url.QueryEscape(query)), 200)
		found := link.FindAllStringSubmatch(body, -1)
		if want == "" {
			if len(found) != 0 || !strings.Contains(body, "Nothing found") {
				t.Errorf("%q: found %v, want nothing", query, found)
			}
			continue
		}
		if len(found) != 1 || found[0][1] != ids[want] {
			t.Errorf("%q finds %v, want %s %s", query, found, want, ids[want])
		}
		if shown := html.UnescapeString(reflected.ReplaceAllString(body, "")); strings.Contains(shown, "driver-77") || strings.Contains(shown, "harbour") || strings.Contains(shown, "raffle") {
			t.Errorf("%q: got what is hidden, want it hidden: %s", query, shown)
		}
	}
}

// TestPageOrder demands that an order's own page has all of it that may be shown: the
// provider's own description and tags, nobody else's, and which item was searched for.
func TestPageOrder(t *testing.T) {
	to := receive(t, nil)
	r := start(t, sandbox.Options{Webhooks: []sandbox.Webhook{{URL: to.url}}})
	var items []string
	for range 5 {
		items = append(items, `{"face_value":10,"distribution_method":{"type":"EMAIL","email_address":"ana@example.test"},"products":{"type":"SINGLE","value":"ACME-US"}}`)
	}
	body := `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[` + strings.Join(items, ",") + `],
		"description":"winners #3 | USD | w-1 to w-5 (5)","metadata":{"terraform_order_key":"key-of-it","terraform_order_attempt":"2","terraform_rewards_01":"w-1,w-2,w-3","terraform_rewards_02":"w-4,w-5","shop":"harbour"}}`
	id := idOf(t, r.must(r.order("key-of-it", body), 202))
	r.must(r.get("/v2/order/"+id), 200)
	r.must(r.order("another", describedAs("for Ana | USD | at home", "")), 202)
	r.box.Advance(1e9)
	to.deliveries(2)
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"items":[{},{"payout":{"status":"CLAIMED","expiry_date":"2027-07-12T10:00:01.120000+00:00"}}]}`), 204)

	list := r.must(r.get("/?show=orders&q=w-4"), 200)
	for _, says := range []string{"winners #3 | USD | w-1 to w-5 (5)", "and 2 more", `href="/?order=` + id + `&amp;q=w-4"`} {
		if !strings.Contains(list, says) {
			t.Errorf("the list has no %s, want it", says)
		}
	}
	page := r.must(r.get("/?order="+id+"&q=w-4"), 200)
	for _, says := range []string{
		id, "COMPLETED", "50.00 USD", "key-of-it", "winners #3 | USD | w-1 to w-5 (5)", "is the idempotency key", "terraform_order_attempt</span> 2", "5 ids, not shown", "1, not shown",
		"…@example.test", "CLAIMED", "until 2027-07-12 10:00:01", "POST /order", "GET /order/" + id, "event: order.completion", "delivered", "spend.playground.runa.io",
	} {
		if !strings.Contains(page, says) {
			t.Errorf("the order's page has no %s, want it", says)
		}
	}
	rows := strings.Split(page, "<tr")
	for i, row := range rows {
		if strings.HasPrefix(row, ` class="found"`) != strings.Contains(row, `data-label="No.">4<`) {
			t.Errorf("row %d = %s, want only the fourth found", i, row)
		}
	}
	if claim := strings.Count(page, `value="claim"`); claim != 4 {
		t.Errorf("got %d links to claim, want 4", claim)
	}
	for _, hides := range []string{"harbour", "ana@", "w-2", "another"} {
		if strings.Contains(page, hides) {
			t.Errorf("the order's page shows %s, want it hidden", hides)
		}
	}
	other := r.must(r.get("/?order="+r.box.Ledger()[1].ID), 200)
	if strings.Contains(other, "for Ana") || !strings.Contains(other, "23 characters, not shown") {
		t.Errorf("got %s, want 23 characters, not shown", other)
	}
	if body := r.must(r.get("/?order=O-nothing"), 404); !strings.Contains(body, "no such order") || strings.Contains(body, "O-nothing") {
		t.Errorf("got %s, want no such order, without its id", body)
	}
}

// TestPageTotals demands sums and counts over all orders, in the playground too: what
// has failed costs nothing, and what is not yet there has no links.
func TestPageTotals(t *testing.T) {
	for _, mode := range []string{sandbox.ModePlayground, sandbox.ModeProduction} {
		r := start(t, sandbox.Options{Mode: mode, Balances: map[string]string{"USD": "500", "EUR": "300"}})
		var ids []string
		for i := range 4 {
			ids = append(ids, idOf(t, r.must(r.order(fmt.Sprint(i), one("USD", "25", "BOLT-US")), 202)))
		}
		r.must(r.sync("euros", one("EUR", "20", "TEA-GB")), 200)
		r.box.Advance(1e9)
		r.must(r.order("late", one("USD", "25", "BOLT-US")), 202)
		r.must(r.call("PATCH", "/_sandbox/orders/"+ids[0], `{"status":"FAILED"}`), 204)
		r.must(r.call("PATCH", "/_sandbox/orders/"+ids[1], `{"items":[{"payout":{"status":"CLAIMED"}}]}`), 204)
		body := r.must(r.get("/"), 200)
		euros := decode[struct {
			Price string `json:"total_price"`
		}](t, string(r.box.Ledger()[4].Order)).Price
		for _, says := range []string{
			`COMPLETED</span> 4<`, `PROCESSING</span> 1<`, `FAILED</span> 1<`, `ACTIVE</span> 3<`, `CLAIMED</span> 1<`,
			`data-label="Currency">USD</td><td class="number" data-label="Orders">4</td><td class="number" data-label="Ordered">100.00</td>`,
			`data-label="Currency">EUR</td><td class="number" data-label="Orders">1</td><td class="number" data-label="Ordered">` + euros + `</td>`,
		} {
			if !strings.Contains(body, says) {
				t.Errorf("%s: the overview has no %s, want it", mode, says)
			}
		}
	}
}
