package preflight

// A CLI plans an order once in a run, after it has read it, or without (-refresh=false),
// or twice: before it reads it and after (-minimal-refresh). A provider is not told which
// resource a call is about. So what is counted in a run is counted by the order.

// claims are the orders of a run that have one idempotency key.
type claims struct {
	there   map[string]bool // orders that are in the state
	created bool            // an order that is to be created
	read    bool            // an order that is there was read since then
}

// Claim takes a key for an order: one that is there, or "" for one that is to be
// created. It reports whether another order of this run has the key.
func (r *Run) Claim(key, there string) (shared bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.claimsOf(key)
	if there != "" {
		h.there[there] = true
		return h.created || len(h.there) > 1 || r.looksOf(there).atTwoAddresses()
	}
	// A tainted order is planned as one to be created, before it is read and after.
	twice := h.created && h.read
	shared = len(h.there) > 0 || h.created && !twice
	h.created, h.read = true, false
	return shared
}

func (r *Run) claimsOf(key string) *claims {
	if r.keys[key] == nil {
		r.keys[key] = &claims{there: map[string]bool{}}
	}
	return r.keys[key]
}

// looks counts how often an order that is there was read and planned.
type looks struct{ reads, plans int }

// atTwoAddresses reports whether more than one resource has the order. One resource is
// read at most once in a run, and planned at most once before that and once after.
func (l looks) atTwoAddresses() bool { return l.reads > 1 || l.plans-l.reads > 1 }

// Read notes that an order was read.
func (r *Run) Read(there, key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looksOf(there).reads++
	if h := r.keys[key]; h != nil {
		h.read = true
	}
}

// Planned notes that an order that is there is planned.
func (r *Run) Planned(there string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looksOf(there).plans++
}

// AtTwoAddresses reports whether more than one resource of this run has an order.
func (r *Run) AtTwoAddresses(there string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.looksOf(there).atTwoAddresses()
}

func (r *Run) looksOf(there string) *looks {
	if r.looks[there] == nil {
		r.looks[there] = &looks{}
	}
	return r.looks[there]
}
