package catalog

import (
	"context"
	"slices"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// part is a piece of the catalogue that is read in one go: one product, or a list.
//
// Runa is only ever asked for a single country or a single category. What several
// of them mean together is not documented (D), and a selection must not depend on
// whether Runa or this process made it.
type part struct {
	product string
	list    listQuery
}

func (p part) whole() bool { return p == part{} }

// What parts cost, in requests. A list ends with an empty page (PAGE), so one of 5,000
// products is eleven. A country has some hundred products, a category may have a
// quarter of all.
const (
	costOfWhole    = 11
	costOfCategory = 4
	costOfCountry  = 2
	costOfProduct  = 1

	// mostSingleReads is how much is spent on parts before everything is read. Nobody
	// knows what the rest of a run will ask for, so it lies below the whole's cost:
	// a run that asks for little stays cheap, and one that asks for much pays at
	// most this much more than the whole.
	mostSingleReads = 8
)

func (p part) cost() int {
	switch {
	case p.product != "":
		return costOfProduct
	case p.list.country != "":
		return costOfCountry
	case p.list.category != "":
		return costOfCategory
	default:
		return costOfWhole
	}
}

func cost(parts []part) (sum int) {
	for _, p := range parts {
		sum += p.cost()
	}
	return sum
}

// parts is the cheapest way to everything that can pass a filter.
func (f Filter) parts() []part {
	best := []part{{}}
	consider := func(values []string, of func(string) part) {
		var parts []part
		for _, value := range sorted(values) {
			parts = append(parts, of(value))
		}
		if len(parts) > 0 && cost(parts) < cost(best) {
			best = parts
		}
	}
	consider(f.Codes, func(code string) part { return part{product: code} })
	consider(f.CountriesRedeemableIn, func(country string) part { return part{list: listQuery{country: country}} })
	consider(f.Categories, func(category string) part { return part{list: listQuery{category: category}} })
	return best
}

// batch is what was asked for within a moment, and is decided on together.
type batch struct {
	parts   map[part]bool
	decided chan struct{}
}

// gatherParts decides how a question is answered: from these parts, or from the
// whole catalogue because that is in hand or cheaper.
func (c *Catalog) gatherParts(ctx context.Context, parts []part) ([]part, error) {
	if c.inHand(parts) {
		return parts, nil
	}
	if b := c.join(parts); b != nil {
		select {
		case <-b.decided:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole {
		return []part{{}}, nil
	}
	return parts, nil
}

// inHand reports whether nothing needs to be asked.
func (c *Catalog) inHand(parts []part) bool {
	return !slices.ContainsFunc(parts, func(p part) bool {
		if p.product == "" {
			return !c.lists.answered(p.list)
		}
		what := productQuery{p.product, client.ContentURL}
		_, ok := c.known(what)
		return !ok && !c.products.answered(what)
	})
}

// join adds a question to those being gathered. It is nil where there is nothing
// to decide.
func (c *Catalog) join(parts []part) *batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole = c.whole || parts[0].whole(); c.whole {
		return nil
	}
	if c.next == nil {
		c.next = &batch{parts: map[part]bool{}, decided: make(chan struct{})}
		time.AfterFunc(c.gather, c.decide)
	}
	for _, p := range parts {
		c.next.parts[p] = true
	}
	return c.next
}

// decide compares what the parts cost with the whole.
func (c *Catalog) decide() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for p := range c.next.parts {
		if !c.underWay(p) {
			c.spent += p.cost()
		}
	}
	c.whole = c.whole || c.spent > mostSingleReads
	close(c.next.decided)
	c.next = nil
}

// underWay reports whether a part was asked for before. The caller holds mu.
func (c *Catalog) underWay(p part) bool {
	if p.product == "" {
		return c.lists.asked(p.list)
	}
	_, ok := c.seen[p.product]
	return ok || c.products.asked(productQuery{p.product, client.ContentURL})
}
