package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var isCurrency = stringvalidator.RegexMatches(currencyPattern, "must be three capital letters (ISO 4217), such as USD")

// mustHave names the fields an object cannot do without.
type mustHave []string

func (v mustHave) Description(context.Context) string {
	return "must have " + strings.Join(v, ", ")
}

func (v mustHave) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v mustHave) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	for _, name := range v {
		if at := req.Path.AtName(name); req.ConfigValue.Attributes()[name].IsNull() {
			resp.Diagnostics.AddAttributeError(at, "Missing field", fmt.Sprintf("%s is required.", at))
		}
	}
}

// fieldsOfType checks that an object whose type decides over its other fields
// has exactly those.
type fieldsOfType struct {
	required map[string][]string // by type
	optional map[string][]string // by type
}

// distributionFields leaves out that a purchase needs its recipients: checkRecipients
// does that, which knows whether there is one.
var distributionFields = fieldsOfType{
	required: map[string][]string{byEmail: {}, byLink: {}, byRecipient: {}},
	optional: map[string][]string{
		byEmail: {"email_address", "template_id"}, byLink: {"template_id"}, byRecipient: {"email_address", "recipient_reference", "template_id"},
	},
}

// recipientFields are what a purchase needs for each type of delivery.
var recipientFields = map[string][]string{byEmail: {"email_address"}, byRecipient: {"email_address", "recipient_reference"}}

var productFields = fieldsOfType{
	required: map[string][]string{single: {"value"}, multiple: {"values"}, template: {"template_id"}},
	optional: map[string][]string{single: {"usage_config"}},
}

func (fieldsOfType) Description(context.Context) string {
	return "must have exactly the fields of its type"
}

func (v fieldsOfType) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v fieldsOfType) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	fields := req.ConfigValue.Attributes()
	kind, ok := fields["type"].(types.String)
	if !ok || kind.IsNull() || kind.IsUnknown() {
		return
	}
	required, known := v.required[kind.ValueString()]
	if !known {
		return // type's own validator says so
	}
	for _, name := range sortedNames(fields) {
		at, value := req.Path.AtName(name), fields[name]
		switch {
		case name == "type" || value.IsUnknown():
		case slices.Contains(required, name):
			if value.IsNull() {
				resp.Diagnostics.Append(aboutMissingField(at, kind.ValueString()))
			}
		case !value.IsNull() && !slices.Contains(v.optional[kind.ValueString()], name):
			resp.Diagnostics.AddAttributeError(at, "Field of another type",
				fmt.Sprintf("%s is not allowed for type %s, which takes %s.", at, kind, strings.Join(slices.Concat(required, v.optional[kind.ValueString()]), ", ")))
		}
	}
}

func aboutMissingField(at path.Path, kind string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Missing field", fmt.Sprintf("%s is required for type %q.", at, kind))
}

func sortedNames(fields map[string]attr.Value) []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
