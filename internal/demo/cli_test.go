package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestCopyExample: whoever tried the example has left a state there, of another sandbox.
func TestCopyExample(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	for _, name := range []string{"main.tf", "terraform.tfvars", "winners.csv", "terraform.tfstate", "terraform.tfstate.backup", ".terraform.lock.hcl", ".terraform/modules/modules.json"} {
		file := filepath.Join(from, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyExample(from, to); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(to)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if want := []string{"main.tf", "terraform.tfvars", "winners.csv"}; !slices.Equal(got, want) {
		t.Errorf("copied %v, want %v", got, want)
	}
}
