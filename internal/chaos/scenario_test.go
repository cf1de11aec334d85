package main

import (
	"maps"
	"strings"
	"testing"
)

// TestPromisedRuns holds the default to what the project has promised: at least 50
// kills, 20 interrupts and 20 pairs of directories, and 50 campaigns.
func TestPromisedRuns(t *testing.T) {
	jobs, err := jobsOf(settings{times: 1, seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, one := range jobs {
		kind, _, _ := strings.Cut(one.scenario.slug, "-")
		kinds[kind]++
	}
	for kind, least := range map[string]int{"kill": 50, "int": 20, "twins": 20, "term": 8, "campaign": 50} {
		if kinds[kind] < least {
			t.Errorf("%d runs of %s, want at least %d", kinds[kind], kind, least)
		}
	}
}

func TestJobsOf(t *testing.T) {
	for name, test := range map[string]struct {
		settings settings
		want     int
		fails    bool
	}{
		"a few, but of each kind":  {settings{times: 0.01}, len(possible()), false},
		"none":                     {settings{times: 0}, 0, false},
		"one":                      {settings{times: 1, only: "kill-cli/7"}, 1, false},
		"all of a scenario":        {settings{times: 1, only: "twins"}, 20, false},
		"a scenario, not a group":  {settings{times: 0.01, only: "campaign-kill"}, 1, false},
		"all of a group":           {settings{times: 0.01, only: "int"}, 3, false},
		"half a name":              {settings{times: 1, only: "kil"}, 0, true},
		"one that is not there":    {settings{times: 1, only: "kill-cli/700"}, 0, true},
		"one of a larger campaign": {settings{times: 40, only: "kill-cli/700"}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			jobs, err := jobsOf(test.settings)
			if (err != nil) != test.fails || len(jobs) != test.want {
				t.Errorf("%d jobs and %v, want %d", len(jobs), err, test.want)
			}
		})
	}
}

func TestSameSeedSameRun(t *testing.T) {
	for kind, one := range map[string]scenario{"orders": {}, "a campaign": {campaign: true, mistakes: true}} {
		draw := func(index int, seed uint64) map[string]string {
			e := experiment{job: job{&one, index, seed}}
			e.random = e.job.random(0)
			e.declare()
			if one.campaign {
				e.campaign.grow(e.random)
			}
			return e.declared.files(e.job.id(), one)
		}
		first, again := draw(1, 5), draw(1, 5)
		if !maps.Equal(first, again) {
			t.Errorf("%s: the same run of the same seed is %v, want %v, as the first time", kind, again, first)
		}
		if maps.Equal(first, draw(1, 6)) {
			t.Errorf("%s: another seed makes the same run, want another", kind)
		}
	}
	if minted := (orders{{name: "a", items: 1}}).files("x/0", scenario{minted: true}); strings.Contains(minted["main.tf"], "idempotency_key") {
		t.Errorf("the configuration gives an idempotency_key for a minted key, want none: %s", minted["main.tf"])
	}
}
