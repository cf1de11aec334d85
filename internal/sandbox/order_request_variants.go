package sandbox

import (
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// readDistribution reads one of the three ways to deliver (SPEC, 3.1); each has
// members of its own.
func readDistribution(n node) distribution {
	d := distribution{Type: tag(n, "EMAIL", "PAYOUT_LINK", "RECIPIENT")}
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
	s := selection{Type: tag(n, ways...)}
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
