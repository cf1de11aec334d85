package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// samples are what the repetitions of each step took, by the step's name.
type samples map[string][]sample

// measure does a work some times.
func (l *lab) measure(w *work, cli, version string, runs int, latency time.Duration) ([]figure, error) {
	own, twin := samples{}, samples{}
	for run := range runs {
		began := time.Now()
		name := fmt.Sprintf("%s-%s-%d", w.name, filepath.Base(cli), run)
		if err := l.once(w, cli, name, latency, own, twin); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fmt.Printf("%s, %s, %d of %d: %s\n", w.name, version, run+1, runs, time.Since(began).Round(time.Second))
	}
	var figures []figure
	for _, step := range w.steps {
		figures = append(figures, newFigure(w, version, step.name, latency, own[step.name], twin[step.name]))
	}
	return figures, nil
}

// once does each step. The twin does it just before, so that whatever else the machine
// does meets both.
func (l *lab) once(w *work, cli, name string, latency time.Duration, own, twin samples) (err error) {
	runa, err := startRuna(latency, w.perMinute)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runa.stop()) }()
	dirs := map[string]*workdir{}
	for _, suffix := range []string{twinSuffix, ""} {
		config, err := w.config(suffix)
		if err != nil {
			return err
		}
		if config == nil {
			continue
		}
		if dirs[suffix], err = l.newWorkdir(w, cli, name+suffix, config, runa); err != nil {
			return err
		}
	}
	for _, step := range w.steps {
		if dir := dirs[twinSuffix]; dir != nil {
			if err := dir.do(step, twin); err != nil {
				return err
			}
		}
		if err := dirs[""].do(step, own); err != nil {
			return err
		}
	}
	return nil
}
