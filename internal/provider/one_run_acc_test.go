package provider

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// What 5,000 products cost: ten full pages and an empty one. On the way there at most
// so much was spent on parts.
const wholeWalk, spentInVain = 11, 8

// TestAccOneRunOneCatalogue plans 20 selections and 50 single products of 5,000 with
// the real programs: they cost hardly more than one walk through the catalogue.
func TestAccOneRunOneCatalogue(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, sandbox.Options{Products: 5000, Latency: 50 * time.Millisecond})
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	p.write("main.tf", manyReads(t, sb))
	before, began := sb.requests("", ""), time.Now()
	p.run("plan", "-input=false", "-no-color")
	requests := sb.requests("", "") - before
	t.Logf("%d requests in %s", requests, time.Since(began).Round(time.Millisecond))
	if requests > wholeWalk+spentInVain {
		t.Errorf("%d requests, want at most %d", requests, wholeWalk+spentInVain)
	}
}

// TestOneRunOneCatalogue does the same over the protocol, all at once.
func TestOneRunOneCatalogue(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Products: 5000})
	r := readerOf(t, sb, nil)
	var reads sync.WaitGroup
	read := func(name string, config attrs) {
		packed := r.pack(name, config)
		reads.Go(func() {
			resp, err := r.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: packed})
			if err != nil || len(resp.Diagnostics) > 0 {
				t.Errorf("%s: %v, errors %q, want none", name, err, errorsOf(resp.Diagnostics))
			}
		})
	}
	for i := range 20 {
		read("runa_products", attrs{"currency": "EUR", "name_regex": fmt.Sprintf("^%c", 'A'+i)})
	}
	// These need everything. Parts that were asked for a moment before them would be read
	// by themselves.
	for sb.requests("", "") == 0 && t.Context().Err() == nil {
		time.Sleep(time.Millisecond)
	}
	for range 25 {
		read("runa_products", attrs{"countries_redeemable_in": []any{"FR"}, "is_orderable": true})
		read("runa_product", attrs{"code": "ACME-US"})
	}
	reads.Wait()
	if requests := sb.requests("", ""); requests != wholeWalk {
		t.Errorf("%d requests, want %d", requests, wholeWalk)
	}
}

// manyReads is a configuration with 20 different selections and 50 single products.
func manyReads(t *testing.T, sb *testSandbox) string {
	t.Helper()
	french, done := readerOf(t, sb, nil).read("runa_products", attrs{"countries_redeemable_in": []any{"FR"}})
	if done.errors() != "" {
		t.Fatal(done.errors())
	}
	var config strings.Builder
	config.WriteString(needsRuna)
	for i, country := range []string{"US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "CA", "AU"} {
		fmt.Fprintf(&config, "data \"runa_products\" \"in_%d\" {\n  countries_redeemable_in = [%q]\n  is_orderable = true\n}\n", i, country)
		fmt.Fprintf(&config, "data \"runa_products\" \"fashion_%d\" {\n  countries_redeemable_in = [%q, \"JP\"]\n  categories = [\"fashion\"]\n}\n", i, country)
	}
	for i, code := range french["codes"].([]any)[:50] {
		fmt.Fprintf(&config, "data \"runa_product\" \"p%d\" {\n  code = %q\n}\n", i, code)
	}
	return config.String()
}
