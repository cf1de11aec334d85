package provider

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func aboutEstimatingTemplate(at path.Path) (diags diag.Diagnostics) {
	diags.AddAttributeError(at, "A template cannot be priced",
		"Runa estimates items of the types SINGLE and MULTIPLE only: only Runa's portal knows the products of a TEMPLATE.\n\n"+
			"Next: leave this item out of the estimate, or name its products with MULTIPLE.")
	return diags
}

func aboutEstimate(err error, endpoint string) (diags diag.Diagnostics) {
	var api *client.APIError
	forbidden := errors.As(err, &api) && api.Status == http.StatusForbidden
	switch {
	case lacksCall(err) || forbidden:
		detail := fmt.Sprintf("%s does not have the call POST /order/estimate, or not for this API key. Runa's playground has none at all.\n\n%v\n\n"+
			"Next: read runa_order_estimate in production only, for example with count, or against a local sandbox in production mode.", endpoint, err)
		if forbidden {
			detail += " If this is production: check the API key (RUNA_API_KEY or api_key)."
		}
		diags.AddError("This environment has no estimates", detail+requestOf(err))
	case api != nil && (api.Status == http.StatusBadRequest || api.Status == http.StatusUnprocessableEntity):
		diags.AddAttributeError(causeOf(err), "The order cannot be priced",
			fmt.Sprintf("Runa refused the estimate at %s, and would refuse the order.\n\n%v\n\nNext: fix the problem above, then run this again.", endpoint, err)+requestOf(err))
	default:
		diags.AddError("The order cannot be priced", fmt.Sprintf("The estimate could not be read from %s.\n\n%v\n\n%s", endpoint, err, readRemedy(err)))
	}
	return diags
}
