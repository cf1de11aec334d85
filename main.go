// Command terraform-provider-runa is the provider's plugin process: Terraform
// and OpenTofu start it and speak protocol 6 with it. It reads flags, prepares the
// process (its log, its lifetime, its garbage collector) and serves; what the provider
// does is in internal/provider.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/runa-community/terraform-provider-runa/internal/lifetime"
	"github.com/runa-community/terraform-provider-runa/internal/provider"
)

// version is set by the linker in builds by make and in releases: see GNUmakefile and
// .goreleaser.yml.
var version = "dev"

// garbagePercent is how much a plan may throw away before it is collected, in percent of
// what it still needs. A plan of 1,000 bought orders takes 13.7 to 16.2 s of CPU with 200,
// 11.7 to 12.1 with 400 and 10.8 to 13.0 with 800, and peaks at 60, 95 and 175 MB. GOGC,
// Go's own variable, goes before.
const garbagePercent = 400

// address is the provider's in the registry. It names the provider to a debugger's CLI.
const address = "registry.terraform.io/runa-community/runa"

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
	var options []tf6server.ServeOpt
	if *byHand {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve(address, provider.NewServer(version), options...); err != nil {
		log.Fatal(err)
	}
}
