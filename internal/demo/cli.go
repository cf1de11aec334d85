package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// cli is terraform or tofu, at work in a copy of an example.
type cli struct {
	group *processgroup.Group
	path  string
	dir   string
	env   []string
	log   string // what the last command printed
	runs  int
}

// copyExample copies an example's own files, and not the state that a CLI left beside them
// when somebody tried it.
func copyExample(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, pattern := range []string{"*.tf", "*.tfvars", "*.csv"} {
		files, err := filepath.Glob(filepath.Join(from, pattern))
		if err != nil {
			return err
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(to, filepath.Base(file)), data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// newCLI lays out the work folder: the example, and a mirror from which the CLI
// installs the provider just built as it would install it from a registry.
func newCLI(children *processgroup.Group, path, bin, example string, runa *localRuna) (*cli, error) {
	root, err := filepath.Abs(work)
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(root); err != nil {
		return nil, err
	}
	tf := &cli{group: children, path: path, dir: filepath.Join(root, filepath.Base(example))}
	if err := copyExample(example, tf.dir); err != nil {
		return nil, err
	}
	mirror := filepath.Join(root, "mirror")
	if err := fillMirror(mirror, filepath.Join(bin, "terraform-provider-runa")); err != nil {
		return nil, err
	}
	settings := filepath.Join(root, "cli.tfrc")
	if err := os.WriteFile(settings, fmt.Appendf(nil, `disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = %q
  }
}
`, mirror), 0o600); err != nil {
		return nil, err
	}

	tf.env = append(ownEnvironment(),
		"TF_CLI_CONFIG_FILE="+settings,
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"RUNA_API_KEY="+runa.key,
		"RUNA_BASE_URL="+runa.url+"/v2",
	)
	return tf, nil
}

// fillMirror offers the provider under the names by which the two CLIs know a
// source without a host. The version only names a folder (0.0.0 would mean none).
func fillMirror(mirror, provider string) error {
	program, err := os.ReadFile(provider)
	if err != nil {
		return err
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(mirror, host, "runa-community", "runa", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "terraform-provider-runa_v0.0.1"), program, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// ownEnvironment is the caller's environment without what would steer a CLI or
// the provider: the demo must not find anybody's real key.
func ownEnvironment() []string {
	var env []string
	for _, pair := range os.Environ() {
		if strings.HasPrefix(pair, "TF_") || strings.HasPrefix(pair, "TOFU_") || strings.HasPrefix(pair, "RUNA_") {
			continue
		}
		env = append(env, pair)
	}
	return env
}

// run runs one command of the CLI. Its whole output goes to a log, and to show
// unless that is nil.
func (c *cli) run(command string, show io.Writer, args ...string) error {
	fmt.Printf("$ %s %s\n", filepath.Base(c.path), strings.Join(append([]string{command}, args...), " "))

	c.runs++
	c.log = filepath.Join(work, fmt.Sprintf("%d-%s.log", c.runs, command))
	log, err := os.Create(c.log)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // a log

	cmd := c.group.Command(c.path, append([]string{command, "-no-color"}, args...)...)
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.Stdout = log
	if show != nil {
		cmd.Stdout = io.MultiWriter(log, show)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w (output: %s)", filepath.Base(c.path), command, err, c.log)
	}
	return nil
}
