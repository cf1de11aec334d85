package sandbox

// BrandName lets tests see that names do not run out, without a catalogue of
// millions.
var BrandName = brandName

// BreakData takes the data file away from under a sandbox.
func BreakData(s *Sandbox) error { return s.store.db.Close() }
