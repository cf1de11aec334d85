package provider

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// Terraform's query command needs 1.14, so the list resource is asked over the protocol.

// found is one result of a query.
type found struct {
	name     string
	id       string
	key      any
	resource attrs
	warnings string
}

// query validates a list resource's configuration and, if it passes, lists.
func (r *dataHarness) query(config attrs, limit int64, whole bool) (results []found, done run) {
	r.t.Helper()
	server := r.server.(tfprotov6.ListResourceServer)
	typ := r.schemas.ListResourceSchemas["runa_order"].ValueType()
	packed := pack(r.t, typ, build(typ, config))
	validated, err := server.ValidateListResourceConfig(r.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: "runa_order", Config: packed})
	if err != nil {
		r.t.Fatal(err)
	}
	if done = (run{diags: validated.Diagnostics}); done.errors() != "" {
		return nil, done
	}
	stream, err := server.ListResource(r.t.Context(), &tfprotov6.ListResourceRequest{TypeName: "runa_order", Config: packed, Limit: limit, IncludeResource: whole})
	if err != nil {
		r.t.Fatal(err)
	}
	for result := range stream.Results {
		done.diags = append(done.diags, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		identity := unbuild(r.t, unpack(r.t, identityType(), result.Identity.IdentityData)).(attrs)
		one := found{name: result.DisplayName, key: identity["idempotency_key"], warnings: run{diags: result.Diagnostics}.warnings()}
		one.id, _ = identity["order_id"].(string)
		if result.Resource != nil {
			resource, _ := protocolTypes()
			value := unpack(r.t, resource, result.Resource)
			if text := value.String(); strings.Contains(text, "spend.") || strings.Contains(text, "example.test") || strings.Contains(text, "driver-77") {
				r.t.Errorf("a result shows a secret, want none: %s", text)
			}
			one.resource = unbuild(r.t, value).(attrs)
		}
		results = append(results, one)
	}
	return results, done
}

// TestQueryShowsWhatAnImportMakes lists an order of each kind, and compares each with
// the order as it is really imported.
func TestQueryShowsWhatAnImportMakes(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	for name, order := range foreignOrders() {
		t.Run(name, func(t *testing.T) { sb.place(t, order) })
	}
	results, done := readerOf(t, sb, nil).query(nil, 100, true)
	if len(done.diags) > 0 || len(results) != len(foreignOrders()) {
		t.Fatalf("%d results, errors %q, warnings %q, want %d and none", len(results), done.errors(), done.warnings(), len(foreignOrders()))
	}
	for _, result := range results {
		c := newCore(t, sb, attrs{"store_payout_links": false})
		c.expect(c.adopt(attrs{"order_id": result.id}), "import", "COMPLETED", len(results))
		imported := unbuild(t, *c.state).(attrs)
		for _, one := range imported["items"].([]any) {
			method := one.(attrs)["distribution_method"].(attrs)
			method["email_address"], method["recipient_reference"] = nil, nil
		}
		if want, got := fmt.Sprint(imported), fmt.Sprint(result.resource); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if result.key != nil {
			t.Errorf("the identity has the key %v, want none", result.key)
		}
	}
	if posts := sb.requests(http.MethodPost, "/order"); posts != len(results) {
		t.Errorf("%d orders were sent, want %d", posts, len(results))
	}
}

// TestQueryWithoutResources asks for no more than the list.
func TestQueryWithoutResources(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	id := sb.place(t, foreignOrders()["single"])
	results, done := readerOf(t, sb, nil).query(nil, 100, false)
	if len(done.diags) > 0 || len(results) != 1 || results[0].resource != nil || results[0].id != id {
		t.Fatalf("got %v, errors %q, warnings %q, want one result without a resource, %s, and none", results, done.errors(), done.warnings(), id)
	}
	want := id + ", COMPLETED, 25.00 USD, " + sb.Ledger()[0].CreatedAt.UTC().Format(time.DateOnly) + ", by hand"
	if results[0].name != want {
		t.Errorf("shown as %q, want %q", results[0].name, want)
	}
	if reads := sb.requests(http.MethodGet, "/order/"+id); reads != 0 {
		t.Errorf("the order was read %d times, want never", reads)
	}
}

func TestQueryFilters(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, sandbox.Options{Processing: 24 * time.Hour})
	place := func(name string) (id string) {
		t.Run(name, func(t *testing.T) { id = sb.place(t, foreignOrders()["single"]) })
		return id
	}
	old := place("old")
	sb.Advance(48 * time.Hour)
	failed := place("failed")
	sb.must(t, sb.PatchOrder(failed, sandbox.OrderPatch{Status: "FAILED"}))
	busy := place("busy")
	at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
	tests := map[string]struct {
		config attrs
		limit  int64
		want   []string
	}{
		"all":           {nil, 100, []string{busy, failed, old}},
		"limited":       {nil, 2, []string{busy, failed}},
		"completed":     {attrs{"status": "COMPLETED"}, 100, []string{old}},
		"failed":        {attrs{"status": "FAILED"}, 100, []string{failed}},
		"unheard of":    {attrs{"status": "CANCELLED"}, 100, nil},
		"older":         {attrs{"created_before": at(time.Hour), "status": "COMPLETED"}, 100, []string{old}},
		"newer":         {attrs{"created_after": at(time.Hour), "status": "FAILED"}, 100, []string{failed}},
		"within a time": {attrs{"created_after": at(-time.Hour), "created_before": at(24 * time.Hour), "status": "COMPLETED"}, 100, []string{old}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			results, done := readerOf(t, sb, nil).query(test.config, test.limit, false)
			var got []string
			for _, result := range results {
				got = append(got, result.id)
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if done.errors() != "" || !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v, %s", got, test.want, done.errors())
			}
		})
	}
}

// TestQueryOfWhatCannotBeImported lists such orders too, and says why.
func TestQueryOfWhatCannotBeImported(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, sandbox.Options{Processing: 24 * time.Hour})
	ids := map[string]string{}
	for _, name := range []string{"busy", "failed", "strange"} {
		t.Run(name, func(t *testing.T) { ids[name] = sb.place(t, foreignOrders()["single"]) })
	}
	sb.must(t, sb.PatchOrder(ids["failed"], sandbox.OrderPatch{Status: "FAILED"}))
	sb.must(t, sb.AddFault(sandbox.Fault{
		Method: http.MethodGet, Path: "/order/" + ids["strange"], Action: sandbox.ActionStatus, Status: http.StatusOK,
		Body: `{"id": "` + ids["strange"] + `", "status": "COMPLETED", "items": 1}`,
	}))
	results, done := readerOf(t, sb, nil).query(nil, 100, true)
	if done.errors() != "" || len(results) != 3 {
		t.Fatalf("%d results, errors %q, want 3 and none", len(results), done.errors())
	}
	for name, why := range map[string]string{"busy": "still PROCESSING", "failed": "delivered nothing", "strange": "update the provider"} {
		for _, result := range results {
			if result.id == ids[name] && (!strings.Contains(result.warnings, why) || result.resource["order_id"] != result.id || result.resource["items"] != nil) {
				t.Errorf("%s: warnings %q, resource %v, want a warning that says %q, and the order's id without items", name, result.warnings, result.resource, why)
			}
		}
	}
}

func TestQueriesThatFail(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	sb.place(t, foreignOrders()["single"])
	r := readerOf(t, sb, nil)
	_, done := r.query(attrs{"created_after": "2026-05-02T00:00:00Z", "created_before": "2026-05-01T00:00:00Z"}, 100, false)
	wantFinding(t, done, `AttributeName("created_before")`, "not after created_after")
	_, done = r.query(attrs{"created_after": "yesterday"}, 100, false)
	wantFinding(t, done, `AttributeName("created_after")`, "RFC3339")
	_, done = r.query(attrs{"status": ""}, 100, false)
	wantFinding(t, done, `AttributeName("status")`, "at least 1")

	sb.must(t, sb.AddFault(readAs(http.StatusForbidden, "")))
	results, done := r.query(nil, 100, true)
	if wantFinding(t, done, "", "cannot be read"); len(results) != 0 {
		t.Errorf("got %v, want no results", results)
	}
	_, done = newReader(t, nil).query(nil, 100, false)
	wantFinding(t, done, "", "cannot be reached yet")
}

// TestListExample runs the example, as far as that goes without a CLI that has queries.
func TestListExample(t *testing.T) {
	t.Parallel()
	const name = "../../examples/list-resources/runa_order/list-resource.tfquery.hcl"
	file, diags := hclparse.NewParser().ParseHCLFile(name)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	sb := newSandbox(t, quick)
	id := sb.place(t, foreignOrders()["single"])
	blocks := file.Body.(*hclsyntax.Body).Blocks
	for _, block := range blocks {
		if block.Type != "list" || block.Labels[0] != "runa_order" {
			t.Errorf("the example has a block %s %v, want only list runa_order", block.Type, block.Labels)
			continue
		}
		config := attrs{}
		for _, inner := range block.Body.Blocks {
			for name, attribute := range inner.Body.Attributes {
				value, diags := attribute.Expr.Value(nil)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				config[name] = value.AsString()
			}
		}
		results, done := readerOf(t, sb, nil).query(config, 100, block.Body.Attributes["include_resource"] != nil)
		if len(done.diags) > 0 || len(results) != 1 || results[0].id != id {
			t.Errorf("got %v, errors %q, warnings %q, want one result, %s, and none", results, done.errors(), done.warnings(), id)
		}
	}
	if len(blocks) == 0 {
		t.Error("the example is empty, want at least one block")
	}
}

// TestListIsDocumented: its page is written by hand, for the CLI that the other pages
// are generated with knows nothing of queries.
func TestListIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../templates/list-resources/order.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../../examples/list-resources/runa_order/list-resource.tfquery.hcl")
	if err != nil {
		t.Fatal(err)
	}
	wanted := []string{orderListSchema.MarkdownDescription, strings.TrimSpace(string(example))}
	for name, attribute := range orderListSchema.Attributes {
		wanted = append(wanted, fmt.Sprintf("- %#q (String) %s", name, attribute.GetMarkdownDescription()))
	}
	for _, text := range wanted {
		if !strings.Contains(string(page), text) {
			t.Errorf("the page lacks a text, want it to have: %s", text)
		}
	}
}
