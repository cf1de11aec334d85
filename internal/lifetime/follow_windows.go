package lifetime

import "golang.org/x/sys/windows"

// outliveTerm has nothing to do: Windows has no SIGTERM.
func outliveTerm() {}

// await returns when the parent has ended. One that cannot be watched is left alone.
func await(parent int) {
	process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(parent)) //nolint:gosec // a process id
	if err != nil {
		select {}
	}
	_, _ = windows.WaitForSingleObject(process, windows.INFINITE)
}
