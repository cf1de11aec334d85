package sandbox

import (
	"cmp"
	"slices"
	"sync"
)

// catalogue is everything that can be bought before anybody patches it. It never
// changes, so sandboxes of one size share one.
type catalogue struct {
	products  []*product // by code
	byCode    map[string]*product
	byPlan    map[string]*product // by subscription_plan_code
	countries []string            // where anything is redeemable, sorted

	playgroundTemplates map[string][]string // product codes by template id
}

// catalogues are the ones made so far, by size.
var catalogues = struct {
	sync.Mutex
	bySize map[int]*catalogue
}{bySize: map[int]*catalogue{}}

// catalogueOf is the catalogue with so many products: somebody's own, the hand-written
// ones, those that fill the templates, and then as many more as it takes.
func catalogueOf(size int, own []*product) *catalogue {
	if len(own) > 0 {
		return newCatalogue(size, own)
	}
	catalogues.Lock()
	defer catalogues.Unlock()
	if c, ok := catalogues.bySize[size]; ok {
		return c
	}
	c := newCatalogue(size, nil)
	catalogues.bySize[size] = c
	return c
}

func newCatalogue(size int, own []*product) *catalogue {
	c := &catalogue{byCode: map[string]*product{}, byPlan: map[string]*product{}, playgroundTemplates: map[string][]string{}}
	for _, p := range own {
		c.add(p)
	}
	for _, p := range knownProducts() {
		c.fill(p)
	}
	g := newGenerator()
	for _, t := range playgroundTemplates {
		for range templateSize {
			p := g.plain(countryOf(t.country))
			c.fill(p)
			c.playgroundTemplates[t.id] = append(c.playgroundTemplates[t.id], p.Code)
		}
		slices.Sort(c.playgroundTemplates[t.id])
	}
	for len(c.products) < size {
		c.fill(g.next())
	}
	slices.SortFunc(c.products, func(a, b *product) int { return cmp.Compare(a.Code, b.Code) })
	slices.Sort(c.countries)
	c.countries = slices.Compact(c.countries)
	return c
}

// fill takes a product in, unless somebody's own has its code.
func (c *catalogue) fill(p *product) {
	if own, taken := c.byCode[p.Code]; taken && own.own {
		return
	}
	c.add(p)
}

// add takes a product in.
func (c *catalogue) add(p *product) {
	if _, twice := c.byCode[p.Code]; twice {
		panic("sandbox: two products " + p.Code)
	}
	c.byCode[p.Code] = p.seal()
	c.products = append(c.products, p)
	c.countries = append(c.countries, p.Countries...)
	if p.Subscription != nil {
		for _, plan := range p.Subscription.Plans {
			c.byPlan[plan.Code] = p
		}
	}
}
