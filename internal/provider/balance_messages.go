package provider

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func aboutBalance(currency string, err error, endpoint string) (diags diag.Diagnostics) {
	var api *client.APIError
	if errors.As(err, &api) && api.FromHandler && (api.Status == http.StatusBadRequest || api.Status == http.StatusUnprocessableEntity) {
		diags.AddAttributeError(path.Root("currency"), "No balance in this currency",
			fmt.Sprintf("%s holds no balances in %s.\n\n%v\n\nNext: use a currency in which Runa holds balances. The data source runa_balances lists the currencies in which the account has money.", endpoint, currency, err)+requestOf(err))
		return diags
	}
	return aboutBalances(err, endpoint)
}

func aboutBalances(err error, endpoint string) (diags diag.Diagnostics) {
	if lacksCall(err) {
		diags.AddError("This environment has no balances",
			fmt.Sprintf("%s does not have the call GET /balance. It may be a playground, whose orders cost nothing.\n\n%v\n\n"+
				"Next: read runa_balance and runa_balances in production only, for example with count, or against a local sandbox.", endpoint, err)+requestOf(err))
		return diags
	}
	diags.AddError("The balance cannot be read", fmt.Sprintf("It could not be read from %s.\n\n%v\n\n%s", endpoint, err, readRemedy(err)))
	return diags
}

// lacksCall reports whether an error says that there is no such call at all.
func lacksCall(err error) bool {
	var api *client.APIError
	return errors.As(err, &api) && (api.Status == http.StatusNotFound || api.Status == http.StatusMethodNotAllowed || api.Status == http.StatusNotImplemented)
}
