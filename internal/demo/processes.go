package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// A family is every process the demo starts, in one process group, together
// with a watchdog that leads the group and holds the reading end of a pipe.
//
// When the writing end closes, the watchdog kills the group, itself included.
// It closes when the demo ends, however it ends: the kernel sees to that even
// after a kill -9. So no sandbox, no CLI and no provider (which is the CLI's
// child, not ours) outlives the demo.
type family struct {
	ctx      context.Context
	watchdog *exec.Cmd
	lifeline io.Closer
	services []*exec.Cmd
}

// grace is how long an interrupted CLI may take to bring its orders home.
const grace = 20 * time.Second

func newFamily(ctx context.Context) (*family, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	watchdog := exec.Command(self, "-watch") //nolint:noctx // it must outlive the context
	lead(watchdog)
	lifeline, err := watchdog.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := watchdog.Start(); err != nil {
		return nil, fmt.Errorf("starting the watchdog: %w", err)
	}
	return &family{ctx: ctx, watchdog: watchdog, lifeline: lifeline}, nil
}

// command prepares a member of the family that is asked to stop, as Ctrl-C would
// ask it, when the demo is.
func (f *family) command(path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(f.ctx, path, args...)
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = grace
	join(cmd, f.watchdog.Process.Pid)
	return cmd
}

// serve starts a member of the family that runs until the end, so that an
// interrupted CLI can still reach it, and returns what it prints.
func (f *family) serve(path string, args ...string) (io.Reader, error) {
	cmd := exec.Command(path, args...) //nolint:noctx // end stops it
	join(cmd, f.watchdog.Process.Pid)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	f.services = append(f.services, cmd)
	return stdout, nil
}

// end returns when nothing of the family runs any more. All of them are killed,
// so what they say about their end says nothing.
func (f *family) end() {
	_ = f.lifeline.Close()
	_ = f.watchdog.Wait()
	for _, service := range f.services {
		_ = service.Wait()
	}
}

// watchdog waits until nobody can write to its standard input any more.
func watchdog() {
	ignoreSignals()
	_, _ = io.Copy(io.Discard, os.Stdin)
	killGroup()
}

// endWithParent ends the context when the process that started the demo is
// gone: a killed make cannot say so.
func endWithParent(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(100 * time.Millisecond)
		}
		cancel()
	}()
	return ctx
}
