package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
