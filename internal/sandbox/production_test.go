package sandbox_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// balances demands the balances of the account, zeros included.
func (r *rig) balances(want map[string]string) {
	r.t.Helper()
	if got := r.box.Balances(); !maps.Equal(got, want) {
		r.t.Fatalf("balances %v, want %v", got, want)
	}
}

// TestProductionSample is 13.4 of the facts page: discounts, two kinds of items, and
// the host of links.
func TestProductionSample(t *testing.T) {
	r := production(t, sandbox.Options{Balances: map[string]string{"USD": "100"}})
	got := r.order("k", springSurvey, "X-Send-Email", "true", "X-Trigger-Error", "insufficient_funds")
	id := idOf(t, r.must(got, 202))
	if got.header.Get("X-Send-Email") != "" {
		t.Errorf("X-Send-Email = %q, want none: it is of the playground", got.header.Get("X-Send-Email"))
	}
	r.balances(map[string]string{"USD": "25.32"})
	r.box.Advance(1e9)
	body := strings.ReplaceAll(r.must(r.get("/v2/order/"+id), 200), "spend.runa.io", "spend.playground.runa.io")
	sameJSON(t, anonymous(body), `{"id":"O-","status":"COMPLETED",
		"created_at":"2026-07-12T10:00:00.120000+00:00","completed_at":"2026-07-12T10:00:01.120000+00:00",
		"description":"Spring survey","payment_method":{"type":"ACCOUNT_BALANCE"},"currency":"USD","total_discount":"0.32","total_price":"74.68",
		"items":[
		{"id":"E-","distribution_method":{"type":"EMAIL","email_address":"ana@example.test"},"products":{"type":"SINGLE","value":"ACME-US"},
		 "face_value":"25.00","price":"24.68","currency":"USD",
		 "payout":{"status":"ACTIVE","status_updated_at":"2026-07-12T10:00:01.120000+00:00","url":"LINK","expiry_date":null}},
		{"id":"E-","distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]},
		 "face_value":"50.00","price":"50.00","currency":"USD",
		 "payout":{"status":"ACTIVE","status_updated_at":"2026-07-12T10:00:01.120000+00:00","url":"LINK","expiry_date":null}}],
		"transaction_detail":{"USD":{"value":"75.00","fx":null}},"metadata":{"campaign":"spring_26"}}`)
}

func TestProductionSyncTellsTheTruth(t *testing.T) {
	r := production(t, sandbox.Options{})
	body := r.must(r.sync("k", tenDollars), 200)
	if !strings.Contains(body, `"completed_at":"2026-07-12T10:00:00.120000+00:00"`) {
		t.Errorf("got %s, want it completed at once", body)
	}
	r.must(r.call("PATCH", "/_sandbox/orders/"+idOf(t, body), `{"items":[{"payout":{"no_url":true}}]}`), 204)
	if body := r.get("/v2/order/" + idOf(t, body)).body; strings.Contains(body, "redemption_url") || !strings.Contains(body, `"url":null`) {
		t.Errorf("got %s, want url null and no redemption_url", body)
	}
}

// TestProductionKinds covers the products that are paid out in their own ways, and
// the templates of one's own.
func TestProductionKinds(t *testing.T) {
	const link = `{"type":"PAYOUT_LINK"}`
	person := `{"type":"RECIPIENT","recipient_reference":"driver-77","email_address":"bo@example.test"}`
	rules := `"usage_config":{"spend_rules_template_id":"PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}`
	r := production(t, sandbox.Options{})
	for name, test := range map[string]struct {
		body, says string
		status     int
	}{
		"recipient":                    {item("USD", "10", person, `{"type":"SINGLE","value":"P2C-US"}`), `"distribution_method":` + person, 200},
		"reload":                       {item("USD", "10", person, `{"type":"SINGLE","value":"VISARL-USD"}`), `"value":"VISARL-USD"`, 200},
		"recipient of a card":          {item("USD", "10", person, `{"type":"SINGLE","value":"ACME-US"}`), "product_validation_error", 400},
		"prepaid":                      {item("USD", "40", link, `{"type":"SINGLE","value":"VISASL-12M-USD",`+rules+`}`), rules, 200},
		"plan":                         {item("EUR", "59.94", link, `{"type":"SINGLE","value":"TUNES6-ES"}`), `"price":"59.94"`, 200},
		"own template":                 {item("GBP", "20", link, `{"type":"TEMPLATE","template_id":"`+sandbox.TemplateGBP+`"}`), `"values":["SHOE-GB","TEA-GB"]`, 200},
		"own template in USD":          {item("USD", "25", link, `{"type":"TEMPLATE","template_id":"`+sandbox.TemplateUSD+`"}`), `"price":"25.00"`, 200},
		"the playground's template":    {item("USD", "20", link, `{"type":"TEMPLATE","template_id":"PT-01HQ12PV4B8XMBRTK281JM54KK"}`), "product_validation_error", 400},
		"not for sale":                 {one("USD", "20", "GONE-US"), "product_validation_error", 400},
		"a currency nobody can hold":   {one("KRW", "25", "ACME-US"), "currency_mismatch", 400},
		"a currency without a balance": {one("CAD", "20", "MAPLE-CA"), "insufficient_funds", 400},
	} {
		t.Run(name, func(t *testing.T) {
			if got := r.must(r.sync(name, test.body), test.status); !strings.Contains(got, test.says) {
				t.Errorf("got %s, want %q in it", got, test.says)
			}
		})
	}
	if err := r.box.PatchProduct("ACME-US", sandbox.ProductPatch{Withdrawn: new(true)}); err != nil {
		t.Fatal(err)
	}
	if got := r.must(r.sync("withdrawn", tenDollars), 400); errorOf(got) != "product_validation_error" {
		t.Errorf("got %s, want product_validation_error", got)
	}
	playground := start(t, sandbox.Options{})
	playground.must(playground.order("k", item("GBP", "20", link, `{"type":"TEMPLATE","template_id":"`+sandbox.TemplateGBP+`"}`)), 400)
}

func TestProductionKeys(t *testing.T) {
	r := production(t, sandbox.Options{})
	r.must(r.get("/v2/ping"), 200)
	r.must(r.get("/v2/ping", "X-Api-Key", sandbox.Key), 403)
	for name, options := range map[string]sandbox.Options{
		"mode":                 {Mode: "staging"},
		"playground key":       {Mode: sandbox.ModeProduction, APIKeys: []string{"XXa"}},
		"production key":       {APIKeys: []string{"wga"}},
		"limit in playground":  {OrderingLimit: map[string]string{"USD": "1"}},
		"currency":             {Balances: map[string]string{"KRW": "1"}},
		"unknown currency":     {Balances: map[string]string{"XYZ": "1"}},
		"negative":             {Balances: map[string]string{"USD": "-1"}},
		"too many decimals":    {Balances: map[string]string{"JPY": "1.5"}},
		"huge":                 {Balances: map[string]string{"USD": "1e999999999"}},
		"tiny":                 {Balances: map[string]string{"USD": "1e-999999999"}},
		"no limit of a number": {Mode: sandbox.ModeProduction, OrderingLimit: map[string]string{"USD": "many"}},
		"data without a place": {Data: t.TempDir() + "/none/data"},
	} {
		if box, err := sandbox.Open(options); err == nil {
			t.Errorf("%s: got %v, want an error", name, box)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: New did not panic, want a panic", name)
				}
			}()
			sandbox.New(options)
		}()
	}
}

// TestFunds demands that a balance may come down to zero, that what it does not cover
// is refused, and that the refusal stays under its key while the money does not.
func TestFunds(t *testing.T) {
	r := production(t, sandbox.Options{Balances: map[string]string{"USD": "19.74"}}) // twice 9.87
	r.must(r.sync("a", tenDollars), 200)
	r.must(r.sync("b", tenDollars), 200)
	r.balances(map[string]string{"USD": "0.00"})
	refusal := r.must(r.order("c", tenDollars), 400)
	if errorOf(refusal) != "insufficient_funds" {
		t.Errorf("got %s, want insufficient_funds", refusal)
	}
	sameJSON(t, r.must(r.get("/v2/balance"), 200), `[]`)
	sameJSON(t, r.must(r.get("/v2/balance?currency=USD"), 200), `{"balance":"0.00","currency":"USD"}`)
	sameJSON(t, r.must(r.get("/v2/balance?currency=CAD"), 200), `{"balance":"0.00","currency":"CAD"}`)
	r.must(r.get("/v2/balance?currency=KRW"), 400)

	r.must(r.call("PATCH", "/_sandbox/balances", `{"USD":"+10","GBP":"5.50"}`), 204)
	sameJSON(t, r.must(r.get("/_sandbox/balances"), 200), `{"USD":"10.00","GBP":"5.50"}`)
	sameJSON(t, r.must(r.get("/v2/balance"), 200), `[{"balance":"5.50","currency":"GBP"},{"balance":"10.00","currency":"USD"}]`)
	if again := r.must(r.order("c", tenDollars), 400); again != refusal {
		t.Errorf("the repeat: got %s, want %s", again, refusal)
	}
	r.must(r.order("d", tenDollars), 202)
	r.balances(map[string]string{"USD": "0.13", "GBP": "5.50"})
	r.orders(3)
	for _, bad := range []string{`{"USD":"1","XYZ":"1"}`, `{"USD":"lots"}`, `{"USD":1}`, `[]`} {
		r.must(r.call("PATCH", "/_sandbox/balances", bad), 400)
	}
	if err := r.box.SetBalance("USD", ""); err != nil {
		t.Fatal(err)
	}
	r.balances(map[string]string{"GBP": "5.50"})
}

// TestFailedIsCredited demands that failing and coming back to life move the price
// there and back, once each.
func TestFailedIsCredited(t *testing.T) {
	r := production(t, sandbox.Options{Balances: map[string]string{"USD": "10"}})
	id := idOf(t, r.must(r.order("k", tenDollars), 202))
	patch := func(status string) error { return r.box.PatchOrder(id, sandbox.OrderPatch{Status: status}) }
	for _, step := range []struct{ status, left string }{
		{"PROCESSING", "0.13"}, {"FAILED", "10.00"}, {"FAILED", "10.00"}, {"", "10.00"}, {"COMPLETED", "0.13"}, {"COMPLETED", "0.13"}, {"FAILED", "10.00"},
	} {
		if err := patch(step.status); err != nil {
			t.Fatal(err)
		}
		r.balances(map[string]string{"USD": step.left})
	}
	r.must(r.order("other", tenDollars), 202)
	if err := patch("COMPLETED"); err == nil || r.box.Ledger()[0].Status != "FAILED" {
		t.Errorf("got error %v and %v, want an error and FAILED", err, r.box.Ledger())
	}
	r.balances(map[string]string{"USD": "0.13"})

	playground := start(t, sandbox.Options{Balances: map[string]string{"USD": "10"}})
	id = idOf(t, playground.must(playground.order("k", tenDollars), 202))
	if err := playground.box.PatchOrder(id, sandbox.OrderPatch{Status: "FAILED"}); err != nil {
		t.Fatal(err)
	}
	playground.balances(map[string]string{"USD": "10.00"})
}

func TestOrderingLimit(t *testing.T) {
	r := production(t, sandbox.Options{OrderingLimit: map[string]string{"USD": "19.74"}})
	first := idOf(t, r.must(r.order("a", tenDollars), 202))
	r.must(r.order("b", tenDollars), 202)
	got := r.order("c", tenDollars)
	if errorOf(r.must(got, 403)) != "ordering_restricted" || got.header.Get("X-Api-Version") == "" {
		t.Errorf("got %s %v, want ordering_restricted with a version", got.body, got.header)
	}
	r.must(r.sync("eur", one("EUR", "20", "TEA-GB")), 200) // another currency, another limit
	if err := r.box.PatchOrder(first, sandbox.OrderPatch{Status: "FAILED"}); err != nil {
		t.Fatal(err)
	}
	r.must(r.order("d", tenDollars), 202)
	r.must(r.order("e", tenDollars), 403)
	sameJSON(t, r.must(r.get("/_sandbox/limits"), 200), `{"USD":"19.74"}`)
	r.must(r.call("PATCH", "/_sandbox/limits", `{"USD":"","EUR":"1"}`), 204)
	sameJSON(t, r.must(r.get("/_sandbox/limits"), 200), `{"EUR":"1.00"}`)
	r.must(r.order("f", tenDollars), 202)
	r.must(r.order("c", tenDollars), 403) // stored
	if err := r.box.SetOrderingLimit("USD", "few"); err == nil {
		t.Error("few: got no error, want one")
	}
	r.must(r.call("PATCH", "/_sandbox/limits", `{"USD":"x"}`), 400)
	if err := start(t, sandbox.Options{}).box.SetOrderingLimit("USD", "1"); err == nil {
		t.Error("a limit in the playground: got no error, want one")
	}
}

// TestProductionRounding demands half-up cents, and no cents of a yen.
func TestProductionRounding(t *testing.T) {
	r := production(t, sandbox.Options{})
	for code, multiplier := range map[string]string{"SUSHI-JP": "0.0150", "BOLT-US": "0.0050", "TEA-GB": "0.1000", "SHOE-GB": "1"} {
		if err := r.box.PatchProduct(code, sandbox.ProductPatch{DiscountMultiplier: multiplier}); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct{ body, price, discount string }{
		"yen":     {one("JPY", "500", "SUSHI-JP"), "493", "7"},    // 492.5
		"cents":   {one("USD", "5", "BOLT-US"), "4.98", "0.02"},   // 4.975
		"free":    {one("GBP", "10", "SHOE-GB"), "0.00", "10.00"}, // all of it
		"in euro": {one("EUR", "20", "TEA-GB"), "22.93", "2.50"},  // 18/0.8 = 22.50, 1.9 % of it is 0.4275
		"in yen":  {one("JPY", "10", "BOLT-US"), "1585", "8"},     // 9.95*156.25 = 1554.69 → 1555, fee 29.5 → 30; 1563 - 1555
	} {
		got := decode[priced](t, r.must(r.sync(name, test.body), 200))
		if got.TotalPrice != test.price || got.TotalDiscount != test.discount {
			t.Errorf("%s: %s after %s off, want %s after %s", name, got.TotalPrice, got.TotalDiscount, test.price, test.discount)
		}
	}
}

func TestProductionDetails(t *testing.T) {
	r := production(t, sandbox.Options{Strict: true})
	body := `{"payment_method":{"type":"CASH","currency":"usd"},"items":[{"face_value":0,"distribution_method":{"type":"EMAIL"},"products":{"type":"SINGLE","value":7}}],"extra":1}`
	got := decode[struct {
		Details []struct {
			Type     string
			Location []string
		}
	}](t, r.must(r.order("", body), 422))
	var all []string
	for _, d := range got.Details {
		all = append(all, d.Type+" "+strings.Join(d.Location, "."))
	}
	want := []string{
		"value_error.missing X-Idempotency-Key", "value_error.extra extra", "type_error.enum payment_method.type", "value_error.str.regex payment_method.currency",
		"value_error.number.not_ge items.0.face_value", "value_error.missing items.0.distribution_method.email_address",
		"type_error.str items.0.products.value",
	}
	if fmt.Sprint(all) != fmt.Sprint(want) {
		t.Errorf("got\n%q, want\n%q", all, want)
	}
	r.must(r.order("k", `{"items":7}`), 422)
}
