package catalog

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// fakeSource is a Runa that takes a second for each answer and notes what it was asked.
type fakeSource struct {
	products []client.Product

	mu    sync.Mutex
	err   error // given instead of every answer
	asked []string
}

func (s *fakeSource) note(ctx context.Context, what string) error {
	s.mu.Lock()
	s.asked = append(s.asked, what)
	err := s.err
	s.mu.Unlock()
	select {
	case <-time.After(time.Second):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *fakeSource) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// took gives what was asked since the last time, sorted.
func (s *fakeSource) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	slices.Sort(asked)
	return asked
}

func (s *fakeSource) Products(ctx context.Context, filter client.ProductFilter) iter.Seq2[client.Product, error] {
	what := "all"
	for _, one := range slices.Concat(filter.CountriesRedeemableIn, filter.Categories) {
		what = one
	}
	return func(yield func(client.Product, error) bool) {
		err := s.note(ctx, what)
		for _, product := range s.products {
			fits := what == "all" || slices.Contains(product.CountriesRedeemableIn, what) || slices.Contains(product.Categories, what)
			if fits && !yield(product, nil) {
				return
			}
		}
		if err != nil {
			yield(client.Product{}, err)
		}
	}
}

func (s *fakeSource) Product(ctx context.Context, code string, content client.Content) (client.Product, error) {
	what := code
	if content != client.ContentURL {
		what += " " + string(content)
	}
	if err := s.note(ctx, what); err != nil {
		return client.Product{}, err
	}
	for _, product := range s.products {
		if product.Code == code {
			return product, nil
		}
	}
	return client.Product{}, &client.APIError{Status: http.StatusNotFound}
}

func (s *fakeSource) ProductCountries(ctx context.Context) ([]string, error) {
	return []string{"US"}, s.note(ctx, "countries")
}

func (s *fakeSource) ProductCategories(ctx context.Context) ([]string, error) {
	return []string{"fashion"}, s.note(ctx, "categories")
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
	threeProducts = []client.Product{tunes, acme, tea, acme}
)

func codesOf(products []client.Product) (codes []string) {
	for _, product := range products {
		codes = append(codes, product.Code)
	}
	return codes
}

func TestProducts(t *testing.T) {
	yes, no := true, false
	nine := []string{"TEA-GB", "1", "2", "3", "4", "5", "6", "7", "8"}
	tests := map[string]struct {
		filter Filter
		asked  []string // sorted
		want   []string
	}{
		"everything": {Filter{}, []string{"all"}, []string{"ACME-US", "TEA-GB", "TUNES-ES"}},
		"a country":  {Filter{CountriesRedeemableIn: []string{"US"}}, []string{"US"}, []string{"ACME-US"}},
		"countries are asked for one by one": {
			Filter{CountriesRedeemableIn: []string{"US", "GB", "IE", "US"}}, []string{"GB", "IE", "US"}, []string{"ACME-US", "TEA-GB"},
		},
		"a category":     {Filter{Categories: []string{"fashion"}}, []string{"fashion"}, []string{"ACME-US"}},
		"the cheaper":    {Filter{Categories: []string{"fashion"}, CountriesRedeemableIn: []string{"GB", "IE", "US"}}, []string{"fashion"}, []string{"ACME-US"}},
		"the cheaper, 2": {Filter{Categories: []string{"fashion"}, CountriesRedeemableIn: []string{"GB"}}, []string{"GB"}, nil},
		"five countries": {
			Filter{CountriesRedeemableIn: []string{"US", "GB", "ES", "FR", "DE"}}, []string{"all"}, []string{"ACME-US", "TEA-GB", "TUNES-ES"},
		},
		"orderable is most":  {Filter{IsOrderable: &yes}, []string{"all"}, []string{"ACME-US", "TEA-GB"}},
		"not orderable":      {Filter{IsOrderable: &no}, []string{"all"}, []string{"TUNES-ES"}},
		"currency":           {Filter{Currency: "GBP"}, []string{"all"}, []string{"TEA-GB"}},
		"payout type":        {Filter{PayoutType: "subscription"}, []string{"all"}, []string{"TUNES-ES"}},
		"name":               {Filter{NameRegex: regexp.MustCompile("^T")}, []string{"all"}, []string{"TEA-GB", "TUNES-ES"}},
		"codes":              {Filter{Codes: []string{"TUNES-ES", "ACME-US"}}, []string{"ACME-US", "TUNES-ES"}, []string{"ACME-US", "TUNES-ES"}},
		"codes and currency": {Filter{Codes: []string{"TUNES-ES", "ACME-US"}, Currency: "EUR"}, []string{"ACME-US", "TUNES-ES"}, []string{"TUNES-ES"}},
		"many codes":         {Filter{Codes: nine}, []string{"all"}, []string{"TEA-GB"}},
		"fields add up":      {Filter{NameRegex: regexp.MustCompile("^T"), Currency: "EUR"}, []string{"all"}, []string{"TUNES-ES"}},
		"nothing is left":    {Filter{Currency: "JPY"}, []string{"all"}, nil},
		"a code that is not": {Filter{Codes: []string{"NONE-US"}}, []string{"NONE-US"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &fakeSource{products: threeProducts}
				c := New(source)
				products, err := c.Products(t.Context(), test.filter)
				if err != nil {
					t.Fatal(err)
				}
				if codes := codesOf(products); !slices.Equal(codes, test.want) {
					t.Errorf("got %v, want %v", codes, test.want)
				}
				if asked := source.took(); !slices.Equal(asked, test.asked) {
					t.Errorf("asked for %v, want %v", asked, test.asked)
				}
			})
		})
	}
}

// TestSelectionsDoNotDependOnTheWay asks for the same from a catalog that has
// everything in hand: whoever selects, the result is the same.
func TestSelectionsDoNotDependOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, filter := range []Filter{
			{CountriesRedeemableIn: []string{"US", "IE"}},
			{Categories: []string{"food-and-drink", "travel"}},
			{CountriesRedeemableIn: []string{"IE"}, Categories: []string{"food-and-drink", "travel"}},
			{Codes: []string{"TEA-GB", "NONE-US"}},
		} {
			source := &fakeSource{products: threeProducts}
			parts, err := New(source).Products(t.Context(), filter)
			if err != nil {
				t.Fatal(err)
			}
			full := New(source)
			if _, err := full.Products(t.Context(), Filter{}); err != nil {
				t.Fatal(err)
			}
			source.took()
			selected, err := full.Products(t.Context(), filter)
			if err != nil || !slices.Equal(codesOf(selected), codesOf(parts)) {
				t.Errorf("%+v: from the whole catalogue %v, error %v, want %v, as without it", filter, codesOf(selected), err, codesOf(parts))
			}
			if asked := source.took(); asked != nil {
				t.Errorf("asked for %v with everything in hand, want no question", asked)
			}
		}
	})
}

func TestProductsIsWholeOrNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		source := &fakeSource{products: threeProducts, err: broken}
		c := New(source)
		for _, filter := range []Filter{{CountriesRedeemableIn: []string{"US"}}, {Codes: []string{"ACME-US"}}, {}} {
			products, err := c.Products(t.Context(), filter)
			if !errors.Is(err, broken) || products != nil {
				t.Errorf("Products(%+v) = %v, error %v, want no products and %v", filter, codesOf(products), err, broken)
			}
		}
		source.fail(nil)
		products, err := c.Products(t.Context(), Filter{})
		if err != nil || len(products) != 3 {
			t.Errorf("Products() after a failed read = %v, error %v, want three products", codesOf(products), err)
		}
	})
}

func TestRejects(t *testing.T) {
	yes := true
	if !(Filter{}).Empty() {
		t.Error("Empty() of no filter = false, want true")
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
			if chosen := test.filter.choose([]client.Product{test.product}); (len(chosen) == 1) != (test.want == nil) {
				t.Errorf("choose() chose %d products, want 1 if Rejects() says nothing: %v", len(chosen), test.want)
			}
			if test.want != nil && test.filter.Empty() {
				t.Errorf("Empty() of a filter that rejects for %v = true, want false", test.want)
			}
		})
	}
}
