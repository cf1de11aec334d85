package sandbox

// millions.

// BreakData takes the data file away from under a sandbox.
func BreakData(s *Sandbox) error { return s.account.LoseFile() }
