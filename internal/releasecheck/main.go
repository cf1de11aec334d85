// Command releasecheck is `make release-check`: it builds and signs what a tag would
// release, and uses it as a stranger would.
//
// goreleaser makes a snapshot for all platforms, signed with a throwaway key.
// The files must be those that the registries want, and the checksums and signatures
// theirs. Then each CLI installs the archive for this platform and buys one order from the
// released sandbox, whose ledger must have exactly one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// dist is where goreleaser puts what it makes.
const dist = "dist"

func main() {
	bin := flag.String("bin", "bin", "folder of the built tools")
	built := flag.Bool("built", false, "check what is in dist, and build and sign nothing")
	processgroup.Main("the check", "The release is not right", func(ctx context.Context) (exit int, err error) {
		if err = run(ctx, *bin, *built); err != nil {
			exit = 1
		}
		return exit, err
	})
}

func run(ctx context.Context, bin string, built bool) (err error) {
	if bin, err = filepath.Abs(bin); err != nil {
		return err
	}
	children, err := processgroup.New(ctx)
	if err != nil {
		return err
	}
	defer children.End()
	work, err := os.MkdirTemp("", "release-check-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	if !built {
		if err := build(children, bin, work); err != nil {
			return err
		}
	}
	r, err := open(dist)
	if err != nil {
		return err
	}
	if err := r.check("terraform-registry-manifest.json"); err != nil {
		return err
	}
	fmt.Printf("%s: the files, their checksums and their SBOMs are right.\n", r.version)

	clis := []string{filepath.Join(bin, "tofu")}
	if terraform, err := exec.LookPath("terraform"); err == nil {
		clis = append(clis, terraform)
	} else {
		fmt.Println("No terraform on PATH: the archive is installed with OpenTofu only.")
	}
	for _, cli := range clis {
		if err := r.buy(ctx, children, cli, filepath.Join(work, filepath.Base(cli))); err != nil {
			return fmt.Errorf("%s: %w", cli, err)
		}
		fmt.Printf("%s installed it and bought one order, once.\n", cli)
	}
	return nil
}
