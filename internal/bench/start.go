package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"time"
)

// handshake lets a provider know that a CLI starts it (terraform-plugin-go,
// tfprotov6/tf6server), and which protocol that speaks.
var handshake = []string{
	"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
	"PLUGIN_PROTOCOL_VERSIONS=6",
}

// starts is how often a start is measured for each repetition of other works: it is short.
const starts = 7

// start is the median time in seconds from the start of the provider's process to the
// line by which it says where it answers.
func (l *lab) start(runs int) (float64, error) {
	sockets, err := os.MkdirTemp("", "bench") // which a killed provider leaves behind
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(sockets) //nolint:errcheck // it is empty but for them
	var times []float64
	for range runs * starts {
		took, err := l.startOnce(sockets)
		if err != nil {
			return 0, fmt.Errorf("start: %w", err)
		}
		times = append(times, took.Seconds())
	}
	return median(times), nil
}

func (l *lab) startOnce(sockets string) (time.Duration, error) {
	provider := l.group.Command(l.provider)
	provider.Env = slices.Concat(l.environment(), handshake, []string{"TMPDIR=" + sockets})
	stdout, err := provider.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := provider.Start(); err != nil {
		return 0, err
	}
	_, err = bufio.NewReader(stdout).ReadString('\n')
	took := time.Since(began)
	_ = provider.Process.Kill()
	_ = provider.Wait()
	return took, err
}
