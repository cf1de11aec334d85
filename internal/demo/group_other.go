//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// Without process groups each process is killed by itself, and a demo that is
// itself killed leaves its sandbox behind.

func lead(*exec.Cmd) {}

func join(*exec.Cmd, int) {}

func killGroup() {}

func interrupt(process *os.Process) error { return process.Kill() }

func ignoreSignals() {}
