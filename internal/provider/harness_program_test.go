package provider

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tools are a real CLI, and settings by which it runs the provider program built from
// this tree.
type tools struct {
	cli    string
	config string
}

// needTools builds the provider, or skips the test where there is no CLI to run it.
func needTools(t *testing.T) tools {
	t.Helper()
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv("TF_ACC") == "" || cli == "" {
		t.Skip("needs TF_ACC=1 and TF_ACC_TERRAFORM_PATH")
	}
	return tools{cli: cli, config: buildProvider(t)}
}

// buildProvider builds the provider and writes CLI settings that use it.
func buildProvider(t *testing.T) (config string) {
	t.Helper()
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "terraform-provider-runa"), "../..")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build of the provider: %v, want success\n%s", err, said)
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

// program is a CLI with the real provider program, at work in a folder.
type program struct {
	t    *testing.T
	cli  string
	work string
	env  []string
}

// at lets the CLI work in a folder, with Runa at an address.
func (k tools) at(t *testing.T, work, url, key string) *program {
	t.Helper()
	env := append(os.Environ(), "TF_CLI_CONFIG_FILE="+k.config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"RUNA_API_KEY="+key, "RUNA_BASE_URL="+url)
	return &program{t: t, cli: k.cli, work: work, env: env}
}

// outcome is what a command of the CLI came to.
type outcome struct {
	code           int
	stdout, stderr string
}

// said is everything a user sees.
func (o outcome) said() string { return o.stdout + o.stderr }

// command prepares a command of the CLI.
func (p *program) command(args ...string) *exec.Cmd {
	command := exec.CommandContext(p.t.Context(), p.cli, args...)
	command.Dir, command.Env = p.work, p.env
	return command
}

// try runs a command that may fail.
func (p *program) try(args ...string) outcome {
	p.t.Helper()
	var stdout, stderr bytes.Buffer
	command := p.command(args...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		p.t.Fatalf("%s: %v, want the command to run", strings.Join(args, " "), err)
	}
	return outcome{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// run runs a command that must succeed.
func (p *program) run(args ...string) string {
	p.t.Helper()
	done := p.try(args...)
	if done.code != 0 {
		p.t.Fatalf("%s: exit code %d, want 0\n%s", strings.Join(args, " "), done.code, done.said())
	}
	return done.said()
}

// needsRuna begins every configuration for the real program.
const needsRuna = "terraform {\n  required_providers {\n    runa = { source = \"runa-community/runa\" }\n  }\n}\n"

// write writes a file into the program's folder.
func (p *program) write(name, content string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.work, name), []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// needs skips the test where the CLI is older than a version of Terraform or of OpenTofu,
// 1.8 as 8.
func (p *program) needs(terraform, openTofu int, what string) {
	p.t.Helper()
	if p.before(terraform, openTofu) {
		p.t.Skipf("%s: this needs Terraform 1.%d or OpenTofu 1.%d", what, terraform, openTofu)
	}
}

func (p *program) before(terraform, openTofu int) bool {
	p.t.Helper()
	major, minor := p.version()
	if strings.Contains(p.run("version"), "OpenTofu") {
		return major == 1 && minor < openTofu
	}
	return major == 1 && minor < terraform
}

// version is the CLI's. OpenTofu counts on from Terraform's, and learnt the same things
// under the same numbers.
func (p *program) version() (major, minor int) {
	p.t.Helper()
	var told struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(p.try("version", "-json").stdout), &told); err != nil {
		p.t.Fatal(err)
	}
	if _, err := fmt.Sscanf(told.Version, "%d.%d", &major, &minor); err != nil {
		p.t.Fatalf("version %q: %v, want two numbers", told.Version, err)
	}
	return major, minor
}

// unzipped is what is in a plan file, by name.
func unzipped(t *testing.T, file string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }() // nothing was written
	parts := map[string]string{}
	for _, part := range archive.File {
		content, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Name] = string(text)
	}
	return parts
}
