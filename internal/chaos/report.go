package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// report collects what the runs came to.
type report struct {
	mu    sync.Mutex
	total int // runs asked for
	done  int
	rows  map[*scenario]*row
	met   map[string]int
	wrong int // runs that failed
}

// row is one scenario's part of the table.
type row struct {
	counts
	runs, struck, midway, reruns, mostReruns, unconfirmed, broken int
}

func newReport(total int) *report {
	r := &report{total: total, rows: map[*scenario]*row{}, met: map[string]int{}}
	for i := range scenarios {
		r.rows[&scenarios[i]] = &row{}
	}
	return r
}

// note counts one run and says a line about it. Last is false for one whose strike
// came too late, and which is made again.
func (r *report) note(e *experiment, last bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o, sum := &e.outcome, r.rows[e.job.scenario]
	sum.add(o.counts)
	sum.runs++
	sum.reruns += o.reruns
	sum.mostReruns = max(sum.mostReruns, o.reruns)
	sum.unconfirmed += o.unconfirmed
	sum.broken += o.broken
	sum.midway += o.midway
	for what, count := range o.met {
		r.met[what] += count
	}
	if o.struck {
		sum.struck++
	}
	if last {
		r.done++
	}
	r.line(e)
}

// mostComplaints is how many are said of a run: of a campaign there can be hundreds.
const mostComplaints = 12

func (r *report) line(e *experiment) {
	o, remark := &e.outcome, ""
	switch {
	case o.err != nil:
		remark = "FAILED: " + o.err.Error()
	case len(o.complaints) > 0:
		remark = "FAILED"
	case !o.struck:
		remark = "struck too late, once more"
	}
	if e.failed() {
		r.wrong++
	}
	fmt.Printf("%3d/%d  %-22s %3d rewards, %3d bought, re-runs %d, %4.1fs  %s\n", r.done, r.total, e.job.id(), o.declared, o.bought, o.reruns,
		time.Since(e.began).Seconds(), remark)
	for i, complaint := range o.complaints {
		if i == mostComplaints {
			fmt.Printf("        and %d more, in %s\n", len(o.complaints)-i, filepath.Join(e.path, complaintsFile))
			break
		}
		fmt.Println("        " + complaint)
	}
}

// fine reports whether every reward was bought once, is known, and the scenarios
// really happened.
func (r *report) fine() bool {
	sum := r.sum()
	return r.wrong == 0 && sum.duplicates == 0 && sum.lost == 0
}

func (r *report) sum() (sum row) {
	for _, one := range r.rows {
		sum.add(one.counts)
		sum.runs += one.runs
		sum.struck += one.struck
		sum.reruns += one.reruns
		sum.mostReruns = max(sum.mostReruns, one.mostReruns)
		sum.unconfirmed += one.unconfirmed
		sum.broken += one.broken
		sum.midway += one.midway
	}
	return sum
}

// print writes the table.
func (r *report) print(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\nscenario\truns\tstruck\trewards\tbought\tduplicates\tlost\torphans\tunconfirmed\tre-runs\tmost\t")
	line := func(name string, one *row) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, one.runs, one.struck, one.declared, one.bought,
			one.duplicates, one.lost, one.orphans, one.unconfirmed, one.reruns, one.mostReruns)
	}
	for i := range scenarios {
		if one := r.rows[&scenarios[i]]; one.runs > 0 {
			line(scenarios[i].name, one)
		}
	}
	sum := r.sum()
	line("all", &sum)
	if err := table.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	r.legend(out, sum)
}

func (r *report) legend(out io.Writer, sum row) {
	fmt.Fprintln(out, `
struck: the signal met a running process, or the directories ran at the same time.
lost: a reward without an order, or an order that a final state does not know. Of a campaign, each reward counts.
orphans: a killed process took the key it had minted with it. The documentation says so, and to give keys.
unconfirmed: sent, no answer, kept in the state as such; a re-run found out. re-runs: of the same apply, in all and for one run.`)
	var met []string
	for what, count := range r.met {
		met = append(met, fmt.Sprintf("%s %d", what, count))
	}
	slices.Sort(met)
	fmt.Fprintf(out, "Met on the road: %s.\n", strings.Join(met, ", "))
	if sum.midway > 0 {
		fmt.Fprintf(out, "Strikes in the middle of a campaign, with some of its rewards bought: %d.\n", sum.midway)
	}
	if sum.broken > 0 {
		fmt.Fprintf(out, "States cut off while being written, and started without: %d.\n", sum.broken)
	}
	if r.wrong > 0 {
		fmt.Fprintf(out, "FAILED: %d runs. What they left is in %s.\n", r.wrong, work)
	}
}
