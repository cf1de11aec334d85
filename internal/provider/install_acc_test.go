package provider

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestAccInstall installs the provider as `make install` does, and uses it from a module
// with no settings of the CLI at all.
func TestAccInstall(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("scripts/install.sh needs a shell")
	}
	tools, home := needTools(t), t.TempDir()
	script, err := filepath.Abs("../../scripts/install.sh")
	if err != nil {
		t.Fatal(err)
	}
	sb := newSandbox(t, sandbox.Options{})
	p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
	env := append(os.Environ(), "HOME="+home)
	for _, variable := range []string{"GOPATH", "GOCACHE", "GOMODCACHE"} { // whose defaults are in the true home
		said, err := exec.CommandContext(t.Context(), "go", "env", variable).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, variable+"="+strings.TrimSpace(string(said)))
	}
	for version, want := range map[string]string{"0.0.0-dev": "0.0.1", "0.2.3-4-gabcdef0": "0.2.3"} {
		install := exec.CommandContext(t.Context(), "sh", script, filepath.Join(filepath.Dir(tools.config), "terraform-provider-runa"), version)
		install.Env = env
		said, err := install.CombinedOutput()
		if err != nil || !strings.Contains(string(said), "Installed version "+want) {
			t.Fatalf("installing %s: error %v, want %q in\n%s", version, err, "Installed version "+want, said)
		}
	}

	none := filepath.Join(home, "none.tfrc")
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "HOME="+home, "TF_CLI_CONFIG_FILE="+none, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "XDG_DATA_DIRS="+home)
	if err := os.Mkdir(filepath.Join(p.work, "inner"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.write("inner/main.tf", needsRuna+"data \"runa_ping\" \"x\" {}\noutput \"said\" { value = data.runa_ping.x.message }\n")
	p.write("main.tf", needsRuna+"module \"inner\" { source = \"./inner\" }\noutput \"said\" { value = module.inner.said }\n")
	p.run("init", "-input=false", "-no-color")
	p.run("apply", "-auto-approve", "-input=false", "-no-color")
	if said := p.run("output", "-raw", "said"); said != "pong" {
		t.Errorf("said %q, want pong", said)
	}
	if said := p.run("version"); !strings.Contains(said, "runa-community/runa v0.2.3") {
		t.Errorf("init took another version, want the newest, 0.2.3: %s", said)
	}
	p.initExamples()
}

// initExamples runs init for every example: each must find what is installed, and a CLI of
// this version must be new enough for it, unless the documentation says that it is not.
func (p *program) initExamples() {
	p.t.Helper()
	for _, dir := range exampleDirs(p.t) {
		work := p.t.TempDir()
		copyExample(p.t, dir, work)
		there := &program{p.t, p.cli, work, p.env}
		if there.tooOld() != "" {
			continue
		}
		there.run("init", "-input=false", "-no-color")
		there.run("validate", "-no-color")
	}
}
