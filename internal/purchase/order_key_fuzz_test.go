package purchase

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var keyShape = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// FuzzOrderKey: a key is a UUIDv5 that shows none of its parts, and other parts, or the
// same text divided otherwise, make another key.
func FuzzOrderKey(f *testing.F) {
	f.Add("spring-26", "w-001", "w-002")
	f.Add("a", "b\",\"c", "b")
	f.Add("ab", "c", "bc")
	f.Add("\u00e9", "e\u0301", "\u2028<>&")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) || !utf8.ValidString(c) { // a CLI's text always is
			t.Skip()
		}
		lists := [][]string{{a, b}, {a, c}, {a, b, c}, {a + b, c}, {a, b + c}, {b, a}, {a}}
		keys := make([]string, len(lists))
		for i, parts := range lists {
			key, err := OrderKey(parts)
			if err != nil || !keyShape.MatchString(key) {
				t.Fatalf("OrderKey(%q) = %q, %v, want a UUIDv5", parts, key, err)
			}
			if again, _ := OrderKey(parts); again != key {
				t.Errorf("OrderKey(%q) again = %q, want %q", parts, again, key)
			}
			for _, part := range parts {
				if len(part) > 6 && strings.Contains(key, part) {
					t.Errorf("OrderKey(%q) = %q, want %q hidden", parts, key, part)
				}
			}
			keys[i] = key
		}
		for i, one := range lists {
			for j, other := range lists {
				if same := slices.Equal(one, other); same != (keys[i] == keys[j]) {
					t.Errorf("orderKey of %q and of %q are equal: %t, want %t", one, other, keys[i] == keys[j], same)
				}
			}
		}
	})
}
