package main

import (
	"errors"
	"os"
	"strings"
	"time"
)

// disturb breaks the run as its scenario says.
func (e *experiment) disturb() error {
	if e.job.scenario.twins > 0 {
		return e.races()
	}
	left := e.random.IntN(3)
	if e.job.scenario.grows {
		left++ // there is an apply of the longer list that is struck, too
	}
	for ; left >= 0; left-- {
		// A run that only the road harms leaves orders for the next one to settle.
		spare := left > 0 && e.random.IntN(3) == 0
		if err := e.applyOnce(spare); err != nil {
			return err
		}
		if e.store != nil {
			e.dirs[0], e.dirs[1] = e.dirs[1], e.dirs[0] // the runners take turns
			continue
		}
		if err := e.lookAfter(e.dirs[0]); err != nil {
			return err
		}
		if e.job.scenario.grows {
			if err := e.grow(e.dirs...); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyOnce applies, strikes at a random moment unless told to spare it, and lets
// the CLI end.
func (e *experiment) applyOnce(spare bool) error {
	apply, err := e.begin(e.dirs[0])
	if err != nil {
		return err
	}
	if e.await(apply) && !spare {
		midway := e.midway()
		hit, err := e.job.scenario.strike(e, apply)
		if err != nil {
			return err
		}
		e.outcome.struck = e.outcome.struck || hit
		if hit && midway {
			e.outcome.midway++
		}
	}
	if err := apply.wait(); err != nil {
		return err
	}
	e.tell("apply ended: %s", apply.ProcessState)
	return nil
}

// midway reports whether Runa has sold some of a campaign's rewards, and not all.
func (e *experiment) midway() bool {
	if e.campaign == nil {
		return false
	}
	sold := len(e.campaign.sales(e.runa.Ledger()))
	e.tell("%d of %d rewards are sold", sold, len(e.campaign.list))
	return sold > 0 && sold < len(e.campaign.list)
}

// begin starts an apply: of everything at once, or of a plan made before, as pipelines
// do. Such a plan is made in peace, so that the trouble meets the orders alone.
func (e *experiment) begin(dir *workdir) (*command, error) {
	if e.random.IntN(2) == 0 {
		if e.random.IntN(2) == 0 {
			e.road.roughen()
		}
		return dir.start("apply", "-auto-approve")
	}
	if err := e.plan(dir); err != nil {
		return nil, err
	}
	e.road.roughen()
	return dir.start("apply", planFile)
}

const planFile = "saved.plan"

func (e *experiment) plan(dir *workdir) error {
	if err := e.road.calm(); err != nil {
		return err
	}
	_, err := dir.run("plan", "-out="+planFile)
	return err
}

// await returns at a random moment of an apply, and reports whether it still runs.
func (e *experiment) await(apply *command) bool {
	var first <-chan struct{}
	switch e.random.IntN(6) {
	case 0: // from the start
		started := make(chan struct{})
		close(started)
		first = started
	case 1, 2:
		first = e.runa.calls.after(1)
	default:
		first = e.runa.orders.after(e.some())
	}
	delay := between(e.random, 0, 300*time.Millisecond) // while most orders are in flight
	if e.random.IntN(2) == 0 {
		delay = between(e.random, 0, 2*time.Second)
	}
	select {
	case <-first:
	case <-apply.done:
	case <-time.After(4 * time.Second): // a closed road lets no call through
	}
	e.road.roughen() // at the latest
	return sleep(apply.done, delay)
}

// some is how many orders are sent before a strike: of a campaign, which sends them one
// after the other, any number.
func (e *experiment) some() int {
	if e.campaign == nil {
		return 1
	}
	return 1 + e.random.IntN(e.campaign.expected())
}

// lookAfter looks at the state that a strike left, and does to it what the scenario
// says, or what a user has to.
func (e *experiment) lookAfter(dir *workdir) error {
	state, err := dir.state()
	switch {
	case errors.Is(err, errBroken):
		// Both CLIs write the file in place. Who has no copy of it starts without.
		e.outcome.broken++
		e.tell("the state was cut off: %v", err)
		return os.Rename(dir.statePath(), dir.statePath()+".broken")
	case err != nil:
		return err
	}
	if names := unconfirmed(state); len(names) > 0 {
		e.tell("UNCONFIRMED: %s", strings.Join(names, ", "))
		e.outcome.unconfirmed += len(names)
	}
	if e.job.scenario.amnesia {
		e.tell("the state is lost")
		return dir.loseState()
	}
	return nil
}

// races makes one race, or two of a campaign, so that the second one meets states that
// know a part. Where the list grows, each race has another directory ahead of the rest.
func (e *experiment) races() error {
	rounds := 1
	if e.campaign != nil {
		rounds += e.random.IntN(2)
	}
	for round := range rounds {
		if e.job.scenario.grows {
			if err := e.grow(e.dirs[(round+1)%len(e.dirs)]); err != nil {
				return err
			}
		}
		if err := e.race(); err != nil {
			return err
		}
	}
	return nil
}

// lag is how much later the next one starts at most. One that starts in the middle of
// another one's campaign sees a part of its orders.
func (e *experiment) lag() time.Duration {
	if e.campaign != nil && e.random.IntN(2) == 0 {
		return 3 * time.Second
	}
	return 300 * time.Millisecond
}

// race applies in all directories at the same time, which counts as struck if they
// really ran at the same time. Half of the races are between plans made before, so
// that the orders meet within milliseconds.
func (e *experiment) race() error {
	args := []string{"apply", "-auto-approve"}
	if e.random.IntN(2) == 0 {
		args = []string{"apply", planFile}
		for _, dir := range e.dirs {
			if err := e.plan(dir); err != nil {
				return err
			}
		}
	}
	if e.random.IntN(3) > 0 {
		e.road.roughen()
	}
	e.outcome.struck = true
	var applies []*command
	for _, dir := range e.dirs {
		for _, earlier := range applies {
			e.outcome.struck = sleep(earlier.done, between(e.random, 0, e.lag())) && e.outcome.struck
		}
		apply, err := dir.start(args...)
		if err != nil {
			return err
		}
		applies = append(applies, apply)
	}
	for i, apply := range applies {
		if err := apply.wait(); err != nil {
			return err
		}
		e.tell("directory %d: %s", i, apply.ProcessState)
		if err := e.lookAfter(e.dirs[i]); err != nil {
			return err
		}
	}
	return nil
}
