package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func TestProductSuggestsCodes(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	for code, want := range map[string]string{
		"acme-us": "Did you mean ACME-US (Acme)?",
		"ACNE-US": "Did you mean ACME-US (Acme) or ",
		"TEA-US":  "TEA-GB (",
	} {
		_, done := readerOf(t, sb, nil).read("runa_product", attrs{"code": code})
		wantFinding(t, done, `AttributeName("code")`, want)
	}
	_, done := readerOf(t, sb, nil).read("runa_product", attrs{"code": "NOTHING-LIKE-IT-US"})
	wantFinding(t, done, `AttributeName("code")`, "No such product")
	if strings.Contains(done.errors(), "Did you mean") {
		t.Errorf("errors %q, want no suggestion", done.errors())
	}
	sb.must(t, sb.AddFault(sandbox.Fault{Method: http.MethodGet, Path: "/product", Action: sandbox.ActionStatus, Status: 403}))
	_, done = readerOf(t, sb, nil).read("runa_product", attrs{"code": "ACNE-US"})
	wantFinding(t, done, `AttributeName("code")`, "No such product")
}

// TestUnknownFilters: Runa answers a country or category that it does not know with
// nothing, and so would we.
func TestUnknownFilters(t *testing.T) {
	tests := map[string]struct {
		config attrs
		at     string
		says   []string // nothing: no finding
		lists  int      // requests for Runa's lists of countries and categories
	}{
		"UK": {
			attrs{"countries_redeemable_in": []any{"UK"}},
			`AttributeName("countries_redeemable_in")`,
			[]string{"No such country", `"UK" is not in the list`, "Did you mean GB?", "runa_product_countries"},
			1,
		},
		"UK and US": {
			attrs{"countries_redeemable_in": []any{"UK", "US"}}, `AttributeName("countries_redeemable_in")`, []string{`"UK" is not in the list`}, 1,
		},
		"no country at all": {
			attrs{"countries_redeemable_in": []any{"QQ"}}, `AttributeName("countries_redeemable_in")`, []string{`"QQ" is not in the list`}, 1,
		},
		"a typing mistake": {
			attrs{"categories": []any{"fasion"}}, `AttributeName("categories")`, []string{"No such category", "Did you mean fashion", "runa_product_categories"}, 1,
		},
		"in capitals": {attrs{"categories": []any{"TRAVEL"}}, `AttributeName("categories")`, []string{"Did you mean travel?"}, 1},
		"known, and nothing passes": {
			attrs{"countries_redeemable_in": []any{"GB"}, "categories": []any{"fashion"}, "name_regex": "^no such name$"}, "", nil, 2,
		},
		"known": {attrs{"countries_redeemable_in": []any{"GB", "US"}, "categories": []any{"fashion"}}, "", nil, 0},
	}
	sb := newSandbox(t, sandbox.Options{})
	lists := func() int { return sb.requests("", "/product/countries") + sb.requests("", "/product/categories") }
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			asked := lists()
			_, done := readerOf(t, sb, nil).read("runa_products", test.config)
			for _, says := range test.says {
				wantFinding(t, done, test.at, says)
			}
			if done.errors() != "" || (len(test.says) == 0) != (len(done.diags) == 0) {
				t.Errorf("errors %q, warnings %q, want no errors, and warnings only if something is to be said: %q", done.errors(), done.warnings(), test.says)
			}
			if asked = lists() - asked; asked != test.lists {
				t.Errorf("%d lists were read, want %d", asked, test.lists)
			}
		})
	}
	t.Run("lists that cannot be read", func(t *testing.T) {
		sb := newSandbox(t, sandbox.Options{})
		sb.must(t, sb.AddFault(sandbox.Fault{Path: "/product/countries", Action: sandbox.ActionStatus, Status: 403}))
		if _, done := readerOf(t, sb, nil).read("runa_products", attrs{"countries_redeemable_in": []any{"UK"}}); len(done.diags) > 0 {
			t.Errorf("errors %q, warnings %q, want none", done.errors(), done.warnings())
		}
	})
	t.Run("a pin", func(t *testing.T) {
		p := newPinned(t, newSandbox(t, sandbox.Options{}))
		wantFinding(t, p.apply(attrs{"countries_redeemable_in": []any{"UK", "US"}}), `AttributeName("countries_redeemable_in")`, "Did you mean GB?")
		p = newPinned(t, newSandbox(t, sandbox.Options{}))
		wantFinding(t, p.apply(attrs{"codes": []any{"ACNE-US"}}), `AttributeName("codes")`, "Did you mean ACME-US (Acme) or ")
	})
}
