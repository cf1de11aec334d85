package provider

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccExamples applies every folder under examples/ with the real provider
// program, and wants an empty plan after it: what the docs show works.
//
// A folder's file sandbox.args holds flags of runa-sandbox that the example needs;
// folders called modules are only what others use.
func TestAccExamples(t *testing.T) {
	for _, example := range examples(t, exampleDirs(t)) {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			example.start(t)
			example.run("apply", "-auto-approve", "-input=false", "-no-color")
			placed := len(example.sandbox.Ledger())
			example.run("plan", "-detailed-exitcode", "-input=false", "-no-color") // 2 would mean changes
			example.run("apply", "-auto-approve", "-input=false", "-no-color")
			if again := len(example.sandbox.Ledger()); again != placed {
				t.Errorf("the ledger has %d orders after the second apply, want %d, as after the first", again, placed)
			}
		})
	}
}

// TestAccExampleTests runs the test files that are under examples/, as their readers
// would.
func TestAccExampleTests(t *testing.T) {
	for _, example := range examples(t, testedDirs(t)) {
		t.Run(example.name, func(t *testing.T) {
			t.Parallel()
			example.start(t)
			said := example.run("test", "-no-color")
			if !strings.Contains(said, "Success!") || strings.Contains(said, " 0 passed") {
				t.Errorf("want a success with tests that passed, got:\n%s", said)
			}
		})
	}
}

// example is a folder under examples/ that is being tried.
type example struct {
	*program
	tools   tools
	dir     string
	name    string
	sandbox *testSandbox
}

// examples are folders to try, or none where there is no CLI to try them with.
func examples(t *testing.T, dirs []string) (all []*example) {
	t.Helper()
	tools := needTools(t)
	for _, dir := range dirs {
		name := filepath.ToSlash(strings.TrimPrefix(dir, filepath.Clean("../../examples")+string(filepath.Separator)))
		all = append(all, &example{tools: tools, dir: dir, name: name})
	}
	return all
}

// start copies the folder and starts the sandbox it needs.
func (e *example) start(t *testing.T) {
	t.Helper()
	options, key := sandboxFor(t, e.dir)
	e.sandbox = newSandbox(t, options)
	e.program = e.tools.at(t, t.TempDir(), e.sandbox.URL, key)
	copyExample(t, e.dir, e.work)
	e.needNewCLI()
	if _, err := os.Stat(filepath.Join(e.work, "modules")); err == nil {
		e.run("get", "-no-color") // with a provider of our own there is nothing else to init
	}
}

// features are what examples use that not every CLI has, with the first versions of
// Terraform and OpenTofu that have it, 1.8 as 8. The page templates/index.md.tmpl says the
// same to users.
var features = []struct {
	use                 *regexp.Regexp
	terraform, openTofu int
}{
	{regexp.MustCompile(`(?m)^check "`), 5, 6},
	{regexp.MustCompile(`(?m)^mock_provider "`), 7, 8},
	{regexp.MustCompile(`\bprovider::`), 8, 7},
	{regexp.MustCompile(`(?m)^moved \{`), 8, 12}, // from a resource of another provider
	{regexp.MustCompile(`(?m)^ephemeral "|\bephemeral *= *true`), 10, 11},
	{regexp.MustCompile(`_wo *= `), 11, 11},
	{regexp.MustCompile(`\bidentity *= \{`), 12, 12},
}

// needNewCLI skips the test where the CLI is too old for the program's folder.
func (p *program) needNewCLI() {
	p.t.Helper()
	if missing := p.tooOld(); missing != "" {
		p.t.Skip(missing)
	}
}

// tooOld says what the program's folder needs that its CLI is too old for, or nothing.
func (p *program) tooOld() (missing string) {
	p.t.Helper()
	err := filepath.WalkDir(p.work, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, feature := range features {
			if p.before(feature.terraform, feature.openTofu) && feature.use.Match(text) {
				missing = fmt.Sprintf("%s has %s, which this CLI is too old for", filepath.Base(path), feature.use)
			}
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return missing
}

// sandboxFor reads the flags that an example needs its sandbox to have.
func sandboxFor(t *testing.T, dir string) (options sandbox.Options, key string) {
	t.Helper()
	options, key = sandbox.Options{Products: 60, Processing: -1}, sandbox.Key
	flags, err := os.ReadFile(filepath.Join(dir, "sandbox.args"))
	switch {
	case os.IsNotExist(err):
	case err != nil:
		t.Fatal(err)
	case strings.TrimSpace(string(flags)) == "-mode production":
		options.Mode, key = sandbox.ModeProduction, sandbox.ProductionKey
	default:
		t.Fatalf("%s: this test does not know the flags %q, want -mode production or none", dir, flags)
	}
	return options, key
}

func exampleDirs(t *testing.T) []string {
	t.Helper()
	return foldersWith(t, isExampleFile, func(dir string) bool { return filepath.Base(dir) != "modules" })
}

// testedDirs are the folders that have a folder tests.
func testedDirs(t *testing.T) (dirs []string) {
	t.Helper()
	isTest := func(name string) bool { return strings.HasSuffix(name, ".tftest.hcl") }
	for _, dir := range foldersWith(t, isTest, func(string) bool { return true }) {
		dirs = append(dirs, filepath.Dir(dir))
	}
	return dirs
}

// foldersWith are the folders under examples/ that have a file of some name, without
// those below a folder that is not to be entered.
func foldersWith(t *testing.T, wanted, enter func(string) bool) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir("../../examples", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && !enter(path):
			return filepath.SkipDir
		case !entry.IsDir() && wanted(entry.Name()) && !slices.Contains(dirs, filepath.Dir(path)):
			dirs = append(dirs, filepath.Dir(path))
		}
		return nil
	})
	if err != nil || len(dirs) == 0 {
		t.Fatalf("%d folders of examples found, error %v, want at least one", len(dirs), err)
	}
	return dirs
}

// isExampleFile leaves out imports, which name orders of an account that is not here, and
// remote states.
func isExampleFile(name string) bool {
	return strings.HasSuffix(name, ".tf") && !strings.HasPrefix(name, "import") && name != "backend.tf"
}

// copyExample copies a folder with what is below it, but for what a CLI left there when
// somebody tried it.
func copyExample(t *testing.T, from, to string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		source, target := filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), ".terraform"), strings.HasPrefix(entry.Name(), "terraform.tfstate"):
		case entry.IsDir():
			if err := os.Mkdir(target, 0o700); err != nil {
				t.Fatal(err)
			}
			copyExample(t, source, target)
		case strings.HasSuffix(entry.Name(), ".tf") && !isExampleFile(entry.Name()):
		default:
			data, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(target, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
