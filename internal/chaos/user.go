package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// What a user does to a campaign's list between two applies.

// write writes the configuration as it is now, the list of a campaign with it.
func (e *experiment) write(dirs ...*workdir) error {
	for _, dir := range dirs {
		for name, text := range e.declared.files(e.job.id(), *e.job.scenario) {
			if err := os.WriteFile(filepath.Join(dir.path, name), []byte(text), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// grow adds rows to the list, and gives them to some directories.
func (e *experiment) grow(dirs ...*workdir) error {
	added, where := e.campaign.grow(e.random)
	e.tell("%d rows are added, %s", added, where)
	return e.write(dirs...)
}

// correct corrects the mistakes of the list, once every reward is bought or refused. Where
// the state is lost before that, or an apply was killed before it stored a refusal, nobody
// knows any more what was refused, and nothing else can be sent with its idempotency key.
// The user then does what the message says: puts the list back, applies, and makes the
// change again. Each time brings the state past one of the attempts that were refused.
func (e *experiment) correct() error {
	dir := e.dirs[0]
	if err := e.until(dir, e.answered); err != nil {
		return err
	}
	if e.job.scenario.forgotten {
		e.tell("the state is lost")
		if err := dir.loseState(); err != nil {
			return err
		}
	}
	for _, corrected := range slices.Repeat([]bool{true, false}, mostReruns) {
		e.tell("the list is corrected: %t", corrected)
		e.campaign.corrected = corrected
		if err := errors.Join(e.write(dir), e.again(dir)); err != nil {
			return err
		}
		if done, err := e.bought(dir); err != nil || done {
			return err
		}
	}
	return fmt.Errorf("%s never got past what was refused", dir.path)
}

// answered reports whether the state knows of each reward that it is bought or refused.
func (e *experiment) answered(dir *workdir) (bool, error) {
	return e.allAre(dir, "COMPLETED", "REJECTED")
}

func (e *experiment) bought(dir *workdir) (bool, error) { return e.allAre(dir, "COMPLETED") }

// allAre reports whether the state has each reward in an order of one of the statuses.
func (e *experiment) allAre(dir *workdir, statuses ...string) (bool, error) {
	state, err := dir.state()
	return err == nil && !slices.ContainsFunc(e.declared.wares(), func(one ware) bool {
		return !slices.Contains(statuses, state[one.name].status)
	}), err
}

// until applies again and again until something is reached.
func (e *experiment) until(dir *workdir, reached func(*workdir) (bool, error)) error {
	for range mostReruns {
		if err := e.again(dir); err != nil {
			return err
		}
		if done, err := reached(dir); err != nil || done {
			return err
		}
	}
	return fmt.Errorf("%s is not where it should be after %d re-runs", dir.path, mostReruns)
}

// unconfirmed are the rewards that a state shows as UNCONFIRMED.
func unconfirmed(state map[string]recordedOrder) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(state)) {
		if state[name].status == "UNCONFIRMED" {
			names = append(names, name)
		}
	}
	return names
}
