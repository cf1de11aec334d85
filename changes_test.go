package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var changeName = regexp.MustCompile(`^changes/(breaking|added|changed|fixed|security)-[a-z0-9-]+\.md$`)

// TestChanges: a file in changes/ is one line of the changelog, of a kind there is.
func TestChanges(t *testing.T) {
	files, err := filepath.Glob("changes/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !changeName.MatchString(filepath.ToSlash(file)) {
			t.Errorf("%s: want the name KIND-NAME.md, with a kind of scripts/changelog.sh", file)
		}
		if line := strings.TrimSuffix(string(text), "\n"); line == "" || strings.Contains(line, "\n") || strings.HasPrefix(line, "-") {
			t.Errorf("%s: got %q, want one line without a dash", file, text)
		}
	}
}

// TestChangelog makes a first release and a second one of a copy.
func TestChangelog(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs sh")
	}
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	release := func(version string) (said string, ok bool) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "sh", filepath.Join(root, "scripts", "changelog.sh"), version).CombinedOutput()
		return string(out), err == nil
	}
	for _, name := range []string{"scripts/changelog.sh", "CHANGELOG.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(text))
	}
	if said, ok := release("v1.0.0"); ok || !strings.Contains(said, "nothing to release") {
		t.Fatalf("without changes it says %q, want that there is nothing to release", said)
	}
	for _, step := range []struct{ version, file string }{{"v1.0.0", "added-order"}, {"v1.1.0", "fixed-order"}} {
		write("changes/"+step.file+".md", step.file+" of "+step.version+".\n")
		if said, ok := release(step.version); !ok {
			t.Fatalf("changelog.sh %s fails and says %q, want a new section", step.version, said)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`\(\d{4}-\d\d-\d\d\)`).ReplaceAllString(string(text), "(DAY)")
	_, got, _ = strings.Cut(got, "semver.org).\n")
	want := "\n## 1.1.0 (DAY)\n\n### Fixed\n\n- fixed-order of v1.1.0.\n\n## 1.0.0 (DAY)\n\n### Added\n\n- added-order of v1.0.0.\n"
	if got != want {
		t.Errorf("CHANGELOG.md goes on with %q, want %q", got, want)
	}
}
