package main

import (
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, one := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{3}, 3},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 1, 9, 2}, 3},
	} {
		if got := median(one.values); got != one.want {
			t.Errorf("median of %v = %v, want %v", one.values, got, one.want)
		}
	}
}

func TestMediansAreOfEachNumberByItself(t *testing.T) {
	got := medians([]sample{{Seconds: 1, Gets: 30}, {Seconds: 3, Gets: 10}, {Seconds: 2, Gets: 20}})
	if want := (sample{Seconds: 2, Gets: 20}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFloor(t *testing.T) {
	const latency = 50 * time.Millisecond
	for name, one := range map[string]struct {
		work        work
		posts, gets float64
		want        float64
	}{
		"nothing asked":          {work{atOnce: 10}, 0, 0, 0},
		"a wave begun is one":    {work{atOnce: 10}, 5, 6, 0.1},
		"pages one by one":       {work{atOnce: 1}, 0, 11, 0.55},
		"orders at Runa's rate":  {work{atOnce: 10, perMinute: 300}, 50, 100, 10},
		"reads know no rate":     {work{atOnce: 10, perMinute: 300}, 0, 100, 0.5},
		"latency above the rate": {work{atOnce: 10, perMinute: 6000}, 100, 1000, 5.5},
	} {
		if got := one.work.floor(one.posts, one.gets, latency); got != one.want {
			t.Errorf("%s: got %v, want %v", name, got, one.want)
		}
	}
}

func TestRatios(t *testing.T) {
	w := &work{atOnce: 10}
	f := newFigure(w, "cli", stepPlan, 100*time.Millisecond, []sample{{Seconds: 5, Gets: 100}}, []sample{{Seconds: 2}})
	if f.Floor != 1 || f.TwinRatio != 2 || f.FloorRatio != 5 {
		t.Errorf("floor %v, ratio to the twin %v, to the floor %v, want 1, 2 and 5", f.Floor, f.TwinRatio, f.FloorRatio)
	}
	short := newFigure(w, "cli", stepPlan, 100*time.Millisecond, []sample{{Seconds: 5, Gets: 90}}, nil)
	if short.FloorRatio != 0 {
		t.Errorf("ratio to a floor of %v = %v, want none", short.Floor, short.FloorRatio)
	}
	alone := newFigure(w, "cli", stepPlan, 100*time.Millisecond, []sample{{Seconds: 5}}, nil)
	if alone.Twin != nil || alone.TwinRatio != 0 || alone.FloorRatio != 0 {
		t.Errorf("figure = %+v, want no twin and no ratios to what is not there", alone)
	}
}
