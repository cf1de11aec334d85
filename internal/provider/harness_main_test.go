package provider

import (
	"os"
	"testing"
)

// TestMain gives the tests a temporary folder of their own. The provider's processes tell
// each other there which orders they have taken, and one run of the tests must not see
// those of another.
func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "runa-") // short: CLIs put sockets into it, whose paths have a limit
	if err == nil {
		err = os.Setenv("TMPDIR", folder)
	}
	if err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder) // a killed process may still write to it
	os.Exit(code)
}
