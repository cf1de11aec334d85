//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the most memory that a process had, in bytes. It begins with what its parent
// had, which is why a meter must be small.
func peak(ended *os.ProcessState) int64 {
	usage, known := ended.SysUsage().(*syscall.Rusage)
	if !known {
		return 0
	}
	most := int64(usage.Maxrss) //nolint:unconvert // it has 32 bits on some machines
	if runtime.GOOS == "darwin" {
		return most
	}
	return most * 1024
}
