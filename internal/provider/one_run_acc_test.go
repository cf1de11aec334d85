package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccOneRunOneCatalogue: many selections and many single products of 5,000 cost
// hardly more than one walk through the catalogue.
func TestAccOneRunOneCatalogue(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Products: 5000, Latency: 50 * time.Millisecond})
	config := providerBlock(sb) + manyReads(t, sb)
	// A run of the test framework plans and applies several times, each time with the
	// provider configured anew: each of them may cost the whole and what was spent
	// before it was worth it.
	const walk, vain = 11, 8
	var before int
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, Check: func(*terraform.State) error { before = sb.requests("", ""); return nil }},
			{
				RefreshState: true,
				Check: func(*terraform.State) error {
					if cost := sb.requests("", "") - before; cost > 2*(walk+vain) {
						return fmt.Errorf("a refresh cost %d requests", cost)
					}
					return nil
				},
			},
		},
	})
}

// manyReads is a configuration with 20 selections and 50 single products.
func manyReads(t *testing.T, sb *testSandbox) string {
	t.Helper()
	all, done := readerOf(t, sb, nil).read("runa_products", attrs{"countries_redeemable_in": []any{"FR"}})
	if done.errors() != "" {
		t.Fatal(done.errors())
	}
	var config strings.Builder
	for i, country := range []string{"US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "CA", "AU"} {
		fmt.Fprintf(&config, "data \"runa_products\" \"in_%d\" {\n  countries_redeemable_in = [%q]\n  is_orderable = true\n}\n", i, country)
		fmt.Fprintf(&config, "data \"runa_products\" \"fashion_%d\" {\n  countries_redeemable_in = [%q, \"JP\"]\n  categories = [\"fashion\"]\n}\n", i, country)
	}
	for i, code := range all["codes"].([]any)[:50] {
		fmt.Fprintf(&config, "data \"runa_product\" \"p%d\" {\n  code = %q\n}\n", i, code)
	}
	return config.String()
}
