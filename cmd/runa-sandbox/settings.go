package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// settings are what the command line says.
type settings struct {
	listen      string
	showVersion bool
	options     sandbox.Options
}

// parse reads the command line, and refuses what would be unsafe or is not there.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("runa-sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { usage(flags) }
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8484", "loopback `address` to listen on; port 0 takes a free one")
	flags.DurationVar(&s.options.Processing, "processing", 0, "how long an asynchronous order stays PROCESSING; 0 is the playground's 1s, negative is not at all")
	flags.DurationVar(&s.options.Latency, "latency", 0, "added to every answer")
	flags.IntVar(&s.options.RatePerMinute, "rate", 0, "order creations a minute; 0 is Runa's 300, negative is no limit")
	flags.IntVar(&s.options.Products, "products", 0, "size of the catalogue; 0 is 5000")
	flags.Func("api-key", "an API `key` to accept; may be repeated (default "+sandbox.Key+")", func(key string) error {
		if key == "" {
			return errors.New("the key is empty")
		}
		s.options.APIKeys = append(s.options.APIKeys, key)
		return nil
	})
	mode := flags.String("mode", "playground", "which Runa to be; playground is the only one yet")
	flags.BoolVar(&s.showVersion, "version", false, "print the version and stop")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if len(s.options.APIKeys) == 0 {
		s.options.APIKeys = []string{sandbox.Key}
	}
	return s, errors.Join(checkMode(*mode), checkLoopback(s.listen))
}

// checkMode refuses the modes that are not there.
func checkMode(mode string) error {
	switch mode {
	case "playground":
		return nil
	case "production":
		return errors.New("-mode production is not there yet; leave -mode out for the playground")
	}
	return fmt.Errorf("-mode %q: the only mode is playground", mode)
}

// checkLoopback refuses to be reachable from elsewhere: the key is known to
// everybody, and the admin calls have none.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("-listen %q: %w", address, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("-listen %q: the sandbox listens on a loopback address only, such as 127.0.0.1:8484, "+
		"because its API key is public and its admin calls need none", address)
}

// usage explains the program.
func usage(flags *flag.FlagSet) {
	fmt.Fprint(flags.Output(), `runa-sandbox is a local Runa: the Payouts API under /v2, as the playground speaks it.
Nothing it sells is real. It keeps everything in memory, and prints what to export:

  $ runa-sandbox -listen 127.0.0.1:0
  export RUNA_BASE_URL=http://127.0.0.1:40123/v2 RUNA_API_KEY=`+sandbox.Key+`

Flags:
`)
	flags.PrintDefaults()
	fmt.Fprint(flags.Output(), "\nAdmin calls, without a key:\n\n", sandbox.AdminHelp)
}
