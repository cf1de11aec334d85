package main

import (
	"math"
	"slices"
	"time"
)

// sample is what one command took. All are numbers, so that each has its own median.
type sample struct {
	Seconds     float64 `json:"seconds"`
	ProviderCPU float64 `json:"provider_cpu_seconds"`
	CLICPU      float64 `json:"cli_cpu_seconds"`
	PeakMB      float64 `json:"provider_peak_mb"` // 1 MB is 1,000,000 bytes
	Posts       float64 `json:"posts"`
	Gets        float64 `json:"gets"`
	Lines       float64 `json:"lines"`
	StateBytes  float64 `json:"state_bytes"`
}

// each is every number of a sample.
func (s *sample) each() []*float64 {
	return []*float64{&s.Seconds, &s.ProviderCPU, &s.CLICPU, &s.PeakMB, &s.Posts, &s.Gets, &s.Lines, &s.StateBytes}
}

// figure is what a step of a work came to under one CLI: medians.
type figure struct {
	Work  string  `json:"work"`
	CLI   string  `json:"cli"`
	Step  string  `json:"step"`
	Own   sample  `json:"own"`
	Twin  *sample `json:"terraform_data,omitempty"`
	Floor float64 `json:"floor_seconds"`
	// TwinRatio is (own time − floor) ÷ the twin's time, and 0 without a twin. FloorRatio
	// is own time ÷ floor, and 0 where that is under a second: it says nothing then.
	TwinRatio  float64 `json:"ratio_to_terraform_data,omitempty"`
	FloorRatio float64 `json:"ratio_to_floor,omitempty"`
	Rewards    int     `json:"rewards,omitempty"`
}

// newFigure sums up the repetitions of a step, the twin's in pairs with our own.
func newFigure(w *work, cli, step string, latency time.Duration, own, twin []sample) figure {
	f := figure{Work: w.name, CLI: cli, Step: step, Rewards: w.rewards, Own: medians(own)}
	f.Floor = w.floor(f.Own.Posts, f.Own.Gets, latency)
	if f.Floor >= 1 {
		f.FloorRatio = f.Own.Seconds / f.Floor
	}
	if len(twin) > 0 {
		t := medians(twin)
		f.Twin = &t
		f.TwinRatio = (f.Own.Seconds - f.Floor) / t.Seconds
	}
	return f
}

// floor is the time in seconds that requests need whatever a provider does: they go out
// in waves, each of which takes the latency, and orders not faster than Runa takes them.
func (w *work) floor(posts, gets float64, latency time.Duration) float64 {
	floor := math.Ceil((posts+gets)/float64(w.atOnce)) * latency.Seconds()
	if w.perMinute > 0 {
		floor = max(floor, posts/float64(w.perMinute)*60)
	}
	return floor
}

// medians is the median of each number by itself.
func medians(samples []sample) (middle sample) {
	for i, into := range middle.each() {
		var values []float64
		for _, one := range samples {
			values = append(values, *one.each()[i])
		}
		*into = median(values)
	}
	return middle
}

// median is the middle of an odd number of values, and the mean of the two in the middle
// of an even number.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
