package purchase

import (
	"flag"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// enumerateDepth is how many events a schedule of TestModelEnumerated has at most.
var enumerateDepth = flag.Int("enumerate.depth", 3, "how many events a schedule of TestModelEnumerated has at most")

// alphabet is what happens in the enumerated schedules. Each answer that matters, each
// kind of death and each edit is there once.
var alphabet = []event{
	{Kind: "apply"},
	{Kind: "apply", Directory: 1},
	{Kind: "apply", AtPost: true, Calls: []mishap{{What: "refused"}}},
	{Kind: "apply", AtPost: true, Calls: []mishap{{What: "cut when done", Stop: "interrupt after"}}},
	{Kind: "apply", AtPost: true, Calls: []mishap{{What: "cut before", Stop: "interrupt after"}}},
	{Kind: "apply", AtPost: true, Calls: []mishap{{Stop: "interrupt, no answer"}}},
	{Kind: "apply", AtPost: true, Calls: []mishap{{Stop: "crash after"}}},
	{Kind: "apply", AtPost: true, Calls: []mishap{{What: "500 kept", Stop: "interrupt after"}}},
	{Kind: "apply", Torn: true},
	{Kind: "fail"},
	{Kind: "edit"},
	{Kind: "lose state"},
	{Kind: "run dry"},
	{Kind: "top up"},
}

// TestModelEnumerated lives every schedule of the alphabet up to a depth, for a reward
// with a key of the user's that two working directories declare, with the checks of
// TestModel. What changes nothing is left out: it would make another one twice.
//
//	go test ./internal/purchase -run TestModelEnumerated -enumerate.depth=5 -v
func TestModelEnumerated(t *testing.T) {
	started, count := time.Now(), 0
	runas := make([]*flakyRuna, 2*runtime.GOMAXPROCS(0))
	for i := range runas {
		runas[i] = newFlakyRuna(t)
	}
	longest := [][]event{nil}
	for range *enumerateDepth {
		longest = liveNext(t, runas, longest)
		count += len(longest)
	}
	t.Logf("%d different schedules of up to %d of %d events in %s",
		count, *enumerateDepth, len(alphabet), time.Since(started).Round(time.Millisecond))
}

// liveNext lives what becomes of schedules by one more event, and returns what is new.
func liveNext(t *testing.T, runas []*flakyRuna, schedules [][]event) (longer [][]event) {
	t.Helper()
	next := make(chan []event)
	var mu sync.Mutex
	var workers sync.WaitGroup
	for _, runa := range runas {
		workers.Go(func() {
			for events := range next {
				m := newModel(runa, life{Given: true, Tagged: true, Mode: client.ModeAsync, Twice: true, Events: events})
				idle := m.liveAll(true)
				mu.Lock()
				switch {
				case m.wrong != nil:
					t.Errorf("%v, want every rule kept\n%v\n%s", m.wrong, m.life, strings.Join(m.trace, "\n"))
				case !idle:
					longer = append(longer, events)
				}
				mu.Unlock()
			}
		})
	}
	for _, events := range schedules {
		for _, event := range alphabet {
			if !t.Failed() {
				next <- append(events[:len(events):len(events)], event)
			}
		}
	}
	close(next)
	workers.Wait()
	return longer
}
