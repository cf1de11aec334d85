package provider

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"
)

// fullyKnown reports whether neither value nor anything within it waits for apply.
func fullyKnown(ctx context.Context, value attr.Value) bool {
	if value.IsNull() {
		return true
	}
	terraform, err := value.ToTerraformValue(ctx)
	return err == nil && terraform.IsFullyKnown()
}

// orNull is text, or null where Runa left it out.
func orNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// bigFloat is a decimal as the configuration language reads it.
func bigFloat(value decimal.Decimal) *big.Float {
	const bits = 512
	number, _, _ := big.ParseFloat(value.String(), 10, bits, big.ToNearestEven) // a decimal's text always is one
	return number
}

// text is a string within an object, "" where either is null or unknown.
func text(object any, name string) string {
	fields, ok := object.(types.Object)
	if !ok || fields.IsNull() || fields.IsUnknown() {
		return ""
	}
	value, _ := fields.Attributes()[name].(types.String)
	return value.ValueString()
}
