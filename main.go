// Command terraform-provider-runa is the provider's plugin process: Terraform
// and OpenTofu start it and speak protocol 6 with it. It reads flags, prepares the
// process (its log, its lifetime, its garbage collector) and serves; what the provider
// does is in internal/provider.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/runa-community/terraform-provider-runa/internal/lifetime"
	"github.com/runa-community/terraform-provider-runa/internal/provider"
)

// version is set by the linker in builds by make and in releases: see GNUmakefile and
// .goreleaser.yml.
var version = "dev"

// garbagePercent is how much a plan may throw away before it is collected, in percent of
// what it still needs. A plan of 300 bought orders takes 4.4 to 5.7 s of CPU with Go's own
// 100, 3.5 to 3.8 with 200 and 3.0 to 3.5 with 400; but with 400 a plan of 1,000 peaks above
// 500 MB. GOGC, Go's own variable, goes before.
const garbagePercent = 200

func main() {
	log.SetOutput(provider.Unquoted(log.Writer()))

	byHand := flag.Bool("debug", false, "serve for a debugger: print TF_REATTACH_PROVIDERS and wait")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *showVersion {
		fmt.Println("terraform-provider-runa " + version)
		return
	}

	if !*byHand { // a debugger's plugin is started by hand, and ended by Ctrl-C
		lifetime.Follow()
		if err := muteLogs(os.Environ(), os.Setenv); err != nil {
			log.Fatal(err)
		}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address:         "registry.terraform.io/runa-community/runa",
		Debug:           *byHand,
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}
