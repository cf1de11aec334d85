package sandbox

// BrandName lets tests see that names do not run out, without a catalogue of
// millions.
var BrandName = brandName
