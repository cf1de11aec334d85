package preflight

import "testing"

// TestTwinsInAnyOrder: whichever of two like orders is seen last reports both, once.
func TestTwinsInAnyOrder(t *testing.T) {
	t.Parallel()
	type step func(*Run) (Likeness, string)
	there := step(func(c *Run) (Likeness, string) { return c.Recorded("same", "O-1") })
	gone := step(func(c *Run) (Likeness, string) { return c.Forgets("same", "k", "O-1") })
	fresh := step(func(c *Run) (Likeness, string) { return c.Creates("same", "") })
	keyed := func(key string) step {
		return func(c *Run) (Likeness, string) { return c.Creates("same", key) }
	}
	other := step(func(c *Run) (Likeness, string) { return c.Creates("other", "") })
	unknown := step(func(c *Run) (Likeness, string) { return c.Creates("", "") })
	tests := map[string]struct {
		steps []step
		want  []Likeness
	}{
		"one":                         {[]step{fresh}, []Likeness{Alone}},
		"two":                         {[]step{fresh, fresh, fresh}, []Likeness{Alone, Twin, Alone}},
		"two with keys":               {[]step{keyed("a"), keyed("b")}, []Likeness{Alone, Alone}},
		"one with a key":              {[]step{keyed("a"), fresh}, []Likeness{Alone, Alone}},
		"different":                   {[]step{there, other, gone}, []Likeness{Alone, Alone, Alone}},
		"not known yet":               {[]step{unknown, unknown}, []Likeness{Alone, Alone}},
		"beside one":                  {[]step{there, fresh, fresh}, []Likeness{Alone, Again, Alone}},
		"seen before the one":         {[]step{fresh, there}, []Likeness{Alone, Again}},
		"forgotten":                   {[]step{gone, fresh}, []Likeness{Alone, Again}},
		"forgotten later":             {[]step{fresh, gone}, []Likeness{Alone, Again}},
		"forgotten, its key":          {[]step{gone, keyed("k")}, []Likeness{Alone, Alone}},
		"forgotten, another key":      {[]step{gone, keyed("l")}, []Likeness{Alone, Renamed}},
		"another key, then forgotten": {[]step{keyed("l"), gone}, []Likeness{Alone, Renamed}},
		"beside one, with a key":      {[]step{there, keyed("l")}, []Likeness{Alone, Alone}},
		"two, then beside one":        {[]step{fresh, fresh, there, fresh}, []Likeness{Alone, Twin, Again, Alone}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := New(Options{})
			for i, step := range test.steps {
				got, order := step(c)
				if got != test.want[i] || (order == "O-1") != (got == Again || got == Renamed) {
					t.Errorf("step %d: %d %q, want %d", i, got, order, test.want[i])
				}
			}
		})
	}
}
