// Package catalogue is what can be bought in the sandbox: the products that it makes up, those
// of a products file, and what patches have done to them. It has a lock of its own. It knows
// nothing about orders, accounts and HTTP connections.
package catalogue

import (
	"cmp"
	"slices"
	"sync"
)

// Catalogue is what can be bought now: the products, and what patches have done to
// them. It is safe for concurrent use.
type Catalogue struct {
	*base
	templates map[string][]string // the mode's: product codes by template id

	mu        sync.RWMutex
	changed   map[string]*Product
	withdrawn map[string]bool
}

// New is a catalogue with so many products, and with those of a products file,
// "" for none.
func New(size int, file []byte, production bool) (*Catalogue, error) {
	custom, err := readProducts(file)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{base: baseOf(size, custom)}
	c.templates = c.playgroundTemplates
	if production {
		c.templates = productionTemplates
	}
	c.Reset()
	return c, nil
}

// Reset undoes all patches.
func (c *Catalogue) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed, c.withdrawn = map[string]*Product{}, map[string]bool{}
}

// Find finds a product by its code, unless it was withdrawn.
func (c *Catalogue) Find(code string) (*Product, bool) {
	p, known := c.byCode[code]
	if !known {
		return nil, false
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.current(p)
}

// FindPlan finds a subscription plan and its product by the plan's code.
func (c *Catalogue) FindPlan(code string) (*Product, Plan, bool) {
	p, known := c.byPlan[code]
	if !known {
		return nil, Plan{}, false
	}
	if p, known = c.Find(p.Code); !known {
		return nil, Plan{}, false
	}
	for _, candidate := range p.Subscription.Plans {
		if candidate.Code == code {
			return p, candidate, true
		}
	}
	return nil, Plan{}, false
}

// Template is the product codes of a product selection template, none where it is not known.
func (c *Catalogue) Template(id string) []string { return c.templates[id] }

// At is the ith product by code, and whether it was withdrawn.
func (c *Catalogue) At(i int) (p *Product, withdrawn bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	p = c.products[i]
	return c.patched(p), c.withdrawn[p.Code]
}

// Size is how many products there are, withdrawn ones included.
func (c *Catalogue) Size() int { return len(c.products) }

// HasCode tells whether there is a product of this code, withdrawn or not.
func (c *Catalogue) HasCode(code string) bool {
	_, known := c.byCode[code]
	return known
}

// HasCountry tells whether any product can be redeemed in a country.
func (c *Catalogue) HasCountry(code string) bool { return slices.Contains(c.countries, code) }

// current is a product as it is now, unless it was withdrawn. The caller holds mu.
func (c *Catalogue) current(p *Product) (*Product, bool) {
	if c.withdrawn[p.Code] {
		return nil, false
	}
	return c.patched(p), true
}

// patched is a product with its patches. The caller holds mu.
func (c *Catalogue) patched(p *Product) *Product {
	if changed, ok := c.changed[p.Code]; ok {
		return changed
	}
	return p
}

// base is all products before any patch. It never changes, so catalogues of one size
// share one.
type base struct {
	products  []*Product // by code
	byCode    map[string]*Product
	byPlan    map[string]*Product // by subscription_plan_code
	countries []string            // where anything is redeemable, sorted

	playgroundTemplates map[string][]string // product codes by template id
}

// bases are the ones made so far, by size.
var bases = struct {
	sync.Mutex
	bySize map[int]*base
}{bySize: map[int]*base{}}

// baseOf is the base with so many products: those of a products file, the hand-written
// ones, those of the templates, and then as many generated ones as are missing.
func baseOf(size int, custom []*Product) *base {
	if len(custom) > 0 {
		return newBase(size, custom)
	}
	bases.Lock()
	defer bases.Unlock()
	if b, made := bases.bySize[size]; made {
		return b
	}
	b := newBase(size, nil)
	bases.bySize[size] = b
	return b
}

func newBase(size int, custom []*Product) *base {
	b := &base{byCode: map[string]*Product{}, byPlan: map[string]*Product{}, playgroundTemplates: map[string][]string{}}
	for _, p := range custom {
		b.add(p)
	}
	for _, p := range knownProducts() {
		b.addUnlessCustom(p)
	}
	g := newGenerator()
	for _, t := range playgroundTemplates {
		for range templateSize {
			p := g.plain(countryOf(t.country))
			b.addUnlessCustom(p)
			b.playgroundTemplates[t.id] = append(b.playgroundTemplates[t.id], p.Code)
		}
		slices.Sort(b.playgroundTemplates[t.id])
	}
	for len(b.products) < size {
		b.addUnlessCustom(g.next())
	}
	slices.SortFunc(b.products, func(a, b *Product) int { return cmp.Compare(a.Code, b.Code) })
	slices.Sort(b.countries)
	b.countries = slices.Compact(b.countries)
	return b
}

// addUnlessCustom adds a product, unless the products file has one of its code.
func (b *base) addUnlessCustom(p *Product) {
	if other, taken := b.byCode[p.Code]; taken && other.custom {
		return
	}
	b.add(p)
}

// add adds a product.
func (b *base) add(p *Product) {
	if _, twice := b.byCode[p.Code]; twice {
		panic("sandbox: two products " + p.Code)
	}
	b.byCode[p.Code] = p.encode()
	b.products = append(b.products, p)
	b.countries = append(b.countries, p.Countries...)
	if p.Subscription != nil {
		for _, plan := range p.Subscription.Plans {
			b.byPlan[plan.Code] = p
		}
	}
}

// choiceTemplate is a product selection template of the playground (PLAY, 9.2). One's
// own templates do not work there.
type choiceTemplate struct {
	id, country string
}

// templateSize is how many products each of them offers.
const templateSize = 10

// playgroundTemplates are the playground's four, one a currency.
var playgroundTemplates = []choiceTemplate{
	{"PT-01HQ12PV4B8XMBRTK281JM54KK", "US"},
	{"PT-01HPPT8ME05693EG77RCGKMX7N", "GB"},
	{"PT-01HQ130AHCKRRB45Z5XV2Y8W9K", "DE"},
	{"PT-01HQ12SMX2964BVXG2N69K8HF3", "CA"},
}

// The product selection templates of a sandbox in production mode, where customers
// have their own (PST, 3.1) and the playground's are unknown (9.2). They are made
// up: one in USD, one in GBP, of products that are always there.
const (
	TemplateUSD = "PT-01SANDB0X00000000000000001"
	TemplateGBP = "PT-01SANDB0X00000000000000002"
)

var productionTemplates = map[string][]string{
	TemplateUSD: {"ACME-US", "BOLT-US", "HINT-US"},
	TemplateGBP: {"SHOE-GB", "TEA-GB"},
}
