package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// What messages are made of: one for each cause, paths, and lists of a length that can be
// read.

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

// pathIn is the attribute a diagnostic stands at. One that is about several stands at
// none, and names them.
func pathIn(at []path.Path) path.Path {
	if len(at) == 1 {
		return at[0]
	}
	return path.Empty()
}

// after puts a sentence that may be empty behind another one.
func after(sentence string) string {
	if sentence == "" {
		return ""
	}
	return " " + sentence
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// few joins the first of many.
func few(texts []string, separator string) string {
	if rest := len(texts) - maxShown; rest > 0 {
		return strings.Join(texts[:maxShown], separator) + separator + fmt.Sprintf("and %d more", rest)
	}
	return strings.Join(texts, separator)
}

func joinPaths(paths []path.Path) string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = p.String()
	}
	return strings.Join(names, ", ")
}

// warningsOnly keeps a mistake made after a purchase from being returned as an
// error, on which Terraform would buy again.
func warningsOnly(diags diag.Diagnostics) (warnings diag.Diagnostics) {
	for _, d := range diags {
		warnings.AddWarning(d.Summary(), d.Detail())
	}
	return warnings
}
