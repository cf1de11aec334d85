package client

import (
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// survey is the first order of the facts page (13.1).
var survey = OrderRequest{
	PaymentMethod: PaymentMethod{Type: "ACCOUNT_BALANCE", Currency: "USD"},
	Items: []OrderItem{
		{
			FaceValue:          decimal.NewFromInt(25),
			DistributionMethod: DistributionMethod{Type: "EMAIL", EmailAddress: "ana@example.test"},
			Products:           Products{Type: "SINGLE", Value: "ACME-US"},
		},
		{
			FaceValue:          decimal.RequireFromString("50.00"),
			DistributionMethod: DistributionMethod{Type: "PAYOUT_LINK"},
			Products:           Products{Type: "MULTIPLE", Values: []string{"ACME-US", "BOLT-US"}},
		},
	},
	Description: "Spring survey",
	Metadata:    map[string]string{"campaign": "spring_26"},
}

const surveyBody = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":25,"distribution_method":{"type":"EMAIL","email_address":"ana@example.test"},"products":{"type":"SINGLE","value":"ACME-US"}},{"face_value":50,"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}}],"description":"Spring survey","metadata":{"campaign":"spring_26"}}`

const surveyDone = `{"id":"O-01K0AAAAAAAAAAAAAAAAAAAAAA","status":"COMPLETED","created_at":"2026-07-12T10:00:00.120000+00:00","completed_at":"2026-07-12T10:00:01.120000+00:00","description":"Spring survey","payment_method":{"type":"ACCOUNT_BALANCE"},"currency":"USD","total_discount":"0.32","total_price":"74.68","items":[{"id":"E-01K0AAAAAAAAAAAAAAAAAAAAAB","distribution_method":{"type":"EMAIL","email_address":"ana@example.test"},"products":{"type":"SINGLE","value":"ACME-US"},"face_value":"25.00","price":"24.68","discount_multiplier":"0.0130","redemption_url":"https://spend.runa.io/old","payout":{"status":"ACTIVE","status_updated_at":"2026-07-12T10:00:01.120000+00:00","url":"https://spend.runa.io/00000000-0000-4000-8000-000000000001","expiry_date":null},"currency":"USD"},{"id":"E-01K0AAAAAAAAAAAAAAAAAAAAAC","distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"TEMPLATE","template_id":"PT-01HPAAAAAAAAAAAAAAAAAAAAAA","values":["TEA-GB","SHOE-GB"]},"face_value":"50.00","price":"50.00","payout":{"status":"CLAIMED","status_updated_at":"2026-07-13T08:00:00.000000+00:00","url":"https://spend.runa.io/00000000-0000-4000-8000-000000000002","expiry_date":"2027-07-12T10:00:01.120000+00:00"},"currency":"USD"}],"transaction_detail":{"USD":{"value":"75.00","fx":null}},"metadata":{"campaign":"spring_26"}}`

func TestEncode(t *testing.T) {
	item := func(item OrderItem) OrderRequest {
		return OrderRequest{PaymentMethod: PaymentMethod{Type: "ACCOUNT_BALANCE", Currency: "GBP"}, Items: []OrderItem{item}}
	}
	const head = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"GBP"},"items":[`
	tests := map[string]struct {
		request OrderRequest
		want    string
	}{
		"e-mail and choice": {survey, surveyBody},
		"template": {
			item(OrderItem{
				decimal.NewFromInt(20),
				DistributionMethod{Type: "PAYOUT_LINK", TemplateID: "DT-01HPAAAAAAAAAAAAAAAAAAAAAA"},
				Products{Type: "TEMPLATE", TemplateID: "PT-01HPAAAAAAAAAAAAAAAAAAAAAA"},
			}),
			head + `{"face_value":20,"distribution_method":{"type":"PAYOUT_LINK","template_id":"DT-01HPAAAAAAAAAAAAAAAAAAAAAA"},"products":{"type":"TEMPLATE","template_id":"PT-01HPAAAAAAAAAAAAAAAAAAAAAA"}}]}`,
		},
		"recipient": {
			item(OrderItem{
				decimal.NewFromInt(10),
				DistributionMethod{Type: "RECIPIENT", RecipientReference: "driver-77", EmailAddress: "bo@example.test"},
				Products{Type: "SINGLE", Value: "P2C-US"},
			}),
			head + `{"face_value":10,"distribution_method":{"type":"RECIPIENT","email_address":"bo@example.test","recipient_reference":"driver-77"},"products":{"type":"SINGLE","value":"P2C-US"}}]}`,
		},
		"Visa with spend rules": {
			item(OrderItem{
				decimal.NewFromInt(40),
				DistributionMethod{Type: "PAYOUT_LINK"},
				Products{Type: "SINGLE", Value: "VISASL-3M-USD", UsageConfig: &UsageConfig{"PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}},
			}),
			head + `{"face_value":40,"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"SINGLE","value":"VISASL-3M-USD","usage_config":{"spend_rules_template_id":"PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}}}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := test.request.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestFaceValuesOnTheWire(t *testing.T) {
	sum := func(terms ...string) decimal.Decimal {
		total := decimal.Zero
		for _, term := range terms {
			total = total.Add(decimal.RequireFromString(term))
		}
		return total
	}
	tests := map[string]struct {
		value decimal.Decimal
		want  string
	}{
		"smallest":             {sum("0.01"), "0.01"},
		"a sum floats miss":    {sum("0.1", "0.2"), "0.3"},
		"halves":               {sum("75.5"), "75.5"},
		"zeros at the end":     {sum("75.50"), "75.5"},
		"whole, with zeros":    {sum("25.00"), "25"},
		"a million":            {sum("1000000"), "1000000"},
		"a million, as 1e6":    {sum("1e6"), "1000000"},
		"more than floats can": {sum("90071992547409.93"), "90071992547409.93"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			body, err := OrderRequest{Items: []OrderItem{{FaceValue: test.value}}}.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if want := `"face_value":` + test.want + `,`; !strings.Contains(string(body), want) {
				t.Errorf("got %s, want %s", body, want)
			}
		})
	}
}

// TestEncodeIsDeterministic: Runa refuses a repeat that differs by a byte.
func TestEncodeIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metadata := rapid.MapOfN(rapid.String(), rapid.String(), 0, 20).Draw(t, "metadata")
		keys := rapid.Permutation(slices.Collect(maps.Keys(metadata))).Draw(t, "order of keys")
		again := map[string]string{}
		for _, key := range keys {
			again[key] = metadata[key]
		}
		value := decimal.New(rapid.Int64Range(1, 1e9).Draw(t, "cents"), -2)
		padded := decimal.RequireFromString(value.StringFixed(4))

		first, err := OrderRequest{Metadata: metadata, Items: []OrderItem{{FaceValue: value}}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		second, err := OrderRequest{Metadata: again, Items: []OrderItem{{FaceValue: padded}}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if string(first) != string(second) {
			t.Fatalf("Encode() of one request = %s\nthen %s\nwant the same body", first, second)
		}
	})
}

func TestCreateOrderAsync(t *testing.T) {
	w := serve(t, answering(202, `{"id":"O-01K0AAAAAAAAAAAAAAAAAAAAAA","status":"PROCESSING"}`))
	body, err := survey.Encode()
	if err != nil {
		t.Fatal(err)
	}
	order, err := w.client(t).CreateOrder(t.Context(), Submission{Key: "7d0c", Mode: ModeAsync, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Order{ID: "O-01K0AAAAAAAAAAAAAAAAAAAAAA", Status: StatusProcessing}); !reflect.DeepEqual(order, want) {
		t.Errorf("CreateOrder() = %+v, want %+v", order, want)
	}
	sent := w.requests()
	if len(sent) != 1 || sent[0].line != "POST /v2/order" || sent[0].body != surveyBody {
		t.Fatalf("sent %+v, want one POST /v2/order with body %s", sent, surveyBody)
	}
	for name, want := range map[string]string{
		"X-Idempotency-Key": "7d0c", "X-Execution-Mode": "async", "Content-Type": "application/json",
		"X-Api-Key": testKey, "X-Api-Version": "2024-02-05",
	} {
		if got := strings.Join(sent[0].header.Values(name), ", "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestOrdersOwnHeadersWin(t *testing.T) {
	w := serve(t, answering(202, `{"id":"O-1","status":"PROCESSING"}`))
	c := w.client(t, func(c *Config) {
		c.Headers = map[string]string{"x-idempotency-key": "another", "x-execution-mode": "async", "content-type": "text/plain"}
	})
	if _, err := c.CreateOrder(t.Context(), Submission{Key: "7d0c", Mode: ModeSync, Body: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	header := w.requests()[0].header
	for name, want := range map[string]string{"X-Idempotency-Key": "7d0c", "X-Execution-Mode": "sync", "Content-Type": "application/json"} {
		if got := strings.Join(header.Values(name), ", "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// done is surveyDone as it should be understood.
var done = Order{
	ID: "O-01K0AAAAAAAAAAAAAAAAAAAAAA", Status: StatusCompleted,
	CreatedAt: "2026-07-12T10:00:00.120000+00:00", CompletedAt: "2026-07-12T10:00:01.120000+00:00",
	Description: "Spring survey", PaymentMethod: PaymentMethod{Type: "ACCOUNT_BALANCE"},
	Currency: "USD", TotalDiscount: "0.32", TotalPrice: "74.68",
	Items: []OrderedItem{
		{
			ID: "E-01K0AAAAAAAAAAAAAAAAAAAAAB", FaceValue: "25.00", Price: "24.68", Currency: "USD",
			DistributionMethod: DistributionMethod{Type: "EMAIL", EmailAddress: "ana@example.test"},
			Products:           Products{Type: "SINGLE", Value: "ACME-US"},
			PayoutLink: &PayoutLink{
				Status: "ACTIVE", StatusUpdatedAt: "2026-07-12T10:00:01.120000+00:00",
				URL: "https://spend.runa.io/00000000-0000-4000-8000-000000000001",
			},
		},
		{
			ID: "E-01K0AAAAAAAAAAAAAAAAAAAAAC", FaceValue: "50.00", Price: "50.00", Currency: "USD",
			DistributionMethod: DistributionMethod{Type: "PAYOUT_LINK"},
			Products:           Products{Type: "TEMPLATE", TemplateID: "PT-01HPAAAAAAAAAAAAAAAAAAAAAA", Values: []string{"TEA-GB", "SHOE-GB"}},
			PayoutLink: &PayoutLink{
				Status: "CLAIMED", StatusUpdatedAt: "2026-07-13T08:00:00.000000+00:00",
				URL: "https://spend.runa.io/00000000-0000-4000-8000-000000000002", ExpiryDate: "2027-07-12T10:00:01.120000+00:00",
			},
		},
	},
	TransactionDetail: map[string]TransactionDetail{"USD": {Value: "75.00"}},
	Metadata:          map[string]string{"campaign": "spring_26"},
}

func TestOrder(t *testing.T) {
	tests := map[string]struct {
		body string
		want Order
	}{
		"completed": {surveyDone, done},
		"running": {
			`{"id":"O-1","status":"PROCESSING","message":"Order is still being processed."}`,
			Order{ID: "O-1", Status: StatusProcessing, Message: "Order is still being processed."},
		},
		"failed, with little": {
			`{"id":"O-1","status":"FAILED","items":null,"completed_at":null,"metadata":null}`,
			Order{ID: "O-1", Status: StatusFailed},
		},
		"a status to come": {
			`{"id":"O-1","status":"PARTIALLY_COMPLETED"}`,
			Order{ID: "O-1", Status: "PARTIALLY_COMPLETED"},
		},
		"an item without a link": {
			`{"id":"O-1","status":"COMPLETED","items":[{"id":"E-1","products":{"type":"UNKNOWN"},"payout":null}]}`,
			Order{ID: "O-1", Status: StatusCompleted, Items: []OrderedItem{{ID: "E-1", Products: Products{Type: "UNKNOWN"}}}},
		},
		"embedded FX": {
			`{"id":"O-1","status":"COMPLETED","currency":"EUR","total_discount":"0.00","total_price":"25.48","transaction_detail":{"GBP":{"value":"20.00","fx":{"rate":"0.8","rate_symbol":"EURGBP","fee":{"value":"0.48","currency":"EUR"}}}}}`,
			Order{
				ID: "O-1", Status: StatusCompleted, Currency: "EUR", TotalDiscount: "0.00", TotalPrice: "25.48",
				TransactionDetail: map[string]TransactionDetail{
					"GBP": {Value: "20.00", FX: &FX{Rate: "0.8", RateSymbol: "EURGBP", Fee: Money{"0.48", "EUR"}}},
				},
			},
		},
		"fields to come": {
			`{"id":"O-1","status":"COMPLETED","colour":{"a":[1,2]},"currency":"USD"}`,
			Order{ID: "O-1", Status: StatusCompleted, Currency: "USD"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := serve(t, answering(200, test.body))
			got, err := w.client(t).Order(t.Context(), test.want.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			wantEqual(t, "requests", w.lines(), []string{"GET /v2/order/" + test.want.ID})

			created, err := w.client(t).CreateOrder(t.Context(), submission)
			if err != nil || !reflect.DeepEqual(created, test.want) {
				t.Errorf("CreateOrder() = %+v, error %v, want %+v", created, err, test.want)
			}
		})
	}
}

// TestAnotherOrder: an answer about another order must not take this one's place.
func TestAnotherOrder(t *testing.T) {
	w := serve(t, answering(200, `{"id":"O-2","status":"COMPLETED"}`))
	var unreadable *UnreadableError
	if _, err := w.client(t).Order(t.Context(), "O-1"); !errors.As(err, &unreadable) {
		t.Errorf("Order() = error %v, want an UnreadableError", err)
	}
}

// TestOrderOfANewShape: an order that was bought is not lost because a field of
// it cannot be read.
func TestOrderOfANewShape(t *testing.T) {
	for name, field := range map[string]string{
		"items":        `"items":{"count":1}`,
		"an item":      `"items":["E-1"]`,
		"a face value": `"items":[{"face_value":{"value":"1.00"}}]`,
		"a payout":     `"items":[{"payout":"https://spend.runa.io/0000"}]`,
		"a price":      `"total_price":"a lot"`,
		"metadata":     `"metadata":[["campaign","x"]]`,
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, answering(200, `{"currency":"USD",`+field+`,"id":"O-1","status":"COMPLETED"}`))
			order, err := w.client(t).CreateOrder(t.Context(), submission)
			if err != nil {
				t.Fatal(err)
			}
			if order.ID != "O-1" || order.Status != StatusCompleted {
				t.Errorf("CreateOrder() = order %q with status %q, want O-1 with %s", order.ID, order.Status, StatusCompleted)
			}
			var why *UnreadableError
			if !errors.As(order.Incomplete, &why) || strings.Contains(why.Error(), "spend.runa.io") {
				t.Errorf("Incomplete = %v, want an UnreadableError without a link", order.Incomplete)
			}
		})
	}
}

func TestOrders(t *testing.T) {
	const first = `{"items":[{"id":"O-A","status":"COMPLETED","created_at":"2026-07-12T10:00:00.120000+00:00","completed_at":"2026-07-12T10:00:01.120000+00:00","description":null,"payment_method":{"type":"ACCOUNT_BALANCE"},"currency":"USD","total_price":"74.68","total_discount":"0.32"},{"id":"O-B","status":"PROCESSING","message":"Order is still being processed."},{"id":"O-C","status":"COMPLETED","total_price":{"new":1}}],"pagination":{"cursors":{"after":"b3BhcXVlMg==","before":"b3BhcXVlMQ=="},"page":{"limit":100}}}`
	const last = `{"items":[],"pagination":{"cursors":{"after":null,"before":null},"page":{"limit":100}}}`
	w := serve(t, pages(map[string]string{"": first, "b3BhcXVlMg==": last}))

	var got []Order
	for order, err := range w.client(t).Orders(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, order)
	}
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/order?limit=500", "GET /v2/order?after=b3BhcXVlMg%3D%3D&limit=500"})
	if len(got) != 3 {
		t.Fatalf("Orders() = %d orders, want 3", len(got))
	}
	want := Order{
		ID: "O-A", Status: StatusCompleted, CreatedAt: "2026-07-12T10:00:00.120000+00:00", CompletedAt: "2026-07-12T10:00:01.120000+00:00",
		PaymentMethod: PaymentMethod{Type: "ACCOUNT_BALANCE"}, Currency: "USD", TotalPrice: "74.68", TotalDiscount: "0.32",
	}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("first order = %+v, want %+v", got[0], want)
	}
	if want := (Order{ID: "O-B", Status: StatusProcessing, Message: "Order is still being processed."}); !reflect.DeepEqual(got[1], want) {
		t.Errorf("second order = %+v, want %+v", got[1], want)
	}
	if got[2].ID != "O-C" || got[2].Incomplete == nil {
		t.Errorf("third order, of a new shape = %+v, want O-C, incomplete", got[2])
	}
}

func TestOrdersReportsAnEntryThatIsNoOrder(t *testing.T) {
	w := serve(t, answering(200, `{"items":[{"id":"O-A","status":"COMPLETED"},{"status":"COMPLETED"}]}`))
	var last error
	for _, err := range w.client(t).Orders(t.Context()) {
		last = err
	}
	var unreadable *UnreadableError
	if !errors.As(last, &unreadable) {
		t.Errorf("Orders() ended with %v, want an UnreadableError", last)
	}
}

// TestAnOrderIsPostedOnce counts on real connections: the table of TestWhatIsRepeated
// has none.
func TestAnOrderIsPostedOnce(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"500":     answering(500, `{"type":"internal_server_error","message":"x"}`),
		"504":     gateway(504, `<html>`),
		"429":     gateway(429, `{"error":"rate exceeded"}`),
		"hung up": func(w http.ResponseWriter, _ *http.Request) { hangUp(w) },
		"garbage": answering(200, "OK"),
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, answer)
			c := w.client(t, func(c *Config) { c.ReadTries = 4 })
			if _, err := c.CreateOrder(t.Context(), submission); err == nil {
				t.Error("CreateOrder() = no error, want one")
			}
			wantEqual(t, "requests", w.lines(), []string{"POST /v2/order"})
		})
	}
}
