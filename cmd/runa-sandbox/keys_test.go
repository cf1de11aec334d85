package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestKeys demands that keys need not stand on the command line, and which of the ways to
// give them goes first.
func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte("XXa.1\r\n\n XXb.2 \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, environment string
		want              []string
	}{
		{"", "", []string{sandbox.Key}},
		{"-mode production", "", []string{sandbox.ProductionKey}},
		{"", "XXc.3\n", []string{"XXc.3"}},
		{"", " ", []string{sandbox.Key}},
		{"-api-key-file " + file, "XXc.3", []string{"XXa.1", "XXb.2"}},
		{"-api-key XXd.4 -api-key-file " + file, "", []string{"XXd.4", "XXa.1", "XXb.2"}},
	} {
		t.Setenv("RUNA_SANDBOX_API_KEY", c.environment)
		got, err := parse(strings.Fields(c.args), io.Discard)
		if err != nil || !slices.Equal(got.options.APIKeys, c.want) {
			t.Errorf("%s and %q: got API keys %q (error %v), want %q", c.args, c.environment, got.options.APIKeys, err, c.want)
		}
	}
}

// TestKeyFileRefusals demands that a file that is not one of keys is not taken, and what
// is in it is not told.
func TestKeyFileRefusals(t *testing.T) {
	dir := t.TempDir()
	empty, wrong := filepath.Join(dir, "empty"), filepath.Join(dir, "wrong")
	for file, text := range map[string]string{empty: " \n", wrong: "wgzqdunlin55.secret\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, says := range map[string]string{filepath.Join(dir, "none"): "no such file", empty: "there is no API key in", wrong: "begin with wg"} {
		var out strings.Builder
		code := program([]string{"-listen", "127.0.0.1:0", "-api-key-file", file}, &out, &out)
		if code != 1 || !strings.Contains(out.String(), says) || strings.Contains(out.String(), "zqdunlin55") {
			t.Errorf("got %d %s, want 1 with %q, without the API key", code, out.String(), says)
		}
	}
}
