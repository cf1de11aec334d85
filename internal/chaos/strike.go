package main

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// The strikes. Each returns whether it hit: a command that has ended cannot be
// struck any more.

// killCLI ends the CLI as an impatient operator or a full memory does. Its provider
// is an orphan then, which lives on or dies as well.
func killCLI(e *experiment, c *command) (bool, error) {
	orphans, err := childrenOf(c.Process.Pid)
	if err != nil || !c.running() {
		return false, err
	}
	e.tell("SIGKILL to the CLI")
	if err := c.Process.Kill(); err != nil {
		return false, ended(err)
	}
	if e.random.IntN(2) == 0 {
		e.tell("SIGKILL to its orphan")
		killAllOf(orphans)
	}
	return true, nil
}

// killProvider ends the provider. The CLI goes on, and reports the failure.
func killProvider(e *experiment, c *command) (bool, error) {
	for c.running() {
		providers, err := childrenOf(c.Process.Pid)
		if err != nil {
			return false, err
		}
		if len(providers) > 0 {
			e.tell("SIGKILL to the provider")
			return killAllOf(providers) > 0, nil
		}
		time.Sleep(2 * time.Millisecond) // between two providers: the plan's and the apply's
	}
	return false, nil
}

// killAll ends both at once, as a machine that is switched off.
func killAll(e *experiment, c *command) (bool, error) {
	providers, err := childrenOf(c.Process.Pid)
	if err != nil || !c.running() {
		return false, err
	}
	e.tell("SIGKILL to the CLI and the provider")
	err = c.Process.Kill()
	killAllOf(providers)
	return err == nil, ended(err)
}

func killEither(e *experiment, c *command) (bool, error) {
	if e.random.IntN(2) == 0 {
		return killCLI(e, c)
	}
	return killProvider(e, c)
}

// interruptOnce sends SIGINT to the CLI alone, as a pipeline does, or to everybody,
// as a terminal does.
func interruptOnce(e *experiment, c *command) (bool, error) {
	all := e.random.IntN(2) == 0
	if !c.running() {
		return false, nil
	}
	if all {
		e.tell("SIGINT to all")
		return true, e.children.Interrupt()
	}
	e.tell("SIGINT to the CLI")
	err := c.Process.Signal(os.Interrupt)
	return err == nil, ended(err)
}

// interruptTwice does not wait for the first to have its effect: on the second the
// CLI gives up at once.
func interruptTwice(e *experiment, c *command) (bool, error) {
	pause := between(e.random, 5*time.Millisecond, 250*time.Millisecond)
	if hit, err := interruptOnce(e, c); !hit || err != nil {
		return false, err
	}
	if !sleep(c.done, pause) {
		return false, nil
	}
	return interruptOnce(e, c)
}

// terminate sends SIGTERM to everybody, as a pipeline that is cancelled does.
func terminate(e *experiment, c *command) (bool, error) {
	if !c.running() {
		return false, nil
	}
	providers, err := childrenOf(c.Process.Pid)
	if err != nil {
		return false, err
	}
	e.tell("SIGTERM to all")
	for _, pid := range append(providers, c.Process.Pid) {
		if process, err := os.FindProcess(pid); err == nil {
			_ = process.Signal(syscall.SIGTERM) // one that is gone is gone
		}
	}
	return true, nil
}

// loseLock ends the connection that holds the lock of the state, and has the other runner
// apply at once: both buy at the same time.
func loseLock(e *experiment, c *command) (bool, error) {
	if !c.running() {
		return false, nil
	}
	cut, err := e.store.cut()
	if err != nil || cut == 0 {
		return false, err
	}
	e.tell("%d connections to the state are cut", cut)
	other, err := e.dirs[1].start("apply", "-auto-approve")
	if err != nil {
		return false, err
	}
	if err := other.wait(); err != nil {
		return false, err
	}
	e.tell("the other runner: %s", other.ProcessState)
	return true, nil
}

// killAllOf returns how many of them were still there.
func killAllOf(pids []int) (hit int) {
	for _, pid := range pids {
		if process, err := os.FindProcess(pid); err == nil && process.Kill() == nil {
			hit++
		}
	}
	return hit
}

// ended forgives a strike that came too late.
func ended(err error) error {
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}
