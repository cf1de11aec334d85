package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// What data sources and ephemeral resources say to a user. They buy nothing, so a message
// says what could not be read, and what to do next.

func aboutListing(summary, what string, err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddError(summary, fmt.Sprintf("%s could not be listed from %s.\n\n%v\n\n%s", what, endpoint, err, readRemedy(err)))
	return diags
}

// readRemedy says what to do about a read that failed after its retries, and ends with
// the id of its request.
func readRemedy(err error) string { return nextAfterRead(err) + requestOf(err) }

func nextAfterRead(err error) string {
	var api *client.APIError
	if !errors.As(err, &api) {
		return "Next: check base_url, the network and any proxy between this machine and Runa, then run this again."
	}
	switch {
	case api.Status == http.StatusUnauthorized || api.Status == http.StatusForbidden:
		return "Next: check the API key (RUNA_API_KEY or api_key), and that it belongs to the environment named above."
	case api.Status == http.StatusGone || api.Type == "invalid_version":
		return "Next: set api_version in the provider block to a version that Runa supports."
	case api.Status == http.StatusTooManyRequests:
		return "Next: run this again later, or with a lower -parallelism."
	case api.Status >= http.StatusInternalServerError:
		return "Next: run this again later. If the problem persists, contact Runa's support."
	case api.FromHandler:
		return "Next: fix the problem above, then run this again."
	default:
		return "This answer did not come from Runa itself. Next: check base_url and any proxy between this machine and Runa."
	}
}

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

func aboutProduct(code string, err error, endpoint, hint string) (diags diag.Diagnostics) {
	if client.IsNotFound(err) {
		diags.AddAttributeError(path.Root("code"), "No such product",
			fmt.Sprintf("There is no product %q at %s. It may have been withdrawn, or may not exist in this environment.%s\n\n"+
				"Next: check the code; upper and lower case matter. The data source runa_products lists all products, for example by name_regex.", code, endpoint, after(hint))+requestOf(err))
		return diags
	}
	diags.AddError("The product cannot be read", fmt.Sprintf("Product %q could not be read from %s.\n\n%v\n\n%s", code, endpoint, err, readRemedy(err)))
	return diags
}

func aboutCatalogue(err error, endpoint string) (diags diag.Diagnostics) {
	return aboutListing("The catalogue cannot be read", "Products", err, endpoint)
}

func aboutMissing(why []string, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("codes"), "Not every product named in codes was found",
		fmt.Sprintf("At %s:\n  - %s\n\nNext: correct or remove these codes, or change the filter that excludes them. Upper and lower case matter.",
			endpoint, strings.Join(why, "\n  - ")))
	return diags
}

// aboutUnknownFilters is about values that Runa answers with no products, without a
// word. It is a warning: Runa's lists may be behind its catalogue.
func aboutUnknownFilters(unknown []catalog.Unknown, endpoint string) (diags diag.Diagnostics) {
	kinds := map[string][2]string{
		"countries_redeemable_in": {"No such country", "runa_product_countries"},
		"categories":              {"No such category", "runa_product_categories"},
	}
	for _, u := range unknown {
		kind := kinds[u.Filter]
		diags.AddAttributeWarning(path.Root(u.Filter), kind[0],
			fmt.Sprintf("%q is not in the list of %s, so it selects no products.%s\n\nNext: correct or remove it. The data source %s lists them all.", u.Value, endpoint, after(u.Hint), kind[1]))
	}
	return diags
}
