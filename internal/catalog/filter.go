package catalog

import (
	"regexp"
	"slices"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Filter says which products are wanted. Values of one field are alternatives,
// fields add up, and a zero field asks for nothing.
type Filter struct {
	CountriesRedeemableIn []string // ISO 3166-1 alpha-2
	Categories            []string
	IsOrderable           *bool
	Currency              string
	PayoutType            string
	NameRegex             *regexp.Regexp
	Codes                 []string
}

// rule is one field of a filter.
type rule struct {
	name   string // as the API and the user spell it
	set    bool
	passes func(client.Product) bool
}

func (f Filter) rules() []rule {
	codes := map[string]bool{}
	for _, code := range f.Codes {
		codes[code] = true
	}
	return []rule{
		{"countries_redeemable_in", len(f.CountriesRedeemableIn) > 0, func(p client.Product) bool {
			return overlap(f.CountriesRedeemableIn, p.CountriesRedeemableIn)
		}},
		{"categories", len(f.Categories) > 0, func(p client.Product) bool { return overlap(f.Categories, p.Categories) }},
		{"is_orderable", f.IsOrderable != nil, func(p client.Product) bool { return p.IsOrderable == *f.IsOrderable }},
		{"currency", f.Currency != "", func(p client.Product) bool { return p.Currency == f.Currency }},
		{"payout_type", f.PayoutType != "", func(p client.Product) bool { return p.PayoutType == f.PayoutType }},
		{"name_regex", f.NameRegex != nil, func(p client.Product) bool { return f.NameRegex.MatchString(p.Name) }},
		{"codes", len(f.Codes) > 0, func(p client.Product) bool { return codes[p.Code] }},
	}
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}

// Rejects names the fields of the filter that a product does not pass.
func (f Filter) Rejects(p client.Product) (names []string) {
	for _, rule := range f.set() {
		if !rule.passes(p) {
			names = append(names, rule.name)
		}
	}
	return names
}

// Passes reports whether a product is wanted.
func (f Filter) Passes(p client.Product) bool { return len(f.Rejects(p)) == 0 }

// Empty reports whether everything passes.
func (f Filter) Empty() bool { return len(f.set()) == 0 }

// set are the rules that ask for something.
func (f Filter) set() []rule {
	return slices.DeleteFunc(f.rules(), func(r rule) bool { return !r.set })
}
