package catalog

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// shelf is a source that gives all it has, whatever the filter, then err.
type shelf struct {
	products []client.Product
	err      error
	asked    []client.ProductFilter
}

func (s *shelf) Products(_ context.Context, filter client.ProductFilter) iter.Seq2[client.Product, error] {
	s.asked = append(s.asked, filter)
	return func(yield func(client.Product, error) bool) {
		for _, product := range s.products {
			if !yield(product, nil) {
				return
			}
		}
		if s.err != nil {
			yield(client.Product{}, s.err)
		}
	}
}

var (
	acme = client.Product{
		Code: "ACME-US", Name: "Acme", Currency: "USD", PayoutType: "gift_card", IsOrderable: true, State: "LIVE",
		Categories: []string{"fashion", "travel"}, CountriesRedeemableIn: []string{"US"},
	}
	tea = client.Product{
		Code: "TEA-GB", Name: "Tea House", Currency: "GBP", PayoutType: "gift_card", IsOrderable: true, State: "LIVE",
		Categories: []string{"food-and-drink"}, CountriesRedeemableIn: []string{"GB", "IE"},
	}
	tunes = client.Product{
		Code: "TUNES-ES", Name: "Tunes", Currency: "EUR", PayoutType: "subscription", IsOrderable: false, State: "TEMPORARILY_DISABLED",
		Categories: []string{"entertainment"}, CountriesRedeemableIn: []string{"ES"},
	}
)

func TestProducts(t *testing.T) {
	yes, no := true, false
	tests := map[string]struct {
		filter Filter
		remote client.ProductFilter
		want   []string
	}{
		"everything": {
			want: []string{"ACME-US", "TEA-GB", "TUNES-ES"},
		},
		"countries and categories are Runa's": {
			filter: Filter{CountriesRedeemableIn: []string{"US"}, Categories: []string{"travel"}},
			remote: client.ProductFilter{CountriesRedeemableIn: []string{"US"}, Categories: []string{"travel"}},
			want:   []string{"ACME-US", "TEA-GB", "TUNES-ES"}, // as Runa, here the shelf, has it
		},
		"orderable": {
			filter: Filter{IsOrderable: &yes},
			remote: client.ProductFilter{OrderableOnly: true},
			want:   []string{"ACME-US", "TEA-GB"},
		},
		"not orderable is not Runa's": {
			filter: Filter{IsOrderable: &no},
			want:   []string{"TUNES-ES"},
		},
		"currency":           {filter: Filter{Currency: "GBP"}, want: []string{"TEA-GB"}},
		"payout type":        {filter: Filter{PayoutType: "subscription"}, want: []string{"TUNES-ES"}},
		"name":               {filter: Filter{NameRegex: regexp.MustCompile("^T")}, want: []string{"TEA-GB", "TUNES-ES"}},
		"codes":              {filter: Filter{Codes: []string{"TUNES-ES", "ACME-US"}}, want: []string{"ACME-US", "TUNES-ES"}},
		"fields add up":      {filter: Filter{NameRegex: regexp.MustCompile("^T"), Currency: "EUR"}, want: []string{"TUNES-ES"}},
		"nothing is left":    {filter: Filter{Currency: "JPY"}, want: nil},
		"a code that is not": {filter: Filter{Codes: []string{"NONE-US"}}, want: nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			source := &shelf{products: []client.Product{tunes, acme, tea, acme}}
			products, err := Products(t.Context(), source, test.filter)
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, product := range products {
				codes = append(codes, product.Code)
			}
			if !slices.Equal(codes, test.want) {
				t.Errorf("got %v, want %v", codes, test.want)
			}
			if !reflect.DeepEqual(source.asked, []client.ProductFilter{test.remote}) {
				t.Errorf("asked for %+v, want %+v", source.asked, test.remote)
			}
		})
	}
}

func TestProductsIsWholeOrNothing(t *testing.T) {
	broken := errors.New("broken")
	products, err := Products(t.Context(), &shelf{products: []client.Product{acme}, err: broken}, Filter{})
	if !errors.Is(err, broken) || products != nil {
		t.Errorf("got %v, %v", products, err)
	}
}

func TestRejects(t *testing.T) {
	yes := true
	if !(Filter{}).Empty() {
		t.Error("no filter, and not empty")
	}
	all := Filter{
		CountriesRedeemableIn: []string{"US"}, Categories: []string{"fashion"}, IsOrderable: &yes,
		Currency: "USD", PayoutType: "gift_card", NameRegex: regexp.MustCompile("A"), Codes: []string{"ACME-US"},
	}
	tests := map[string]struct {
		filter  Filter
		product client.Product
		want    []string
	}{
		"passes all":        {all, acme, nil},
		"passes none":       {all, tunes, []string{"countries_redeemable_in", "categories", "is_orderable", "currency", "payout_type", "name_regex", "codes"}},
		"no filter":         {Filter{}, tunes, nil},
		"one of several":    {Filter{CountriesRedeemableIn: []string{"IE", "FR"}}, tea, nil},
		"none of several":   {Filter{Categories: []string{"fashion", "travel"}}, tea, []string{"categories"}},
		"not orderable":     {Filter{IsOrderable: &yes}, tunes, []string{"is_orderable"}},
		"the name, in part": {Filter{NameRegex: regexp.MustCompile("house")}, tea, []string{"name_regex"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.filter.Rejects(test.product); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if test.filter.Passes(test.product) != (test.want == nil) {
				t.Error("Passes says otherwise")
			}
			if test.want != nil && test.filter.Empty() {
				t.Error("an empty filter rejects")
			}
		})
	}
}
