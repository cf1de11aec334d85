package purchase

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// TestModel lives random lives of one reward, each drawn as a whole before it
// begins, and checks after every step that it is bought exactly once.
//
//	go test ./internal/purchase -run TestModel -rapid.checks=10000
func TestModel(t *testing.T) {
	runa := newFlakyRuna(t)
	rapid.Check(t, func(rt *rapid.T) {
		life := drawLife(rt)
		m := newModel(runa, life)
		m.liveAll(false)
		if m.wrong != nil {
			rt.Logf("%v\n%s", life, strings.Join(m.trace, "\n"))
			rt.Fatal(m.wrong) // the same words each time, so that rapid can shrink it
		}
	})
}

// init has a plain go test live 1,000 lives. The flag comes later and wins.
func init() {
	if os.Getenv("RAPID_CHECKS") == "" {
		if err := flag.Set("rapid.checks", "1000"); err != nil {
			panic(err)
		}
	}
}

// life is what befalls one reward.
type life struct {
	Given  bool // its key is the user's, not minted
	Tagged bool
	Mode   client.ExecutionMode
	Twice  bool // two working directories declare it, and share nothing but the key
	Events []event
}

func (l life) String() string {
	lines := []string{fmt.Sprintf("given key: %t, tagged: %t, %s, two directories: %t", l.Given, l.Tagged, l.Mode, l.Twice)}
	for _, e := range l.Events {
		lines = append(lines, "  "+e.String())
	}
	return strings.Join(lines, "\n")
}

// event is a run of the command, or something that happens between two runs.
type event struct {
	Kind         string        // of eventKinds
	Directory    int           // of two, if there are two
	Interrupted  bool          // apply: before it has begun
	OtherAccount bool          // apply: with another account's key
	Torn         bool          // apply: killed between Delete and Create
	Calls        []mishap      // apply: what befalls its calls, one after the other
	AtPost       bool          // apply: they befall only the sending of orders
	By           time.Duration // jump, skew
}

func (e event) String() string {
	text := e.Kind
	switch e.Kind {
	case "apply", "edit", "edit and new key", "lose state", "taint", "untaint":
		text += fmt.Sprint(" in ", e.Directory)
	}
	if e.Interrupted {
		text += ", interrupted"
	}
	if e.OtherAccount {
		text += ", other account"
	}
	if e.Torn {
		text += ", killed between delete and create"
	}
	if e.AtPost {
		text += ", when sending"
	}
	if e.By != 0 {
		text += " " + e.By.String()
	}
	for _, m := range e.Calls {
		text += "; " + m.String()
	}
	return text
}

// mishap is what befalls one call.
type mishap struct {
	What string        // of mishaps
	Stop string        // of stops
	By   time.Duration // so much time passes afterwards
}

func (m mishap) String() string {
	text := cmp.Or(m.What, "well")
	if m.Stop != "" {
		text += ", " + m.Stop
	}
	if m.By != 0 {
		text += ", " + m.By.String()
	}
	return text
}

// Repetition makes likelier.
var (
	eventKinds = []string{
		"apply", "apply", "apply", "apply", "apply", "apply", "jump", "jump", "arrive", "skew", "fail", "fail", "fail with a link",
		"edit", "edit", "edit and new key", "lose state", "taint", "untaint", "run dry", "top up",
	}
	mishaps = []string{
		"", "", "", "unsent", "cut before", "cut when done", "cut when done", "cut short", "web page", "slow", "queued",
		"500", "500 when done", "500 kept", "500 kept when done", "503 when done", "504",
		"refused", "refused", "in progress", "409", "409 when done", "401", "403", "404", "410", "429", "429",
	}
	stops = []string{"", "", "", "", "", "", "interrupt", "interrupt, no answer", "interrupt after", "crash before", "crash after"}
	jumps = []time.Duration{time.Minute, 2 * time.Hour, 3 * day, 28 * day, 29*day + time.Hour, 31 * day, 40 * day}
	skews = []time.Duration{0, -50 * time.Minute, 50 * time.Minute, -10 * time.Hour, 10 * time.Hour}
)

func drawLife(rt *rapid.T) life {
	call := rapid.Custom(func(rt *rapid.T) mishap {
		m := mishap{What: rapid.SampledFrom(mishaps).Draw(rt, "what"), Stop: rapid.SampledFrom(stops).Draw(rt, "stop")}
		if rapid.IntRange(0, 9).Draw(rt, "long") == 9 {
			m.By = rapid.SampledFrom(jumps).Draw(rt, "by")
		}
		return m
	})
	something := rapid.Custom(func(rt *rapid.T) event {
		e := event{Kind: rapid.SampledFrom(eventKinds).Draw(rt, "kind")}
		switch e.Kind {
		case "edit", "edit and new key", "lose state", "taint", "untaint":
			e.Directory = rapid.IntRange(0, 1).Draw(rt, "directory")
		case "apply":
			e.Directory = rapid.IntRange(0, 1).Draw(rt, "directory")
			e.Torn = rapid.IntRange(0, 5).Draw(rt, "torn") == 5
			e.Calls = rapid.SliceOfN(call, 0, 6).Draw(rt, "calls")
			e.AtPost = rapid.Bool().Draw(rt, "at post")
			e.Interrupted = rapid.IntRange(0, 19).Draw(rt, "interrupted") == 19
			e.OtherAccount = rapid.IntRange(0, 19).Draw(rt, "other account") == 19
		case "jump":
			e.By = rapid.SampledFrom(jumps).Draw(rt, "by")
		case "skew":
			e.By = rapid.SampledFrom(skews).Draw(rt, "by")
		}
		return e
	})
	l := life{
		Given:  rapid.Bool().Draw(rt, "given"),
		Tagged: rapid.Bool().Draw(rt, "tagged"),
		Mode:   rapid.SampledFrom([]client.ExecutionMode{client.ModeAsync, client.ModeSync}).Draw(rt, "mode"),
		Events: rapid.SliceOfN(something, 1, 8).Draw(rt, "events"),
	}
	l.Twice = l.Given && rapid.Bool().Draw(rt, "two directories")
	return l
}
