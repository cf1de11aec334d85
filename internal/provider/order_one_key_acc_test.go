package provider

import (
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// One idempotency key in two provider processes: one reward is bought, and whoever comes
// second is told, however close behind.

const oneKey = `  idempotency_key = "winner-1"
`

// TestAccOneKeyTwoAliases has two providers of one run buy under one key, which no
// plan can see.
func TestAccOneKeyTwoAliases(t *testing.T) {
	config := func(otherKey string) string {
		other := one("  provider = runa.other\n  idempotency_key = \"" + otherKey + "\"\n")
		return one(oneKey) + "provider \"runa\" {\n  alias = \"other\"\n}\n" + strings.Replace(strings.TrimPrefix(other, needsRuna), `"this"`, `"other"`, 1)
	}
	r := needTools(t).road(t, config("winner-1"))
	r.step(0, 1, []string{earlierSummary, "give it its own idempotency_key"}, "apply")
	r.run("state", "rm", "runa_order.other")
	r.write("main.tf", config("winner-2"))
	r.step(0, 2, nil, "apply")
	r.done()
}

// TestAccOneKeyTwoDirectories: so does another directory, and so does a second state of
// the same configuration.
func TestAccOneKeyTwoDirectories(t *testing.T) {
	tools := needTools(t)
	r := tools.road(t, one(oneKey))
	r.step(0, 1, nil, "apply")
	other := cliHarness{tools.at(t, t.TempDir(), r.sb.URL, sandbox.Key), r.sb}
	other.write("main.tf", one(oneKey))
	other.step(0, 1, []string{earlierSummary}, "apply")
	r.step(0, 1, []string{earlierSummary}, "apply", "-state=second.tfstate")
	other.done()
	r.done()
}

// TestAccOneKeyManyProviders is OpenTofu's for_each of a provider.
func TestAccOneKeyManyProviders(t *testing.T) {
	r := needTools(t).road(t, "")
	if !strings.Contains(r.run("version"), "OpenTofu") {
		t.Skip("only OpenTofu has for_each in a provider block")
	}
	r.needs(0, 9, "for_each in a provider block")
	block := "  for_each = toset([\"a\", \"b\"])\n  provider = runa.each[each.key]\n" + oneKey
	r.write("main.tf", one(block)+"provider \"runa\" {\n  alias    = \"each\"\n  for_each = toset([\"a\", \"b\", \"c\"])\n}\n")
	r.step(0, 1, []string{earlierSummary}, "apply")
}
