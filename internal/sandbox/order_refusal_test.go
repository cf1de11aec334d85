package sandbox_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// finding is a detail of a 422 as a test writes it: type, then the location.
type finding = []string

// details are the findings of a 422.
func details(t *testing.T, got result) []finding {
	t.Helper()
	if got.status != 422 || errorOf(got.body) != "validation_error" {
		t.Fatalf("got %d %s, want 422 validation_error", got.status, got.body)
	}
	body := decode[struct {
		Message string
		Details []struct {
			Type, Message string
			Location      []string
		}
	}](t, got.body)
	var out []finding
	for _, d := range body.Details {
		if d.Message == "" || len(d.Location) == 0 {
			t.Errorf("got detail %+v, want a message and a location", d)
		}
		out = append(out, append(finding{d.Type}, d.Location...))
	}
	return out
}

// items makes an order of these items.
func items(parts ...string) string {
	return `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[` + strings.Join(parts, ",") + `]}`
}

// part makes an item of ten dollars.
func part(distribution, products string) string {
	return `{"face_value":10,"distribution_method":` + distribution + `,"products":` + products + `}`
}

// many repeats a text with numbers in it.
func many(n int, format string) string {
	var parts []string
	for i := range n {
		parts = append(parts, fmt.Sprintf(format, i))
	}
	return strings.Join(parts, ",")
}

func TestValidationDetails(t *testing.T) {
	const (
		link = `{"type":"PAYOUT_LINK"}`
		acme = `{"type":"SINGLE","value":"ACME-US"}`
	)
	value := func(v string) string {
		return `{"face_value":` + v + `,"distribution_method":` + link + `,"products":` + acme + `}`
	}
	with := func(member string) string { return strings.Replace(tenDollars, `{`, `{`+member+`,`, 1) }
	r := start(t, sandbox.Options{RatePerMinute: -1, Strict: true})
	tests := map[string]struct {
		body string
		want []finding
	}{
		"nothing":        {`{}`, []finding{{"missing", "body", "payment_method"}, {"missing", "body", "items"}}},
		"null":           {`null`, []finding{{"model_attributes_type", "body"}}},
		"array":          {`[]`, []finding{{"model_attributes_type", "body"}}},
		"unknown member": {with(`"quantity":2`), []finding{{"extra_forbidden", "body", "quantity"}}},
		"payment null":   {`{"payment_method":null,"items":[` + part(link, acme) + `]}`, []finding{{"model_attributes_type", "body", "payment_method"}}},
		"payment empty":  {`{"payment_method":{},"items":[` + part(link, acme) + `]}`, []finding{{"missing", "body", "payment_method", "type"}, {"missing", "body", "payment_method", "currency"}}},
		"payment odd": {`{"payment_method":{"type":"CARD","currency":"usd","card_id":1},"items":[` + part(link, acme) + `]}`, []finding{
			{"extra_forbidden", "body", "payment_method", "card_id"}, {"enum", "body", "payment_method", "type"}, {"string_pattern_mismatch", "body", "payment_method", "currency"},
		}},
		"currency number": {strings.Replace(tenDollars, `"USD"`, `840`, 1), []finding{{"string_type", "body", "payment_method", "currency"}}},

		"items null":   {strings.Replace(items(), `[]`, `null`, 1), []finding{{"list_type", "body", "items"}}},
		"items object": {strings.Replace(items(), `[]`, `{}`, 1), []finding{{"list_type", "body", "items"}}},
		"no items":     {items(), []finding{{"too_short", "body", "items"}}},
		"201 items":    {items(strings.Repeat(part(link, acme)+",", 200) + part(link, acme)), []finding{{"too_long", "body", "items"}}},
		"item text":    {items(`"x"`), []finding{{"model_attributes_type", "body", "items", "0"}}},
		"item empty": {items(`{}`), []finding{
			{"missing", "body", "items", "0", "face_value"},
			{"missing", "body", "items", "0", "distribution_method"},
			{"missing", "body", "items", "0", "products"},
		}},

		"value text":      {items(value(`"10"`)), []finding{{"float_type", "body", "items", "0", "face_value"}}},
		"value true":      {items(value(`true`)), []finding{{"float_type", "body", "items", "0", "face_value"}}},
		"value zero":      {items(value(`0`)), []finding{{"greater_than_equal", "body", "items", "0", "face_value"}}},
		"value negative":  {items(value(`-5`)), []finding{{"greater_than_equal", "body", "items", "0", "face_value"}}},
		"value 0.009":     {items(value(`0.009`)), []finding{{"greater_than_equal", "body", "items", "0", "face_value"}}},
		"value 10.001":    {items(value(`10.001`)), []finding{{"decimal_max_places", "body", "items", "0", "face_value"}}},
		"value enormous":  {items(value(`1e999999999`)), []finding{{"finite_number", "body", "items", "0", "face_value"}}},
		"value minuscule": {items(value(`1e-999999999`)), []finding{{"finite_number", "body", "items", "0", "face_value"}}},
		"value beyond":    {items(value(`1e99999999999`)), []finding{{"finite_number", "body", "items", "0", "face_value"}}},

		"distribution text":  {items(part(`"EMAIL"`, acme)), []finding{{"model_attributes_type", "body", "items", "0", "distribution_method"}}},
		"distribution bare":  {items(part(`{}`, acme)), []finding{{"union_tag_not_found", "body", "items", "0", "distribution_method"}}},
		"distribution other": {items(part(`{"type":"POST"}`, acme)), []finding{{"union_tag_invalid", "body", "items", "0", "distribution_method"}}},
		"distribution 5":     {items(part(`{"type":5}`, acme)), []finding{{"union_tag_invalid", "body", "items", "0", "distribution_method"}}},
		"email missing":      {items(part(`{"type":"EMAIL"}`, acme)), []finding{{"missing", "body", "items", "0", "distribution_method", "email_address"}}},
		"email bad":          {items(part(`{"type":"EMAIL","email_address":"ana"}`, acme)), []finding{{"value_error", "body", "items", "0", "distribution_method", "email_address"}}},
		"email undotted":     {items(part(`{"type":"EMAIL","email_address":"ana@host"}`, acme)), []finding{{"value_error", "body", "items", "0", "distribution_method", "email_address"}}},
		"email with a name":  {items(part(`{"type":"EMAIL","email_address":"Ana <ana@example.test>"}`, acme)), []finding{{"value_error", "body", "items", "0", "distribution_method", "email_address"}}},
		"email and blank":    {items(part(`{"type":"EMAIL","email_address":"ana@example.test\u00a0"}`, acme)), []finding{{"value_error", "body", "items", "0", "distribution_method", "email_address"}}},
		"email and nothing":  {items(part(`{"type":"EMAIL","email_address":"\u200bana@example.test"}`, acme)), []finding{{"value_error", "body", "items", "0", "distribution_method", "email_address"}}},
		"email null":         {items(part(`{"type":"EMAIL","email_address":null}`, acme)), []finding{{"string_type", "body", "items", "0", "distribution_method", "email_address"}}},
		"link with email":    {items(part(`{"type":"PAYOUT_LINK","email_address":"ana@example.test"}`, acme)), []finding{{"extra_forbidden", "body", "items", "0", "distribution_method", "email_address"}}},
		"email to recipient": {items(part(`{"type":"EMAIL","email_address":"ana@example.test","recipient_reference":"a"}`, acme)), []finding{{"extra_forbidden", "body", "items", "0", "distribution_method", "recipient_reference"}}},
		"template odd":       {items(part(`{"type":"PAYOUT_LINK","template_id":"PT-1"}`, acme)), []finding{{"string_pattern_mismatch", "body", "items", "0", "distribution_method", "template_id"}}},
		"recipient bare": {items(part(`{"type":"RECIPIENT"}`, acme)), []finding{
			{"missing", "body", "items", "0", "distribution_method", "recipient_reference"}, {"missing", "body", "items", "0", "distribution_method", "email_address"},
		}},
		"recipient odd":  {items(part(`{"type":"RECIPIENT","recipient_reference":"a b","email_address":"a@b.test"}`, acme)), []finding{{"string_pattern_mismatch", "body", "items", "0", "distribution_method", "recipient_reference"}}},
		"recipient long": {items(part(`{"type":"RECIPIENT","recipient_reference":"`+strings.Repeat("a", 256)+`","email_address":"a@b.test"}`, acme)), []finding{{"string_too_long", "body", "items", "0", "distribution_method", "recipient_reference"}}},

		"products text":   {items(part(link, `"ACME-US"`)), []finding{{"model_attributes_type", "body", "items", "0", "products"}}},
		"products other":  {items(part(link, `{"type":"UNKNOWN"}`)), []finding{{"union_tag_invalid", "body", "items", "0", "products"}}},
		"single values":   {items(part(link, `{"type":"SINGLE","values":["ACME-US"]}`)), []finding{{"extra_forbidden", "body", "items", "0", "products", "values"}, {"missing", "body", "items", "0", "products", "value"}}},
		"usage text":      {items(part(link, `{"type":"SINGLE","value":"VISARL-USD","usage_config":"x"}`)), []finding{{"model_attributes_type", "body", "items", "0", "products", "usage_config"}}},
		"spend rules odd": {items(part(link, `{"type":"SINGLE","value":"VISARL-USD","usage_config":{"spend_rules_template_id":"PSR-1"}}`)), []finding{{"string_pattern_mismatch", "body", "items", "0", "products", "usage_config", "spend_rules_template_id"}}},
		"multiple of one": {items(part(link, `{"type":"MULTIPLE","values":["ACME-US"]}`)), []finding{{"too_short", "body", "items", "0", "products", "values"}}},
		"multiple twice":  {items(part(link, `{"type":"MULTIPLE","values":["ACME-US","BOLT-US","ACME-US"]}`)), []finding{{"value_error", "body", "items", "0", "products", "values"}}},
		"multiple number": {items(part(link, `{"type":"MULTIPLE","values":["ACME-US",7]}`)), []finding{{"string_type", "body", "items", "0", "products", "values", "1"}}},
		"multiple value":  {items(part(link, `{"type":"MULTIPLE","value":"ACME-US"}`)), []finding{{"extra_forbidden", "body", "items", "0", "products", "value"}, {"missing", "body", "items", "0", "products", "values"}}},
		"multiple cents":  {item("USD", "10.50", link, `{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]}`), []finding{{"value_error", "body", "items", "0", "face_value"}}},
		"template bare":   {items(part(link, `{"type":"TEMPLATE"}`)), []finding{{"missing", "body", "items", "0", "products", "template_id"}}},
		"template cents":  {item("USD", "10.50", link, `{"type":"TEMPLATE","template_id":"PT-01HQ12PV4B8XMBRTK281JM54KK"}`), []finding{{"value_error", "body", "items", "0", "face_value"}}},
		"11 choices":      {items(many(11, `{"face_value":10,"distribution_method":{"type":"PAYOUT_LINK"},"products":{"type":"TEMPLATE","template_id":"PT-%d"}}`)), []finding{{"value_error", "body", "items"}}},
		"11 designs":      {items(many(11, `{"face_value":10,"distribution_method":{"type":"PAYOUT_LINK","template_id":"DT-%d"},"products":{"type":"SINGLE","value":"ACME-US"}}`)), []finding{{"value_error", "body", "items"}}},

		"description long":   {with(`"description":"` + strings.Repeat("é", 129) + `"`), []finding{{"string_too_long", "body", "description"}}},
		"description number": {with(`"description":1`), []finding{{"string_type", "body", "description"}}},
		"metadata text":      {with(`"metadata":"x"`), []finding{{"dict_type", "body", "metadata"}}},
		"metadata number":    {with(`"metadata":{"a":1}`), []finding{{"string_type", "body", "metadata", "a"}}},
		"metadata null":      {with(`"metadata":{"a":null}`), []finding{{"string_type", "body", "metadata", "a"}}},
		"metadata 21":        {with(`"metadata":{` + many(21, `"k%d":""`) + `}`), []finding{{"too_long", "body", "metadata"}}},
		"metadata key":       {with(`"metadata":{"` + strings.Repeat("k", 41) + `":""}`), []finding{{"string_too_long", "body", "metadata", strings.Repeat("k", 41), "[key]"}}},
		"metadata value":     {with(`"metadata":{"a":"` + strings.Repeat("v", 201) + `"}`), []finding{{"string_too_long", "body", "metadata", "a"}}},

		"everything at once": {`{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"US"},"items":[` + value("0") + `,` + part(`{"type":"EMAIL"}`, `{"type":"SINGLE"}`) + `],"description":7}`, []finding{
			{"string_pattern_mismatch", "body", "payment_method", "currency"},
			{"greater_than_equal", "body", "items", "0", "face_value"},
			{"missing", "body", "items", "1", "distribution_method", "email_address"},
			{"missing", "body", "items", "1", "products", "value"},
			{"string_type", "body", "description"},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := details(t, r.order(name, test.body)); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	r.orders(0)
}

// TestUnknownMembers demands that what Runa does not document is passed over, whatever it
// is, and that a strict sandbox refuses it.
func TestUnknownMembers(t *testing.T) {
	lenient, strict := start(t, sandbox.Options{}), start(t, sandbox.Options{Strict: true})
	const link, acme = `{"type":"PAYOUT_LINK"}`, `{"type":"SINGLE","value":"ACME-US"}`
	for name, c := range map[string]struct {
		body  string
		where finding
	}{
		"order":        {strings.Replace(tenDollars, `{`, `{"campaign":{"id":7},`, 1), finding{"body", "campaign"}},
		"payment":      {strings.Replace(tenDollars, `"currency"`, `"card_id":null,"currency"`, 1), finding{"body", "payment_method", "card_id"}},
		"item":         {items(strings.Replace(part(link, acme), `{`, `{"quantity":2,`, 1)), finding{"body", "items", "0", "quantity"}},
		"distribution": {items(part(`{"type":"PAYOUT_LINK","email_address":5}`, acme)), finding{"body", "items", "0", "distribution_method", "email_address"}},
		"products":     {items(part(link, `{"type":"SINGLE","value":"ACME-US","values":["X"]}`)), finding{"body", "items", "0", "products", "values"}},
		"usage":        {items(part(link, `{"type":"SINGLE","value":"VISARL-USD","usage_config":{"x":1}}`)), finding{"body", "items", "0", "products", "usage_config", "x"}},
	} {
		id := idOf(t, lenient.must(lenient.order(name, c.body), 202))
		if got := details(t, strict.order(name, c.body)); !reflect.DeepEqual(got, []finding{append(finding{"extra_forbidden"}, c.where...)}) {
			t.Errorf("%s: strictly, got %v, want extra_forbidden at %v", name, got, c.where)
		}
		lenient.box.Advance(time.Second)
		order := lenient.must(lenient.get("/v2/order/"+id), 200)
		if last := c.where[len(c.where)-1]; strings.Contains(order, `"`+last+`"`) {
			t.Errorf("%s: the order has %s, want it left out: %s", name, last, order)
		}
	}
	strict.orders(0)
}

func TestLimitsAreAllowed(t *testing.T) {
	const acme = `{"type":"SINGLE","value":"ACME-US"}`
	with := func(member string) string { return strings.Replace(tenDollars, `{`, `{`+member+`,`, 1) }
	r := start(t, sandbox.Options{})
	for name, body := range map[string]string{
		"200 items":      items(strings.Repeat(part(`{"type":"PAYOUT_LINK"}`, acme)+",", 199) + part(`{"type":"PAYOUT_LINK"}`, acme)),
		"10 designs":     items(many(10, `{"face_value":10,"distribution_method":{"type":"PAYOUT_LINK","template_id":"DT-%d"},"products":{"type":"SINGLE","value":"ACME-US"}}`)),
		"description":    with(`"description":"` + strings.Repeat("é", 128) + `"`),
		"metadata":       with(`"metadata":{` + many(20, `"k%d":"`+strings.Repeat("v", 200)+`"`) + `}`),
		"metadata key":   with(`"metadata":{"` + strings.Repeat("k", 40) + `":""}`),
		"long reference": item("USD", "10", `{"type":"RECIPIENT","recipient_reference":"`+strings.Repeat("a", 255)+`","email_address":"a@b.test"}`, `{"type":"SINGLE","value":"P2C-US"}`),
	} {
		if got := r.order(name, body); got.status != 202 {
			t.Errorf("%s: got %d %s, want 202", name, got.status, got.body)
		}
	}
}

func TestDetailInFull(t *testing.T) {
	r := start(t, sandbox.Options{})
	got := r.order("k", one("USD", "0.001", "ACME-US"))
	body := decode[map[string]json.RawMessage](t, got.body)
	sameJSON(t, string(body["details"]), `[{"type":"greater_than_equal","message":"Input should be greater than or equal to 0.01","location":["body","items","0","face_value"]}]`)
	if string(body["help"]) != "null" || len(body) != 4 {
		t.Errorf("got %s, want four members, help null", got.body)
	}
}

func TestSyncTakesOneItem(t *testing.T) {
	r := start(t, sandbox.Options{})
	if got := details(t, r.sync("k", springSurvey)); !reflect.DeepEqual(got, []finding{{"value_error", "body", "items"}}) {
		t.Errorf("got %v, want one value_error at items", got)
	}
}

func TestMissingKey(t *testing.T) {
	r := start(t, sandbox.Options{})
	header := finding{"missing", "header", "X-Idempotency-Key"}
	if got := details(t, r.order("", tenDollars)); !reflect.DeepEqual(got, []finding{header}) {
		t.Errorf("got %v, want %v", got, header)
	}
	if got := details(t, r.order("", `{"items":[]}`)); !reflect.DeepEqual(got, []finding{header, {"missing", "body", "payment_method"}, {"too_short", "body", "items"}}) {
		t.Errorf("got %v, want the header and two members of the body", got)
	}
	if got := r.order("", `{`); got.status != 400 || errorOf(got.body) != "bad_request" {
		t.Errorf("got %d %s, want 400 bad_request", got.status, got.body)
	}
	r.orders(0)
}

func TestRefusals(t *testing.T) {
	const link = `{"type":"PAYOUT_LINK"}`
	person := `{"type":"RECIPIENT","recipient_reference":"driver-77","email_address":"bo@example.test"}`
	choice := func(codes ...string) string {
		return `{"type":"MULTIPLE","values":["` + strings.Join(codes, `","`) + `"]}`
	}
	r := start(t, sandbox.Options{RatePerMinute: -1, Products: 500})
	tests := map[string]struct {
		body, mode, kind, message string
	}{
		"not JSON":       {`{"items":`, "", "bad_request", "not JSON"},
		"empty":          {` `, "", "bad_request", "not JSON"},
		"two values":     {tenDollars + tenDollars, "", "bad_request", "not JSON"},
		"not UTF-8":      {strings.Replace(tenDollars, "ACME", "\xff", 1), "", "bad_request", "not JSON"},
		"mode":           {tenDollars, "later", "invalid_execution_mode", "async or sync"},
		"mode in caps":   {tenDollars, "SYNC", "invalid_execution_mode", "async or sync"},
		"no product":     {one("USD", "10", "NONE-US"), "", "product_validation_error", "Not allowed to order products: NONE-US"},
		"not orderable":  {one("USD", "10", "GONE-US"), "", "product_validation_error", "Not allowed to order products: GONE-US"},
		"not in list":    {one("USD", "11", "ACME-US"), "", "product_validation_error", "Not allowed to order products: ACME-US"},
		"too little":     {one("USD", "4.99", "BOLT-US"), "", "product_validation_error", "Not allowed to order products: BOLT-US"},
		"too much":       {one("USD", "500.01", "BOLT-US"), "", "product_validation_error", "Not allowed to order products: BOLT-US"},
		"half a yen":     {one("JPY", "500.5", "SUSHI-JP"), "", "product_validation_error", "Not allowed to order products: SUSHI-JP"},
		"not the plan":   {one("EUR", "59.94", "TUNES-ES"), "", "product_validation_error", "Not allowed to order products: TUNES-ES"},
		"not its price":  {one("EUR", "59.95", "TUNES6-ES"), "", "product_validation_error", "Not allowed to order products: TUNES6-ES"},
		"card to person": {item("USD", "10", person, `{"type":"SINGLE","value":"ACME-US"}`), "", "product_validation_error", "Not allowed to order products: ACME-US"},
		"choice to person": {
			item("USD", "10", person, choice("ACME-US", "BOLT-US")), "", "product_validation_error",
			"Not allowed to order products: ACME-US, BOLT-US",
		},
		"template to person": {
			item("USD", "10", person, `{"type":"TEMPLATE","template_id":"PT-01HQ12PV4B8XMBRTK281JM54KK"}`), "", "product_validation_error",
			"Not allowed to order products: PT-01HQ12PV4B8XMBRTK281JM54KK",
		},
		"all too dear":      {item("USD", "4", link, choice("ACME-US", "BOLT-US")), "", "product_validation_error", "Not allowed to order products: ACME-US, BOLT-US"},
		"one not there":     {item("USD", "50", link, choice("ACME-US", "NONE-US", "GONE-US")), "", "product_validation_error", "Not allowed to order products: NONE-US, GONE-US"},
		"payment in choice": {item("USD", "50", link, choice("ACME-US", "P2C-US")), "", "product_validation_error", "Not allowed to order products: P2C-US"},
		"unknown template": {
			item("USD", "50", link, `{"type":"TEMPLATE","template_id":"PT-01HPAAAAAAAAAAAAAAAAAAAAAA"}`), "", "product_validation_error",
			"Not allowed to order products: PT-01HPAAAAAAAAAAAAAAAAAAAAAA",
		},
		"each named once": {
			items(part(link, `{"type":"SINGLE","value":"GONE-US"}`), part(link, `{"type":"SINGLE","value":"NONE-US"}`), part(link, `{"type":"SINGLE","value":"GONE-US"}`)), "",
			"product_validation_error", "Not allowed to order products: GONE-US, NONE-US",
		},

		"two currencies":    {items(part(link, `{"type":"SINGLE","value":"ACME-US"}`), part(link, `{"type":"SINGLE","value":"TEA-GB"}`)), "", "currency_mismatch", "one currency"},
		"choice of two":     {item("USD", "50", link, choice("ACME-US", "TEA-GB")), "sync", "currency_mismatch", "one currency"},
		"exchange async":    {one("EUR", "10", "TEA-GB"), "", "currency_mismatch", "synchronous"},
		"no such payment":   {one("XXX", "10", "TEA-GB"), "sync", "currency_mismatch", "XXX"},
		"payment not held":  {one("KRW", "10", "TEA-GB"), "sync", "currency_mismatch", "KRW"},
		"countries of euro": {item("USD", "50", link, choice("CAFE-DE", "ALDARO-FR")), "sync", "currency_mismatch", "one country"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := r.order(name, test.body, "X-Execution-Mode", test.mode)
			if got.status != 400 || errorOf(got.body) != test.kind || !strings.Contains(got.body, test.message) {
				t.Errorf("got %d %s, want 400 %s with %q", got.status, got.body, test.kind, test.message)
			}
			if got.header.Get("X-Api-Version") == "" {
				t.Error("got no X-Api-Version, want that of the order handler")
			}
			if again := r.order(name, test.body); again.body != got.body || again.status != 400 {
				t.Errorf("repeat: got %d %s, want 400 %s", again.status, again.body, got.body)
			}
		})
	}
	if got := r.order("text", tenDollars, "Content-Type", "text/plain"); got.status != 400 || errorOf(got.body) != "bad_request" {
		t.Errorf("got %d %s, want 400 bad_request", got.status, got.body)
	}
	r.must(r.order("charset", tenDollars, "Content-Type", "application/json; charset=utf-8"), 202)
	r.orders(1)
}
