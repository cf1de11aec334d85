//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary plays the demo itself: as its watchdog, or as a demo that
// starts a grandchild and hangs.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "-watch":
		watchdog()
	case os.Getenv("DEMO_TEST_HANG") != "":
		hang()
	default:
		os.Exit(m.Run())
	}
}

// hang starts a shell with a child, as a CLI has a provider, prints the
// child's process id and waits to be killed.
func hang() {
	children, err := newFamily(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	cli := children.command("sh", "-c", "trap '' INT TERM; sleep 300 & echo $!; wait")
	cli.Stdout = os.Stdout
	fmt.Println(cli.Run())
}

func TestNothingOutlivesAKilledDemo(t *testing.T) {
	demo := exec.Command(os.Args[0])
	demo.Env = append(os.Environ(), "DEMO_TEST_HANG=1")
	stdout, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	output := bufio.NewReader(stdout)
	line, err := output.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	grandchild, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(grandchild, 0); err != nil {
		t.Fatal("the grandchild should run while the demo does:", err)
	}

	if err := demo.Process.Kill(); err != nil {
		t.Fatal(err)
	}

	// Each of them holds the writing end of this pipe, so it ends with the last.
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, output)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("something outlived the demo that started it")
		_ = syscall.Kill(grandchild, syscall.SIGKILL)
	}
	_ = demo.Wait() // killed, as intended
}

func TestLedgerCheck(t *testing.T) {
	const sold = "COMPLETED"
	for name, test := range map[string]struct {
		ledger ledger
		want   string
	}{
		"one order for each winner": {ledger{{"a", sold}, {"b", sold}}, ""},
		"a winner without an order": {ledger{{"a", sold}}, "1 orders"},
		"a winner rewarded twice":   {ledger{{"a", sold}, {"b", sold}, {"b", sold}}, "3 orders with 2 different keys"},
		"one key for two winners":   {ledger{{"a", sold}, {"a", sold}}, "2 orders with 1 different keys"},
		"an order that failed":      {ledger{{"a", sold}, {"b", "FAILED"}}, "b is FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.ledger.check(2)
			if test.want == "" && err != nil {
				t.Fatal(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
