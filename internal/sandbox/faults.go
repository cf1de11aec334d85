package sandbox

import "maps"

// faultList is the faults in force, in the order in which they were added.
type faultList struct {
	waiting []*waitingFault
}

// waitingFault is a fault and how much of it is left.
type waitingFault struct {
	Fault
	skip, hits int
}

// strike finds the fault that hits a call: the first that matches and has neither
// calls to let pass nor used itself up.
func (l *faultList) strike(method, under string) *Fault {
	for _, f := range l.waiting {
		switch {
		case !f.matches(method, under):
		case f.skip > 0:
			f.skip--
		case f.Times == 0 || f.hits < f.Times:
			f.hits++
			return &f.Fault
		}
	}
	return nil
}

// AddFault makes the calls that match f go wrong from now on. Earlier faults come
// first. An f that makes no sense is an error that says why.
func (s *Sandbox) AddFault(f Fault) error {
	if err := f.validate(); err != nil {
		return err
	}
	f.Headers = maps.Clone(f.Headers)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.waiting = append(s.faults.waiting, &waitingFault{Fault: f, skip: f.Skip})
	return nil
}

// ClearFaults ends all faults: what they delay goes on at once, what they hang is
// cut off.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = faultList{}
	s.letGo()
}

// list is the faults as they were added, bodies and all.
func (l *faultList) list() []Fault {
	out := make([]Fault, 0, len(l.waiting))
	for _, f := range l.waiting {
		out = append(out, f.Fault)
	}
	return out
}
