// Command chaos is `make chaos`: it breaks real runs of a CLI and the provider in
// every way it knows, heals them by running the same command again, and compares
// what was declared with what a local Runa sold.
//
// One run is one configuration with some rewards, a sandbox of its own, and a road
// to it (toxiproxy) that cuts, delays and swallows. While `apply` buys, a process
// is killed or interrupted, or a second directory applies the same. Some runs keep their
// state in a PostgreSQL server with two runners, whose lock may be lost; they are made
// where postgres is installed. Then the road is repaired, and apply repeated until plan
// finds no changes. A reward that was bought twice, or that nobody knows of, fails the
// program.
//
// Some runs are of one campaign, whose hundreds of rewards are counted one by one, by the
// items that were sold. Its list changes meanwhile: rows are added or corrected.
//
// The seed fixes what is done to each run. When exactly it meets the processes is
// the machine's affair, so a seed makes a failure likely again, not certain.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// settings are what the command line says.
type settings struct {
	cli       string
	bin       string
	seed      uint64
	times     float64
	schedules int
	parallel  int
	only      string
}

func main() {
	var s settings
	flag.StringVar(&s.cli, "cli", "", "path of terraform or tofu")
	flag.StringVar(&s.bin, "bin", "bin", "folder of the built provider")
	flag.Uint64Var(&s.seed, "seed", 0, "what to do to which run; 0 draws one")
	flag.Float64Var(&s.times, "runs", 1, "how many times the usual number of runs; 0 leaves them out")
	flag.IntVar(&s.schedules, "schedules", 10000, "schedules for the model-based test of internal/purchase; 0 leaves it out")
	flag.IntVar(&s.parallel, "parallel", 3*runtime.NumCPU(), "runs at the same time")
	flag.StringVar(&s.only, "only", "", "the run to repeat, such as kill-cli/7, with the seed it had; or all runs of a scenario or group, such as campaign-twins or campaign")
	processgroup.Main("it", "Chaos could not be made", func(ctx context.Context) (exit int, err error) {
		fine, err := run(ctx, s)
		switch {
		case err != nil:
			exit = 2
		case !fine:
			exit = 1
		}
		return exit, err
	})
}

// run tests the model, then the processes. Fine is what the exit status says.
func run(ctx context.Context, s settings) (fine bool, err error) {
	began := time.Now()
	if s.seed == 0 {
		s.seed = rand.Uint64N(math.MaxUint32) + 1
	}
	fmt.Printf("Seed %d. The same again: make chaos CHAOS_SEED=%d\n", s.seed, s.seed)

	fine = true
	if s.schedules > 0 && s.only == "" {
		if fine, err = testModel(ctx, s); err != nil {
			return false, err
		}
	}
	jobs, err := jobsOf(s)
	if err != nil || len(jobs) == 0 {
		return fine, err
	}
	lab, err := newLab(s)
	if err != nil {
		return false, err
	}
	if _, _, servers := findPostgres(); !servers {
		fmt.Println("\nNo runs with PostgreSQL: there is no postgres that could be started here.")
	}
	report := newReport(len(jobs))
	fmt.Printf("\n%d runs of %s, %d at a time:\n", len(jobs), lab.cli, s.parallel)
	lab.work(ctx, jobs, s.parallel, report)
	if report.wrong == 0 {
		err = lab.clear()
	}
	if ctx.Err() == nil {
		report.print(os.Stdout)
		fmt.Printf("\nDone in %s, seed %d.\n", time.Since(began).Round(time.Second), s.seed)
	}
	return fine && report.fine(), err
}
