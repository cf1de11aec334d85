package provider

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// foreign is an order as another program places it, and how a user would declare it.
type foreign struct {
	mode   string
	body   attrs // on the wire
	config attrs // in Terraform
	key    string
}

// foreignOrders are the kinds there are.
func foreignOrders() map[string]foreign {
	money := attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"}
	declared := func(value string, method, products, changes attrs) attrs {
		config := attrs{"payment_method": money, "items": []any{item(method, products, value)}}
		maps.Copy(config, changes)
		return config
	}
	wire := func(value float64, method, products, changes attrs) attrs {
		body := attrs{"payment_method": money, "items": []any{item(method, products, value)}}
		maps.Copy(body, changes)
		return body
	}
	link := attrs{"type": "PAYOUT_LINK", "template_id": "DT-01HPAAAAAAAAAAAAAAAAAAAAAA"}
	email := attrs{"type": "EMAIL", "email_address": ana}
	driver := attrs{"type": "RECIPIENT", "recipient_reference": "driver-77", "email_address": ana}
	one := attrs{"type": "SINGLE", "value": "ACME-US"}
	choice := attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "BOLT-US"}}
	selection := attrs{"type": "TEMPLATE", "template_id": "PT-01HQ12PV4B8XMBRTK281JM54KK"}
	card := attrs{"type": "SINGLE", "value": "P2C-US"}
	pounds := attrs{"type": "SINGLE", "value": "TEA-GB"}
	note := attrs{"description": "by hand", "metadata": attrs{"team": "growth"}}
	return map[string]foreign{
		"single":    {body: wire(25, link, one, note), config: declared("25", link, one, note)},
		"multiple":  {body: wire(20, email, choice, nil), config: declared("20", email, choice, nil)},
		"template":  {body: wire(20, link, selection, nil), config: declared("20", link, selection, nil)},
		"recipient": {body: wire(10, driver, card, nil), config: declared("10", driver, card, nil)},
		"exchange": {
			mode: "sync", body: wire(20, link, pounds, nil),
			config: declared("20", link, pounds, attrs{"execution_mode": "sync"}),
		},
		"tagged": {
			body:   wire(25, link, one, attrs{"metadata": attrs{"terraform_order_key": "spring-26/ana"}}),
			config: declared("25", link, one, attrs{"idempotency_key": "spring-26/ana"}), key: "spring-26/ana",
		},
	}
}

// place buys as another program would, and gives Runa's id of the order.
func (sb *testSandbox) place(t *testing.T, order foreign) (id string) {
	t.Helper()
	return sb.placeWith(t, sandbox.Key, t.Name(), order)
}

// placeWith is place with an API key and an idempotency key.
func (sb *testSandbox) placeWith(t *testing.T, apiKey, key string, order foreign) (id string) {
	t.Helper()
	body, err := json.Marshal(order.body)
	sb.must(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, sb.URL+"/order", bytes.NewReader(body))
	sb.must(t, err)
	for name, value := range map[string]string{
		"X-Api-Key": apiKey, "Content-Type": "application/json", "X-Idempotency-Key": key, "X-Execution-Mode": order.mode,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultClient.Do(request)
	sb.must(t, err)
	defer response.Body.Close()
	var placed struct{ ID string }
	sb.must(t, json.NewDecoder(response.Body).Decode(&placed))
	if placed.ID == "" {
		t.Fatalf("POST /order = %s without an id, want an order", response.Status)
	}
	return placed.ID
}

// TestImport takes over an order of each kind, and neither it nor the plan after it
// changes or buys anything.
func TestImport(t *testing.T) {
	for name, order := range foreignOrders() {
		for how, by := range map[string]func(id string) any{
			"by id":       func(id string) any { return id },
			"by identity": func(id string) any { return attrs{"order_id": id} },
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				sb := newSandbox(t, quick)
				id := sb.place(t, order)
				c := newCore(t, sb, nil)
				c.expect(c.adopt(by(id)), "import", "COMPLETED", 1)
				want := id
				if order.key != "" {
					want = order.key
				}
				if c.get("order_id") != id || c.get("id") != want || c.get("idempotency_key") != order.key {
					t.Errorf("order_id %q, id %q, idempotency_key %q, want %q, %q, %q", c.get("order_id"), c.get("id"), c.get("idempotency_key"), id, want, order.key)
				}
				c.wantLinks(1)
				c.expect(c.apply(order.config), "", "COMPLETED", 1)
				c.expect(c.apply(asGenerated(order.config)), "", "COMPLETED", 1)
				if sent := sb.requests(http.MethodPost, "/order"); sent != 1 {
					t.Errorf("%d orders were sent, want 1", sent)
				}
			})
		}
	}
}

// asGenerated is a configuration as a CLI generates it: it writes null for
// whatever is sensitive.
func asGenerated(config attrs) attrs {
	config = maps.Clone(config)
	declared := maps.Clone(config["items"].([]any)[0].(attrs))
	method := maps.Clone(declared["distribution_method"].(attrs))
	delete(method, "email_address")
	delete(method, "recipient_reference")
	declared["distribution_method"] = method
	config["items"] = []any{declared}
	return config
}

func TestImportWithoutLinks(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	order := foreignOrders()["single"]
	id := sb.place(t, order)
	c := newCore(t, sb, attrs{"store_payout_links": false})
	c.expect(c.adopt(id), "import", "COMPLETED", 1)
	c.wantLinks(0)
	c.expect(c.apply(order.config), "", "COMPLETED", 1)
	c.wantLinks(0)
}

// TestImportedOrderCannotChange: taking an order over does not make it one that can be
// changed, and leaving its recipient out is no change.
func TestImportedOrderCannotChange(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	order := foreignOrders()["multiple"]
	id := sb.place(t, order)
	c := newCore(t, sb, nil)
	c.expect(c.adopt(id), "import", "COMPLETED", 1)
	other := asGenerated(order.config)
	other["items"].([]any)[0].(attrs)["distribution_method"].(attrs)["email_address"] = "bo@example.test"
	got := c.apply(other)
	wantFinding(t, got, `AttributeName("items").ElementKeyInt(0).AttributeName("distribution_method").AttributeName("email_address")`, "cannot be changed")
	if strings.Contains(got.errors(), "example.test") {
		t.Errorf("errors %q, want no address in them", got.errors())
	}
	again := asGenerated(order.config)
	again["on_change"] = "buy_again"
	c.expect(c.apply(again), "update", "COMPLETED", 1)
	again["description"] = "another"
	got = c.apply(again)
	wantFinding(t, got, `AttributeName("items").ElementKeyInt(0).AttributeName("distribution_method").AttributeName("email_address")`, "required for type")
	if len(sb.Ledger()) != 1 {
		t.Errorf("the ledger has %d orders, want 1", len(sb.Ledger()))
	}
}

// TestWhatCannotBeImported says why, keeps nothing, and buys nothing.
func TestWhatCannotBeImported(t *testing.T) {
	tests := map[string]struct {
		options sandbox.Options
		change  func(t *testing.T, sb *testSandbox, id string)
		by      func(id string) any // nil: by id
		says    string
	}{
		"processing": {options: sandbox.Options{Processing: time.Hour}, says: "still PROCESSING"},
		"failed": {
			options: quick, says: "delivered nothing",
			change: func(t *testing.T, sb *testSandbox, id string) {
				sb.must(t, sb.PatchOrder(id, sandbox.OrderPatch{Status: "FAILED"}))
			},
		},
		"failed, with a dead link": {
			options: quick, says: "the next apply would buy it again",
			change: func(t *testing.T, sb *testSandbox, id string) {
				sb.must(t, sb.PatchOrder(id, sandbox.OrderPatch{Status: "FAILED", Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{Status: "CANCELLED"}}}}))
			},
		},
		"of a new shape": {
			options: quick, says: "update the provider",
			change: func(t *testing.T, sb *testSandbox, id string) {
				sb.must(t, sb.AddFault(readAs(http.StatusOK, `{"id": "`+id+`", "status": "COMPLETED", "items": {"count": 1}}`)))
			},
		},
		"without items": {
			options: quick, says: "nothing to manage",
			change: func(t *testing.T, sb *testSandbox, id string) {
				sb.must(t, sb.AddFault(readAs(http.StatusOK, `{"id": "`+id+`", "status": "COMPLETED", "items": []}`)))
			},
		},
		"of another environment":  {options: quick, by: func(string) any { return "O-01K0AAAAAAAAAAAAAAAAAAAAAA" }, says: "There is no order O-01K0AAAAAAAAAAAAAAAAAAAAAA"},
		"a link instead of an id": {options: quick, by: func(string) any { return "https://spend.runa.io/1" }, says: "Not an order id"},
		"an empty identity":       {options: quick, by: func(string) any { return attrs{"order_id": ""} }, says: "Not an order id"},
		"a key":                   {options: quick, by: func(id string) any { return attrs{"order_id": id, "idempotency_key": "k"} }, says: "set only order_id"},
		"while Runa is down": {
			options: quick, says: "Nothing was imported",
			change: func(t *testing.T, sb *testSandbox, _ string) {
				sb.must(t, sb.AddFault(readAs(http.StatusServiceUnavailable, "")))
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, test.options)
			id := sb.place(t, foreignOrders()["single"])
			if test.change != nil {
				test.change(t, sb, id)
			}
			by := any(id)
			if test.by != nil {
				by = test.by(id)
			}
			c := newCore(t, sb, nil)
			got := c.adopt(by)
			c.severity(got, asError)
			c.expect(got, "import", "(no state)", 1, test.says)
			if strings.Contains(got.errors(), "spend.") {
				t.Errorf("errors %q, want no link in them", got.errors())
			}
		})
	}
}

// TestOrdersThatNoConfigurationCanSay are refused: imported, they would never plan empty.
func TestOrdersThatNoConfigurationCanSay(t *testing.T) {
	t.Parallel()
	item := func(value, method, products string) string {
		return `[{"id": "E-1", ` + value + `"price": "25.00", "currency": "USD", "distribution_method": ` + method + `, "products": ` + products + `, "payout": ` + alive + `}]`
	}
	const (
		worth = `"face_value": "25.00", `
		link  = `{"type": "PAYOUT_LINK"}`
		acme  = `{"type": "SINGLE", "value": "ACME-US"}`
	)
	tests := map[string]struct{ items, says string }{
		"a kind of products from later": {item(worth, link, `{"type": "BUNDLE", "value": "ACME-US"}`), `"BUNDLE"`},
		"products that Runa hides":      {item(worth, link, `{"type": "UNKNOWN"}`), `"UNKNOWN"`},
		"a method from later":           {item(worth, `{"type": "SMS"}`, acme), `"SMS"`},
		"no method":                     {`[{"id": "E-1", ` + worth + `"currency": "USD", "products": ` + acme + `}]`, "type"},
		"no face value":                 {item("", link, acme), "face_value"},
		"nothing of an item":            {`[null]`, "type"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, quick)
			id := sb.place(t, foreignOrders()["single"])
			sb.must(t, sb.AddFault(tells(id, "COMPLETED", test.items)))
			c := newCore(t, sb, nil)
			got := c.adopt(id)
			c.severity(got, asError)
			c.expect(got, "import", "(no state)", 1, "no resource of this version of the provider can say", test.says, "Nothing was imported")
		})
	}
}

// TestImportTakesWhatItCan: what Runa may leave out, or add, does not keep an order from
// being imported and planning empty.
func TestImportTakesWhatItCan(t *testing.T) {
	t.Parallel()
	item := func(products string) string {
		return `"items": [{"id": "E-1", "face_value": 25, "price": "25.00", "currency": "USD", "distribution_method": {"type": "PAYOUT_LINK"}, "products": ` + products + `, "payout": null}]`
	}
	for name, rest := range map[string]string{
		"the currency with the payment method": `"payment_method": {"type": "ACCOUNT_BALANCE", "currency": "USD"}, ` + item(`{"type": "SINGLE", "value": "ACME-US"}`),
		"a usage_config with nothing in it":    `"currency": "USD", ` + item(`{"type": "SINGLE", "value": "ACME-US", "usage_config": {"spend_rules_template_id": null}}`),
		"values of a single product":           `"currency": "USD", ` + item(`{"type": "SINGLE", "value": "ACME-US", "values": ["ACME-US"]}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := newSandbox(t, quick)
			order := foreignOrders()["single"]
			id := sb.place(t, order)
			sb.must(t, sb.AddFault(readAs(http.StatusOK,
				`{"id": "`+id+`", "status": "COMPLETED", "created_at": "2026-07-12T10:00:00Z", `+rest+`}`)))
			c := newCore(t, sb, nil)
			c.expect(c.adopt(id), "import", "COMPLETED", 1)
			c.expect(c.apply(plain(nil)), "", "COMPLETED", 1)
		})
	}
}

// TestImportNeverBuys: not even into a resource that says buy_again, before an apply has
// taken it over as it is.
func TestImportNeverBuys(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	c := newCore(t, sb, nil)
	order := foreignOrders()["single"]
	c.expect(c.adopt(sb.place(t, order)), "import", "COMPLETED", 1)
	same := maps.Clone(order.config)
	same["on_change"] = "buy_again"
	changed := maps.Clone(same)
	changed["description"] = "another"
	got := c.apply(changed)
	c.severity(got, asError)
	c.expect(got, "update", "COMPLETED", 1, `AttributeName("description")`, "Importing never buys")
	c.expect(c.apply(same), "update", "COMPLETED", 1)
	c.expect(c.apply(changed), "update", "COMPLETED", 2, "This plan buys again", "stays bought")
}

// TestImportOfPartlyFailedOrder: what was delivered in part is bought, and stays so.
func TestImportOfPartlyFailedOrder(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	order := foreignOrders()["single"]
	id := sb.place(t, order)
	sb.must(t, sb.PatchOrder(id, sandbox.OrderPatch{Status: "FAILED", Items: make([]sandbox.ItemPatch, 1)}))
	c := newCore(t, sb, nil)
	c.expect(c.adopt(id), "import", "FAILED", 1, "some of it was delivered")
	c.expect(c.apply(order.config), "", "FAILED", 1, "some of it was delivered")
}
