package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// work is wiped at every start, and holds what went wrong at the end.
const work = ".chaos"

// tries is how often a run whose strike came too late is made again.
const tries = 12

var errLate = errors.New("the strike always came too late")

// lab is where the runs are made.
type lab struct {
	cli  string
	root string
	env  []string
}

// newLab lays out the work folder, with settings by which the CLI takes the provider
// just built for the released one.
func newLab(s settings) (*lab, error) {
	root, err := filepath.Abs(work)
	if err != nil {
		return nil, err
	}
	cli, err := exec.LookPath(s.cli)
	if err != nil {
		return nil, err
	}
	if cli, err = filepath.Abs(cli); err != nil {
		return nil, err
	}
	temporary := filepath.Join(root, "tmp") // killed processes leave their sockets behind
	cliSettings := filepath.Join(root, "cli.tfrc")
	if err := os.RemoveAll(root); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(temporary, 0o755); err != nil {
		return nil, err
	}
	if err := copyProvider(s.bin, root); err != nil {
		return nil, err
	}
	if err := os.WriteFile(cliSettings, fmt.Appendf(nil, `disable_checkpoint = true
provider_installation {
  dev_overrides {
    "runa-community/runa" = %q
  }
  filesystem_mirror {
    path = %q
  }
}
`, root, filepath.Join(root, "mirror")), 0o600); err != nil {
		return nil, err
	}
	l := &lab{cli: cli, root: root, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + root, // nobody's own settings, and nobody's real key
		"TF_CLI_CONFIG_FILE=" + cliSettings, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
	}}
	if len(temporary) < longestSocketDir {
		l.env = append(l.env, "TMPDIR="+temporary)
	}
	return l, nil
}

// copyProvider takes the provider along: a build in the meantime must not matter.
func copyProvider(bin, root string) error {
	const name = "terraform-provider-runa"
	program, err := os.ReadFile(filepath.Join(bin, name))
	if err != nil {
		return err
	}
	// A backend needs an init, which wants the provider where it would be released.
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(root, "mirror", registry, "runa-community", "runa", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+"_v0.0.1"), program, 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(root, name), program, 0o755)
}

// clear leaves nothing behind of runs that went well.
func (l *lab) clear() error { return os.RemoveAll(l.root) }

// longestSocketDir leaves room for a plugin's socket in the 104 bytes that its
// path can have.
const longestSocketDir = 80

// workdir describes a directory from which Runa is reached by the address, with an API key.
func (l *lab) workdir(path string, children *processgroup.Group, address, key string) *workdir {
	env := append([]string{"RUNA_BASE_URL=http://" + address + "/v2", "RUNA_API_KEY=" + key}, l.env...)
	return &workdir{group: children, cli: l.cli, path: path, env: env}
}

// work makes the runs, some at a time, and reports each.
func (l *lab) work(ctx context.Context, jobs []job, parallel int, report *report) {
	queue := make(chan job)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for one := range queue {
				l.perform(ctx, one, report)
			}
		})
	}
	defer workers.Wait()
	defer close(queue)
	for _, one := range jobs {
		select {
		case queue <- one:
		case <-ctx.Done():
			return
		}
	}
}

// perform makes one run, and again while the strike comes too late. What came too late
// is audited and counted all the same.
func (l *lab) perform(ctx context.Context, one job, report *report) {
	for try := range tries {
		e := &experiment{job: one, random: one.random(try), path: filepath.Join(l.root, one.scenario.slug, fmt.Sprintf("%d-%d", one.index, try))}
		if err := e.perform(ctx, l); err != nil {
			e.outcome.err = err
		}
		if ctx.Err() != nil {
			return
		}
		if try == tries-1 && !e.outcome.struck {
			e.outcome.err = errors.Join(e.outcome.err, errLate)
		}
		last := e.outcome.struck || e.failed()
		if e.failed() {
			e.outcome.complaints = append(e.keep(), e.outcome.complaints...)
		} else if err := os.RemoveAll(e.path); err != nil {
			e.outcome.err = err
		}
		report.note(e, last)
		if last {
			return
		}
	}
}

// failed reports whether something is wrong with what the run was to show.
func (e *experiment) failed() bool {
	return e.outcome.err != nil || len(e.outcome.complaints) > 0
}

const complaintsFile = "complaints.txt"

// keep writes down what tells how a run went wrong, beside its directories.
func (e *experiment) keep() []string {
	hint := []string{"kept in " + e.path, fmt.Sprintf("once more: make chaos CHAOS_SEED=%d CHAOS_ONLY=%s", e.job.seed, e.job.id())}
	if err := os.MkdirAll(e.path, 0o755); err != nil {
		hint = append(hint, err.Error())
	}
	ledger, journal := bytes.Buffer{}, bytes.Buffer{}
	if e.runa != nil {
		list(&ledger, e.runa.Ledger())
		list(&journal, e.runa.Journal())
	}
	for name, text := range map[string][]byte{"story.txt": e.story.Bytes(), "ledger.json": ledger.Bytes(), "journal.json": journal.Bytes(), complaintsFile: []byte(strings.Join(e.outcome.complaints, "\n"))} {
		if err := os.WriteFile(filepath.Join(e.path, name), text, 0o600); err != nil {
			hint = append(hint, err.Error())
		}
	}
	return hint
}

// list writes one entry a line.
func list[T any](into *bytes.Buffer, entries []T) {
	encoder := json.NewEncoder(into)
	for _, entry := range entries {
		if err := encoder.Encode(entry); err != nil {
			fmt.Fprintln(into, err)
		}
	}
}
