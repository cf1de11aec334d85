package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// work is one configuration, and what a user does with it.
type work struct {
	name  string
	shape string // the configuration: shapes/<shape>.tf, and its twin of terraform_data beside it
	vars  map[string]string
	codes int // products that are read by code
	steps []step

	rewards   int
	list      bool // whether the rewards are in a file, winners.csv
	perMinute int  // orders that Runa takes; 0 for as many as come
	// atOnce is how many requests can be on their way at a time. The CLIs work on ten
	// resources at once. The pages of a list name each other, so they come one by one.
	atOnce int
}

// step is one command.
type step struct {
	name string
	args []string
	exit int // which it must end with: 2 is a plan with changes
}

// The names of steps that the table knows more of.
const (
	stepPlan      = "plan"
	stepApply     = "apply"
	stepPlanAgain = "plan again"
)

const (
	cliParallelism = 10
	runasRate      = 300 // orders in a minute that Runa takes
)

// daily is a user's life with what is bought. An apply plans, too.
var daily = []step{
	{stepPlan, []string{"plan", "-detailed-exitcode"}, 2},
	{stepApply, []string{"apply", "-auto-approve"}, 0},
	{stepPlanAgain, []string{"plan", "-detailed-exitcode"}, 0},
	{"plan, no refresh", []string{"plan", "-detailed-exitcode", "-refresh=false"}, 0},
}

// withoutLinks takes the links out of the state, whose size is looked at.
var withoutLinks = append(daily[:len(daily):len(daily)],
	step{"links dropped", []string{"apply", "-auto-approve", "-var=links=false"}, 0})

var works = []work{
	orders("orders-300", 300, 1),
	orders("orders-1000", 1000, 1),
	orders("items-200", 1, 200),
	campaign("campaign-1000", 1000),
	campaign("campaign-10000", 10_000),
	{
		name: "catalogue-70", shape: "catalogue", codes: 50, atOnce: 1,
		steps: []step{{stepPlan, []string{"plan", "-detailed-exitcode"}, 0}},
	},
}

func orders(name string, orders, items int) work {
	return work{
		name: name, shape: "orders", vars: map[string]string{"orders": fmt.Sprint(orders), "items": fmt.Sprint(items)},
		steps: daily, rewards: orders * items, atOnce: cliParallelism,
	}
}

func campaign(name string, rewards int) work {
	return work{
		name: name, shape: "campaign", list: true, steps: withoutLinks, rewards: rewards,
		perMinute: runasRate, atOnce: cliParallelism,
	}
}

// start is the one thing that is measured without a CLI.
const start = "start"

// chosen reports whether -only, names or beginnings of names with commas, asks for a work.
func chosen(name, only string) bool {
	for _, beginning := range strings.Split(only, ",") {
		if strings.HasPrefix(name, beginning) {
			return true
		}
	}
	return false
}

// twinSuffix marks what is the twin's.
const twinSuffix = "_twin"

//go:embed shapes
var shapes embed.FS

// config is the text of a work's configuration, or of its twin: nil for the twin of
// data sources, of which terraform_data has none.
func (w *work) config(suffix string) ([]byte, error) {
	text, err := shapes.ReadFile("shapes/" + w.shape + suffix + ".tf")
	if suffix == twinSuffix && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
