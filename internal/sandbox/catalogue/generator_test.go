package catalogue

import (
	"strings"
	"testing"
)

// TestBrandNamesDoNotRunOut demands that the codes of even the largest catalogue
// differ, and that the smaller ones are spared the longer names.
func TestBrandNamesDoNotRunOut(t *testing.T) {
	seen := map[string]bool{}
	for nth := range 20_000 {
		code := strings.ReplaceAll(brandName(nth), " ", "")
		if seen[code] {
			t.Fatalf("brand %d is %s, as one before it; want no two the same", nth, code)
		}
		seen[code] = true
		if nth < 500 && strings.Contains(brandName(nth), " ") {
			t.Errorf("brand %d is %q, want one word", nth, brandName(nth))
		}
	}
}
