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
// what it still needs, which is little. With Go's own 100 a fifth of the work is collecting;
// with more than 200 there is nothing left to gain. GOGC, Go's own variable, goes before.
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
