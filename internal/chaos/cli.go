package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// hangsAfter is how long one command may take. An interrupted apply takes the
// longest: an order in flight is waited for.
const hangsAfter = 60 * time.Second

// workdir is one directory in which a CLI works: a configuration, a state, and
// what each command printed.
type workdir struct {
	group *processgroup.Group
	cli   string
	path  string
	env   []string
	runs  int
	log   string // of the last command
}

// command is a CLI at work.
type command struct {
	*exec.Cmd
	log  string
	done chan struct{}
}

// start begins one command of the CLI.
func (w *workdir) start(args ...string) (*command, error) {
	w.runs++
	c := &command{log: filepath.Join(w.path, fmt.Sprintf("%d-%s.log", w.runs, args[0])), done: make(chan struct{})}
	w.log = c.log
	log, err := os.Create(c.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()       //nolint:errcheck // the child has its own
	if args[0] != "state" { // whose commands have no such flags
		args = slices.Concat(args[:1], []string{"-no-color", "-input=false"}, args[1:])
	}
	c.Cmd = w.group.Command(w.cli, args...)
	c.Cancel = func() error { return c.Process.Kill() } // nobody waits for orders of a sandbox
	c.Dir, c.Env, c.Stdout, c.Stderr = w.path, w.env, log, log
	if err := c.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(c.done)
		_ = c.Wait() // what it means is for the caller to say, by the exit code
	}()
	return c, nil
}

// run runs one command and returns its exit code.
func (w *workdir) run(args ...string) (int, error) {
	c, err := w.start(args...)
	if err != nil {
		return 0, err
	}
	if err := c.wait(); err != nil {
		return 0, err
	}
	return c.ProcessState.ExitCode(), nil
}

// wait returns when the command has ended, in whatever way.
func (c *command) wait() error {
	select {
	case <-c.done:
		return nil
	case <-time.After(hangsAfter):
		return errors.Join(fmt.Errorf("the CLI hung for %s (%s)", hangsAfter, c.log), c.Process.Kill())
	}
}

// running reports whether the command has not ended yet.
func (c *command) running() bool {
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}
