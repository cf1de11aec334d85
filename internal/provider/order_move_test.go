package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const (
	restapi = "registry.terraform.io/mastercard/restapi"
	restful = "registry.opentofu.org/magodo/restful"
)

// moves takes a resource of another provider over, as a CLI does for a moved block: it
// asks a provider that is not configured.
func (c *orderHarness) moves(address, name string, version int64, state string) run {
	c.t.Helper()
	server := serverOf(&runaProvider{version: "test", getenv: func(string) string { return "" }})
	resp, err := server.(tfprotov6.ResourceServer).MoveResourceState(c.ctx, &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: name, SourceSchemaVersion: version,
		SourceState: &tfprotov6.RawState{JSON: []byte(state)}, TargetTypeName: "runa_order",
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if errorsOf(resp.Diagnostics) == "" {
		c.store(resp.TargetState, resp.TargetPrivate, resp.TargetIdentity)
	}
	return run{action: "move", diags: resp.Diagnostics}
}

// restapiState is a restapi_object as Mastercard/restapi 1.x (schema version 0 of the
// older SDK), 2.x and 3.x write it.
func restapiState(id string, changes attrs) string {
	state := attrs{
		"id": id, "object_id": nil, "path": "/order", "create_path": nil, "read_path": nil, "update_path": nil, "destroy_path": nil,
		"create_method": nil, "read_method": nil, "update_method": nil, "destroy_method": nil, "id_attribute": nil, "query_string": nil,
		"data": `{"items":[]}`, "read_data": nil, "update_data": nil, "destroy_data": nil, "debug": nil, "force_new": nil, "read_search": nil,
		"ignore_changes_to": nil, "ignore_all_server_changes": false, "ignore_server_additions": nil,
		"api_data":     attrs{"id": id, "status": "COMPLETED", "items": "[map[face_value:25.00]]"},
		"api_response": `{"id":"` + id + `","status":"COMPLETED"}`, "create_response": `{"id":"` + id + `","status":"PROCESSING"}`,
	}
	maps.Copy(state, changes)
	return mustText(state)
}

// restfulState is a restful_resource as magodo/restful writes it: body and output are
// texts up to schema version 1, and dynamic values after.
func restfulState(id string, changes attrs) string {
	state := attrs{
		"id": "/v2/order/" + id, "path": "/v2/order", "read_path": "$(path)/$(body.id)", "read_selector": nil, "create_selector": nil,
		"create_method": "POST", "update_method": nil, "delete_method": nil, "query": nil, "header": attrs{"X-Idempotency-Key": "spring-26/ana"},
		"body":   attrs{"type": []any{"object", attrs{"description": "string"}}, "value": attrs{"description": "x"}},
		"output": attrs{"type": []any{"object", attrs{"id": "string", "status": "string"}}, "value": attrs{"id": id, "status": "COMPLETED"}},
	}
	maps.Copy(state, changes)
	return mustText(state)
}

func mustText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // it is made of texts
	}
	return string(text)
}

// TestMovedOrders: an order that another provider bought becomes one of ours, and
// nothing is bought.
func TestMovedOrders(t *testing.T) {
	t.Parallel()
	for name, order := range foreignOrders() {
		for _, links := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", links ", links), func(t *testing.T) {
				t.Parallel()
				c := newCore(t, newSandbox(t, quick), attrs{"store_payout_links": links})
				id := c.sb.place(t, order)
				if got := c.moves(restapi, "restapi_object", 0, restapiState(id, nil)); len(got.diags) > 0 {
					t.Fatal(got.errors(), got.warnings())
				}
				before := c.sb.requests("", "")
				c.refresh()
				if asked := c.sb.requests("", "") - before; asked > 0 || c.field("items") != nil {
					t.Errorf("a refresh made %d requests, and the items are %v, want none and none", asked, c.field("items"))
				}
				got := c.apply(order.config)
				c.expect(got, "update", "COMPLETED", 1)
				c.severity(got, "")
				if c.get("order_id") != id {
					t.Errorf("order_id = %q, want %q", c.get("order_id"), id)
				}
				if want := order.key; want != "" && c.get("idempotency_key") != want {
					t.Errorf("idempotency_key = %q, want %q", c.get("idempotency_key"), want)
				}
				if got := c.links(); (len(got) > 0 && got[0] != "") != links {
					t.Errorf("links %q, want any: %t", got, links)
				}
				done := c.apply(order.config)
				c.expect(done, "", "COMPLETED", 1)
				if posts := c.sb.requests(http.MethodPost, "/order"); posts != 1 {
					t.Errorf("%d orders were sent, want 1", posts)
				}
				c.likeAnImport(order, id)
			})
		}
	}
}

// likeAnImport compares the stored order with what an import and an apply make of it.
func (c *orderHarness) likeAnImport(order foreign, id string) {
	c.t.Helper()
	imported := newCore(c.t, c.sb, c.settings)
	imported.adopt(id)
	imported.apply(order.config)
	differ, err := imported.state.Diff(*c.state)
	c.sb.must(c.t, err)
	for _, d := range differ {
		c.t.Errorf("imported and moved differ, want them the same: %s", d)
	}
}

// TestMoveSources: the id is found wherever a version of these providers has it.
func TestMoveSources(t *testing.T) {
	t.Parallel()
	const id = "O-01J7Z3K5N8QWERTYASDFGHZXCV"
	asText := `{"id":"` + id + `","status":"COMPLETED"}`
	for name, test := range map[string]struct {
		address, source string
		version         int64
		state           string
	}{
		"restapi":                     {restapi, "restapi_object", 0, restapiState(id, nil)},
		"restapi, another namespace":  {"registry.example.test/acme/restapi", "restapi_object", 1, restapiState(id, nil)},
		"restapi, another id":         {restapi, "restapi_object", 0, restapiState(id, attrs{"id": "spring"})},
		"restapi, the answer alone":   {restapi, "restapi_object", 0, restapiState(id, attrs{"id": "spring", "api_data": nil})},
		"restapi, the first answer":   {restapi, "restapi_object", 0, restapiState(id, attrs{"id": "spring", "api_data": nil, "api_response": `{}`})},
		"restapi, a create_path":      {restapi, "restapi_object", 0, restapiState(id, attrs{"path": "/orders", "create_path": "/v2/order/?x=y"})},
		"restful":                     {restful, "restful_resource", 2, restfulState(id, nil)},
		"restful, texts":              {restful, "restful_resource", 0, restfulState(id, attrs{"body": `{}`, "output": asText})},
		"restful, no version in path": {restful, "restful_resource", 1, restfulState(id, attrs{"id": "/order/" + id, "path": "order"})},
		"restful, the output alone":   {restful, "restful_resource", 2, restfulState(id, attrs{"id": "/v2/order"})},
		"restful, the text alone":     {restful, "restful_resource", 0, restfulState(id, attrs{"id": "/v2/order", "output": asText})},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			got := c.moves(test.address, test.source, test.version, test.state)
			if len(got.diags) > 0 || c.state == nil || c.get("order_id") != id || c.get("id") != id {
				t.Errorf("errors %q, want none, and a state with order_id and id %s", got.errors(), id)
			}
		})
	}
}

// TestMoveRefusals: what cannot be moved is said, with the way to import, and shows
// nothing of a state that may hold links.
func TestMoveRefusals(t *testing.T) {
	t.Parallel()
	const id, link = "O-01J7Z3K5N8QWERTYASDFGHZXCV", "https://spend.example.test/secret"
	nothing := attrs{"id": link, "api_data": attrs{"id": link}, "api_response": `{"id":"` + link + `"}`, "create_response": link}
	for name, test := range map[string]struct{ address, source, state, says string }{
		"another type":        {"registry.terraform.io/hashicorp/null", "null_resource", `{"id":"1"}`, "It cannot be moved from a null_resource"},
		"another provider":    {"registry.terraform.io/acme/other", "restapi_object", restapiState(id, nil), "This one is of registry.terraform.io/acme/other"},
		"another path":        {restapi, "restapi_object", restapiState(id, attrs{"path": "/product"}), "does not end with /order"},
		"an estimate":         {restful, "restful_resource", restfulState(id, attrs{"path": "/order/estimate"}), "does not end with /order"},
		"no id":               {restapi, "restapi_object", restapiState(id, nothing), "does not hold Runa's id"},
		"no id, restful":      {restful, "restful_resource", restfulState(id, attrs{"id": "/v2/order/" + link, "output": link}), "does not hold Runa's id"},
		"no JSON":             {restapi, "restapi_object", `[]`, "is not a JSON object"},
		"everything is null":  {restapi, "restapi_object", `{"id":null,"path":null}`, "does not end with /order"},
		"an order of another": {restapi, "restapi_object", restapiState("A-1", nil), "does not hold Runa's id"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			got := c.moves(test.address, test.source, 0, test.state)
			if said := got.errors(); !strings.Contains(said, test.says) || !strings.Contains(said, "Nothing was bought") || !strings.Contains(said, "import ADDRESS") {
				t.Errorf("errors %q, want one that says %q, that nothing was bought, and how to import", said, test.says)
			}
			if strings.Contains(got.errors(), "secret") || c.state != nil {
				t.Errorf("errors %q, state %v, want no link in them, and no state", got.errors(), c.state)
			}
		})
	}
}

// TestMovedOrdersNeverBuy: whatever is wrong with a moved order, no plan of it buys or
// replaces, and the ledger stays as it was.
func TestMovedOrdersNeverBuy(t *testing.T) {
	t.Parallel()
	single := foreignOrders()["single"]
	changed := maps.Clone(single.config)
	changed["description"] = "another"
	again := maps.Clone(changed)
	again["on_change"], again["idempotency_key"] = "buy_again", "another"
	for name, test := range map[string]struct {
		options sandbox.Options
		upset   func(c *orderHarness, id string)
		config  attrs
		says    string
	}{
		"another configuration": {quick, nil, changed, "A placed order cannot be changed"},
		"to be bought again":    {quick, nil, again, "The imported order differs from the configuration"},
		"not at this Runa":      {quick, func(c *orderHarness, _ string) { c.sb.Reset() }, single.config, "Order not found in this environment"},
		"unreadable": {quick, func(c *orderHarness, _ string) {
			c.fault(onReading(sandbox.Fault{Action: sandbox.ActionStatus, Status: 403}))
		}, single.config, "The order cannot be read"},
		"processing": {sandbox.Options{Processing: time.Hour}, nil, single.config, "It is still PROCESSING"},
		"failed":     {sandbox.Options{Processing: time.Hour}, func(c *orderHarness, _ string) { c.failing(false) }, single.config, "FAILED and delivered nothing"},
	} {
		for _, mode := range []refreshing{always, never} {
			t.Run(fmt.Sprint(name, ", refreshing ", mode), func(t *testing.T) {
				t.Parallel()
				c := newCore(t, newSandbox(t, test.options), nil)
				c.refreshing = mode
				id := c.sb.place(t, single)
				c.moves(restful, "restful_resource", 2, restfulState(id, nil))
				if test.upset != nil {
					test.upset(c, id)
				}
				ledger := len(c.sb.Ledger())
				got := c.apply(test.config)
				if got.action == "replace" || got.action == "create" || !strings.Contains(got.errors(), test.says) {
					t.Errorf("planned %q, errors %q, warnings %q, want no purchase and an error that says %q", got.action, got.errors(), got.warnings(), test.says)
				}
				if c.get("order_id") != id || len(c.sb.Ledger()) != ledger || c.sb.requests(http.MethodPost, "/order") > 1 {
					t.Errorf("order_id %q, %d orders in the ledger, %d requests, want %s, %d, at most 1",
						c.get("order_id"), len(c.sb.Ledger()), c.sb.requests(http.MethodPost, "/order"), id, ledger)
				}
			})
		}
	}
}

// TestMovedOrderBeforeTheProviderIsKnown: with settings that are known only after an
// apply, a moved order cannot be read, and so is not planned.
func TestMovedOrderBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	single := foreignOrders()["single"]
	id := c.sb.place(t, single)
	c.moves(restapi, "restapi_object", 0, restapiState(id, nil))
	c.server = serverOf(&runaProvider{version: "test", getenv: func(string) string { return "" }})
	c.refresh()
	resp := c.propose(single.config, c.state)
	if said := errorsOf(resp.Diagnostics); !strings.Contains(said, "The moved order cannot be read yet") || !strings.Contains(said, id) {
		t.Errorf("errors %q, want one that says that the moved order %s cannot be read yet", said, id)
	}
	if c.get("order_id") != id || len(c.sb.Ledger()) != 1 {
		t.Errorf("order_id %q, %d orders in the ledger, want %s and 1", c.get("order_id"), len(c.sb.Ledger()), id)
	}
}

// TestMovedOrdersAreNotReplaced: a tainted resource stays tainted when it is moved, so the
// CLI would destroy the order and buy it again. A destroy looks the same to a provider.
func TestMovedOrdersAreNotReplaced(t *testing.T) {
	for _, mode := range []refreshing{always, never} {
		t.Run(fmt.Sprint("refreshing ", mode), func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			c.refreshing = mode
			single := foreignOrders()["single"]
			id := c.sb.place(t, single)
			c.moves(restapi, "restapi_object", 0, restapiState(id, nil))
			stays := func(what string, got run) {
				t.Helper()
				if said := got.errors(); !strings.Contains(said, "cannot be destroyed before an apply has read it") || !strings.Contains(said, "untaint") {
					t.Errorf("%s: got errors %q, want that it cannot be destroyed yet", what, said)
				}
				if c.get("order_id") != id || len(c.sb.Ledger()) != 1 {
					t.Errorf("%s: got order %q and %d orders at Runa, want %s alone", what, c.get("order_id"), len(c.sb.Ledger()), id)
				}
			}
			c.tainted = true
			stays("replaced", c.apply(single.config))
			stays("destroyed", c.apply(nil))
			c.tainted = false
			c.apply(single.config)
			c.expect(c.apply(nil), "delete", "(no state)", 1, "Destroying does not cancel an order", id)
		})
	}
}
