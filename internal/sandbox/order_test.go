package sandbox_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// springSurvey is 13.1 of the facts page.
const springSurvey = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":25,"distribution_method":{"type":"EMAIL","email_address":"ana@example.test"},"products":{"type":"SINGLE","value":"ACME-US"}},{"face_value":50,"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}}],"description":"Spring survey","metadata":{"campaign":"spring_26"}}`

// anonymous replaces ids and links, which follow from a counter, by fixed words.
func anonymous(body string) string {
	body = regexp.MustCompile(`[OE]-[0-9A-HJKMNP-TV-Z]{26}`).ReplaceAllStringFunc(body, func(id string) string { return id[:2] })
	return regexp.MustCompile(`https://spend\.playground\.runa\.io/[0-9a-f-]{36}`).ReplaceAllString(body, "LINK")
}

func TestAsyncOrder(t *testing.T) {
	r := start(t, sandbox.Options{})
	got := r.order("k", springSurvey)
	id := idOf(t, r.must(got, 202))
	if want := `{"id":"` + id + `","status":"PROCESSING"}`; got.body != want {
		t.Errorf("got 202 with %s, want %s", got.body, want)
	}
	running := `{"id":"` + id + `","status":"PROCESSING","message":"Order is still being processed."}`
	r.box.Advance(time.Second - time.Microsecond)
	if got := r.must(r.get("/v2/order/"+id), 200); got != running {
		t.Errorf("running: got %s, want %s", got, running)
	}
	r.box.Advance(time.Microsecond)
	sameJSON(t, anonymous(r.must(r.get("/v2/order/"+id), 200)), `{"id":"O-","status":"COMPLETED",
		"created_at":"2026-07-12T10:00:00.120000+00:00","completed_at":"2026-07-12T10:00:01.120000+00:00",
		"description":"Spring survey","payment_method":{"type":"ACCOUNT_BALANCE"},"currency":"USD","total_discount":"0.00","total_price":"75.00",
		"items":[
		{"id":"E-","distribution_method":{"type":"EMAIL","email_address":"ana@example.test"},"products":{"type":"SINGLE","value":"ACME-US"},
		 "face_value":"25.00","price":"25.00","discount_multiplier":"0.0","redemption_url":"LINK","currency":"USD",
		 "payout":{"status":"ACTIVE","status_updated_at":"2026-07-12T10:00:01.120000+00:00","url":"LINK","expiry_date":null}},
		{"id":"E-","distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]},
		 "face_value":"50.00","price":"50.00","discount_multiplier":"0.0","redemption_url":"LINK","currency":"USD",
		 "payout":{"status":"ACTIVE","status_updated_at":"2026-07-12T10:00:01.120000+00:00","url":"LINK","expiry_date":null}}],
		"transaction_detail":{"USD":{"value":"75.00","fx":null}},"metadata":{"campaign":"spring_26"}}`)
}

func TestSyncOrder(t *testing.T) {
	r := start(t, sandbox.Options{})
	body := r.must(r.sync("k", item("GBP", "20", `{"type":"PAYOUT_LINK","template_id":"DT-01HPAAAAAAAAAAAAAAAAAAAAAA"}`,
		`{"type":"SINGLE","value":"SHOE-GB"}`)), 200)
	sameJSON(t, anonymous(body), `{"id":"O-","status":"COMPLETED",
		"created_at":"2026-07-12T10:00:00.120000+00:00","completed_at":"2026-07-12T10:00:01.120000+00:00",
		"description":null,"payment_method":{"type":"ACCOUNT_BALANCE"},"currency":"GBP","total_discount":"0.00","total_price":"20.00",
		"items":[{"id":"E-","distribution_method":{"type":"PAYOUT_LINK","template_id":"DT-01HPAAAAAAAAAAAAAAAAAAAAAA"},
		"products":{"type":"SINGLE","value":"SHOE-GB"},"face_value":"20.00","price":"20.00","discount_multiplier":"0.0","redemption_url":"LINK","currency":"GBP",
		"payout":{"status":"ACTIVE","status_updated_at":"2026-07-12T10:00:01.120000+00:00","url":"LINK","expiry_date":null}}],
		"transaction_detail":{"GBP":{"value":"20.00","fx":null}},"metadata":null}`)
	if got := r.must(r.get("/v2/order/"+idOf(t, body)), 200); got != body {
		t.Errorf("read back as %s, want %s", got, body)
	}
}

func TestIdsTellTheTime(t *testing.T) {
	r := start(t, sandbox.Options{Now: func() time.Time { return noon.Add(789 * time.Microsecond) }})
	body := r.must(r.sync("k", tenDollars), 200)
	order := decode[struct {
		ID        string
		CreatedAt string `json:"created_at"`
		Items     []struct{ ID string }
	}](t, body)
	if order.CreatedAt != "2026-07-12T10:00:00.120789+00:00" {
		t.Errorf("created_at = %s, want microseconds, 2026-07-12T10:00:00.120789+00:00", order.CreatedAt)
	}
	for prefix, id := range map[string]string{"O-": order.ID, "E-": order.Items[0].ID} {
		parsed, err := ulid.ParseStrict(strings.TrimPrefix(id, prefix))
		if err != nil || parsed.Time() != uint64(noon.UnixMilli()) {
			t.Errorf("%s: time %d (error %v), want %d", id, parsed.Time(), err, noon.UnixMilli())
		}
	}
}

func TestProcessingTimes(t *testing.T) {
	for processing, want := range map[time.Duration]time.Duration{0: time.Second, -1: 0, time.Hour: time.Hour} {
		r := start(t, sandbox.Options{Processing: processing})
		id := idOf(t, r.must(r.order("k", tenDollars), 202))
		if want > 0 {
			r.box.Advance(want - time.Microsecond)
			if body := r.get("/v2/order/" + id).body; !strings.Contains(body, "PROCESSING") {
				t.Errorf("%s: just before: got %s, want PROCESSING", processing, body)
			}
			r.box.Advance(time.Microsecond)
		}
		if body := r.get("/v2/order/" + id).body; !strings.Contains(body, "COMPLETED") {
			t.Errorf("%s: just after: got %s, want COMPLETED", processing, body)
		}
	}
}

func TestOrderOfEachKind(t *testing.T) {
	const link = `{"type":"PAYOUT_LINK"}`
	psr := `"usage_config":{"spend_rules_template_id":"PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}`
	person := `{"type":"RECIPIENT","recipient_reference":"driver-77","email_address":"bo@example.test"}`
	r := start(t, sandbox.Options{})
	tests := map[string]struct {
		body     string
		contains []string
	}{
		"recipient":      {item("USD", "10", person, `{"type":"SINGLE","value":"P2C-US"}`), []string{`"distribution_method":` + person}},
		"reload":         {item("USD", "10", person, `{"type":"SINGLE","value":"VISARL-USD"}`), []string{`"value":"VISARL-USD"`}},
		"visa":           {item("USD", "40", link, `{"type":"SINGLE","value":"VISASL-3M-USD",`+psr+`}`), []string{psr}},
		"plan":           {item("EUR", "59.94", link, `{"type":"SINGLE","value":"TUNES6-ES"}`), []string{`"value":"TUNES6-ES"`, `"price":"59.94"`}},
		"yen":            {item("JPY", "500", link, `{"type":"SINGLE","value":"SUSHI-JP"}`), []string{`"face_value":"500"`, `"total_price":"500"`, `"total_discount":"0"`}},
		"cents":          {item("USD", "5.05", link, `{"type":"SINGLE","value":"BOLT-US"}`), []string{`"face_value":"5.05"`}},
		"least":          {one("USD", "5", "BOLT-US"), []string{`"face_value":"5.00"`}},
		"most":           {one("USD", "500", "BOLT-US"), []string{`"face_value":"500.00"`}},
		"exponent":       {item("USD", "1.05e1", link, `{"type":"SINGLE","value":"BOLT-US"}`), []string{`"face_value":"10.50"`}},
		"fixed as cents": {item("GBP", "75.50", link, `{"type":"SINGLE","value":"SHOE-GB"}`), []string{`"face_value":"75.50"`}},
		"whole as 50.0":  {item("USD", "50.0", link, `{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}`), []string{`"face_value":"50.00"`}},
		"drop-out":       {item("USD", "5", link, `{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}`), []string{`"values":["ACME-US","BOLT-US"]`}},
		"nulls":          {strings.Replace(tenDollars, `"items"`, `"description":null,"metadata":null,"items"`, 1), []string{`"description":null`, `"metadata":null`}},
		"null members":   {item("USD", "10", `{"type":"PAYOUT_LINK","template_id":null}`, `{"type":"SINGLE","value":"ACME-US","usage_config":null}`), []string{`"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"SINGLE","value":"ACME-US"}`}},
		"empty usage":    {item("USD", "10", link, `{"type":"SINGLE","value":"VISARL-USD","usage_config":{"spend_rules_template_id":null}}`), []string{`"value":"VISARL-USD"}`}},
		"no metadata":    {strings.Replace(tenDollars, `"items"`, `"metadata":{},"items"`, 1), []string{`"metadata":{}`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := r.must(r.sync(name, test.body), 200)
			for _, part := range test.contains {
				if !strings.Contains(got, part) {
					t.Errorf("got %s, want %s in it", got, part)
				}
			}
		})
	}
	// Spend rules of anything but a Visa are ignored in silence.
	if got := r.must(r.sync("acme", item("USD", "10", link, `{"type":"SINGLE","value":"ACME-US",`+psr+`}`)), 200); strings.Contains(got, "usage_config") {
		t.Errorf("got %s, want no usage_config", got)
	}
}

func TestTemplates(t *testing.T) {
	r := start(t, sandbox.Options{Products: 1})
	for currency, id := range map[string]string{
		"USD": "PT-01HQ12PV4B8XMBRTK281JM54KK", "GBP": "PT-01HPPT8ME05693EG77RCGKMX7N",
		"EUR": "PT-01HQ130AHCKRRB45Z5XV2Y8W9K", "CAD": "PT-01HQ12SMX2964BVXG2N69K8HF3",
	} {
		body := item(currency, "100", `{"type":"PAYOUT_LINK"}`, `{"type":"TEMPLATE","template_id":"`+id+`"}`)
		got := decode[struct {
			Items []struct {
				Products struct {
					Type       string
					TemplateID string `json:"template_id"`
					Values     []string
				}
			}
		}](t, r.must(r.sync(currency, body), 200)).Items[0].Products
		if got.Type != "TEMPLATE" || got.TemplateID != id || len(got.Values) != 10 || !slices.IsSorted(got.Values) {
			t.Errorf("got %+v, want template %s with ten products, sorted", got, id)
		}
		for _, code := range got.Values {
			if p := decode[listed](t, r.must(r.get("/v2/product/"+code), 200)); p.Currency != currency || !p.IsOrderable {
				t.Errorf("%s: got %s, orderable: %t; want %s, orderable", code, p.Currency, p.IsOrderable, currency)
			}
		}
		// What is withdrawn is no longer offered; with nothing left, nothing is sold.
		for i, code := range got.Values {
			patch := sandbox.ProductPatch{Withdrawn: new(true)}
			if i%2 == 1 {
				patch = sandbox.ProductPatch{IsOrderable: new(false)}
			}
			if err := r.box.PatchProduct(code, patch); err != nil {
				t.Fatal(err)
			}
			if i == 0 && strings.Contains(r.must(r.sync(currency+"9", body), 200), code) {
				t.Errorf("%s is still offered, want it left out", code)
			}
		}
		if got := r.sync(currency+"0", body); errorOf(got.body) != "product_validation_error" || !strings.Contains(got.body, id) {
			t.Errorf("an empty template: got %s, want product_validation_error with %s", got.body, id)
		}
	}
}

func TestOrderList(t *testing.T) {
	r := start(t, sandbox.Options{})
	empty := `{"items":[],"pagination":{"cursors":{},"page":{"limit":100}}}`
	if got := r.must(r.get("/v2/order"), 200); got != empty {
		t.Errorf("no orders: got %s, want %s", got, empty)
	}
	var ids []string // newest first
	for i := range 5 {
		ids = append([]string{idOf(t, r.must(r.order(fmt.Sprint(i), springSurvey), 202))}, ids...)
		r.box.Advance(400 * time.Millisecond)
	}
	type orderPage struct {
		Items      []struct{ ID, Status string }
		Pagination struct {
			Cursors struct{ Before, After *string }
		}
	}
	var got []string
	after := ""
	for range 4 {
		p := decode[orderPage](t, r.must(r.get("/v2/order?limit=2"+after), 200))
		for _, o := range p.Items {
			got = append(got, o.ID+o.Status)
		}
		if len(p.Items) == 0 {
			break
		}
		after = "&after=" + strings.ReplaceAll(*p.Pagination.Cursors.After, "=", "%3D")
	}
	want := []string{ids[0] + "PROCESSING", ids[1] + "PROCESSING", ids[2] + "COMPLETED", ids[3] + "COMPLETED", ids[4] + "COMPLETED"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	last := decode[orderPage](t, r.must(r.get("/v2/order?limit=1"+after), 200))
	if len(last.Items) != 0 {
		t.Errorf("after the last: got %v, want nothing", last)
	}
	newer := decode[orderPage](t, r.must(r.get("/v2/order?limit=2"+strings.Replace(after, "after", "before", 1)), 200))
	if len(newer.Items) != 2 || newer.Items[0].ID != ids[2] || newer.Items[1].ID != ids[3] {
		t.Errorf("before the last: got %v, want %s and %s", newer, ids[2], ids[3])
	}
	whole := decode[struct{ Items []map[string]any }](t, r.must(r.get("/v2/order"), 200)).Items
	if got := string(mustMarshal(t, whole[0])); got != `{"id":"`+ids[0]+`","message":"Order is still being processed.","status":"PROCESSING"}` {
		t.Errorf("running: got %s, want PROCESSING with a message", got)
	}
	sameJSON(t, string(mustMarshal(t, whole[4])), `{"id":"`+ids[4]+`","status":"COMPLETED","created_at":"2026-07-12T10:00:00.120000+00:00",
		"completed_at":"2026-07-12T10:00:01.120000+00:00","description":"Spring survey","payment_method":{"type":"ACCOUNT_BALANCE"},
		"currency":"USD","total_price":"75.00","total_discount":"0.00"}`)
}

func TestOrderNotFound(t *testing.T) {
	r := start(t, sandbox.Options{})
	got := r.get("/v2/order/O-01K0AAAAAAAAAAAAAAAAAAAAAA")
	sameJSON(t, r.must(got, 404), `{"type":"not_found","message":"There is no such order.","help":null}`)
	if got.header.Get("X-Api-Version") == "" {
		t.Error("got no X-Api-Version, want one in a handled answer")
	}
}

func TestTriggersAndEcho(t *testing.T) {
	r := start(t, sandbox.Options{})
	for kind, status := range map[string]int{"insufficient_funds": 400, "internal_server_error": 500} {
		got := r.order(kind, tenDollars, "X-Trigger-Error", kind)
		if got.status != status || errorOf(got.body) != kind || got.header.Get("X-Api-Version") == "" {
			t.Errorf("%s: got %d %s, want %d with a version", kind, got.status, got.body, status)
		}
		if again := r.order(kind, tenDollars); again.body != got.body || again.status != status {
			t.Errorf("%s: repeated as %d %s, want %d %s", kind, again.status, again.body, status, got.body)
		}
	}
	r.orders(0)
	if got := r.order("bad", `{}`, "X-Trigger-Error", "insufficient_funds"); got.status != 422 {
		t.Errorf("got %d %s, want 422: a trigger must not hide that the order is wrong", got.status, got.body)
	}
	r.must(r.order("other", tenDollars, "X-Trigger-Error", "nonsense"), 202)
	got := r.order("mail", tenDollars, "X-Send-Email", "true")
	r.must(got, 202)
	if echo := got.header.Get("X-Send-Email"); echo != "true" {
		t.Errorf("X-Send-Email = %q, want true", echo)
	}
	if echo := r.order("mail", tenDollars).header.Get("X-Send-Email"); echo != "true" {
		t.Errorf("replayed X-Send-Email = %q, want true", echo)
	}
	if echo, there := r.order("silent", tenDollars).header["X-Send-Email"]; there {
		t.Errorf("X-Send-Email = %v, want none, as in the request", echo)
	}
	r.orders(3)
}

func TestPatchOrder(t *testing.T) {
	r := start(t, sandbox.Options{})
	patch := func(id string, p sandbox.OrderPatch) {
		t.Helper()
		if err := r.box.PatchOrder(id, p); err != nil {
			t.Fatal(err)
		}
	}
	id := idOf(t, r.must(r.order("k", springSurvey), 202))
	patch(id, sandbox.OrderPatch{Status: "FAILED"})
	failed := `{"id":"` + id + `","status":"FAILED","created_at":"2026-07-12T10:00:00.120000+00:00","completed_at":null,
		"description":"Spring survey","payment_method":{"type":"ACCOUNT_BALANCE"},"currency":"USD","total_price":"75.00","total_discount":"0.00"}`
	sameJSON(t, r.must(r.get("/v2/order/"+id), 200), failed)
	r.box.Advance(time.Hour)
	sameJSON(t, r.must(r.get("/v2/order/"+id), 200), failed)
	list := decode[struct{ Items []map[string]any }](t, r.get("/v2/order").body)
	sameJSON(t, string(mustMarshal(t, list.Items[0])), failed)

	patch(id, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{}}})
	type payout struct {
		Status          string
		StatusUpdatedAt string `json:"status_updated_at"`
		URL             *string
		ExpiryDate      *string `json:"expiry_date"`
	}
	read := func() (status string, payouts []payout) {
		t.Helper()
		o := decode[struct {
			Status string
			Items  []struct{ Payout payout }
		}](t, r.must(r.get("/v2/order/"+id), 200))
		for _, i := range o.Items {
			payouts = append(payouts, i.Payout)
		}
		return o.Status, payouts
	}
	if status, payouts := read(); status != "FAILED" || len(payouts) != 2 || payouts[0].URL == nil || payouts[0].Status != "ACTIVE" {
		t.Errorf("got %s %+v, want FAILED with a live link", status, payouts)
	}
	patch(id, sandbox.OrderPatch{Status: "COMPLETED", Items: []sandbox.ItemPatch{
		{}, {Payout: sandbox.PayoutPatch{Status: "CLAIMED", ExpiryDate: "2027-07-12T10:00:01.120000+00:00"}},
	}})
	status, payouts := read()
	if status != "COMPLETED" || payouts[0].Status != "ACTIVE" || payouts[0].StatusUpdatedAt != "2026-07-12T10:00:01.120000+00:00" {
		t.Errorf("got %s %+v, want COMPLETED, ACTIVE, stamped a second after the order", status, payouts[0])
	}
	if p := payouts[1]; p.Status != "CLAIMED" || p.StatusUpdatedAt != "2026-07-12T11:00:00.120000+00:00" || *p.ExpiryDate != "2027-07-12T10:00:01.120000+00:00" {
		t.Errorf("got %+v, want CLAIMED with an expiry date, stamped by the patch", p)
	}
	patch(id, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{NoURL: true}}, {Payout: sandbox.PayoutPatch{URL: "https://x.example/y"}}}})
	if _, payouts = read(); payouts[0].URL != nil || *payouts[1].URL != "https://x.example/y" {
		t.Errorf("got %+v, want no first link and a new second one", payouts)
	}
	patch(id, sandbox.OrderPatch{Status: "PROCESSING"})
	if status, _ := read(); status != "PROCESSING" {
		t.Errorf("got %s, want PROCESSING", status)
	}
	// The answer under the key is history, and stays.
	sameJSON(t, r.must(r.order("k", springSurvey), 202), `{"id":"`+id+`","status":"PROCESSING"}`)
}

// TestFailedInFull demands both forms of a FAILED order: the bare one, and the one of
// Runa's schema, with items, dead links and completed_at.
func TestFailedInFull(t *testing.T) {
	options := sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db")}
	r := start(t, options)
	id := idOf(t, r.must(r.order("k", springSurvey), 202))
	r.box.Advance(time.Minute)
	completed := r.must(r.get("/v2/order/"+id), 200)
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"status":"FAILED","full":true}`), 204)
	failed := strings.NewReplacer(`"COMPLETED"`, `"FAILED"`, `"ACTIVE"`, `"CANCELLED"`, `"status_updated_at":"2026-07-12T10:00:01.`, `"status_updated_at":"2026-07-12T10:01:00.`).Replace(completed)
	for range 2 {
		sameJSON(t, r.must(r.get("/v2/order/"+id), 200), failed)
		r = r.reopened(options)
	}
	if list := r.must(r.get("/v2/order"), 200); !strings.Contains(list, `"completed_at":"2026`) || strings.Contains(list, `"items":[{"id":"E-`) {
		t.Errorf("got %s, want completed_at and no items", list)
	}
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"status":"FAILED","full":true,"items":[{"payout":{"status":"ACTIVE"}}]}`), 204)
	if got := r.must(r.get("/v2/order/"+id), 200); strings.Count(got, `"ACTIVE"`) != 1 || strings.Count(got, `"CANCELLED"`) != 1 {
		t.Errorf("got %s, want one ACTIVE and one CANCELLED link", got)
	}
	r.must(r.call("PATCH", "/_sandbox/orders/"+id, `{"status":"FAILED"}`), 204)
	if got := r.must(r.get("/v2/order/"+id), 200); !strings.Contains(got, `"completed_at":null`) {
		t.Errorf("got %s, want completed_at null", got)
	}
}

func TestPatchOrderRefusals(t *testing.T) {
	r := start(t, sandbox.Options{})
	id := idOf(t, r.must(r.order("k", tenDollars), 202))
	for name, test := range map[string]struct {
		id    string
		patch sandbox.OrderPatch
		says  string
	}{
		"unknown": {"O-1", sandbox.OrderPatch{}, "no such thing"},
		"status":  {id, sandbox.OrderPatch{Status: "DONE"}, "DONE"},
		"full":    {id, sandbox.OrderPatch{Status: "COMPLETED", Full: true}, "FAILED only"},
		"no more": {id, sandbox.OrderPatch{Full: true}, "FAILED only"},
		"items":   {id, sandbox.OrderPatch{Items: make([]sandbox.ItemPatch, 2)}, "2 items"},
		"payout":  {id, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "GONE"}}}}, "GONE"},
		"both":    {id, sandbox.OrderPatch{Status: "FAILED", Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{URL: "x", NoURL: true}}}}, "exclude"},
	} {
		if err := r.box.PatchOrder(test.id, test.patch); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got error %v, want one with %q", name, err, test.says)
		}
	}
	if got := r.box.Ledger()[0].Status; got != "PROCESSING" {
		t.Errorf("after wrong patches: got status %s, want PROCESSING", got)
	}
}
