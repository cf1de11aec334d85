package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// report is all that a run found.
type report struct {
	Date     time.Time `json:"date"`
	Provider string    `json:"provider"`
	CLIs     []string  `json:"clis"`
	Go       string    `json:"go"`
	Platform string    `json:"platform"`
	CPUs     int       `json:"cpus"`
	Runs     int       `json:"runs"`
	Latency  string    `json:"latency"`
	Start    float64   `json:"start_seconds,omitempty"`
	Figures  []figure  `json:"figures"`
}

var (
	jsonFile  = filepath.Join(folder, "figures.json")
	tableFile = filepath.Join(folder, "figures.md")
)

// newReport describes what is measured, and on what.
func (l *lab) newReport(s settings) (*report, error) {
	provider, err := l.version(l.provider, "-version")
	if err != nil {
		return nil, err
	}
	r := &report{
		Date: time.Now().UTC().Truncate(time.Second), Provider: provider, Go: runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Runs: s.runs, Latency: s.latency.String(),
	}
	for _, cli := range s.clis {
		version, err := l.version(cli, "version")
		if err != nil {
			return nil, err
		}
		r.CLIs = append(r.CLIs, version)
	}
	return r, nil
}

// write keeps the report in the work folder, in both forms.
func (r *report) write() error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(jsonFile, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.WriteFile(tableFile, []byte(r.markdown()), 0o600)
}
