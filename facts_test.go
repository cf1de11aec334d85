package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// citations are what comments cite in parentheses: tags, section numbers, or both, such as
// (IDEM), (IDEM, 4), (3.2) or (SPEC, 3.1; EFX, 9.1).
var (
	citations = regexp.MustCompile(`\(([^()]*)\)`)
	tags      = regexp.MustCompile(`^(?:SPEC|H?ERR|IDEM|RATE|VER|AUTH|SEC|PLAY|PAGE|WH(?:-[OP])?|A?SYNC|CAT|RTU|BAL|EST|EFX|LIM|PST|URT|RED|P2C|VISA|CUR|CTRY|LOG|V26|REC)$`)
	sections  = regexp.MustCompile(`^[1-9]\d?(?:\.\d{1,2})?$`)
)

// TestCitationsAreExplained: contributing/runa-api.md explains every tag and has every
// section that comments cite. A citation that is broken across lines is not seen.
func TestCitationsAreExplained(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("contributing", "runa-api.md"))
	if err != nil {
		t.Fatal(err)
	}
	explained := func(cited string) bool {
		if tags.MatchString(cited) {
			return strings.Contains(string(page), "`"+cited+"`")
		}
		heading := regexp.MustCompile(`(?m)^(?:#+ |- \*\*|\| )` + regexp.QuoteMeta(cited) + `(?:\.? |\*\*)`)
		return heading.Match(page)
	}
	found := 0
	for _, file := range goFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			_, comment, _ := strings.Cut(line, "//")
			for _, match := range citations.FindAllStringSubmatch(comment, -1) {
				for _, cited := range strings.FieldsFunc(match[1], func(r rune) bool { return strings.ContainsRune(",;: ", r) }) {
					if !tags.MatchString(cited) && !sections.MatchString(cited) {
						continue
					}
					if found++; !explained(cited) {
						t.Errorf("%s cites %q, want it explained in contributing/runa-api.md: %s", file, cited, strings.TrimSpace(comment))
					}
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("got %d citations, want at least 100: are they still looked for in the right way?", found)
	}
	t.Logf("%d citations", found)
}

func goFiles(t *testing.T) (files []string) {
	t.Helper()
	for _, root := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}
