// Command runa-sandbox is a local Runa: the Payouts API on a loopback port, with a
// catalogue, a ledger and faults to inject. It is a test double: its key is known
// to everybody and its money is nobody's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// version is set by the linker in builds by make and in releases. Other builds, such as
// those of go install, say what Go knows of them: see buildVersion.
var version = "dev"

func main() {
	os.Exit(program(os.Args[1:], os.Stdout, os.Stderr))
}

// program is main without the process around it.
func program(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, args, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "runa-sandbox:", err)
		return 1
	}
	return 0
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	settings, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case settings.showVersion:
		fmt.Fprintln(stdout, "runa-sandbox", buildVersion())
		return nil
	}
	listener, err := net.Listen("tcp", settings.listen)
	if err != nil {
		return err
	}
	box, err := sandbox.Open(settings.options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprint(stdout, greeting(listener.Addr(), settings.options))
	return serve(ctx, listener, box)
}

// greeting is what the program prints when it listens: a line for a shell, and one
// for the reader. The line has the mode's own key, which is known to everybody; a key
// that was given may be somebody's real one, and whoever gave it has it.
func greeting(address net.Addr, o sandbox.Options) string {
	key, given := " RUNA_API_KEY="+o.APIKeys[0], ""
	if o.APIKeys[0] != ownKey(o.Mode) {
		key, given = "", ", with the API key that was given"
	}
	memory := "in memory"
	if o.Data != "" {
		memory = "kept in " + o.Data
	}
	return fmt.Sprintf("export RUNA_BASE_URL=http://%s/v2%s\n# %s, %s%s; to be seen at http://%[1]s/\n%[6]s",
		address, key, o.Mode, memory, given, events(o))
}

// events is the greeting's line about webhooks. A secret that was given is not printed.
func events(o sandbox.Options) string {
	switch {
	case len(o.Webhooks) == 0:
		return ""
	case o.WebhookSecret == "" || o.WebhookSecret == sandbox.WebhookSecret:
		return "# events are signed with the secret " + sandbox.WebhookSecret + "\n"
	}
	return "# events are signed with the secret that was given\n"
}

// newServer bounds what a caller can hold: the time of a request's headers and their
// length, of which journal and ledger keep the idempotency key, and the time of a
// connection between requests. Go's own clients leave those after 90 seconds: a server
// that ends them later never ends one that is about to be used. The time and the length
// of bodies are the sandbox's care.
func newServer(box *sandbox.Sandbox) *http.Server {
	return &http.Server{Handler: box, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
}

// serve serves the sandbox on a listener until ctx ends, then lets calls finish.
func serve(ctx context.Context, listener net.Listener, box *sandbox.Sandbox) error {
	defer box.Close()
	server := newServer(box)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	box.Close()
	stopping, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// buildVersion is the release's version, or what the build says of itself.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && version == "dev" {
		return versionOf(info)
	}
	return version
}

// versionOf is the version of a module that `go install …@version` has built, or else
// the commit that a program was built from.
func versionOf(info *debug.BuildInfo) string {
	commit := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	switch {
	case commit != "": // in a repository, where the module's version is a made-up one
		return version + " " + commit
	case info.Main.Version != "" && info.Main.Version != "(devel)":
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return version
}
