package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// scenario is one way to break a run, and a row of the report.
type scenario struct {
	slug string
	name string
	runs int // as many as are asked for unless CHAOS_RUNS says otherwise
	// strike is done to a running apply; nil is for scenarios without one.
	strike func(*experiment, *command) (bool, error)
	// minted leaves the keys to the provider: a new one for each create.
	minted bool
	// orphans says that an order nobody knows of is possible here, and documented:
	// the process that minted the key was killed before it could hand it over.
	orphans bool
	// amnesia throws the state away after the strike, as a pipeline does whose
	// workspace dies with it.
	amnesia bool
	// twins is how many directories without a common state apply at once.
	twins int
	// shared keeps the state in a PostgreSQL server, and has two runners use it.
	shared bool
	// campaign says that the rewards are one runa_campaign.
	campaign bool
	// grows adds rows to a campaign's list: after each strike, or for one of twins.
	grows bool
	// mistakes are rows of a campaign that Runa refuses until they are corrected, and
	// forgotten says that the state is lost before that.
	mistakes, forgotten bool
	// trouble is what Runa has against some of the orders until the run is healed.
	trouble *trouble
}

// runners is how many directories there are.
func (s *scenario) runners() int {
	if s.shared {
		return 2
	}
	return s.twins
}

var scenarios = []scenario{
	{slug: "kill-cli", name: "SIGKILL the CLI", runs: 25, strike: killCLI},
	{slug: "kill-provider", name: "SIGKILL the provider", runs: 25, strike: killProvider},
	{slug: "kill-lost", name: "SIGKILL both, state lost", runs: 12, strike: killAll, amnesia: true},
	{slug: "kill-minted", name: "SIGKILL, minted keys", runs: 12, strike: killEither, minted: true, orphans: true},
	{slug: "int-once", name: "SIGINT once", runs: 10, strike: interruptOnce},
	{slug: "int-twice", name: "SIGINT twice", runs: 6, strike: interruptTwice},
	{slug: "int-minted", name: "SIGINT once, minted keys", runs: 8, strike: interruptOnce, minted: true},
	{slug: "twins", name: "two directories at once", runs: 20, twins: 2},
	{slug: "refused", name: "refused, and killed", runs: 10, strike: killEither, trouble: withdrawn},
	{slug: "refused-lost", name: "refused, state lost", runs: 6, strike: killAll, trouble: withdrawn, amnesia: true},
	{slug: "funds", name: "topped up, and killed", runs: 10, strike: killEither, trouble: broke},
	{slug: "funds-twins", name: "topped up, two directories", runs: 6, twins: 2, trouble: broke},
	{slug: "failed", name: "FAILED, and killed", runs: 10, strike: killEither, trouble: failed},
	{slug: "term", name: "SIGTERM to all", runs: 8, strike: terminate},
	{slug: "pg-term", name: "SIGTERM, PostgreSQL", runs: 6, strike: terminate, shared: true},
	{slug: "pg-lock", name: "lock lost, PostgreSQL", runs: 6, strike: loseLock, shared: true},
	{slug: "pg-int", name: "SIGINT twice, PostgreSQL", runs: 4, strike: interruptTwice, shared: true},
	{slug: "failed-lost", name: "FAILED, state lost", runs: 6, strike: killAll, trouble: failed, amnesia: true},
	{slug: "campaign-kill", name: "campaign: SIGKILL", runs: 5, strike: killEither, campaign: true},
	{slug: "campaign-kill-grown", name: "campaign: SIGKILL, rows added", runs: 4, strike: killEither, campaign: true, grows: true},
	{slug: "campaign-lost", name: "campaign: SIGKILL, state lost", runs: 3, strike: killAll, campaign: true, amnesia: true},
	{slug: "campaign-lost-grown", name: "campaign: state lost, rows added", runs: 6, strike: killAll, campaign: true, amnesia: true, grows: true},
	{slug: "campaign-int", name: "campaign: SIGINT once", runs: 3, strike: interruptOnce, campaign: true},
	{slug: "campaign-int-twice", name: "campaign: SIGINT twice", runs: 2, strike: interruptTwice, campaign: true},
	{slug: "campaign-term", name: "campaign: SIGTERM to all", runs: 3, strike: terminate, campaign: true},
	{slug: "campaign-twins", name: "campaign: two directories", runs: 3, twins: 2, campaign: true},
	{slug: "campaign-twins-grown", name: "campaign: two lists", runs: 5, twins: 2, campaign: true, grows: true},
	{slug: "campaign-refused", name: "campaign: refused, and killed", runs: 3, strike: killEither, trouble: withdrawn, campaign: true},
	{slug: "campaign-refused-twins", name: "campaign: refused, two lists", runs: 3, twins: 2, trouble: withdrawn, campaign: true, grows: true},
	{slug: "campaign-corrected", name: "campaign: corrected, and killed", runs: 3, strike: killEither, campaign: true, mistakes: true},
	{slug: "campaign-forgotten", name: "campaign: corrected, state lost", runs: 2, strike: killEither, campaign: true, mistakes: true, forgotten: true},
	{slug: "campaign-funds", name: "campaign: topped up, and killed", runs: 3, strike: killEither, trouble: broke, campaign: true},
	{slug: "campaign-funds-lost", name: "campaign: topped up, state lost", runs: 2, strike: killAll, trouble: broke, campaign: true, amnesia: true},
	{slug: "campaign-funds-twins", name: "campaign: topped up, two lists", runs: 3, twins: 2, trouble: broke, campaign: true, grows: true},
	{slug: "campaign-failed", name: "campaign: FAILED, and killed", runs: 2, strike: killEither, trouble: failed, campaign: true},
	{slug: "campaign-pg-term", name: "campaign: SIGTERM, PostgreSQL", runs: 2, strike: terminate, campaign: true, shared: true},
	{slug: "campaign-pg-lock", name: "campaign: lock lost, PostgreSQL", runs: 3, strike: loseLock, campaign: true, shared: true},
}

// job is one run of a scenario, to be made.
type job struct {
	scenario *scenario
	index    int
	seed     uint64
}

func (j job) id() string { return fmt.Sprintf("%s/%d", j.scenario.slug, j.index) }

// random is the job's own source, the same for the same seed whatever runs beside it.
func (j job) random(try int) *rand.Rand {
	name := fnv.New64a()
	fmt.Fprintf(name, "%s/%d", j.id(), try)
	return rand.New(rand.NewPCG(j.seed, name.Sum64()))
}

// possible are the scenarios that can be made on this machine.
func possible() (some []*scenario) {
	_, _, servers := findPostgres()
	for i := range scenarios {
		if servers || !scenarios[i].shared {
			some = append(some, &scenarios[i])
		}
	}
	return some
}

// jobsOf lists the runs that the settings ask for, the scenarios taking turns.
func jobsOf(s settings) ([]job, error) {
	var jobs []job
	possible := possible()
	for index := 0; ; index++ {
		before := len(jobs)
		for _, scenario := range possible {
			if index < int(math.Ceil(float64(scenario.runs)*s.times)) {
				jobs = append(jobs, job{scenario, index, s.seed})
			}
		}
		if len(jobs) == before {
			break
		}
	}
	if s.only == "" {
		return jobs, nil
	}
	for _, isOf := range []func(job) bool{
		func(j job) bool { return j.id() == s.only },
		func(j job) bool { return j.scenario.slug == s.only },
		func(j job) bool { return strings.HasPrefix(j.scenario.slug, s.only+"-") },
	} {
		if slices.ContainsFunc(jobs, isOf) {
			return slices.DeleteFunc(jobs, func(j job) bool { return !isOf(j) }), nil
		}
	}
	return nil, fmt.Errorf("there is no run %s", s.only)
}

// between draws a duration.
func between(random *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(random.Int64N(int64(most-least)))
}
