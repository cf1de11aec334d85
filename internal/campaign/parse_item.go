package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/input"
)

// The types of products and deliveries, in short.
const (
	single   = client.Single
	multiple = client.Multiple
	template = client.Template

	email      = client.ByEmail
	payoutLink = client.ByLink
	recipient  = client.ByRecipient
)

func (p writtenProducts) wire() client.Products {
	products := client.Products{Type: p.Type, Value: p.Value, Values: p.Values, TemplateID: p.TemplateID}
	if p.UsageConfig != nil {
		products.UsageConfig = (*client.UsageConfig)(p.UsageConfig)
	}
	return products
}

// wrong says which fields of a selection are missing, too many or malformed.
func (p writtenProducts) wrong() (why []string) {
	given := map[string]bool{"value": p.Value != "", "values": len(p.Values) > 0, "template_id": p.TemplateID != ""}
	needs := map[string][]string{single: {"value"}, multiple: {"values"}, template: {"template_id"}}
	why = wrongFields(p.Type, []string{single, multiple, template}, given, needs, nil)
	if p.UsageConfig != nil && p.Type != single {
		why = append(why, "usage_config is only for products of type SINGLE")
	}
	if p.UsageConfig != nil && p.UsageConfig.SpendRulesTemplateID == "" {
		why = append(why, "usage_config.spend_rules_template_id is missing")
	}
	for name, texts := range map[string][]string{"value": {p.Value}, "values": p.Values, "template_id": {p.TemplateID}} {
		for _, text := range texts {
			if flaw := input.Word(text); text != "" && flaw != "" {
				why = append(why, name+" "+flaw)
			}
		}
	}
	if p.Type == multiple && (len(p.Values) == 1 || len(slices.Compact(slices.Sorted(slices.Values(p.Values)))) < len(p.Values)) {
		why = append(why, "values must be at least two different codes")
	}
	return why
}

// wrong says which fields of a delivery are missing, too many or malformed.
func (d writtenDistributor) wrong() (why []string) {
	given := map[string]bool{"email_address": d.EmailAddress != "", "recipient_reference": d.RecipientReference != ""}
	needs := map[string][]string{email: {"email_address"}, recipient: {"email_address", "recipient_reference"}}
	why = wrongFields(d.Type, []string{email, payoutLink, recipient}, given, needs, []string{"template_id"})
	if d.EmailAddress != "" {
		if flaw := input.Email(d.EmailAddress); flaw != "" {
			why = append(why, "email_address "+flaw)
		}
	}
	if flaw := input.Reference(d.RecipientReference); d.RecipientReference != "" && flaw != "" {
		why = append(why, "recipient_reference "+flaw)
	}
	if len(d.RecipientReference) > mostReference {
		why = append(why, "recipient_reference has more than 255 characters")
	}
	if flaw := input.Word(d.TemplateID); d.TemplateID != "" && flaw != "" {
		why = append(why, "template_id "+flaw)
	}
	return why
}

// wrongFields finds the fields that an object's type needs and lacks, or does not take.
func wrongFields(kind string, kinds []string, given map[string]bool, needs map[string][]string, allowed []string) (why []string) {
	if !slices.Contains(kinds, kind) {
		return []string{"type must be " + strings.Join(kinds[:len(kinds)-1], ", ") + " or " + kinds[len(kinds)-1]}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		needed := slices.Contains(needs[kind], name)
		switch {
		case needed && !given[name]:
			why = append(why, fmt.Sprintf("%s is missing: type %s needs it", name, kind))
		case !needed && given[name] && !slices.Contains(allowed, name):
			why = append(why, fmt.Sprintf("%s is not for type %s", name, kind))
		}
	}
	return why
}

// mostReference is Runa's own rule (SPEC, POST /order).
const mostReference = 255
