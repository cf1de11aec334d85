package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// byCause makes one diagnostic of those that say the same of different attributes: an
// order of 200 items can be wrong 200 times for one reason.
func byCause(diags diag.Diagnostics) (causes diag.Diagnostics) {
	for i, d := range diags {
		if slices.ContainsFunc(diags[:i], func(before diag.Diagnostic) bool { return sameCause(before, d) }) {
			continue
		}
		var at []path.Path
		for _, other := range diags[i:] {
			if placed, ok := other.(diag.DiagnosticWithPath); ok && sameCause(other, d) {
				at = append(at, placed.Path())
			}
		}
		if len(at) < 2 {
			causes = append(causes, d)
			continue
		}
		detail := d.Detail() + "\n\nAffected attributes: " + joinPaths(at) + "."
		if d.Severity() == diag.SeverityWarning {
			causes.AddWarning(d.Summary(), detail)
		} else {
			causes.AddError(d.Summary(), detail)
		}
	}
	return causes
}

func sameCause(a, b diag.Diagnostic) bool {
	return a.Severity() == b.Severity() && a.Summary() == b.Summary() && a.Detail() == b.Detail()
}

// placeIn is the attribute a diagnostic stands at. One that is about several stands at
// none, and names them.
func pathIn(at []path.Path) path.Path {
	if len(at) == 1 {
		return at[0]
	}
	return path.Empty()
}
