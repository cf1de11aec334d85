//go:build unix

package processgroup

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// lead makes the command the leader of a process group of its own.
func lead(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// join puts the command into the group that leader leads.
func join(cmd *exec.Cmd, leader int) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: leader}
}

// killGroup kills every process of the caller's group, the caller too.
func killGroup() {
	_ = syscall.Kill(0, syscall.SIGKILL)
}

func interrupt(process *os.Process) error {
	return process.Signal(os.Interrupt)
}

func interruptGroup(leader int) error {
	return syscall.Kill(-leader, syscall.SIGINT)
}

// ignoreSignals leaves the watchdog one way to end: its pipe.
func ignoreSignals() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}
