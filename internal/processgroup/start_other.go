//go:build !unix

package processgroup

import (
	"errors"
	"os"
	"os/exec"
)

// Without process groups each process is killed by itself, and a program that is
// itself killed leaves its process group behind.

func lead(*exec.Cmd) {}

func join(*exec.Cmd, int) {}

func killGroup() {}

func interrupt(process *os.Process) error { return process.Kill() }

func interruptGroup(int) error {
	return errors.New("this system has no process groups to interrupt")
}

func ignoreSignals() {}
