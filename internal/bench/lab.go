package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// folder holds what the last run found, and while it works what it works on.
const folder = ".bench"

// lab is where all this is measured: one provider, several CLIs.
type lab struct {
	group    *processgroup.Group
	provider string
	root     string
	settings string // of the CLIs
	meter    string // what the meter writes to
}

// newLab lays out the work folder, with a mirror from which a CLI installs the provider
// just built as it would install it from a registry.
func newLab(children *processgroup.Group, bin string) (*lab, error) {
	root, err := filepath.Abs(filepath.Join(folder, "work"))
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(root); err != nil {
		return nil, err
	}
	l := &lab{
		group: children, root: root,
		settings: filepath.Join(root, "cli.tfrc"),
		meter:    filepath.Join(root, "meter.jsonl"),
	}
	if l.provider, err = filepath.Abs(filepath.Join(bin, "terraform-provider-runa")); err != nil {
		return nil, err
	}
	mirror := filepath.Join(root, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		if err := l.fill(filepath.Join(mirror, host, "runa-community", "runa", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)); err != nil {
			return nil, err
		}
	}
	return l, os.WriteFile(l.settings, fmt.Appendf(nil, `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = %q
  }
}
`, mirror), 0o600)
}

// fill makes a package of the provider. What a CLI takes for the provider starts the
// meter, which starts the provider beside it: the checksum that a CLI calculates of a
// package at each start is as much work as for a user.
func (l *lab) fill(dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	program, err := os.ReadFile(l.provider)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	provider := filepath.Join(dir, "provider")
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' %s '%s' '%s' \"$@\"\n", self, meterFlag, l.meter, provider)
	return errors.Join(
		os.WriteFile(provider, program, 0o755),
		os.WriteFile(filepath.Join(dir, "terraform-provider-runa_v0.0.1"), []byte(script), 0o755),
	)
}

// environment is nobody's own settings, and nobody's real key.
func (l *lab) environment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + l.root,
		"TF_CLI_CONFIG_FILE=" + l.settings, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
	}
}

// version is the first line that a program prints about itself.
func (l *lab) version(program, argument string) (string, error) {
	cmd := l.group.Command(program, argument)
	cmd.Env = l.environment()
	said, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", program, argument, err)
	}
	line, _, _ := strings.Cut(string(said), "\n")
	return line, nil
}

// clear leaves nothing behind but figures.
func (l *lab) clear() error { return os.RemoveAll(l.root) }

// look finds a program.
func look(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}
