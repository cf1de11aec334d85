package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"sync"
	"time"
)

// Action is what a fault does to a call.
type Action string

// The actions. "Done" means that the call had its whole effect: an order exists.
const (
	// ActionDropBefore cuts the connection; nothing is done.
	ActionDropBefore Action = "drop_before"
	// ActionDropAfter cuts the connection when everything is done. Go's http
	// client repeats a call with an X-Idempotency-Key by itself when a kept-alive
	// connection breaks, so with Times 1 its user may not notice either of these.
	ActionDropAfter Action = "drop_after"
	// ActionDelay waits, then answers as usual. An order keeps its idempotency
	// key meanwhile, and is placed even when the caller has gone away.
	ActionDelay Action = "delay"
	// ActionStatus answers Status and Body instead; with Place, after it is done.
	ActionStatus Action = "status"
	// ActionTruncate does it, then breaks off halfway through the answer's body.
	ActionTruncate Action = "truncate"
	// ActionGarbage does it, then answers 200 with a page of HTML, or with Status
	// and Body.
	ActionGarbage Action = "garbage"
	// ActionInterim102 sends an interim 102 (IDEM's prose, 4) before the usual
	// answer, or before Status and Body, which then replace doing it unless Place.
	ActionInterim102 Action = "interim_102"
	// ActionHang never answers, until the caller goes away or the faults are
	// cleared; nothing is done unless Place.
	ActionHang Action = "hang"
)

// Duration is a time.Duration, which JSON spells "2s" or "1m30s" here.
type Duration = time.Duration

// Fault makes matching calls go wrong.
type Fault struct {
	Method  string            // the method, "" for any
	Path    string            // the path under /v2, exact or a glob of path.Match; "" for any
	Skip    int               // so many matching calls pass first
	Times   int               // so many calls go wrong then, 0 for all of them
	Action  Action            // what happens to them
	Status  int               // the status of status, garbage and interim_102
	Body    string            // its body; "" for Runa's own words for that status
	Delay   Duration          // how long delay waits; the other actions may wait as well
	Store   bool              // keep the false answer under the idempotency key: repeats replay it
	Place   bool              // do it before status, hang or interim_102 answer
	Headers map[string]string // more headers for the false answer
}

// faultJSON is a Fault as the admin calls spell it.
type faultJSON struct {
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path,omitempty"`
	Skip    int               `json:"skip,omitempty"`
	Times   int               `json:"times,omitempty"`
	Action  Action            `json:"action"`
	Status  int               `json:"status,omitempty"`
	Body    string            `json:"body,omitempty"`
	Delay   string            `json:"delay,omitempty"`
	Store   bool              `json:"store,omitempty"`
	Place   bool              `json:"place,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
}

// MarshalJSON writes the fault as the admin calls spell it.
func (f Fault) MarshalJSON() ([]byte, error) {
	out := faultJSON{f.Method, f.Path, f.Skip, f.Times, f.Action, f.Status, f.Body, "", f.Store, f.Place, f.Headers}
	if f.Delay != 0 {
		out.Delay = f.Delay.String()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads a fault as the admin calls spell it. A field that no fault
// has is an error: a fault that silently does less than it says hides bugs.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var in faultJSON
	if err := decodeStrictly(data, &in); err != nil {
		return err
	}
	var delay time.Duration
	if in.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(in.Delay); err != nil {
			return fmt.Errorf("delay: %w", err)
		}
	}
	*f = Fault{in.Method, in.Path, in.Skip, in.Times, in.Action, in.Status, in.Body, delay, in.Store, in.Place, in.Headers}
	return nil
}

// validate says everything that is wrong with the fault.
func (f Fault) validate() error {
	var wrong []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	can, known := abilities[f.Action]
	refuse(!known, "action %q is none of drop_before, drop_after, delay, status, truncate, garbage, interim_102, hang", f.Action)
	_, badGlob := path.Match(f.Path, "/")
	refuse(badGlob != nil, "path %q is not a glob", f.Path)
	refuse(f.Path != "" && f.Path[0] != '/', "path %q does not start with a slash: write it as it is under /v2, such as /order", f.Path)
	refuse(f.Skip < 0, "skip is negative")
	refuse(f.Times < 0, "times is negative")
	refuse(f.Delay < 0, "delay is negative")
	refuse(f.Status != 0 && (f.Status < 200 || f.Status > 599), "status %d is not between 200 and 599", f.Status)
	refuse(f.Action == ActionStatus && f.Status == 0, "action status needs a status")
	refuse(f.Action == ActionDelay && f.Delay == 0, "action delay needs a delay")
	if known {
		refuse(f.Place && !can.place, "action %s cannot place anything", f.Action)
		refuse(!can.answer && (f.Status != 0 || f.Body != "" || len(f.Headers) > 0),
			"action %s takes no status, body or headers", f.Action)
		refuse(f.Store && !can.answer, "action %s has no answer of its own to store", f.Action)
		refuse(f.Action == ActionInterim102 && f.Status == 0 && (f.Store || f.Body != "" || len(f.Headers) > 0),
			"action interim_102 needs a status to answer or store anything of its own")
	}
	return errors.Join(wrong...)
}

// abilities say which fields make sense with which action: whether the call may
// be done (place), and whether the answer is the fault's own (answer).
var abilities = map[Action]struct{ place, answer bool }{
	ActionDropBefore: {},
	ActionDropAfter:  {place: true},
	ActionDelay:      {place: true},
	ActionStatus:     {place: true, answer: true},
	ActionTruncate:   {place: true},
	ActionGarbage:    {place: true, answer: true},
	ActionInterim102: {place: true, answer: true},
	ActionHang:       {place: true},
}

// takesEffect tells whether the call has its effect under this fault.
func (f Fault) takesEffect() bool {
	switch f.Action {
	case ActionDropBefore:
		return false
	case ActionStatus, ActionHang:
		return f.Place
	case ActionInterim102:
		return f.Place || f.Status == 0
	default:
		return true
	}
}

// matches tells whether the fault is meant for such a call.
func (f Fault) matches(method, apiPath string) bool {
	if f.Method != "" && f.Method != method {
		return false
	}
	if f.Path == "" || f.Path == apiPath {
		return true
	}
	ok, _ := path.Match(f.Path, apiPath)
	return ok
}

// faultList is the faults in force, in the order in which they were added, and the calls
// that wait because of them or of the latency.
type faultList struct {
	mu       sync.Mutex
	active   []*activeFault
	released chan struct{} // closed when all waits in progress end
	closed   bool
}

// activeFault is a fault and how much of it is left.
type activeFault struct {
	Fault
	skip, hits int
}

func newFaultList() *faultList { return &faultList{released: make(chan struct{})} }

// add adds a fault. Earlier ones come first.
func (l *faultList) add(f Fault) {
	f.Headers = maps.Clone(f.Headers)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = append(l.active, &activeFault{Fault: f, skip: f.Skip})
}

// match finds the fault that hits a call: the first that matches and has neither
// calls to let pass nor used itself up. It also gives the channel that ends the call's waits.
func (l *faultList) match(method, apiPath string) (*Fault, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.active {
		switch {
		case !f.matches(method, apiPath):
		case f.skip > 0:
			f.skip--
		case f.Times == 0 || f.hits < f.Times:
			f.hits++
			return &f.Fault, l.released
		}
	}
	return nil, l.released
}

// list is the faults as they were added, and how much of each is left.
func (l *faultList) list() []activeFault {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]activeFault, 0, len(l.active))
	for _, f := range l.active {
		out = append(out, *f)
	}
	return out
}

// remove removes all faults. Calls that wait go on waiting.
func (l *faultList) remove() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = nil
}

// clear removes all faults, and releases the calls that wait.
func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = nil
	l.releaseLocked()
}

// release ends the waits in progress.
func (l *faultList) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.releaseLocked()
}

// close ends the waits in progress, and all later ones at once.
func (l *faultList) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.releaseLocked()
}

// releaseLocked is release for callers that hold mu.
func (l *faultList) releaseLocked() {
	select {
	case <-l.released:
	default:
		close(l.released)
	}
	if !l.closed {
		l.released = make(chan struct{})
	}
}
