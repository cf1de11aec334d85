package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const notes = `
- **time**: wall seconds of the command. *apply* is one without a saved plan: it plans, too.
- **twin**: the same with terraform_data of the same shape: as many resources of the same contents, or the same JSON string.
- **floor**: what the requests need: waves of them, ten at a time (pages of a list one by one), each as long as the latency; or the orders at Runa's rate, 300 in a minute, if that is longer.
- **÷ twin** is (time − floor) ÷ twin; **÷ floor** is time ÷ floor, where that is a second or more.
- **CPU**: seconds of all processes of the provider that the CLI started, of the CLI itself, and of the CLI with the twin. **peak**: memory of the largest of them.
- **POST**, **GET**: requests at Runa. **lines**: what the command printed. **state**: bytes for each reward.
- Runa's rate holds for campaigns. The other orders are bought as fast as they come; at Runa's rate, a thousand take 200 s. Orders are done as soon as they are placed.
`

// markdown is the report as text, with a table for each CLI.
func (r *report) markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %s; %s, %s, %d CPUs; medians of %d, Runa answers after %s.\n", r.Date.Format("2006-01-02"), r.Provider, r.Go, r.Platform, r.CPUs, r.Runs, r.Latency)
	if r.Start > 0 {
		fmt.Fprintf(&text, "The provider answers %.0f ms after its start.\n", r.Start*1000)
	}
	for _, cli := range r.CLIs {
		rows := [][]string{{"work", "step", "time", "twin", "floor", "÷ twin", "÷ floor", "CPU", "CLI CPU", "twin CPU", "peak MB", "POST", "GET", "lines", "state"}}
		for _, f := range r.Figures {
			if f.CLI == cli {
				rows = append(rows, f.row())
			}
		}
		if len(rows) > 1 {
			fmt.Fprintf(&text, "\n%s:\n\n%s", cli, table(rows))
		}
	}
	text.WriteString(notes)
	return text.String()
}

func (f *figure) row() []string {
	var twin sample
	if f.Twin != nil {
		twin = *f.Twin
	}
	state := 0.0
	if f.Rewards > 0 {
		state = f.Own.StateBytes / float64(f.Rewards)
	}
	return []string{
		f.Work, f.Step, number(f.Own.Seconds, 2), number(twin.Seconds, 2), number(f.Floor, 2), number(f.TwinRatio, 2), number(f.FloorRatio, 2),
		number(f.Own.ProviderCPU, 2), number(f.Own.CLICPU, 2), number(twin.CLICPU, 2), number(f.Own.PeakMB, 0),
		number(f.Own.Posts, 0), number(f.Own.Gets, 0), number(f.Own.Lines, 0), number(state, 0),
	}
}

// number writes a number, and nothing for one that is not there.
func number(value float64, decimals int) string {
	if value == 0 {
		return ""
	}
	return fmt.Sprintf("%.*f", decimals, value)
}

// table writes rows, the first of which is the head, in Markdown that can be read as it
// is. Numbers stand to the right, after two columns of words.
func table(rows [][]string) string {
	const words = 2
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width)
		if i >= words {
			rule[i] = rule[i][1:] + ":"
		}
	}
	var text strings.Builder
	for _, row := range append([][]string{rows[0], rule}, rows[1:]...) {
		for i, cell := range row {
			if i < words {
				fmt.Fprintf(&text, "| %-*s ", widths[i], cell)
			} else {
				fmt.Fprintf(&text, "| %*s ", widths[i], cell)
			}
		}
		text.WriteString("|\n")
	}
	return text.String()
}
