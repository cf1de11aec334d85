package provider

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// Lines of a log that only one part of the plugin writes.
const (
	ofProvider  = "Runa request"             // internal/provider
	ofProtocol  = "Received request"         // the SDK's protocol layer
	ofFramework = "Calling provider defined" // the SDK's framework
)

// TestAccLogVariables sets each variable that concerns a provider's log and reads what
// the CLI has in its log then. That nothing is written without them, where no log could
// show it, is in the test of muteLogs.
func TestAccLogVariables(t *testing.T) {
	tools := needTools(t)
	sb := newSandbox(t, sandbox.Options{})
	for _, tc := range []struct {
		set  []string
		want []string
	}{
		{nil, nil},
		{[]string{"TF_LOG_CORE=TRACE"}, nil},
		{[]string{"TF_LOG=TRACE"}, []string{ofProvider, ofProtocol, ofFramework}},
		{[]string{"TF_LOG=DEBUG"}, []string{ofProvider}},
		{[]string{"TF_LOG=WARN"}, nil},
		{[]string{"TF_LOG_PROVIDER=TRACE"}, []string{ofProvider, ofProtocol, ofFramework}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_PROVIDER=off"}, nil},
		{[]string{"TF_LOG=TRACE", "TF_LOG_PROVIDER_RUNA=ERROR"}, []string{ofProtocol, ofFramework}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_SDK=ERROR"}, []string{ofProvider}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_SDK_PROTO=ERROR"}, []string{ofProvider, ofFramework}},
		{[]string{"TF_LOG=TRACE", "TF_LOG_SDK_FRAMEWORK=ERROR"}, []string{ofProvider, ofProtocol}},
	} {
		t.Run(strings.Join(tc.set, " "), func(t *testing.T) {
			p := tools.at(t, t.TempDir(), sb.URL, sandbox.Key)
			p.write("main.tf", needsRuna+"data \"runa_ping\" \"x\" {}\n")
			p.env = slices.DeleteFunc(p.env, func(v string) bool { return strings.HasPrefix(v, "TF_LOG") })
			p.env = append(p.env, append(tc.set, "TF_LOG_PATH=all.log")...)
			p.run("plan", "-input=false", "-no-color")
			log, err := os.ReadFile(filepath.Join(p.work, "all.log"))
			if err != nil && tc.set != nil {
				t.Fatal(err)
			}
			for _, line := range []string{ofProvider, ofProtocol, ofFramework} {
				if got, want := bytes.Contains(log, []byte(line)), slices.Contains(tc.want, line); got != want {
					t.Errorf("the log has %q: %v, want %v", line, got, want)
				}
			}
		})
	}
}
