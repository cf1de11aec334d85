// Package preflight compares what a run is about to buy with all that can be known
// before: the run's limit and the account's balance, the idempotency keys and contents of
// the run's other orders, what the run was refused already, and the clock. It reads and
// never buys, and it serves single orders and campaigns alike.
//
// What it finds is returned as errors and answers. Saying it, at an attribute of a
// configuration, is for who asks.
package preflight
