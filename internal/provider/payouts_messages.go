package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// What runa_payouts says to a user.

func aboutNoPayoutsYet(why string) (diags diag.Diagnostics) {
	diags.AddWarning("The order has no payouts yet",
		why+" runa_payouts returns an empty list for it, so nothing that uses these links gets one.\n\n"+
			"Next: run apply again. It finishes the order and buys nothing twice.")
	return diags
}

func aboutNoPayouts(order client.Order) (diags diag.Diagnostics) {
	diags.AddWarning("The order has no payouts",
		fmt.Sprintf("Order %s is %s, and Runa shows no reward in it. runa_payouts returns an empty list for it, so nothing that uses these links gets one.", order.ID, order.Status))
	return diags
}

func aboutUnreadablePayouts(id string, err error) (diags diag.Diagnostics) {
	diags.AddError("The order's payouts cannot be read",
		fmt.Sprintf("Order %s exists, but Runa describes it in a way this version of the provider does not know (%v). Nothing was changed.\n\nNext: update the provider.", id, err)+requestOf(err))
	return diags
}
