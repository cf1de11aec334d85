package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// asBefore plans what an order already has for an attribute that is left out, and
// null where there is no order yet.
type asBefore struct{}

const asBeforeRule = "Keeps the order's value if it is left out."

func (asBefore) Description(context.Context) string         { return asBeforeRule }
func (asBefore) MarkdownDescription(context.Context) string { return asBeforeRule }

func (asBefore) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}
