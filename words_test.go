package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// banned are phrases that people who read English as a second language stumble over, or
// that can mean two things, and what to write in their place.
var banned = []struct{ phrase, better string }{
	{`told from the key`, "derived from the API key"},
	{`\bmend(s|ed)?\b`, "fix"},
	{`at work on it`, "is processing it"},
	{`in its stead`, "replaces it"},
	{`\banew\b`, "again"},
	{`\bby now\b`, "now"},
	{`\btells? of\b`, "reports, shows"},
	{`settles? what was left open`, "finishes what an earlier run left unfinished"},
	{`at this Runa`, "in this environment"},
	{`where it is not so`, "Fails if"},
	{`\bfor ever\b`, "permanently"},
	{`\bwhat became of\b`, "result of"},
	{`\bis an error\b`, "Fails if"},
	{`of its own accord`, "by itself"},
	{`\b(share|shares|have|has|with|need|needs|under) (a|one|the same|this|another|other) key\b`, "say API key or idempotency key"},
	{`\bthe key (of|for|is|was|that)\b`, "say API key or idempotency key"},
}

// TestWords holds everything that a user reads to the banned list: messages, schemas,
// documentation, examples.
func TestWords(t *testing.T) {
	t.Parallel()
	patterns := make([]*regexp.Regexp, len(banned))
	for i, b := range banned {
		patterns[i] = regexp.MustCompile(`(?i)` + b.phrase)
	}
	check := func(where, text string) {
		for i, pattern := range patterns {
			if found := pattern.FindString(text); found != "" {
				t.Errorf("%s: got %q, want words such as: %s", where, found, banned[i].better)
			}
		}
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path == "bin" || path == "tools" || strings.HasPrefix(entry.Name(), ".") && path != "."):
			return filepath.SkipDir
		case entry.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		switch filepath.Ext(path) {
		case ".go":
			return literals(path, check)
		case ".md", ".tmpl", ".tf", ".html", ".hcl":
			text, err := os.ReadFile(path)
			for i, line := range strings.Split(string(text), "\n") {
				check(path+":"+strconv.Itoa(i+1), line)
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// literals hands over the texts of a Go file.
func literals(path string, check func(where, text string)) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				check(files.Position(literal.Pos()).String(), text)
			}
		}
		return true
	})
	return nil
}
