package preflight

// Twins are orders of one run that are the same in everything that Runa is told of them,
// and under whose keys they would be bought twice. Each order is seen on its own and in
// any order, so whoever comes second says it.

// likeness is what a run knows of orders with the same contents.
type likeness struct {
	there     string            // an order that is bought, and in the state
	forgotten map[string]string // orders that are bought and leave the state, by key
	keyless   int               // to be created, without a key of the user's
	keyed     map[string]bool   // to be created, by key
	said      map[Likeness]bool
}

func (r *Run) likenessOf(contents string) *likeness {
	if r.likenesses[contents] == nil {
		r.likenesses[contents] = &likeness{forgotten: map[string]string{}, keyed: map[string]bool{}, said: map[Likeness]bool{}}
	}
	return r.likenesses[contents]
}

// Likeness is what one order has to do with others of its contents.
type Likeness int

// What orders of the same contents can be to each other.
const (
	Alone   Likeness = iota // nothing
	Twin                    // two orders without a key are to be created
	Again                   // an order without a key would be bought beside one that is bought
	Renamed                 // an order that is forgotten would be bought under another key
)

// Recorded notes an order that is bought and in the state.
func (r *Run) Recorded(contents, name string) (Likeness, string) {
	return r.noteLike(contents, func(l *likeness) { l.there = name })
}

// Forgets notes an order that is bought and leaves the state.
func (r *Run) Forgets(contents, key, name string) (Likeness, string) {
	return r.noteLike(contents, func(l *likeness) { l.forgotten[key] = name })
}

// Creates notes an order to be created. The key is "" where the user gave none.
func (r *Run) Creates(contents, key string) (Likeness, string) {
	return r.noteLike(contents, func(l *likeness) {
		if key == "" {
			l.keyless++
		} else {
			l.keyed[key] = true
		}
	})
}

// noteLike tells what is to be said of all orders of the same contents, each thing once,
// and which order is bought already.
func (r *Run) noteLike(contents string, add func(*likeness)) (Likeness, string) {
	if contents == "" {
		return Alone, "" // a part is not known yet
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.likenessOf(contents)
	add(l)
	like, name := l.like()
	if l.said[like] {
		return Alone, ""
	}
	l.said[like] = true
	return like, name
}

func (l *likeness) like() (Likeness, string) {
	if l.keyless > 0 && l.there != "" {
		return Again, l.there
	}
	for key, name := range l.forgotten {
		if l.keyless > 0 {
			return Again, name
		}
		if len(l.keyed) > 0 && !l.keyed[key] {
			return Renamed, name
		}
	}
	if l.keyless > 1 {
		return Twin, ""
	}
	return Alone, ""
}
