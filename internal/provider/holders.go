package provider

// A CLI plans an order once in a run, after it has read it, or without (-refresh=false),
// or twice: before it reads it and after (-minimal-refresh). A provider is not told which
// resource a call is about. So what is counted in a run is counted by the order.

// holders are the orders of a run that have one idempotency key.
type holders struct {
	there   map[string]bool // orders that are in the state
	created bool            // an order that is to be created
	read    bool            // an order that is there was read since then
}

// claim takes a key for an order: one that is there, or "" for one that is to be
// created. It reports whether another order of this run has the key.
func (t *tally) claim(key, there string) (shared bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.holdersOf(key)
	if there != "" {
		h.there[there] = true
		return h.created || len(h.there) > 1 || t.looksOf(there).atTwoAddresses()
	}
	// A tainted order is planned as one to be created, before it is read and after.
	twice := h.created && h.read
	shared = len(h.there) > 0 || h.created && !twice
	h.created, h.read = true, false
	return shared
}

func (t *tally) holdersOf(key string) *holders {
	if t.keys[key] == nil {
		t.keys[key] = &holders{there: map[string]bool{}}
	}
	return t.keys[key]
}

// looks counts how often an order that is there was read and planned.
type looks struct{ reads, plans int }

// atTwoAddresses reports whether more than one resource has the order. One resource is
// read at most once in a run, and planned at most once before that and once after.
func (l looks) atTwoAddresses() bool { return l.reads > 1 || l.plans-l.reads > 1 }

// read notes that an order was read.
func (t *tally) read(there, key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.looksOf(there).reads++
	if h := t.keys[key]; h != nil {
		h.read = true
	}
}

// plan notes that an order that is there is planned.
func (t *tally) plan(there string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.looksOf(there).plans++
}

// atTwoAddresses reports whether more than one resource of this run has an order.
func (t *tally) atTwoAddresses(there string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.looksOf(there).atTwoAddresses()
}

func (t *tally) looksOf(there string) *looks {
	if t.looks[there] == nil {
		t.looks[there] = &looks{}
	}
	return t.looks[there]
}
