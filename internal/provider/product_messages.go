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

// What the data sources of the catalogue say to a user.

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

func aboutListing(summary, what string, err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddError(summary, fmt.Sprintf("%s could not be listed from %s.\n\n%v\n\n%s", what, endpoint, err, readRemedy(err)))
	return diags
}

func aboutMissing(why []string, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("codes"), "Not every product named in codes was found",
		fmt.Sprintf("At %s:\n  - %s\n\nNext: correct or remove these codes, or change the filter that excludes them. Upper and lower case matter.",
			endpoint, strings.Join(why, "\n  - ")))
	return diags
}

// after puts a sentence that may be empty behind another one.
func after(sentence string) string {
	if sentence == "" {
		return ""
	}
	return " " + sentence
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
