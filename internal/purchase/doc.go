// Package purchase buys a reward exactly once, whatever breaks.
//
// An order is money that no call takes back, and its caller buys again whatever is
// reported as an error. So everything here turns on one question: is it certain
// that nothing was bought? Only then is a Result's verdict Refused, Failed or NotBought.
//
// A reward has a key forever, and is tried in attempts. The next attempt is made
// only when the one before is closed: it bought nothing, and never will (lifecycle.go).
//
// The means: one key and one sequence of bytes for an attempt; every request judged
// by what may have left this machine (judge.go); an attempt that may have arrived
// stays open until Runa's order handler itself says otherwise (submit.go); what stays
// open is settled later, by looking its order up (find.go) and, while Runa still
// remembers the key, by repeating it (buyer.go).
//
// The package knows nothing of Terraform. Time, randomness and pacing come from
// outside (clock.go, pace.go).
package purchase
