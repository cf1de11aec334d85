package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// What the data sources runa_order and runa_orders say to a user.

// aboutOrderLookup is about an order that was asked for by the attribute of that name.
func aboutOrderLookup(name, id string, err error, endpoint string) (diags diag.Diagnostics) {
	if client.IsNotFound(err) {
		diags.AddAttributeError(path.Root(name), "No such order",
			fmt.Sprintf("There is no order %q at %s.\n\n"+
				"Next: check the id, which is Runa's (order_id of the resource) and not an idempotency key, and that you use the API key and the environment that it was bought with.", id, endpoint)+requestOf(err))
		return diags
	}
	diags.AddError("The order cannot be read", fmt.Sprintf("Order %q could not be read from %s.\n\n%v\n\n%s", id, endpoint, err, readRemedy(err)))
	return diags
}

func aboutEmptyRange() (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("created_before"), "No time lies in this range",
		"created_before is not after created_after, so no order could ever be listed.\n\nNext: swap the two, or leave one out.")
	return diags
}
