package sandbox

// shelf is the catalogue as it is now: the common one, and what patches have done.
type shelf struct {
	*catalogue
	templates map[string][]string // the mode's: product codes by template id
	changed   map[string]*product
	withdrawn map[string]bool
	patches   int // kept in the data file
}

func newShelf(c *catalogue, o Options) shelf {
	s := shelf{c, c.playgroundTemplates, map[string]*product{}, map[string]bool{}, 0}
	if o.production() {
		s.templates = productionTemplates
	}
	return s
}

// current is what has become of a product of the common catalogue.
func (s shelf) current(p *product) (*product, bool) {
	if s.withdrawn[p.Code] {
		return nil, false
	}
	if changed, ok := s.changed[p.Code]; ok {
		return changed, true
	}
	return p, true
}

// find finds a product by its code, unless it was withdrawn.
func (s shelf) find(code string) (*product, bool) {
	p, ok := s.byCode[code]
	if !ok {
		return nil, false
	}
	return s.current(p)
}

// findPlan finds a subscription plan and its product by the plan's code.
func (s shelf) findPlan(code string) (*product, plan, bool) {
	p, ok := s.byPlan[code]
	if !ok {
		return nil, plan{}, false
	}
	if p, ok = s.current(p); !ok {
		return nil, plan{}, false
	}
	for _, candidate := range p.Subscription.Plans {
		if candidate.Code == code {
			return p, candidate, true
		}
	}
	return nil, plan{}, false
}
