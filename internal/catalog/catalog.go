package catalog

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Source is where products are read. A *client.Client is one.
type Source interface {
	Products(context.Context, client.ProductFilter) iter.Seq2[client.Product, error]
	Product(context.Context, string, client.Content) (client.Product, error)
	ProductCountries(context.Context) ([]string, error)
	ProductCategories(context.Context) ([]string, error)
}

// Catalog is one run's view of what can be bought: whatever was read once answers
// everybody who asks later. It is safe for concurrent use. What it returns is
// shared, and must not be changed.
type Catalog struct {
	source Source
	// gather is how long the first question of several waits for the others.
	gather time.Duration

	lists      once[listQuery, []client.Product]
	products   once[productQuery, client.Product]
	countries  once[struct{}, []string]
	categories once[struct{}, []string]

	mu    sync.Mutex
	seen  map[string]client.Product // from lists, by code
	spent int                       // requests made for parts of the catalogue, as estimated
	whole bool                      // from now on the whole catalogue answers
	next  *batch                    // questions that are being gathered
}

// gatherTime is short beside a request, and long beside the moment in which a plan
// starts to read ten data sources.
const gatherTime = 25 * time.Millisecond

// New makes a catalog that has read nothing yet.
func New(source Source) *Catalog {
	c := &Catalog{source: source, gather: gatherTime, seen: map[string]client.Product{}}
	c.products.final = client.IsNotFound
	return c
}

// Products selects what passes the filter, in order of code and each once. With an
// error the selection is not complete, and so there is none.
func (c *Catalog) Products(ctx context.Context, filter Filter) ([]client.Product, error) {
	parts, err := c.gatherParts(ctx, filter.parts())
	if err != nil {
		return nil, err
	}
	found, err := c.readAll(ctx, parts)
	if err != nil {
		return nil, err
	}
	return filter.choose(found), nil
}

// Product reads one product. An unknown code is a 404 of Runa's.
func (c *Catalog) Product(ctx context.Context, code string, content client.Content) (client.Product, error) {
	what := productQuery{code, content}
	if content != client.ContentURL {
		return c.product(ctx, what) // lists have no texts
	}
	parts, err := c.gatherParts(ctx, []part{{product: code}})
	if err != nil {
		return client.Product{}, err
	}
	if parts[0].whole() {
		if _, err := c.read(ctx, parts[0]); err != nil {
			return client.Product{}, err
		}
	}
	return c.product(ctx, what) // also where it is not in the list: the 404 is Runa's to give
}

// Countries lists the countries that products exist for.
func (c *Catalog) Countries(ctx context.Context) ([]string, error) {
	return c.countries.do(ctx, struct{}{}, c.source.ProductCountries)
}

// Categories lists the categories that products are filed under.
func (c *Catalog) Categories(ctx context.Context) ([]string, error) {
	return c.categories.do(ctx, struct{}{}, c.source.ProductCategories)
}

// readAll reads parts of the catalogue at the same time.
func (c *Catalog) readAll(ctx context.Context, parts []part) ([]client.Product, error) {
	found, errs := make([][]client.Product, len(parts)), make([]error, len(parts))
	var reads sync.WaitGroup
	for i, p := range parts {
		reads.Go(func() { found[i], errs[i] = c.read(ctx, p) })
	}
	reads.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	if len(parts) == 1 {
		return found[0], nil
	}
	return ordered(slices.Concat(found...)), nil
}

// read reads one part of the catalogue.
func (c *Catalog) read(ctx context.Context, p part) ([]client.Product, error) {
	if p.product == "" {
		return c.list(ctx, p.list)
	}
	product, err := c.product(ctx, productQuery{p.product, client.ContentURL})
	switch {
	case client.IsNotFound(err):
		return nil, nil // then it is not in the catalogue
	case err != nil:
		return nil, err
	}
	return []client.Product{product}, nil
}

type productQuery struct {
	code    string
	content client.Content
}

func (c *Catalog) product(ctx context.Context, what productQuery) (client.Product, error) {
	if product, ok := c.known(what); ok {
		return product, nil
	}
	return c.products.do(ctx, what, func(ctx context.Context) (client.Product, error) {
		return c.source.Product(ctx, what.code, what.content)
	})
}

func (c *Catalog) known(what productQuery) (product client.Product, ok bool) {
	if what.content != client.ContentURL {
		return product, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	product, ok = c.seen[what.code]
	return product, ok
}

// listQuery is a list that Runa can be asked for. The zero value is everything.
type listQuery struct{ country, category string }

func (q listQuery) wire() (filter client.ProductFilter) {
	if q.country != "" {
		filter.CountriesRedeemableIn = []string{q.country}
	}
	if q.category != "" {
		filter.Categories = []string{q.category}
	}
	return filter
}

func (c *Catalog) list(ctx context.Context, what listQuery) ([]client.Product, error) {
	return c.lists.do(ctx, what, func(ctx context.Context) ([]client.Product, error) {
		var products []client.Product
		for product, err := range c.source.Products(ctx, what.wire()) {
			if err != nil {
				return nil, err
			}
			products = append(products, product)
		}
		products = ordered(products)
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, product := range products {
			c.seen[product.Code] = product
		}
		return products, nil
	})
}
