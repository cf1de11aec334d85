package provider

import "sync"

// copies finds orders of one run that are the same in everything that Runa is told of
// them, and under whose keys they would be bought twice. Each order is seen on its own
// and in any order, so whoever comes second says it. It is safe for concurrent use.
type copies struct {
	mu   sync.Mutex
	seen map[string]*likeness // by contents, as they go over the wire
}

// likeness is what a run knows of orders with the same contents.
type likeness struct {
	there     string            // an order that is bought, and in the state
	forgotten map[string]string // orders that are bought and leave the state, by key
	keyless   int               // to be created, without a key of the user's
	keyed     map[string]bool   // to be created, by key
	said      bool
}

func newCopies() *copies { return &copies{seen: map[string]*likeness{}} }

func (c *copies) of(contents string) *likeness {
	if c.seen[contents] == nil {
		c.seen[contents] = &likeness{forgotten: map[string]string{}, keyed: map[string]bool{}}
	}
	return c.seen[contents]
}

// likeThis is what one order has to do with others of its contents.
type likeThis int

const (
	alone   likeThis = iota
	twin             // two orders without a key are to be created
	again            // an order without a key would be bought beside one that is bought
	renamed          // an order that is forgotten would be bought under another key
)

// recorded notes an order that is bought and in the state.
func (c *copies) recorded(contents, name string) (likeThis, string) {
	return c.note(contents, func(l *likeness) { l.there = name })
}

// forgets notes an order that is bought and leaves the state.
func (c *copies) forgets(contents, key, name string) (likeThis, string) {
	return c.note(contents, func(l *likeness) { l.forgotten[key] = name })
}

// creates notes an order to be created. The key is "" where the user gave none.
func (c *copies) creates(contents, key string) (likeThis, string) {
	return c.note(contents, func(l *likeness) {
		if key == "" {
			l.keyless++
		} else {
			l.keyed[key] = true
		}
	})
}

// note tells once for all orders of the same contents what is to be said of them, and
// which order is bought already.
func (c *copies) note(contents string, add func(*likeness)) (likeThis, string) {
	if contents == "" {
		return alone, "" // a part is not known yet
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.of(contents)
	add(l)
	if l.said {
		return alone, ""
	}
	like, name := l.like()
	l.said = like != alone
	return like, name
}

func (l *likeness) like() (likeThis, string) {
	if l.keyless > 0 && l.there != "" {
		return again, l.there
	}
	for key, name := range l.forgotten {
		if l.keyless > 0 {
			return again, name
		}
		if len(l.keyed) > 0 && !l.keyed[key] {
			return renamed, name
		}
	}
	if l.keyless > 1 {
		return twin, ""
	}
	return alone, ""
}
