package provider

import (
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// bought places orders by link, and gives their ids, oldest first.
func bought(t *testing.T, sb *testSandbox, keys ...string) (ids []string) {
	t.Helper()
	for _, key := range keys {
		c := newCore(t, sb, nil)
		done := c.apply(attrs{
			"idempotency_key": key, "description": "for " + key, "metadata": attrs{"team": "blue"},
			"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"},
			"items": []any{attrs{
				"face_value": 25, "distribution_method": attrs{"type": "PAYOUT_LINK"}, "products": attrs{"type": "SINGLE", "value": "ACME-US"},
			}},
		})
		if done.errors() != "" {
			t.Fatal(done.errors())
		}
		ids = append(ids, c.get("order_id"))
		sb.Advance(time.Hour)
	}
	return ids
}

func TestReadOrder(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Processing: -1})
	id := bought(t, sb, "key-of-ada")[0]
	got, done := readerOf(t, sb, nil).read("runa_order", attrs{"id": id})
	if len(done.diags) > 0 {
		t.Fatal(done.errors(), done.warnings())
	}
	want := attrs{
		"order_id": id, "status": "COMPLETED", "idempotency_key": "key-of-ada", "description": "for key-of-ada",
		"currency": "USD", "total_price": "25.00", "total_discount": "0.00",
	}
	for name, want := range want {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	if labels := got["metadata"].(attrs); len(labels) != 1 || labels["team"] != "blue" {
		t.Errorf("metadata = %v, want team = blue alone", labels)
	}
	payout := got["payouts"].([]any)[0].(attrs)
	if payout["status"] != "ACTIVE" || got["payout_links"].([]any)[0] == nil || payout["face_value"] != "25.00" {
		t.Errorf("payout = %v with link %v, want it ACTIVE, of 25.00, with a link", payout, got["payout_links"].([]any)[0])
	}
	if got["transaction_detail"].(attrs)["USD"].(attrs)["value"] != "25.00" {
		t.Errorf("transaction_detail = %v, want 25.00 in USD", got["transaction_detail"])
	}
}

func TestReadOrderThatIsProcessing(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	c := newCore(t, sb, nil)
	c.apply(attrs{
		"timeouts":       attrs{"create": "10ms"},
		"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"},
		"items": []any{attrs{
			"face_value": 25, "distribution_method": attrs{"type": "PAYOUT_LINK"}, "products": attrs{"type": "SINGLE", "value": "ACME-US"},
		}},
	})
	r := readerOf(t, sb, nil)
	got, done := r.read("runa_order", attrs{"id": c.get("order_id")})
	if len(done.diags) > 0 || got["status"] != "PROCESSING" || got["payouts"] != nil || got["metadata"] != nil {
		t.Errorf("runa_order = %v, errors %q, warnings %q, want PROCESSING without payouts and metadata, and none", got, done.errors(), done.warnings())
	}
	got, _ = r.read("runa_orders", attrs{"status": "PROCESSING", "created_after": "2026-01-01T00:00:00Z"})
	if len(got["orders"].([]any)) != 1 {
		t.Errorf("runa_orders = %v, want one order", got)
	}
}

// TestOrderLinksAreSensitive: what the resource hides, the data source hides.
func TestOrderLinksAreSensitive(t *testing.T) {
	var sensitive []string
	var walk func(at string, attributes []*tfprotov6.SchemaAttribute)
	walk = func(at string, attributes []*tfprotov6.SchemaAttribute) {
		for _, attribute := range attributes {
			if attribute.Sensitive {
				sensitive = append(sensitive, at+attribute.Name)
			}
			if attribute.NestedType != nil {
				walk(at+attribute.Name+".", attribute.NestedType.Attributes)
			}
		}
	}
	r := newReader(t, nil)
	walk("", r.schemas.DataSourceSchemas["runa_order"].Block.Attributes)
	if len(sensitive) != 1 || sensitive[0] != "payout_links" {
		t.Errorf("sensitive attributes = %v, want payout_links alone", sensitive)
	}
}

func TestNoSuchOrder(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	_, done := readerOf(t, sb, nil).read("runa_order", attrs{"id": "O-01K0AAAAAAAAAAAAAAAAAAAAAA"})
	wantFinding(t, done, `AttributeName("id")`, "There is no order \"O-01K0AAAAAAAAAAAAAAAAAAAAAA\" at "+sb.URL)
}

func TestReadOrders(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Processing: -1})
	ids := bought(t, sb, "a", "b", "c")
	r := readerOf(t, sb, nil)
	created := func(id string) string {
		got, _ := r.read("runa_order", attrs{"id": id})
		return got["created_at"].(string)
	}
	tests := map[string]struct {
		config attrs
		want   []string
	}{
		"all, newest first": {attrs{}, []string{ids[2], ids[1], ids[0]}},
		"limit":             {attrs{"limit": 1}, []string{ids[2]}},
		"status":            {attrs{"status": "FAILED"}, nil},
		"after":             {attrs{"created_after": created(ids[1])}, []string{ids[2], ids[1]}},
		"before":            {attrs{"created_before": created(ids[1])}, []string{ids[0]}},
		"between":           {attrs{"created_after": created(ids[0]), "created_before": created(ids[2]), "limit": 5}, []string{ids[1], ids[0]}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, done := r.read("runa_orders", test.config)
			if len(done.diags) > 0 {
				t.Fatal(done.errors(), done.warnings())
			}
			var listed []string
			for _, order := range got["orders"].([]any) {
				listed = append(listed, order.(attrs)["id"].(string))
				if order.(attrs)["total_price"] != "25.00" {
					t.Errorf("order = %v, want total_price 25.00", order)
				}
			}
			if fmt.Sprint(listed) != fmt.Sprint(test.want) {
				t.Errorf("got %v, want %v", listed, test.want)
			}
		})
	}
}

// TestSearchStops: a search reads no further than it must, and trusts the list's
// order only for as long as the list keeps to it.
func TestSearchStops(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	const all = 5 * ordersPerPage
	// Lists of one order an hour, by place in the list: hours before noon.
	newestFirst := func(i int) int { return i }
	oldestFirst := func(i int) int { return all - i }
	latecomer := func(i int) int {
		if i == 100 {
			return 0
		}
		return i
	}
	tests := map[string]struct {
		hours  func(int) int
		search orderSearch
		found  int
		read   int
	}{
		"everything":                   {newestFirst, orderSearch{}, all, all},
		"limit":                        {newestFirst, orderSearch{limit: 3}, 3, 3},
		"limit beyond the range":       {newestFirst, orderSearch{limit: 3, to: noon.Add(-10 * time.Hour)}, 3, 14},
		"from, in the first page":      {newestFirst, orderSearch{from: noon.Add(-10 * time.Hour)}, 11, ordersPerPage},
		"from, in the second page":     {newestFirst, orderSearch{from: noon.Add(-501 * time.Hour)}, 502, 2 * ordersPerPage},
		"from, the last of a page":     {newestFirst, orderSearch{from: noon.Add(-499 * time.Hour)}, 500, 2 * ordersPerPage},
		"the list is oldest first":     {oldestFirst, orderSearch{from: noon.Add(-10 * time.Hour)}, 10, all},
		"the list is not quite sorted": {latecomer, orderSearch{from: noon.Add(-10 * time.Hour)}, 12, all},
		"from before all":              {newestFirst, orderSearch{from: noon.Add(-all * time.Hour)}, all, all},
		"status":                       {newestFirst, orderSearch{status: "FAILED"}, 0, all},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			read := 0
			list := iter.Seq2[client.Order, error](func(yield func(client.Order, error) bool) {
				for i := range all {
					read++
					created := noon.Add(-time.Duration(test.hours(i)) * time.Hour).Format(time.RFC3339Nano)
					if !yield(client.Order{ID: fmt.Sprint(i), Status: client.StatusCompleted, CreatedAt: created}, nil) {
						return
					}
				}
			})
			found, err := test.search.in(list, noon)
			if err != nil || len(found) != test.found || read != test.read {
				t.Errorf("found %d, read %d (%v), want %d and %d", len(found), read, err, test.found, test.read)
			}
		})
	}
}

func TestSearchAmongProcessing(t *testing.T) {
	list := func(yield func(client.Order, error) bool) {
		for range 2 * ordersPerPage {
			if !yield(client.Order{ID: "O-1", Status: client.StatusProcessing}, nil) {
				return
			}
		}
	}
	now := time.Now()
	for name, test := range map[string]struct {
		search orderSearch
		want   int
	}{
		"after an hour ago": {orderSearch{from: now.Add(-time.Hour)}, 2 * ordersPerPage},
		"before now":        {orderSearch{to: now}, 0},
	} {
		if found, err := test.search.in(list, now); err != nil || len(found) != test.want {
			t.Errorf("%s: %d orders, error %v, want %d and none", name, len(found), err, test.want)
		}
	}
	broken := errors.New("broken")
	if found, err := (orderSearch{}).in(func(yield func(client.Order, error) bool) { yield(client.Order{}, broken) }, now); !errors.Is(err, broken) || found != nil {
		t.Errorf("in() of a list that breaks = %v, error %v, want nothing and %v", found, err, broken)
	}
}

func TestLabels(t *testing.T) {
	order := client.Order{Metadata: map[string]string{purchase.TagName: "key"}}
	if labels := labelsOf(order); !labels.IsNull() || order.Metadata[purchase.TagName] != "key" {
		t.Errorf("labels %v, metadata of the order %v, want null, and the tag still there", labels, order.Metadata)
	}
}
