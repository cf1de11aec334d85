package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

// lineWriter hands whole lines to a function. It only chooses what the reader
// sees: the logs have everything.
type lineWriter struct {
	rest []byte
	line func(string)
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		line, rest, found := bytes.Cut(w.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		w.line(string(line))
		w.rest = rest
	}
}

// showFirst shows the first resource of a plan and the closing count.
func showFirst(out io.Writer) io.Writer {
	resources := 0
	return &lineWriter{line: func(line string) {
		if strings.HasPrefix(line, "  # ") {
			resources++
		}
		count := strings.HasPrefix(line, "Plan: ")
		if count {
			resources++
		}
		if resources == 1 || count {
			fmt.Fprintln(out, line)
		}
	}}
}

// untilOutputs leaves out the outputs that an apply ends with: the demo shows
// them in a step of their own.
func untilOutputs(out io.Writer) io.Writer {
	outputs := false
	return &lineWriter{line: func(line string) {
		outputs = outputs || line == "Outputs:"
		if !outputs {
			fmt.Fprintln(out, line)
		}
	}}
}

// winnerList is the CSV, laid out for reading.
type winnerList struct {
	count int
	table string
}

func readWinners(path string) (*winnerList, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	var table bytes.Buffer
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(columns, strings.Join(row, "\t"))
	}
	if err := columns.Flush(); err != nil {
		return nil, err
	}
	return &winnerList{count: len(rows) - 1, table: table.String()}, nil
}
