package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// trouble is what Runa itself has against some of the orders. It begins with a run, and
// its end is the cause's: after that, applying again must finish every reward with its
// key as it is.
type trouble struct {
	options func(*experiment, *sandbox.Options)
	begin   func(*experiment) (end func() error)
	// failing says that orders fail at Runa with nothing to spend. They are not
	// purchases.
	failing bool
}

// withdrawn has the product come and go, so that some orders are refused. Runa keeps
// each refusal under its key.
var withdrawn = &trouble{begin: func(e *experiment) func() error {
	random := e.source()
	sell := func(orderable bool) error {
		return e.runa.PatchProduct("ACME-US", sandbox.ProductPatch{IsOrderable: &orderable})
	}
	stop := e.repeat(func(n int) (time.Duration, error) {
		return between(random, 50*time.Millisecond, 600*time.Millisecond), sell(n%2 == 1)
	})
	return func() error {
		if err := stop(); err != nil {
			return err
		}
		return sell(true)
	}
}}

// broke has money for about half of the rewards, until it is topped up.
var broke = &trouble{
	options: func(e *experiment, options *sandbox.Options) {
		options.Mode = sandbox.ModeProduction
		options.Balances = map[string]string{}
		for currency, sum := range e.declared.worth() {
			options.Balances[currency] = fmt.Sprintf("%d.00", sum/2)
		}
	},
	begin: func(e *experiment) func() error {
		return func() (err error) {
			for currency := range e.declared.worth() {
				err = errors.Join(err, e.runa.SetBalance(currency, "100000.00"))
			}
			return err
		}
	},
}

// failed has about half of the orders fail while Runa is at work on them.
var failed = &trouble{
	failing: true,
	options: func(_ *experiment, options *sandbox.Options) { options.Processing = 2 * time.Second },
	begin: func(e *experiment) func() error {
		random, seen := e.source(), 0
		return e.repeat(func(int) (time.Duration, error) {
			ledger := e.runa.Ledger()
			for ; seen < len(ledger); seen++ {
				// Not too late: nobody may have seen it COMPLETED.
				early := ledger[seen].Status == "PROCESSING" && time.Since(ledger[seen].CreatedAt) < time.Second
				if early && random.IntN(2) == 0 {
					if err := e.runa.PatchOrder(ledger[seen].ID, sandbox.OrderPatch{Status: "FAILED"}); err != nil {
						return 0, err
					}
				}
			}
			return 40 * time.Millisecond, nil
		})
	},
}

// repeat does something again and again, with a pause that it chooses, until stopped.
func (e *experiment) repeat(what func(n int) (time.Duration, error)) (stop func() error) {
	var running sync.WaitGroup
	var failure error
	done := make(chan struct{})
	running.Go(func() {
		for n := 0; ; n++ {
			pause, err := what(n)
			if failure = err; err != nil || !sleep(done, pause) {
				return
			}
		}
	})
	return func() error {
		close(done)
		running.Wait()
		return failure
	}
}
