// Package processgroup starts processes that never outlive the program that started
// them, whatever way it ends: it returns, is interrupted, or is killed.
//
// It is for the programs here that drive a real CLI, whose provider is the CLI's
// child and not theirs. It knows nothing of what its processes do.
package processgroup

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// A Group is a group of processes, together with a watchdog that leads the group
// and holds the reading end of a pipe.
//
// When the writing end closes, the watchdog kills the group, itself included.
// It closes when the program ends, however it ends: the kernel sees to that even
// after a kill -9. So no child, and no child's child, outlives the program.
type Group struct {
	ctx      context.Context
	watchdog *exec.Cmd
	lifeline io.Closer
	services []*exec.Cmd
}

// WatchFlag is the one argument with which New starts the program itself again.
// Its main must then call Watchdog and nothing else, as Main does.
const WatchFlag = "-watch"

// grace is how long an interrupted CLI may take to bring its orders home.
const grace = 20 * time.Second

// silence is how long a service may take to say that it serves.
const silence = 30 * time.Second

// New starts a process group without members, but for the watchdog.
func New(ctx context.Context) (*Group, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	watchdog := exec.Command(self, WatchFlag) //nolint:noctx // it must outlive the context
	lead(watchdog)
	lifeline, err := watchdog.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := watchdog.Start(); err != nil {
		return nil, fmt.Errorf("starting the watchdog: %w", err)
	}
	return &Group{ctx: ctx, watchdog: watchdog, lifeline: lifeline}, nil
}

// Command prepares a member that is asked to stop, as Ctrl-C would ask it, when the
// process group's context ends.
func (f *Group) Command(path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(f.ctx, path, args...)
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = grace
	join(cmd, f.watchdog.Process.Pid)
	return cmd
}

// Serve starts a member that runs until the end, so that an interrupted CLI can
// still reach it, and returns the first line that it prints.
func (f *Group) Serve(path string, args ...string) (line string, err error) {
	cmd := exec.Command(path, args...) //nolint:noctx // End stops it
	join(cmd, f.watchdog.Process.Pid)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	f.services = append(f.services, cmd)
	first := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(stdout)
		line, _ := lines.ReadString('\n')
		first <- line
		_, _ = io.Copy(io.Discard, lines) // a full pipe would stop the member
	}()
	select {
	case line = <-first:
		return line, nil
	case <-time.After(silence):
		return "", fmt.Errorf("%s said nothing for %s", filepath.Base(path), silence)
	case <-f.ctx.Done():
		return "", f.ctx.Err()
	}
}

// Interrupt does what Ctrl-C in a terminal does: it interrupts every member.
func (f *Group) Interrupt() error {
	return interruptGroup(f.watchdog.Process.Pid)
}

// End returns when nothing of the process group runs any more. All of them are killed,
// so what they say about their end says nothing.
func (f *Group) End() {
	_ = f.lifeline.Close()
	_ = f.watchdog.Wait()
	for _, service := range f.services {
		_ = service.Wait()
	}
}

// Watchdog waits until nobody can write to its standard input any more, and then
// kills the process group and itself.
func Watchdog() {
	ignoreSignals()
	_, _ = io.Copy(io.Discard, os.Stdin)
	killGroup()
}

// Main is the body of a program with a process group, whose flags are defined. It reads them, is
// the watchdog where New has started the program as one, and else does the work. It exits
// with what that returns, 0 apart; an error is printed after how the program failed.
func Main(name, failed string, work func(context.Context) (exit int, err error)) {
	watch := flag.Bool(WatchFlag[1:], false, "internal: wait for the end of standard input, then kill the process group")
	flag.Parse()
	if *watch {
		Watchdog()
		return
	}
	ctx := UntilStopped(context.Background())
	exit, err := work(ctx)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintf(os.Stderr, "\nStopped. Nothing of %s is running any more.\n", name)
		exit = 130
	case err != nil:
		fmt.Fprintf(os.Stderr, "\n%s: %v\n", failed, err)
	}
	if exit != 0 {
		os.Exit(exit)
	}
}

// UntilStopped is the context of a whole program. It ends when a user stops the
// program with a signal, or when the process that started it is gone.
func UntilStopped(ctx context.Context) context.Context {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A second signal is not waited for: it ends the program, and the watchdogs the rest.
	context.AfterFunc(ctx, stop)
	return endWithParent(ctx)
}

// endWithParent ends the context when the process that started this program is
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
