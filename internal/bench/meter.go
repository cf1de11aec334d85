package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// use is what one process of the provider took.
type use struct {
	CPU  time.Duration `json:"cpu"`
	Peak int64         `json:"peak"` // bytes in memory
}

// meterFlag starts this program as a meter: -meter FILE PROGRAM. The CLI starts it for
// the provider, and it is the provider's parent: the kernel tells nobody else what a
// process took when it ends. In the provider's debug mode bench could be that parent, but
// that is a provider which lives for many commands, and which reads its environment
// otherwise. One that a CLI starts serves one walk over the configuration, as for a user.
const meterFlag = "-meter"

// meter runs the provider, adds a line to the file, and returns the exit code. The
// handshake goes past it: the provider has its standard streams.
func meter(file, program string, args []string) int {
	provider := exec.Command(program, args...) //nolint:noctx // the CLI ends it
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := provider.Run(); provider.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ended := provider.ProcessState
	if err := record(file, use{ended.UserTime() + ended.SystemTime(), peak(ended)}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return ended.ExitCode()
}

// record adds a line, in one write: a CLI may run two providers at once.
func record(file string, u use) (err error) {
	line, err := json.Marshal(u)
	if err != nil {
		return err
	}
	into, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	_, err = into.Write(append(line, '\n'))
	return err
}

// total sums up the lines of a meter: all CPU time, and the highest peak.
func total(lines []byte) (sum use, err error) {
	decoder := json.NewDecoder(bytes.NewReader(lines))
	for decoder.More() {
		var one use
		if err := decoder.Decode(&one); err != nil {
			return use{}, fmt.Errorf("what the meter wrote: %w", err)
		}
		sum.CPU += one.CPU
		sum.Peak = max(sum.Peak, one.Peak)
	}
	return sum, nil
}
