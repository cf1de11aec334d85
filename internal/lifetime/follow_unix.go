//go:build unix

package lifetime

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// look is how often the parent is looked for.
const look = 200 * time.Millisecond

func outliveTerm() { signal.Ignore(syscall.SIGTERM) }

// await returns when another process has taken the parent's place.
func await(parent int) {
	for os.Getppid() == parent {
		time.Sleep(look)
	}
}
