// Command terraform-provider-runa is the provider's plugin process: Terraform
// and OpenTofu start it and speak protocol 6 with it. It only reads flags and
// serves; what the provider does lives in internal/provider.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/runa-community/terraform-provider-runa/internal/lifetime"
	"github.com/runa-community/terraform-provider-runa/internal/provider"
)

// version is set by the linker: see GNUmakefile and .goreleaser.yml.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print TF_REATTACH_PROVIDERS and wait")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *showVersion {
		fmt.Println("terraform-provider-runa " + version)
		return
	}

	if !*debug { // a debugger's plugin is started by hand, and ended by Ctrl-C
		lifetime.Follow()
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address:         "registry.terraform.io/runa-community/runa",
		Debug:           *debug,
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}
