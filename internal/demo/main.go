// Command demo is `make demo`: it shows a stranger the main job of this
// project, from a CSV of winners to delivered rewards, on a Runa of its own. A second
// story, `make demo DEMO=campaign`, buys a thousand rewards as one resource.
//
// It sees only what a user sees: the built programs, their output, HTTP. Whatever
// way it ends, nothing it started goes on: see internal/processgroup.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// work is wiped at every start: what a killed run left there is of no use, for
// its sandbox and the orders in it are gone.
const work = ".demo"

func main() {
	cli := flag.String("cli", "", "path of terraform or tofu")
	bin := flag.String("bin", "bin", "folder of the built programs")
	story := flag.String("story", "quickstart", "what to show: quickstart or campaign")
	processgroup.Main("the demo", "The demo failed", func(ctx context.Context) (exit int, err error) {
		tell, known := map[string]func(context.Context, string, string) error{"quickstart": run, "campaign": runCampaign}[*story]
		if !known {
			fmt.Fprintf(os.Stderr, "There is no demo %q. There are quickstart and campaign.\n", *story)
			return 2, nil
		}
		if err = tell(ctx, *cli, *bin); err != nil {
			exit = 1
		}
		return exit, err
	})
}

// run is the story of the quickstart, from top to bottom.
func run(ctx context.Context, cli, bin string) error {
	began := time.Now()

	winners, err := readWinners(filepath.Join("examples", "quickstart", "winners.csv"))
	if err != nil {
		return err
	}
	children, err := processgroup.New(ctx)
	if err != nil {
		return err
	}
	defer children.End()

	heading("A local Runa", `The sandbox answers as Runa's API does and keeps a ledger of what it sold.
No account, no key, no money, no internet.`)
	runa, err := startSandbox(children, filepath.Join(bin, "runa-sandbox"))
	if err != nil {
		return err
	}
	fmt.Println(runa.url)

	heading("The winners", fmt.Sprintf(`examples/quickstart/winners.csv has %d of them in three countries. Those without an
e-mail address get a link, and one may choose between two products.`, winners.count))
	fmt.Print(winners.table)

	tf, err := newCLI(children, cli, bin, filepath.Join("examples", "quickstart"), runa)
	if err != nil {
		return err
	}
	heading("Plan", `The configuration turns each line into one order, looked up in the catalogue and checked
before anything is bought. The first of them:`)
	if err := tf.run("init", nil, "-input=false"); err != nil {
		return err
	}
	if err := tf.run("plan", showFirst(os.Stdout), "-input=false", "-out=plan"); err != nil {
		return err
	}
	fmt.Printf("(the whole plan: %s)\n", tf.log)

	heading("Apply", "The only step that buys. Each order has its own idempotency key, and Runa sells once per idempotency key.")
	if err := tf.run("apply", untilOutputs(os.Stdout), "-input=false", "plan"); err != nil {
		return err
	}

	heading("What was bought", `A link is as good as money, so the output that holds the links is hidden on purpose.
Whoever may see them asks for them: output -json links`)
	if err := tf.run("output", os.Stdout); err != nil {
		return err
	}

	heading("Plan again", `What is bought is bought: the same configuration must not buy it twice.`)
	if err := noChanges(tf.run("plan", os.Stdout, "-input=false", "-detailed-exitcode")); err != nil {
		return err
	}

	heading("Runa's side", "What counts is what Runa sold, so the demo asks the sandbox's ledger.")
	sold, err := runa.ledger(ctx)
	if err != nil {
		return err
	}
	if err := sold.check(winners.count); err != nil {
		return err
	}
	fmt.Printf("%d winners, %d orders, %d different keys, all completed.\n", winners.count, len(sold), winners.count)
	fmt.Printf("\nDone in %s. The state and the logs are in %s.\n", time.Since(began).Round(time.Second), work)
	return nil
}

func heading(title, why string) {
	fmt.Printf("\n== %s ==\n%s\n\n", title, why)
}

// noChanges reads the exit code of `plan -detailed-exitcode`: 0 is an empty
// plan, 2 one with changes.
func noChanges(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 {
		return errors.New("the second plan wants to change something")
	}
	return err
}
