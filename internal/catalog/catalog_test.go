package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// together runs functions at the same time and waits for them.
func together(functions ...func()) {
	var group sync.WaitGroup
	for _, function := range functions {
		group.Go(function)
	}
	group.Wait()
}

func wantAsked(t *testing.T, source *fakeSource, want ...string) {
	t.Helper()
	if asked := source.took(); !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
}

// TestOneRunOneCatalogue: who asks for the same gets the same, for one question.
func TestOneRunOneCatalogue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &fakeSource{products: threeProducts}
		c := New(source)
		ask := func() {
			for _, err := range []error{
				second(c.Products(t.Context(), Filter{CountriesRedeemableIn: []string{"US"}})),
				second(c.Product(t.Context(), "TEA-GB", client.ContentURL)),
				second(c.Product(t.Context(), "TEA-GB", client.ContentHTML)),
				second(c.Countries(t.Context())),
				second(c.Categories(t.Context())),
				second(c.Product(t.Context(), "ACME-US", client.ContentURL)), // in the list of US
			} {
				if err != nil {
					t.Error(err)
				}
			}
		}
		together(ask, ask, ask)
		ask()
		wantAsked(t, source, "TEA-GB", "TEA-GB html", "US", "categories", "countries")
	})
}

func second[T any](_ T, err error) error { return err }

// TestManyQuestionsReadTheWhole: where the parts would cost more than the whole,
// the whole is read, once.
func TestManyQuestionsReadTheWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &fakeSource{products: threeProducts}
		c := New(source)
		var all []func()
		for i := range 20 {
			all = append(all, func() {
				products, err := c.Products(t.Context(), Filter{CountriesRedeemableIn: []string{fmt.Sprintf("%c%c", 'A'+i, 'A'), "US"}})
				if err != nil || len(products) != 1 {
					t.Errorf("Products() = %v, error %v, want one product", codesOf(products), err)
				}
			}, func() {
				product, err := c.Product(t.Context(), "TEA-GB", client.ContentURL)
				if err != nil || product.Name != "Tea House" {
					t.Errorf("Product() = %+v, error %v, want the Tea House", product, err)
				}
			})
		}
		together(all...)
		wantAsked(t, source, "all")
		for range 2 {
			if err := second(c.Product(t.Context(), "NONE-US", client.ContentURL)); !client.IsNotFound(err) {
				t.Error(err)
			}
		}
		wantAsked(t, source, "NONE-US") // whether it exists is Runa's to say, once
	})
}

// TestOneByOneQuestionsReadTheWholeInTheEnd: without parallelism nobody knows what
// comes. What is spent in vain is bounded.
func TestOneByOneQuestionsReadTheWholeInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &fakeSource{}
		for i := range 50 {
			source.products = append(source.products, client.Product{Code: fmt.Sprintf("P%02d", i)})
		}
		c := New(source)
		for _, product := range source.products {
			if err := second(c.Product(t.Context(), product.Code, client.ContentURL)); err != nil {
				t.Error(err)
			}
		}
		wantAsked(t, source, "P00", "P01", "P02", "P03", "P04", "P05", "P06", "P07", "all")
	})
}

func TestFailuresAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		source := &fakeSource{products: threeProducts, err: broken}
		c := New(source)
		for range 2 {
			for _, err := range []error{second(c.Product(t.Context(), "TEA-GB", "md")), second(c.Countries(t.Context()))} {
				if !errors.Is(err, broken) {
					t.Error(err)
				}
			}
			wantAsked(t, source, "TEA-GB md", "countries")
		}
		source.fail(nil)
		if err := second(c.Product(t.Context(), "TEA-GB", "md")); err != nil {
			t.Error(err)
		}
	})
}

// TestOneCallersEndIsNotTheOthers: the first of two gives up, and the second gets
// the answer to the question that the first has asked.
func TestOneCallersEndIsNotTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &fakeSource{products: threeProducts}
		c := New(source)
		impatient, giveUp := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer giveUp()
		together(func() {
			if err := second(c.Products(impatient, Filter{})); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}, func() {
			time.Sleep(100 * time.Millisecond)
			if products, err := c.Products(t.Context(), Filter{}); err != nil || len(products) != 3 {
				t.Errorf("Products() = %v, error %v, want three products", codesOf(products), err)
			}
		})
		wantAsked(t, source, "all")
	})
}

// TestNobodyWaits: a question without a caller is not asked to its end, and a later
// caller asks again.
func TestNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &fakeSource{products: threeProducts}
		c := New(source)
		for _, mostSingleReads := range []time.Duration{0, time.Millisecond, 500 * time.Millisecond} {
			impatient, giveUp := context.WithTimeout(t.Context(), mostSingleReads)
			if err := second(c.Products(impatient, Filter{CountriesRedeemableIn: []string{"US"}})); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			giveUp()
		}
		synctest.Wait()
		if products, err := c.Products(t.Context(), Filter{CountriesRedeemableIn: []string{"US"}}); err != nil || len(products) != 1 {
			t.Errorf("Products() = %v, error %v, want one product", codesOf(products), err)
		}
		wantAsked(t, source, "US", "US")
	})
}
