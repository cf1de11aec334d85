//go:build unix

package processgroup

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

// The test binary plays a program with a process group: as the watchdog, as a program that
// starts a grandchild and hangs, or as one that says when it is stopped.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == WatchFlag:
		Watchdog()
	case os.Getenv("FAMILY_TEST_HANG") != "":
		hang()
	case os.Getenv("FAMILY_TEST_STOP") != "":
		sayWhenStopped()
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
		t.Fatalf("the grandchild does not run while the program does: error %v, want none", err)
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
	case <-time.After(time.Minute):
		t.Error("something outlived the program that started it, want nothing to")
		_ = syscall.Kill(grandchild, syscall.SIGKILL)
	}
	_ = program.Wait() // killed, as intended
}

// sayWhenStopped prints its process id, says when its context has ended, and
// lingers as a program does that still brings its orders home.
func sayWhenStopped() {
	ctx := UntilStopped(context.Background())
	fmt.Println(os.Getpid())
	<-ctx.Done()
	fmt.Println("stopped")
	time.Sleep(time.Minute)
}

// startStoppable starts sayWhenStopped by way of a command, and returns it once
// signals would reach it.
func startStoppable(t *testing.T, cmd *exec.Cmd) (program *os.Process, output *bufio.Reader) {
	t.Helper()
	cmd.Env = append(os.Environ(), "FAMILY_TEST_STOP=1")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output = bufio.NewReader(stdout)
	line, err := output.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Kill() })
	return program, output
}

func wantStopped(t *testing.T, output *bufio.Reader) {
	t.Helper()
	if line, err := output.ReadString('\n'); line != "stopped\n" {
		t.Fatalf("the program said %q (%v), want it to notice that it is stopped", line, err)
	}
}

func TestASignalStopsAndASecondEnds(t *testing.T) {
	for _, first := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(first.String(), func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			program, output := startStoppable(t, cmd)
			if err := program.Signal(first); err != nil {
				t.Fatal(err)
			}
			wantStopped(t, output)

			// The program says that it is stopped a moment before it lets signals
			// through, so one alone could be lost.
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = cmd.Wait() // how it ended is looked at below
			}()
			for waiting := true; waiting; {
				_ = program.Signal(syscall.SIGTERM)
				select {
				case <-ended:
					waiting = false
				case <-time.After(10 * time.Millisecond):
				}
			}
			if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGTERM {
				t.Errorf("%v, want an end by the second signal", cmd.ProcessState)
			}
		})
	}
}

func TestAGoneParentStops(t *testing.T) {
	parent := exec.Command("sh", "-c", `"$0" & read line`, os.Args[0])
	leave, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	_, output := startStoppable(t, parent)
	_ = leave.Close()
	wantStopped(t, output)
	_ = parent.Wait() // its read found nothing, as intended
}
