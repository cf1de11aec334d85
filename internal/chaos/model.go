package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// enumerateDepth gives some 80,000 schedules, in about four minutes on two cores.
const enumerateDepth = 5

// enumerated is how the enumeration says what it was.
var enumerated = regexp.MustCompile(`(\d+ different schedules of up to \d+ of \d+ events)`)

// testModel runs the model-based test of internal/purchase, where time is not
// real and a schedule takes no time, for as many schedules as asked.
func testModel(ctx context.Context, s settings) (fine bool, err error) {
	began := time.Now()
	fmt.Printf("\n%d schedules of the model-based test: ", s.schedules)
	children, err := processgroup.New(ctx)
	if err != nil {
		return false, err
	}
	defer children.End()

	test := children.Command("go", "test", "./internal/purchase", "-v", "-run", "^TestModel", "-count=1", "-timeout=1h",
		"-enumerate.depth="+strconv.Itoa(enumerateDepth),
		"-rapid.checks="+strconv.Itoa(s.schedules), "-rapid.seed="+strconv.FormatUint(s.seed, 10))
	// The go command does not heed an interrupt while its test runs.
	test.Cancel, test.WaitDelay = func() error { return test.Process.Kill() }, time.Second
	output, err := test.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case err == nil && bytes.Contains(output, []byte("no tests to run")):
		return false, fmt.Errorf("internal/purchase has no TestModel")
	case err != nil:
		fmt.Println("FAILED")
		_, _ = io.Copy(os.Stdout, bytes.NewReader(output))
		return false, nil
	}
	fmt.Printf("all hold (%s)\n", time.Since(began).Round(time.Second))
	if counted := enumerated.FindSubmatch(output); counted != nil {
		fmt.Printf("%s, one by one: all hold\n", counted[1])
	}
	return true, nil
}
