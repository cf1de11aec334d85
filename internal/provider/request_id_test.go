package provider

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// identified is a sandbox whose answers are numbered: their ids are known to the test.
func identified(t *testing.T, options sandbox.Options) *testSandbox {
	t.Helper()
	sb := newSandbox(t, options)
	var answers atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sb.ServeHTTP(&numbered{ResponseWriter: w, id: fmt.Sprintf("req-%d", answers.Add(1))}, r)
	}))
	t.Cleanup(server.Close)
	return &testSandbox{Sandbox: sb.Sandbox, URL: server.URL + "/v2"}
}

// numbered puts an id into an answer.
type numbered struct {
	http.ResponseWriter
	id string
}

func (n *numbered) Unwrap() http.ResponseWriter { return n.ResponseWriter }

func (n *numbered) WriteHeader(status int) {
	n.Header().Set("X-Amzn-Requestid", n.id)
	n.ResponseWriter.WriteHeader(status)
}

var namesRequest = regexp.MustCompile(`\n\nRequest id: req-\d+\nRuna's support asks for it\.$`)

// wantRequestID wants each diagnostic that says something to end with a request's id.
func wantRequestID(t *testing.T, got run, says string) {
	t.Helper()
	found := false
	for _, d := range got.diags {
		if strings.Contains(d.Summary+"\n"+d.Detail, says) {
			found = true
			if !namesRequest.MatchString(d.Detail) {
				t.Errorf("%s: %s, want a request's id at the end", d.Summary, d.Detail)
			}
		}
	}
	if !found {
		t.Errorf("errors %q, warnings %q, want one that says %q", got.errors(), got.warnings(), says)
	}
}

// TestOrderErrorsEndWithTheRequestID looks at what can go wrong with an order.
func TestOrderErrorsEndWithTheRequestID(t *testing.T) {
	t.Parallel()
	config := plain(attrs{"idempotency_key": "k"})
	tests := map[string]struct {
		says string
		do   func(c *orderHarness) run
		sold int // orders in the ledger at the end
	}{
		"refused, with a key": {"product_validation_error", func(c *orderHarness) run { c.sells(false); return c.apply(config) }, 0},
		"refused, no key":     {"product_validation_error", func(c *orderHarness) run { c.sells(false); return c.apply(plain(nil)) }, 0},
		"failed": {"The order failed at Runa", func(c *orderHarness) run {
			c.apply(config)
			c.failing(false)
			c.forget()
			return c.apply(config)
		}, 1},
		"unconfirmed": {unconfirmedSummary, func(c *orderHarness) run {
			c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 500}))
			return c.apply(plain(attrs{"timeouts": attrs{"create": "1s"}}))
		}, 0},
		"conflict": {"The idempotency key was used for another request", func(c *orderHarness) run {
			c.apply(config)
			c.forget()
			other := plain(attrs{"idempotency_key": "k", "description": "other"})
			return c.apply(other)
		}, 1},
		"not found at a refresh": {"Order not found in this environment", func(c *orderHarness) run {
			c.apply(config)
			c.fault(onReading(sandbox.Fault{Action: sandbox.ActionStatus, Status: 404}))
			return c.refresh()
		}, 1},
		"unreadable at a refresh": {"The order cannot be read", func(c *orderHarness) run {
			c.apply(config)
			c.fault(onReading(sandbox.Fault{Action: sandbox.ActionStatus, Status: 403}))
			return c.refresh()
		}, 1},
		"not found at an import": {"No such order", func(c *orderHarness) run { return c.adopt("O-01J7Z3K5N8QWERTYASDFGHZXCV") }, 0},
		"catalogue":              {"Runa refuses the API key", func(c *orderHarness) run { return c.denied("/product/*") }, 0},
		"an order of a new shape": {"The order's details cannot be read", func(c *orderHarness) run {
			c.apply(config)
			c.nowTells("COMPLETED", `"none"`)
			return c.refresh()
		}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, identified(t, quick), attrs{"validate_catalog": name == "catalogue"})
			wantRequestID(t, test.do(c), test.says)
			if got := len(c.sb.Ledger()); got != test.sold {
				t.Errorf("the ledger has %d orders, want %d", got, test.sold)
			}
		})
	}
}

// denied plans an order while a path may not be read.
func (c *orderHarness) denied(path string) run {
	c.t.Helper()
	c.fault(sandbox.Fault{Method: "GET", Path: path, Action: sandbox.ActionStatus, Status: 403})
	done, _ := c.plan(plain(nil))
	return done
}

// TestReadErrorsEndWithTheRequestID looks at everything else that is read.
func TestReadErrorsEndWithTheRequestID(t *testing.T) {
	t.Parallel()
	estimate := attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"}, "items": []any{
		attrs{"face_value": "10", "products": attrs{"type": "SINGLE", "value": "NONE-US"}},
	}}
	tests := map[string]struct {
		source string
		config attrs
		status int // that a fault gives; 0 for none
		says   string
	}{
		"ping":                 {"runa_ping", attrs{}, 403, "Runa does not answer"},
		"product":              {"runa_product", attrs{"code": "ACME-US"}, 403, "The product cannot be read"},
		"product, not found":   {"runa_product", attrs{"code": "NONE-US"}, 0, "No such product"},
		"catalogue":            {"runa_products", attrs{}, 400, "The catalogue cannot be read"},
		"categories":           {"runa_product_categories", attrs{}, 403, "cannot be read"},
		"countries":            {"runa_product_countries", attrs{}, 403, "cannot be read"},
		"balance":              {"runa_balance", attrs{"currency": "USD"}, 403, "The balance cannot be read"},
		"balance, not there":   {"runa_balance", attrs{"currency": "USD"}, 404, "This environment has no balances"},
		"balance, unknown":     {"runa_balance", attrs{"currency": "QQQ"}, 0, "No balance in this currency"},
		"balances":             {"runa_balances", attrs{}, 401, "The balance cannot be read"},
		"order":                {"runa_order", attrs{"id": "O-01J7Z3K5N8QWERTYASDFGHZXCV"}, 403, "The order cannot be read"},
		"order, not found":     {"runa_order", attrs{"id": "O-01J7Z3K5N8QWERTYASDFGHZXCV"}, 0, "No such order"},
		"orders":               {"runa_orders", attrs{}, 403, "cannot be read"},
		"estimate":             {"runa_order_estimate", estimate, 410, "The order cannot be priced"},
		"estimate, not there":  {"runa_order_estimate", estimate, 404, "This environment has no estimates"},
		"estimate, not priced": {"runa_order_estimate", estimate, 0, "The order cannot be priced"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sb := identified(t, sandbox.Options{Mode: sandbox.ModeProduction})
			if test.status != 0 {
				sb.must(t, sb.AddFault(sandbox.Fault{Action: sandbox.ActionStatus, Status: test.status}))
			}
			_, done := readerOf(t, sb, attrs{"api_key": sandbox.ProductionKey}).read(test.source, test.config)
			wantRequestID(t, done, test.says)
		})
	}
}

// TestLogsNameRequests: an answer is found again at Runa by its id.
func TestLogsNameRequests(t *testing.T) {
	t.Parallel()
	c := newCore(t, identified(t, quick), attrs{"validate_catalog": false})
	var log bytes.Buffer
	c.ctx = tflogtest.RootLogger(t.Context(), &log)
	c.fault(onReading(sandbox.Fault{Action: sandbox.ActionStatus, Status: 503, Times: 1}))
	c.expect(c.apply(plain(nil)), "create", "COMPLETED", 1)
	entries, err := tflogtest.MultilineJSONDecode(bytes.NewReader(log.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[any]bool{}
	for _, e := range entries {
		if said, ok := e["@message"].(string); !ok || !strings.HasPrefix(said, "Runa request") {
			continue
		}
		id, _ := e["request_id"].(string)
		if !strings.HasPrefix(id, "req-") || ids[id] {
			t.Errorf("log entry %v, want a request id of its own", e)
		}
		ids[id] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d requests are logged, want 3: %s", len(ids), log.String())
	}
}

// TestCampaignsSayTheSameOnce: every answer has an id of its own, and a thousand orders
// that were refused for one reason are still one message.
func TestCampaignsSayTheSameOnce(t *testing.T) {
	refused := func(number int, id string) campaign.Outcome {
		why := &client.APIError{Method: "POST", Path: "/order", Status: 400, Type: "bad_request", Message: "No.", FromHandler: true, RequestID: id}
		return campaign.Outcome{
			Order:  campaign.Order{Number: number, Rewards: []string{fmt.Sprint("r", number)}},
			Result: purchase.Result{Verdict: purchase.Refused, Err: why},
		}
	}
	diags := aboutOutcomes(campaignModel{Name: types.StringValue("c")}, []campaign.Outcome{refused(1, "req-1"), refused(2, "req-2"), refused(3, "req-3")}, "here", false)
	if len(diags) != 1 {
		t.Fatalf("%d messages, want 1: %v", len(diags), diags)
	}
	for _, said := range []string{"Request id: req-1\n", "The same happened to 2 further orders"} {
		if !strings.Contains(diags[0].Detail(), said) {
			t.Errorf("the message is %q, want it to say %q", diags[0].Detail(), said)
		}
	}
}
