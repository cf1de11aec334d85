package provider

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// regexValidator checks that a string is a regular expression.
type regexValidator struct{}

func (regexValidator) Description(context.Context) string {
	return "must be a regular expression (RE2)"
}

func (regexValidator) MarkdownDescription(context.Context) string {
	return "must be a regular expression (RE2)"
}

func (v regexValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a regular expression",
			fmt.Sprintf("%s %s: %v.", req.Path, v.Description(ctx), err))
	}
}
