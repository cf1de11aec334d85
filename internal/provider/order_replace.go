package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// replaceable is an order that was just planned. A CLI that is made to replace it
// (-replace, replace_triggered_by) plans once more, as if it were not there, and hands
// over the private data of its first plan. So a forced replacement is known from a
// second resource. The plan of a tainted order has nothing of it.
type replaceable struct {
	Name   string `json:"name"`
	Bought bool   `json:"bought"` // or perhaps
}

const privateReplaceable = "replaceable"

func keepReplaceable(ctx context.Context, store privateWriter, m orderModel) (diags diag.Diagnostics) {
	data, err := json.Marshal(replaceable{describeOrder(m), standingOf(m) != purchase.Closed})
	if err != nil {
		diags.AddError("The order cannot be named", err.Error())
		return diags
	}
	return store.SetKey(ctx, privateReplaceable, data)
}

// loadReplaceable gives the order that this plan is made to replace, if any.
func loadReplaceable(ctx context.Context, store privateReader) (replaced *replaceable, diags diag.Diagnostics) {
	data, diags := store.GetKey(ctx, privateReplaceable)
	if len(data) > 0 {
		if err := json.Unmarshal(data, &replaced); err != nil {
			diags.AddError("The order to replace cannot be read", err.Error())
		}
	}
	return replaced, diags
}
