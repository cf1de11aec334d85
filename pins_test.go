package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestActionsArePinned: a tag of an action can be moved to other code, a commit cannot. The
// comment says which version it is, and dependabot moves both.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found no workflows, want some: %v", err)
	}
	pinned := regexp.MustCompile(`^([\w/.-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	pins := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			_, uses, ok := strings.Cut(strings.TrimSpace(line), "uses: ")
			if !ok || strings.HasPrefix(uses, "./") {
				continue
			}
			action := pinned.FindStringSubmatch(uses)
			if action == nil {
				t.Errorf("%s: %q is not pinned: want owner/name@commit # v1.2.3", file, uses)
				continue
			}
			if before, ok := pins[action[1]]; ok && before != uses {
				t.Errorf("%s: got %q, want %q as elsewhere", file, uses, before)
			}
			pins[action[1]] = uses
		}
	}
}
