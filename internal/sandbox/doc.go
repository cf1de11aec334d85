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
// What it must not know: any other room of this repository. It shares no type
// with the client on purpose, so that a wrong field name fails a test instead of
// agreeing with itself. The facts it is built on are in contributing/runa-api.md; tags
// in capitals (SPEC, ERR, IDEM, PLAY, REC …) and section numbers in the comments are
// that page's. Where Runa documents nothing, the comment says so with a D, as the page
// does.
//
// The files: sandbox.go, options.go and clock.go hold the thing itself; serve.go,
// call.go, body.go, gateway.go, route.go and answer.go are what happens to every call;
// order*.go, estimate.go, schema*.go, detail.go, basket.go, price.go and fx.go are
// ordering; account.go and balance.go are the money; idempotency.go and ratelimit.go
// remember; catalogue*.go, generator*.go, product*.go and shelf.go are what can be
// bought; fault*.go and inflict.go break things; journal.go, ledger.go and admin.go
// tell what happened, webhook*.go tell it to others, page*.go and page*.html show it;
// tell.go, mask.go and defect.go keep secrets out of all that; store*.go keep it.
package sandbox
