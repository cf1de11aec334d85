// Package sandbox is a local Runa: an http.Handler that answers Runa's Payouts
// API (version 2024-02-05) the way the playground does or, in production mode, the
// way production does, and that can be made to misbehave the way networks, gateways
// and payment systems really do.
//
// It is for tests, demonstrations and curious people. Everything the API can say
// is under /v2; everything a test wants to know or to break is under /_sandbox,
// and nearly all of it is a Go method as well; the root is a page for browsers. Its clock can be
// moved, so 30-day windows and slow orders are tested without waiting. With a data
// file it forgets nothing that it has answered, however its process ends.
//
// What it must not know: any package of this repository outside this folder. It shares no type
// with the client on purpose, so that a wrong field name fails a test instead of
// agreeing with itself. The facts it is built on are in contributing/runa-api.md; tags
// in capitals (SPEC, ERR, IDEM, PLAY, REC …) and section numbers in the comments are
// that page's. Where Runa documents nothing, the comment says so with a D, as the page
// does.
//
// # Packages
//
// This package has the HTTP side: the way of a call, the faults, the journal, the admin calls
// and the page. The rest is below it, and knows nothing about it:
//
//   - account: orders, idempotency keys, balances, the clock, events and the data file, behind
//     one lock that no other package can hold
//   - catalogue: the products, with a lock of their own
//   - order: reads, prices and makes an order; no state
//   - webhook: the queue of events, and what sends them
//   - money, wire: currencies; the form of answers
//
// Faults, journal and rate limit are types of this package, each with its own lock. A handler
// never holds a lock: it calls a method that does one whole thing.
package sandbox
