package provider

import (
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccExamples applies every folder under examples/ with the real provider
// program, and wants an empty plan after it: what the docs show works.
func TestAccExamples(t *testing.T) {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv("TF_ACC") == "" || cli == "" {
		t.Skip("needs TF_ACC=1 and TF_ACC_TERRAFORM_PATH")
	}
	config := buildProvider(t)
	for _, dir := range exampleDirs(t) {
		t.Run(filepath.ToSlash(strings.TrimPrefix(dir, filepath.Clean("../../examples")+string(filepath.Separator))), func(t *testing.T) {
			t.Parallel()
			s := sandbox.New(sandbox.Options{Products: 60, Processing: -1})
			server := httptest.NewServer(s)
			t.Cleanup(func() { s.Close(); server.Close() })
			work := t.TempDir()
			copyExample(t, dir, work)
			run := func(args ...string) {
				t.Helper()
				command := exec.CommandContext(t.Context(), cli, args...)
				command.Dir = work
				command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1",
					"RUNA_API_KEY="+sandbox.Key, "RUNA_BASE_URL="+server.URL+"/v2", "TF_IN_AUTOMATION=1")
				if said, err := command.CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, said)
				}
			}
			run("apply", "-auto-approve", "-input=false", "-no-color")
			placed := len(s.Ledger())
			run("plan", "-detailed-exitcode", "-input=false", "-no-color") // 2 would mean changes
			run("apply", "-auto-approve", "-input=false", "-no-color")
			if again := len(s.Ledger()); again != placed {
				t.Errorf("the second apply bought: %d orders, then %d", placed, again)
			}
		})
	}
}

// buildProvider builds the provider and writes CLI settings that use it.
func buildProvider(t *testing.T) (config string) {
	t.Helper()
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "terraform-provider-runa"), "../..")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, said)
	}
	config = filepath.Join(dir, "cli.tfrc")
	// The second name is what an example without required_providers asks for.
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n    %q = %q\n  }\n}\n",
		"runa-community/runa", filepath.ToSlash(dir), "hashicorp/runa", filepath.ToSlash(dir))
	if err := os.WriteFile(config, []byte(overrides), 0o600); err != nil {
		t.Fatal(err)
	}
	return config
}

func exampleDirs(t *testing.T) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir("../../examples", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && isExampleFile(entry.Name()) && !slices.Contains(dirs, filepath.Dir(path)) {
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no examples found: %v", err)
	}
	return dirs
}

// isExampleFile leaves out imports, which name orders of an account that is not here.
func isExampleFile(name string) bool {
	return strings.HasSuffix(name, ".tf") && !strings.HasPrefix(name, "import")
}

func copyExample(t *testing.T, from, to string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() || strings.HasSuffix(entry.Name(), ".tf") && !isExampleFile(entry.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(from, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, entry.Name()), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
