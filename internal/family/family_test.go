//go:build unix

package family

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

// The test binary plays a program with a family: as the watchdog, or as a program
// that starts a grandchild and hangs.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == WatchFlag:
		Watchdog()
	case os.Getenv("FAMILY_TEST_HANG") != "":
		hang()
	default:
		os.Exit(m.Run())
	}
}

// hang starts a shell with a child, as a CLI has a provider, prints the
// child's process id and waits to be killed.
func hang() {
	children, err := New(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	cli := children.Command("sh", "-c", "trap '' INT TERM; sleep 300 & echo $!; wait")
	cli.Stdout = os.Stdout
	fmt.Println(cli.Run())
}

func TestNothingOutlivesAKilledProgram(t *testing.T) {
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), "FAMILY_TEST_HANG=1")
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
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
		t.Fatal("the grandchild should run while the program does:", err)
	}

	if err := program.Process.Kill(); err != nil {
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
		t.Error("something outlived the program that started it")
		_ = syscall.Kill(grandchild, syscall.SIGKILL)
	}
	_ = program.Wait() // killed, as intended
}
