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
	"syscall"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// version is set by the linker for releases.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "runa-sandbox:", err)
		stop()
		os.Exit(1)
	}
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
	box := sandbox.New(settings.options)
	fmt.Fprintf(stdout, "export RUNA_BASE_URL=http://%s/v2 RUNA_API_KEY=%s\n", listener.Addr(), settings.options.APIKeys[0])
	return serve(ctx, listener, box)
}

// serve serves the sandbox on a listener until ctx ends, then lets calls finish.
func serve(ctx context.Context, listener net.Listener, box *sandbox.Sandbox) error {
	server := &http.Server{Handler: box, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	box.Close()
	patience, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// buildVersion is the release's version, or the commit the program was built from.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && version == "dev" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return version + " " + s.Value
			}
		}
	}
	return version
}
