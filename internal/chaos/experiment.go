package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// mostReruns is how often the same command is run again before a run counts as one
// that never heals.
const mostReruns = 8

// experiment is one run from its configuration to its audit.
type experiment struct {
	job      job
	random   *rand.Rand
	path     string
	children *processgroup.Group
	runa     *localRuna
	road     *road
	store    *postgres // of a shared state
	dirs     []*workdir
	final    []map[string]recordedOrder // of a shared state
	declared declaration
	campaign *campaign // what is declared, where it is a campaign
	story    bytes.Buffer
	began    time.Time
	outcome  outcome
}

// outcome is what the report wants to know of an experiment.
type outcome struct {
	counts
	struck      bool // the strike met a running process
	midway      int  // strikes that met a campaign of which some was bought
	reruns      int
	unconfirmed int // rewards that a state showed as UNCONFIRMED after a strike
	broken      int // states cut off while being written
	met         map[string]int
	complaints  []string
	err         error
}

// perform makes the experiment. Whatever happens, none of its processes is left.
func (e *experiment) perform(ctx context.Context, lab *lab) error {
	e.began = time.Now()
	if err := e.setUp(ctx, lab); err != nil {
		return errors.Join(err, e.takeDown())
	}
	end := func() error { return nil }
	if trouble := e.job.scenario.trouble; trouble != nil {
		end = trouble.begin(e)
	}
	err := errors.Join(e.disturb(), end())
	if err == nil {
		err = e.heal()
	}
	// First end all that could still buy, then look at the ledger.
	err = errors.Join(err, e.takeDown())
	e.outcome.met = e.road.met
	if err != nil {
		return err
	}
	return e.count()
}

func (e *experiment) setUp(ctx context.Context, lab *lab) (err error) {
	e.declare()
	options := sandbox.Options{
		Products: 60, RatePerMinute: -1, Strict: true,
		Processing: between(e.random, 50*time.Millisecond, e.slowest()),
		Latency:    between(e.random, 0, 150*time.Millisecond),
	}
	key := sandbox.Key
	if trouble := e.job.scenario.trouble; trouble != nil && trouble.options != nil {
		trouble.options(e, &options)
		if options.Mode == sandbox.ModeProduction {
			key = sandbox.ProductionKey
		}
	}
	if e.runa, err = startRuna(options); err != nil {
		return err
	}
	if e.road, err = startRoad(e.runa.address, rand.New(rand.NewPCG(e.random.Uint64(), 0)), e.bulk()); err != nil {
		return err
	}
	if e.children, err = processgroup.New(ctx); err != nil {
		return err
	}
	e.tell("%d rewards, orders take %s, answers %s", len(e.declared.wares()), options.Processing, options.Latency)
	if e.job.scenario.shared {
		if e.store, err = startPostgres(ctx); err != nil {
			return err
		}
	}
	for i := range max(1, e.job.scenario.runners()) {
		dir := lab.workdir(filepath.Join(e.path, fmt.Sprintf("dir-%d", i)), e.children, e.road.address, key)
		e.dirs = append(e.dirs, dir)
		if err := os.MkdirAll(dir.path, 0o755); err != nil {
			return err
		}
		if err := e.write(dir); err != nil {
			return err
		}
		if e.store != nil {
			dir.env = append(dir.env, e.store.env()...)
			if code, err := dir.run("init"); err != nil || code != 0 {
				return errors.Join(err, fmt.Errorf("init: exit %d", code))
			}
		}
	}
	return nil
}

// takeDown ends everything that was set up.
func (e *experiment) takeDown() error {
	var errs []error
	if e.children != nil {
		e.children.End()
	}
	errs = append(errs, e.store.remove())
	if e.road != nil {
		errs = append(errs, e.road.close())
	}
	if e.runa != nil {
		errs = append(errs, e.runa.stop())
	}
	return errors.Join(errs...)
}

// heal repairs the road and runs the same command again until nothing is left to do.
func (e *experiment) heal() error {
	if err := e.road.calm(); err != nil {
		return err
	}
	e.tell("the road is fine again")
	if e.job.scenario.mistakes {
		if err := e.correct(); err != nil {
			return err
		}
	}
	if err := e.write(e.dirs...); err != nil { // the list as it is at last
		return err
	}
	for reruns := 0; ; reruns++ {
		todo, err := e.pass()
		if err != nil {
			return err
		}
		if todo == nil {
			return e.lastState()
		}
		if reruns == mostReruns {
			return fmt.Errorf("%s still plans something after %d re-runs", todo.path, reruns)
		}
	}
}

// pass runs the same command again wherever a plan finds something left to do, and gives
// one such directory. They take turns: what one of them has had refused, and another one
// cannot send any more, only the first can finish.
func (e *experiment) pass() (todo *workdir, err error) {
	for _, dir := range e.dirs {
		code, err := dir.run("plan", "-detailed-exitcode")
		if err != nil {
			return nil, err
		}
		if code == 0 {
			continue
		}
		todo = dir
		if err := e.again(dir); err != nil {
			return nil, err
		}
	}
	return todo, nil
}

// lastState reads a shared state while its server still runs. All runners have the one.
func (e *experiment) lastState() error {
	if e.store == nil {
		return nil
	}
	code, err := e.dirs[0].run("state", "pull")
	if err != nil || code != 0 {
		return errors.Join(err, fmt.Errorf("state pull: exit %d", code))
	}
	text, err := os.ReadFile(e.dirs[0].log)
	if err != nil {
		return err
	}
	state, err := readState(text)
	for range e.dirs {
		e.final = append(e.final, state)
	}
	return err
}

// again runs the same command again.
func (e *experiment) again(dir *workdir) error {
	e.outcome.reruns++
	code, err := dir.run("apply", "-auto-approve")
	e.tell("apply again: exit %d, %d orders", code, len(e.runa.Ledger()))
	return err
}

// count compares what was sold with what is known.
func (e *experiment) count() error {
	states := e.final
	for _, dir := range e.dirs[len(states):] {
		state, err := dir.state()
		if err != nil {
			return err
		}
		states = append(states, state)
	}
	ledger := e.runa.Ledger()
	if trouble := e.job.scenario.trouble; trouble != nil && trouble.failing {
		ledger = slices.DeleteFunc(ledger, func(order sandbox.LedgerEntry) bool { return order.Status == "FAILED" })
	}
	e.outcome.counts, e.outcome.complaints = audit(e.declared.wares(), e.declared.sales(ledger), states, e.job.scenario.orphans)
	return nil
}

// slowest is how long orders take at most. Those of a campaign outlast the start of the
// next run, which cannot find them yet.
func (e *experiment) slowest() time.Duration {
	if e.campaign == nil {
		return 1500 * time.Millisecond
	}
	return 7 * time.Second
}

// bulk is how many times the bytes of a single order a request has.
func (e *experiment) bulk() int {
	if e.campaign == nil {
		return 1
	}
	return e.campaign.size / 2 // a single order has one item or two
}

// source is one more source of chance, for what goes on beside the run.
func (e *experiment) source() *rand.Rand { return rand.New(rand.NewPCG(e.random.Uint64(), 1)) }

// tell writes the run's story, for the case that it goes wrong.
func (e *experiment) tell(format string, args ...any) {
	fmt.Fprintf(&e.story, "%6.3fs  %s\n", time.Since(e.began).Seconds(), fmt.Sprintf(format, args...))
}
