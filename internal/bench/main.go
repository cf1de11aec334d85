// Command bench is `make bench`: it measures what plans and purchases cost with real
// CLIs and the provider, against a local Runa that answers late.
//
// Seconds say little on a machine that others use, or on another one. So each work is
// done beside its twin, a configuration of the same shape of terraform_data, which is
// built into the CLIs and does nothing; and beside its floor, the time that its requests
// need whatever a provider does. What counts are the ratios of one run. It writes them as
// a table and as JSON, and judges nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// settings are what the command line says.
type settings struct {
	clis    []string
	bin     string
	runs    int
	only    string
	latency time.Duration
}

func main() {
	if len(os.Args) > 3 && os.Args[1] == meterFlag {
		os.Exit(meter(os.Args[2], os.Args[3], os.Args[4:]))
	}
	var s settings
	flag.Func("cli", "path of terraform or tofu; once for each", func(path string) error {
		cli, err := look(path)
		s.clis = append(s.clis, cli)
		return err
	})
	flag.StringVar(&s.bin, "bin", "bin", "folder of the built provider")
	flag.IntVar(&s.runs, "runs", 3, "repetitions, of which the medians are shown")
	flag.StringVar(&s.only, "only", "", "what to measure, such as orders-300,campaign,start; beginnings of names will do")
	flag.DurationVar(&s.latency, "latency", 50*time.Millisecond, "how late Runa answers")
	processgroup.Main("it", "The bench could not be done", func(ctx context.Context) (exit int, err error) {
		if err = run(ctx, s); err != nil {
			exit = 1
		}
		return exit, err
	})
}

func run(ctx context.Context, s settings) error {
	began := time.Now()
	children, err := processgroup.New(ctx)
	if err != nil {
		return err
	}
	defer children.End()
	lab, err := newLab(children, s.bin)
	if err != nil {
		return err
	}
	report, err := lab.newReport(s)
	if err != nil {
		return err
	}
	if chosen(start, s.only) {
		if report.Start, err = lab.start(s.runs); err != nil {
			return err
		}
	}
	for i := range works {
		if !chosen(works[i].name, s.only) {
			continue
		}
		for cli, path := range s.clis {
			figures, err := lab.measure(&works[i], path, report.CLIs[cli], s.runs, s.latency)
			if err != nil {
				return err
			}
			report.Figures = append(report.Figures, figures...)
		}
	}
	if err := report.write(); err != nil {
		return err
	}
	fmt.Printf("\n%s\nDone in %s. The same as JSON: %s\n", report.markdown(), time.Since(began).Round(time.Second), jsonFile)
	return lab.clear()
}
