//go:build !linux

package main

import (
	"fmt"
	"os/exec"
	"strings"
)

// childrenOf finds the processes that a process has started itself.
func childrenOf(parent int) (children []int, err error) {
	list, err := exec.Command("ps", "-A", "-o", "pid=", "-o", "ppid=").Output() //nolint:noctx // it ends by itself
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	for line := range strings.Lines(string(list)) {
		var pid, ppid int
		if _, err := fmt.Sscan(line, &pid, &ppid); err == nil && ppid == parent {
			children = append(children, pid)
		}
	}
	return children, nil
}
