package provider

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/runa-community/terraform-provider-runa/internal/input"
)

// textValidator checks a string without ever repeating it: the framework's own validators
// quote the value, and a diagnostic is shown to everyone. It says what is wrong instead,
// which a quoted value does not show where it is a blank.
type textValidator struct {
	rule string
	flaw func(string) string // "" for a good one
}

func (v textValidator) Description(context.Context) string         { return v.rule }
func (v textValidator) MarkdownDescription(context.Context) string { return v.rule }

func (v textValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if flaw := v.flaw(req.ConfigValue.ValueString()); flaw != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value",
			fmt.Sprintf("%s %s, and this one %s. The value is not shown here because it may be a secret.", req.Path, v.rule, flaw))
	}
}

var (
	isEmail     = textValidator{"must be one e-mail address, and nothing around it, such as ana@example.com", input.Email}
	isReference = textValidator{"must be letters, digits and the characters - _ @ .", input.Reference}
	isKey       = textValidator{"must be printable ASCII characters without spaces", input.Key}
	// isProductCode keeps to what all codes have in common: they are one word.
	isProductCode = textValidator{"must be a product's code, at least 1 character without spaces", input.Word}
	isLabel       = textValidator{"must be a label without blanks at its ends", input.Text}
)

// isOrderID refuses what cannot be an order's id, above all a link, before it gets
// into a request's path, a log or a message.
var isOrderID = textValidator{"must be Runa's id of an order, such as O-01J7Z3K5N8QWERTYASDFGHZXCV", func(text string) string {
	if flaw := input.Word(text); flaw != "" {
		return flaw
	}
	if strings.ContainsAny(text, "/:?#@") {
		return "is something else"
	}
	return ""
}}

// hasPrefix is for ids that say by their first letters what they are of.
func hasPrefix(prefix, what string) validator.String {
	return textValidator{fmt.Sprintf("must be %s, which begins with %s", what, prefix), func(text string) string {
		if flaw := input.Word(text); flaw != "" {
			return flaw
		}
		if rest, ok := strings.CutPrefix(text, prefix); !ok || rest == "" {
			return "is something else"
		}
		return ""
	}}
}

// isShorter keeps a secret to so many characters.
func isShorter(most int) validator.String {
	return textValidator{fmt.Sprintf("must have at most %d characters", most), func(text string) string {
		if length := utf8.RuneCountInString(text); length > most {
			return fmt.Sprintf("has %d", length)
		}
		return ""
	}}
}
