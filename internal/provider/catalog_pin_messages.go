package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
)

// What runa_catalog_pin says to a user, but for mistakes in this provider.

// maxShown is how many movements of one kind a message names. The state has all.
const maxShown = 20

// aboutDrift says what changed, as an error or a warning, as on_drift gives it.
func aboutDrift(drift catalog.Drift, asError bool) (diags diag.Diagnostics) {
	detail := told(drift) + "\n\nThe pinned values stay. Next: to agree to the change, set on_drift = \"update\" and apply"
	if asError {
		diags.AddAttributeError(path.Root("on_drift"), "The catalogue differs from the pin",
			detail+"; then set it back, which changes nothing. To continue without agreeing, set on_drift = \"warn\", or use -refresh=false to destroy it.")
		return diags
	}
	diags.AddAttributeWarning(path.Root("on_drift"), "The catalogue differs from the pin", detail+".")
	return diags
}

func aboutPinningAnew(drift catalog.Drift) (diags diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("on_drift"), "This plan pins the catalogue as it is now",
		told(drift)+"\n\nApplying agrees to this, because on_drift is \"update\".")
	return diags
}

func aboutPinningMissing(codes []string, drift catalog.Drift) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("codes"), "A pinned product cannot be pinned again",
		told(drift)+"\n\nA product that is named in codes and is withdrawn, or no longer matches the filters, cannot be updated. Next: remove "+few(codes, ", ")+" from codes.")
	return diags
}

func aboutUncheckedPin(err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddError("The pin cannot be compared with the catalogue",
		fmt.Sprintf("Products could not be read from %s. The pinned values stay.\n\n%v\n\n%s", endpoint, err, readRemedy(err)))
	return diags
}

// told lists what changed.
func told(drift catalog.Drift) string {
	var lines []string
	for _, d := range drift.Differences {
		lines = append(lines, fmt.Sprintf("%s %s: pinned %s, now %s", d.Code, d.Field, orNothing(d.Pinned), orNothing(d.Current)))
	}
	var parts []string
	if len(lines) > 0 {
		parts = append(parts, "  - "+few(lines, "\n  - "))
	}
	if len(drift.Withdrawn) > 0 {
		parts = append(parts, "  - no longer in the catalogue: "+few(drift.Withdrawn, ", "))
	}
	if len(drift.New) > 0 {
		parts = append(parts, "  - new under the filters: "+few(drift.New, ", "))
	}
	return "Since it was pinned:\n" + strings.Join(parts, "\n")
}
