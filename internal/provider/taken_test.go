package provider

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestTaken: an order is taken once, by whatever process, until it is forgotten, and a
// folder that cannot be written tells nothing.
func TestTaken(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	first, second := newTaken(parent, time.Now()), newTaken(parent, time.Now())
	steps := []struct {
		by             taken
		account, order string
		before         bool
	}{
		{first, "a", "O-1", false},
		{first, "a", "O-1", true},
		{second, "a", "O-1", true},
		{second, "b", "O-1", false},
		{second, "a", "O-2", false},
		{second, "a", "", false},
		{second, "a", "", false},
	}
	for i, step := range steps {
		if before := step.by.take(step.account, step.order); before != step.before {
			t.Errorf("step %d: taken before: %t, want %t", i, before, step.before)
		}
	}
	if newTaken(parent, time.Now().Add(takenFor+time.Minute)).take("a", "O-1") {
		t.Errorf("take() of an order after %s = true, want false", takenFor)
	}
	file := filepath.Join(parent, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	nowhere := newTaken(file, time.Now())
	for range 2 {
		if nowhere.take("a", "O-1") {
			t.Error("take() in a folder that is not there = true, want false")
		}
	}
}
