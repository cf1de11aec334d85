package order

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// Request is a request to order whose form is right (SPEC, 3.1).
type Request struct {
	Currency    string
	items       []Item
	description *string
	metadata    map[string]string
}

// Item is one of its items.
type Item struct {
	faceValue    decimal.Decimal
	distribution Distribution
	products     selection
}

// Distribution is how an item reaches its recipient, as it is asked for and echoed.
type Distribution struct {
	Type               string `json:"type"`
	RecipientReference string `json:"recipient_reference,omitempty"`
	EmailAddress       string `json:"email_address,omitempty"`
	TemplateID         string `json:"template_id,omitempty"`
}

// selection is what an item may be redeemed for, as it is asked for and echoed.
type selection struct {
	Type        string       `json:"type"`
	Value       string       `json:"value,omitempty"`
	UsageConfig *usageConfig `json:"usage_config,omitempty"`
	TemplateID  string       `json:"template_id,omitempty"`
	Values      []string     `json:"values,omitempty"`
}

type usageConfig struct {
	SpendRulesTemplateID string `json:"spend_rules_template_id"`
}

// MaxItems is how many items an order has at most.
const MaxItems = 200

const (
	maxTemplates = 10  // of either kind, in an order (PST, URT)
	maxPairs     = 20  // of metadata
	maxID        = 255 // characters, of a recipient reference; of codes and other ids too (D)
)

var (
	currencyPattern  = regexp.MustCompile(`^[A-Z]{3}$`)
	referencePattern = regexp.MustCompile(`^[A-Za-z0-9-_@.]+$`)
	designPattern    = regexp.MustCompile(`^DT-.+$`) // any id will do in the playground (9.2)
	spendPattern     = regexp.MustCompile(`^PSR-[0-9A-HJKMNP-TV-Z]{26}$`)
)

// Read reads a request, and says everything that is wrong with its form.
func Read(body any, mode string, strict bool) (Request, []wire.Detail) {
	found := problems{strict: strict}
	var req Request
	root, ok := node{body, true, []string{"body"}, &found}.object("payment_method", "items", "description", "metadata")
	if !ok {
		return req, found.details
	}
	req.Currency = readPayment(root.member("payment_method"))
	items := root.member("items").list(1, MaxItems)
	for _, item := range items {
		req.items = append(req.items, readItem(item))
	}
	if mode == ModeSync && len(items) > 1 {
		root.member("items").refuse("value_error", "Value error, a synchronous order has exactly 1 item, not %d", len(items))
	}
	checkTemplates(root.member("items"), req.items)
	if n := root.member("description"); n.given() {
		if text, ok := n.text(128); ok {
			req.description = &text
		}
	}
	if n := root.member("metadata"); n.given() {
		req.metadata = readMetadata(n)
	}
	return req, found.details
}

// readPayment reads the payment method, and gives its currency.
func readPayment(n node) string {
	method, ok := n.object("type", "currency")
	if !ok {
		return ""
	}
	if kind := method.member("type"); kind.need() && kind.value != "ACCOUNT_BALANCE" {
		kind.refuse("enum", "Input should be 'ACCOUNT_BALANCE'")
	}
	return method.member("currency").match(currencyPattern)
}

// readItem reads one item.
func readItem(n node) Item {
	var item Item
	o, ok := n.object("face_value", "distribution_method", "products")
	if !ok {
		return item
	}
	item.faceValue = o.member("face_value").amount()
	item.distribution = readDistribution(o.member("distribution_method"))
	item.products = readSelection(o.member("products"), "SINGLE", "MULTIPLE", "TEMPLATE")
	checkWhole(o.member("face_value"), item)
	return item
}

// checkWhole demands a whole number where the recipient chooses (SPEC, 3.1).
func checkWhole(n node, item Item) {
	if kind := item.products.Type; (kind == "MULTIPLE" || kind == "TEMPLATE") && !item.faceValue.IsInteger() {
		n.refuse("value_error", "Value error, a choice of products needs a whole number")
	}
}

// readMetadata reads up to 20 pairs of strings (LOG, 3.1).
func readMetadata(n node) map[string]string {
	values, ok := n.value.(map[string]any)
	if !ok {
		n.refuse("dict_type", "Input should be a valid dictionary")
		return nil
	}
	if len(values) > maxPairs {
		n.refuse("too_long", "Dictionary should have at most %d items after validation, not %d", maxPairs, len(values))
		return nil // what is in it does not matter
	}
	pairs := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		n.at(key, key, true).at("[key]", key, true).text(40)
		pairs[key], _ = n.at(key, values[key], true).text(200)
	}
	return pairs
}

// checkTemplates counts the distinct templates of both kinds (PST, URT). Which error
// answers too many is not documented (D).
func checkTemplates(items node, read []Item) {
	choices, designs := map[string]bool{}, map[string]bool{}
	for _, item := range read {
		choices[item.products.TemplateID] = true
		designs[item.distribution.TemplateID] = true
	}
	delete(choices, "")
	delete(designs, "")
	if len(choices) > maxTemplates {
		items.refuse("value_error", "Value error, an order has at most %d product selection templates, not %d", maxTemplates, len(choices))
	}
	if len(designs) > maxTemplates {
		items.refuse("value_error", "Value error, an order has at most %d redemption templates, not %d", maxTemplates, len(designs))
	}
}

// readDistribution reads one of the three ways to deliver (SPEC, 3.1); each has
// members of its own.
func readDistribution(n node) Distribution {
	d := Distribution{Type: variant(n, "EMAIL", "PAYOUT_LINK", "RECIPIENT")}
	members := []string{"type", "template_id"}
	switch d.Type {
	case "":
		return d
	case "EMAIL":
		members = append(members, "email_address")
	case "RECIPIENT":
		members = append(members, "email_address", "recipient_reference")
	}
	o, _ := n.object(members...)
	if d.Type == "RECIPIENT" {
		d.RecipientReference = o.member("recipient_reference").match(referencePattern)
	}
	if d.Type != "PAYOUT_LINK" {
		d.EmailAddress = o.member("email_address").email()
	}
	if id := o.member("template_id"); id.given() {
		d.TemplateID = id.match(designPattern)
	}
	return d
}

// readSelection reads one of the three ways to choose products (SPEC, 3.1), where it
// is one of those that are taken.
func readSelection(n node, ways ...string) selection {
	s := selection{Type: variant(n, ways...)}
	switch s.Type {
	case "SINGLE":
		o, _ := n.object("type", "value", "usage_config")
		s.Value, _ = o.member("value").text(maxID)
		if config := o.member("usage_config"); config.given() {
			s.UsageConfig = readUsage(config)
		}
	case "MULTIPLE":
		o, _ := n.object("type", "values")
		s.Values = readChoice(o.member("values"))
	case "TEMPLATE":
		o, _ := n.object("type", "template_id")
		s.TemplateID, _ = o.member("template_id").text(maxID)
	}
	return s
}

// readUsage reads the spend rules of a prepaid Visa.
func readUsage(n node) *usageConfig {
	o, ok := n.object("spend_rules_template_id")
	if !ok {
		return nil
	}
	id := o.member("spend_rules_template_id")
	if !id.given() {
		return nil
	}
	return &usageConfig{id.match(spendPattern)}
}

// readChoice reads two or more product codes, no two the same.
func readChoice(n node) []string {
	var codes []string
	seen := map[string]bool{}
	twice := false
	for _, value := range n.list(2, wire.MaxPage) {
		if code, ok := value.text(maxID); ok {
			twice = twice || seen[code]
			seen[code] = true
			codes = append(codes, code)
		}
	}
	if twice {
		n.refuse("value_error", "Value error, the products must be unique")
	}
	return codes
}

// Decode reads the body as JSON, numbers as they are written.
func Decode(contentType string, text []byte) (any, wire.Answer, bool) {
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind != "application/json" {
		return nil, wire.Refuse(http.StatusBadRequest, "bad_request", "The Content-Type must be application/json.", ""), false
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var body any
	err := decoder.Decode(&body)
	if err == nil && decoder.Decode(new(any)) == io.EOF && utf8.Valid(text) {
		return body, wire.Answer{}, true
	}
	return nil, wire.Refuse(http.StatusBadRequest, "bad_request", "The body is not JSON.", "Check the syntax."), false
}
