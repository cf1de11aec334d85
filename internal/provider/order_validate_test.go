package provider

import (
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"strings"
	"testing"
)

// plain is a good configuration of an order; changes replace its attributes.
func plain(changes attrs) attrs {
	config := attrs{
		"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "USD"},
		"items":          []any{item(nil, nil, "25")},
	}
	maps.Copy(config, changes)
	return config
}

// item is a good item; each of method and products replaces its part.
func item(method, products attrs, value any) attrs {
	if method == nil {
		method = attrs{"type": "PAYOUT_LINK"}
	}
	if products == nil {
		products = attrs{"type": "SINGLE", "value": "ACME-US"}
	}
	return attrs{"face_value": value, "distribution_method": method, "products": products}
}

func items(all ...any) attrs { return plain(attrs{"items": all}) }

func pairs(n int, key, value string) attrs {
	metadata := attrs{}
	for i := range n {
		metadata[fmt.Sprintf("%s%d", key, i)] = value
	}
	return metadata
}

func redemption(n int) (all []any) {
	for i := range n {
		all = append(all, item(attrs{"type": "PAYOUT_LINK", "template_id": fmt.Sprintf("DT-%d", i)}, nil, "25"))
	}
	return all
}

func selection(n int) (all []any) {
	for i := range n {
		all = append(all, item(nil, attrs{"type": "TEMPLATE", "template_id": fmt.Sprintf("PT-%d", i)}, "25"))
	}
	return all
}

const ana = "ana@example.test"

// TestInvalidOrders shows that each mistake is reported at its place, before
// anything is sent.
func TestInvalidOrders(t *testing.T) {
	const at = `AttributeName("items").ElementKeyInt(0).`
	const (
		faceValue = at + `AttributeName("face_value")`
		method    = at + `AttributeName("distribution_method")`
		products  = at + `AttributeName("products")`
	)
	field := func(parent, name string) string { return fmt.Sprintf("%s.AttributeName(%q)", parent, name) }
	root := func(name string) string { return fmt.Sprintf("AttributeName(%q)", name) }
	label := func(key string) string { return fmt.Sprintf(`AttributeName("metadata").ElementKeyString(%q)`, key) }
	email := func(address any) attrs { return attrs{"type": "EMAIL", "email_address": address} }
	recipient := func(reference any) attrs {
		return attrs{"type": "RECIPIENT", "email_address": ana, "recipient_reference": reference}
	}

	const longest = 2000 // no message spells out a hundred thousand digits

	tests := map[string]struct {
		config attrs
		path   string
		says   string
	}{
		"no items":                   {items(), root("items"), "at least 1"},
		"too many items":             {items(make200plus1()...), root("items"), "at most 200"},
		"a null item":                {items(nil), root("items"), "Null"},
		"two items in sync":          {plain(attrs{"execution_mode": "sync", "items": []any{item(nil, nil, "25"), item(nil, nil, "25")}}), root("execution_mode"), "exactly one item"},
		"unknown mode":               {plain(attrs{"execution_mode": "SYNC"}), root("execution_mode"), "async"},
		"unknown on_change":          {plain(attrs{"on_change": "replace"}), root("on_change"), "buy_again"},
		"face value zero":            {items(item(nil, nil, "0")), faceValue, "at least 0.01"},
		"face value negative":        {items(item(nil, nil, "-5")), faceValue, "at least 0.01"},
		"face value below a cent":    {items(item(nil, nil, "0.009")), faceValue, "at least 0.01"},
		"face value of three places": {items(item(nil, nil, "10.001")), faceValue, "two decimals"},
		"face value without an end":  {items(item(nil, nil, "1e100000")), faceValue, "two decimals, and it is far too large."},
		"face value next to nothing": {items(item(nil, nil, "1e-100000")), faceValue, "two decimals, and it is almost 0."},
		"face value not rounded":     {items(item(nil, nil, big.NewFloat(22.05))), faceValue, `a little more or less than 22.05. Nothing was bought. Round it: write tonumber(format("%.2f", …))`},
		"face value missing":         {items(item(nil, nil, nil)), faceValue, "is required"},
		"delivery missing":           {items(attrs{"face_value": "25", "products": attrs{"type": "SINGLE", "value": "ACME-US"}}), method, "is required"},
		"products missing":           {items(attrs{"face_value": "25", "distribution_method": attrs{"type": "PAYOUT_LINK"}}), products, "is required"},
		"uneven value of a choice": {
			items(item(nil, attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "BOLT-US"}}, "10.50")),
			faceValue, "whole",
		},
		"uneven value of a template":    {items(item(nil, attrs{"type": "TEMPLATE", "template_id": "PT-1"}, "10.01")), faceValue, "whole"},
		"payment by card":               {plain(attrs{"payment_method": attrs{"type": "CARD", "currency": "USD"}}), field(root("payment_method"), "type"), "ACCOUNT_BALANCE"},
		"currency in small letters":     {plain(attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "usd"}}), field(root("payment_method"), "currency"), "capital"},
		"currency by name":              {plain(attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": "DOLLAR"}}), field(root("payment_method"), "currency"), "three"},
		"currency missing":              {plain(attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE"}}), field(root("payment_method"), "currency"), "Missing"},
		"description too long":          {plain(attrs{"description": strings.Repeat("é", 129)}), root("description"), "at most 128"},
		"too much metadata":             {plain(attrs{"metadata": pairs(21, "k", "v")}), root("metadata"), "20"},
		"metadata key too long":         {plain(attrs{"metadata": pairs(1, strings.Repeat("k", 40), "v")}), label(strings.Repeat("k", 40) + "0"), "40"},
		"metadata value too long":       {plain(attrs{"metadata": pairs(1, "k", strings.Repeat("v", 201))}), label("k0"), "200"},
		"metadata null":                 {plain(attrs{"metadata": attrs{"k": nil}}), `AttributeName("metadata")`, "Null"},
		"metadata key reserved":         {plain(attrs{"metadata": attrs{"terraform_order_key": "x"}}), label("terraform_order_key"), "none of"},
		"key empty":                     {plain(attrs{"idempotency_key": ""}), root("idempotency_key"), "between 1 and 255"},
		"key with a space":              {plain(attrs{"idempotency_key": "spring 26"}), root("idempotency_key"), "without spaces"},
		"key with a line end":           {plain(attrs{"idempotency_key": "spring\n"}), root("idempotency_key"), "without spaces"},
		"key too long":                  {plain(attrs{"idempotency_key": strings.Repeat("k", 256)}), root("idempotency_key"), "255"},
		"unknown delivery":              {items(item(attrs{"type": "SMS"}, nil, "25")), field(method, "type"), "PAYOUT_LINK"},
		"e-mail with half an address":   {items(item(email("ana@example"), nil, "25")), field(method, "email_address"), "e-mail address"},
		"e-mail with two addresses":     {items(item(email("ana@example.test, bo@example.test"), nil, "25")), field(method, "email_address"), "e-mail address"},
		"e-mail with a semicolon":       {items(item(email("ana@example.test;"), nil, "25")), field(method, "email_address"), "has a semicolon at its end"},
		"e-mail in brackets":            {items(item(email("<ana@example.test>"), nil, "25")), field(method, "email_address"), "has an angle bracket at its start"},
		"e-mail of a link":              {items(item(email("mailto:ana@example.test"), nil, "25")), field(method, "email_address"), "begins with mailto:"},
		"e-mail with two dots":          {items(item(email("ana..b@example.test"), nil, "25")), field(method, "email_address"), "has two dots in a row"},
		"e-mail with a blank":           {items(item(email("ana@example.test\u00a0"), nil, "25")), field(method, "email_address"), "has a blank (U+00A0) at its end"},
		"e-mail behind nothing":         {items(item(email("\u200bana@example.test"), nil, "25")), field(method, "email_address"), "has an invisible character (U+200B) at position 1"},
		"reference behind nothing":      {items(item(recipient("\ufeffdriver"), nil, "25")), field(method, "recipient_reference"), "has an invisible character (U+FEFF) at position 1"},
		"template with a blank":         {items(item(attrs{"type": "PAYOUT_LINK", "template_id": "DT-1 "}, nil, "25")), field(method, "template_id"), "has a space at its end"},
		"product with a blank":          {items(item(nil, attrs{"type": "SINGLE", "value": "ACME-US\n"}, "25")), field(products, "value"), "has a line end at its end"},
		"choice behind nothing":         {items(item(nil, attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "\ufeffBOLT-US"}}, "25")), products + `.AttributeName("values").ElementKeyInt(1)`, "has an invisible character (U+FEFF) at position 1"},
		"key with an umlaut":            {plain(attrs{"idempotency_key": "frühling"}), root("idempotency_key"), "has a character that is not allowed at position 3"},
		"key behind nothing":            {plain(attrs{"idempotency_key": "\ufeffspring"}), root("idempotency_key"), "has an invisible character (U+FEFF) at position 1"},
		"metadata key with a blank":     {plain(attrs{"metadata": attrs{"campaign ": "v"}}), label("campaign "), "has a space at its end"},
		"link with an address":          {items(item(attrs{"type": "PAYOUT_LINK", "email_address": ana}, nil, "25")), field(method, "email_address"), "not allowed"},
		"link with a reference":         {items(item(attrs{"type": "PAYOUT_LINK", "recipient_reference": "x"}, nil, "25")), field(method, "recipient_reference"), "not allowed"},
		"reference with a space":        {items(item(recipient("driver 77"), nil, "25")), field(method, "recipient_reference"), "letters"},
		"reference too long":            {items(item(recipient(strings.Repeat("x", 256)), nil, "25")), field(method, "recipient_reference"), "255"},
		"redemption template of a kind": {items(item(attrs{"type": "PAYOUT_LINK", "template_id": "PT-1"}, nil, "25")), field(method, "template_id"), "DT-"},
		"unknown choice":                {items(item(nil, attrs{"type": "ANY"}, "25")), field(products, "type"), "MULTIPLE"},
		"single without product":        {items(item(nil, attrs{"type": "SINGLE"}, "25")), field(products, "value"), "required"},
		"single with an empty product":  {items(item(nil, attrs{"type": "SINGLE", "value": ""}, "25")), field(products, "value"), "at least 1"},
		"single with values":            {items(item(nil, attrs{"type": "SINGLE", "value": "ACME-US", "values": []any{"ACME-US", "BOLT-US"}}, "25")), field(products, "values"), "not allowed"},
		"choice of one":                 {items(item(nil, attrs{"type": "MULTIPLE", "values": []any{"ACME-US"}}, "25")), field(products, "values"), "at least 2"},
		"choice of twice the same":      {items(item(nil, attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "ACME-US"}}, "25")), field(products, "values"), "duplicate"},
		"choice with value":             {items(item(nil, attrs{"type": "MULTIPLE", "value": "ACME-US"}, "25")), field(products, "value"), "not allowed"},
		"choice with spend rules":       {items(item(nil, attrs{"type": "MULTIPLE", "values": []any{"A-US", "B-US"}, "usage_config": attrs{"spend_rules_template_id": "PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}}, "25")), field(products, "usage_config"), "not allowed"},
		"template without id":           {items(item(nil, attrs{"type": "TEMPLATE"}, "25")), field(products, "template_id"), "required"},
		"template of another kind":      {items(item(nil, attrs{"type": "TEMPLATE", "template_id": "DT-1"}, "25")), field(products, "template_id"), "PT-"},
		"malformed spend rules":         {items(item(nil, attrs{"type": "SINGLE", "value": "VISASL-3M-USD", "usage_config": attrs{"spend_rules_template_id": "PSR-1"}}, "25")), field(field(products, "usage_config"), "spend_rules_template_id"), "PSR-"},
		"eleven redemption templates":   {items(redemption(11)...), root("items"), "at most 10"},
		"eleven selection templates":    {items(selection(11)...), root("items"), "at most 10"},
		"negative timeout":              {plain(attrs{"timeouts": attrs{"create": "-5m"}}), field(root("timeouts"), "create"), "positive"},
		"no time at all":                {plain(attrs{"timeouts": attrs{"update": "0s"}}), field(root("timeouts"), "update"), "positive"},
		"malformed timeout":             {plain(attrs{"timeouts": attrs{"create": "soon"}}), field(root("timeouts"), "create"), "Duration"},
	}
	sb := newSandbox(t, quick)
	c := newCore(t, sb, nil)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := c.validate(test.config)
			if said := got.errors(); len(said) > longest {
				t.Errorf("the errors have %d bytes, want at most %d to read: %.200s…", len(said), longest, said)
			}
			found := false
			for _, d := range got.diags {
				found = found || (d.Attribute.String() == test.path && strings.Contains(d.Summary+" "+d.Detail, test.says))
				if strings.Contains(d.Summary+d.Detail, "example.test") {
					t.Errorf("a message shows an e-mail address, want none: %s", d.Detail)
				}
			}
			if !found {
				t.Errorf("no finding at %q says %q, want one among:\n%s", test.path, test.says, got.errors())
			}
		})
	}
	if sent := sb.requests("", ""); sent != 0 {
		t.Errorf("validating sent %d requests, want none", sent)
	}
}

// TestUnusualAddresses: what is unusual in an address, and not wrong, is bought for.
func TestUnusualAddresses(t *testing.T) {
	sb := newSandbox(t, quick)
	var all []any
	for _, address := range []string{"o'brien+gifts/2@mail.example.test", "!#$%&*=?^_`{|}~-@a-b.example.test", "josé@exämple.test", "用户@例子.test", "1@2.test"} {
		all = append(all, item(attrs{"type": "EMAIL", "email_address": address}, nil, "25"))
	}
	newCore(t, sb, nil).apply(items(all...))
	if ledger := sb.Ledger(); len(ledger) != 1 {
		t.Errorf("%d orders were bought, want 1", len(ledger))
	}
}

// TestBuyingForNobody: unlike the mistakes above, a missing recipient shows only where
// something would be bought, for a placed order may leave its recipients out.
func TestBuyingForNobody(t *testing.T) {
	method := func(name string) string {
		return fmt.Sprintf(`AttributeName("items").ElementKeyInt(1).AttributeName("distribution_method").AttributeName(%q)`, name)
	}
	tests := map[string]struct {
		method attrs
		path   string
	}{
		"e-mail without address":      {attrs{"type": "EMAIL"}, method("email_address")},
		"recipient without reference": {attrs{"type": "RECIPIENT", "email_address": ana}, method("recipient_reference")},
		"recipient without address":   {attrs{"type": "RECIPIENT", "recipient_reference": "x"}, method("email_address")},
	}
	sb := newSandbox(t, quick)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := newCore(t, sb, nil).apply(items(item(nil, nil, "25"), item(test.method, nil, "25")))
			wantFinding(t, got, test.path, "required for type")
		})
	}
	if sent := sb.requests(http.MethodPost, ""); sent != 0 {
		t.Errorf("planning sent %d orders, want none", sent)
	}
}

func make200plus1() (all []any) {
	for range maxItems + 1 {
		all = append(all, item(nil, nil, "25"))
	}
	return all
}

// TestUnusualOrders shows that the rules do not refuse what is right, and wait for
// what is not known yet.
func TestUnusualOrders(t *testing.T) {
	tests := map[string]attrs{
		"one cent":                   items(item(nil, attrs{"type": "SINGLE", "value": "BOLT-US"}, "0.01")),
		"two decimals":               items(item(nil, nil, "10.10")),
		"binary noise":               items(item(nil, nil, "3.30000000000000000000000000000000000001")),
		"large":                      items(item(nil, nil, "1000000")),
		"200 items":                  items(make200plus1()[1:]...),
		"whole value with decimals":  items(item(nil, attrs{"type": "MULTIPLE", "values": []any{"A-US", "B-US"}}, "10.00")),
		"ten templates of each":      items(append(redemption(10), selection(10)...)...),
		"e-mail with a plus":         items(item(attrs{"type": "EMAIL", "email_address": "a+b@example.co.uk"}, nil, "25")),
		"description of 128 accents": plain(attrs{"description": strings.Repeat("é", 128)}),
		"20 pairs of metadata":       plain(attrs{"metadata": pairs(20, "k", "")}),
		"key of a path":              plain(attrs{"idempotency_key": "spring-26/ana#1"}),
		"unknown items":              plain(attrs{"items": unknown}),
		"an unknown item":            items(unknown),
		"unknown parts of an item":   items(attrs{"face_value": unknown, "distribution_method": unknown, "products": unknown}),
		"unknown fields of an item": items(item(attrs{"type": unknown, "email_address": unknown},
			attrs{"type": "MULTIPLE", "values": unknown}, unknown)),
		"unknown settings": plain(attrs{"execution_mode": unknown, "metadata": unknown, "idempotency_key": unknown, "payment_method": unknown}),
	}
	// What the catalogue says of them is another matter.
	c := newCore(t, newSandbox(t, quick), attrs{"validate_catalog": false})
	for name, config := range tests {
		t.Run(name, func(t *testing.T) {
			if got := c.validate(config); len(got.diags) > 0 {
				t.Errorf("errors %q, warnings %q, want none", got.errors(), got.warnings())
			}
			if done, _ := c.plan(config); done.errors() != "" || done.action != "create" {
				t.Errorf("planned %q, errors %q, want create and none", done.action, done.errors())
			}
		})
	}
}
