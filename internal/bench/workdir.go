package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// workdir is one directory in which a CLI works.
type workdir struct {
	lab  *lab
	cli  string
	path string
	env  []string
	runa *localRuna
	runs int
}

// newWorkdir writes a configuration and installs what it needs.
func (l *lab) newWorkdir(of *work, cli, name string, config []byte, runa *localRuna) (*workdir, error) {
	w := &workdir{lab: l, cli: cli, path: filepath.Join(l.root, name), runa: runa}
	w.env = append(l.environment(), "RUNA_BASE_URL=http://"+runa.address+"/v2", "RUNA_API_KEY="+sandbox.Key)
	for name, value := range of.vars {
		w.env = append(w.env, "TF_VAR_"+name+"="+value)
	}
	if of.codes > 0 {
		codes, err := runa.codes(of.codes)
		if err != nil {
			return nil, err
		}
		w.env = append(w.env, "TF_VAR_codes="+codes)
	}
	if err := os.MkdirAll(w.path, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(w.path, "main.tf"), config, 0o600); err != nil {
		return nil, err
	}
	if of.list {
		if err := os.WriteFile(filepath.Join(w.path, "winners.csv"), winners(of.rewards), 0o600); err != nil {
			return nil, err
		}
	}
	_, err := w.run(step{"init", []string{"init"}, 0})
	return w, err
}

// winners is a list as people have it.
func winners(number int) []byte {
	var list bytes.Buffer
	list.WriteString("id,email,product,amount\n")
	for i := range number {
		fmt.Fprintf(&list, "w-%05d,winner-%05d@example.com,ACME-US,25\n", i, i)
	}
	return list.Bytes()
}

// do runs a step, and adds what it took.
func (w *workdir) do(s step, to samples) error {
	took, err := w.run(s)
	if err == nil {
		to[s.name] = append(to[s.name], took)
	}
	return err
}

// run runs a step, and says what it took.
func (w *workdir) run(s step) (sample, error) {
	if err := os.Remove(w.lab.meter); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return sample{}, err
	}
	cmd := w.lab.group.Command(w.cli, append([]string{s.args[0], "-no-color", "-input=false"}, s.args[1:]...)...)
	cmd.Dir, cmd.Env = w.path, w.env
	began := time.Now()
	said, err := cmd.CombinedOutput()
	took := time.Since(began)
	w.runs++
	log := filepath.Join(w.path, fmt.Sprintf("%d-%s.log", w.runs, s.args[0]))
	if err := os.WriteFile(log, said, 0o600); err != nil {
		return sample{}, err
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return sample{}, err
	}
	if code := cmd.ProcessState.ExitCode(); code != s.exit {
		return sample{}, fmt.Errorf("%q ended with %d and not with %d (%s)", s.name, code, s.exit, log)
	}
	provider, err := w.provider()
	if err != nil {
		return sample{}, err
	}
	state, err := os.Stat(filepath.Join(w.path, "terraform.tfstate"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return sample{}, err
	}
	all := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() // with those it waited for
	result := sample{
		Seconds:     took.Seconds(),
		ProviderCPU: provider.CPU.Seconds(),
		CLICPU:      (all - provider.CPU).Seconds(),
		PeakMB:      float64(provider.Peak) / 1e6,
		Lines:       float64(bytes.Count(said, []byte("\n"))),
	}
	result.Posts, result.Gets = w.runa.count()
	if state != nil {
		result.StateBytes = float64(state.Size())
	}
	return result, nil
}

// provider is what the provider took in the last step, in all its processes.
func (w *workdir) provider() (use, error) {
	lines, err := os.ReadFile(w.lab.meter)
	if errors.Is(err, fs.ErrNotExist) { // a twin needs none
		return use{}, nil
	}
	if err != nil {
		return use{}, err
	}
	return total(lines)
}
