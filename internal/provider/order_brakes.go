package provider

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// whyUnsent is why an order was not sent for what others of its run came to, nil where it
// was not, or not before it was sent.
func whyUnsent(result purchase.Result) error {
	stopped := errors.Is(result.Err, purchase.ErrKeyRefused) || errors.Is(result.Err, purchase.ErrOutage) || errors.As(result.Err, new(preflight.Shortage))
	if stopped && result.Intent.FirstAttempt.IsZero() {
		return result.Err
	}
	return nil
}

// aboutUnsent is one line, since a run can have a thousand of them.
func aboutUnsent(why error) (diags diag.Diagnostics) {
	diags.AddError(fmt.Sprintf("Not sent: %v. Nothing was bought.", why), "")
	return diags
}

// refusesKey reports a no to the API key.
func refusesKey(err error) bool {
	var api *client.APIError
	return errors.As(err, &api) && (api.Status == http.StatusUnauthorized ||
		api.Status == http.StatusForbidden && api.Type != client.TypeOrderingRestricted)
}

// aboutRefusedKey is about a plan that cannot be checked, nor applied.
func aboutRefusedKey(err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddError("Runa refuses the API key",
		fmt.Sprintf("This plan could not be checked, because %s refuses the API key. Nothing was bought.\n\n%v\n\n%s", endpoint, err, remedy(err))+requestOf(err))
	return diags
}
