package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// keyNamespace is what an example's idempotency keys begin with, or the name of its
// campaign.
var keyNamespace = regexp.MustCompile(`rewards\.example\.com/([a-z0-9-]+)|order_key\("([a-z0-9-]+)"|(?m:^  name +(= "[a-z0-9-]+"))`)

// TestExamplesShareNoKeys: whoever copies one example never gets what another one bought.
func TestExamplesShareNoKeys(t *testing.T) {
	t.Parallel()
	owners := map[string]string{}
	claim := func(owner, text string) {
		for _, found := range keyNamespace.FindAllStringSubmatch(text, -1) {
			namespace := found[1] + found[2] + found[3]
			if other, taken := owners[namespace]; taken && other != owner {
				t.Errorf("%s and %s have the same namespace %q for idempotency keys, want one each", owner, other, namespace)
			}
			owners[namespace] = owner
		}
	}
	for _, dir := range foldersWith(t, isConfiguration, func(string) bool { return true }) {
		claim(filepath.ToSlash(dir), configuration(t, dir))
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	claim("README.md", string(readme))
	if len(owners) < 20 {
		t.Errorf("%d namespaces were found, want at least 20: %v", len(owners), owners)
	}
}

// TestExamplesPinTheProvider: whoever copies an example gets no other major version.
func TestExamplesPinTheProvider(t *testing.T) {
	t.Parallel()
	for _, dir := range foldersWith(t, isExampleFile, func(string) bool { return true }) {
		if !regexp.MustCompile(`source += "runa-community/runa"\n +version += "~> `).MatchString(configuration(t, dir)) {
			t.Errorf("%s has no version constraint, want one that begins with ~>", dir)
		}
	}
}

func isConfiguration(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tfvars")
}

// configuration is the text of all configuration of a folder.
func configuration(t *testing.T, dir string) string {
	t.Helper()
	var text strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !isConfiguration(entry.Name()) {
			continue
		}
		file, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		text.Write(file)
	}
	return text.String()
}

var (
	pageLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pageHeading = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// TestPageLinks: links between README and pages lead somewhere, as files here and without
// .md at a registry.
func TestPageLinks(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/guides/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages found, error %v, want at least one", len(pages), err)
	}
	for _, page := range append(pages, "../../docs/index.md", "../../README.md", "../../examples/quickstart/README.md", "../../examples/scenarios/README.md") {
		text := readPage(t, page)
		for _, found := range pageLink.FindAllStringSubmatch(text, -1) {
			file, heading, _ := strings.Cut(found[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(target); err != nil {
				target += ".md"
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link %s leads nowhere, want a page", page, found[1])
			} else if heading != "" && !hasHeading(readPage(t, target), heading) && !strings.HasPrefix(heading, "nestedatt") {
				t.Errorf("%s: the link %s leads to no heading, want one in %s", page, found[1], target)
			}
		}
	}
}

func hasHeading(text, anchor string) bool {
	for _, found := range pageHeading.FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(found[1]), "")
		if strings.ReplaceAll(name, " ", "-") == anchor {
			return true
		}
	}
	return false
}

func readPage(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
