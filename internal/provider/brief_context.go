package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// briefContext is its parent until it ends. Then it is cancelled, has no values and no
// hold on its parent, whoever still holds it.
type briefContext struct {
	now atomic.Pointer[current]
}

type current struct{ context.Context }

// over is what every briefContext is in the end.
var over = func() *current {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return &current{ctx}
}()

func newBriefContext(parent context.Context) *briefContext {
	c := &briefContext{}
	c.now.Store(&current{parent})
	return c
}

func (c *briefContext) end() { c.now.Store(over) }

// Deadline is context.Context's.
func (c *briefContext) Deadline() (time.Time, bool) { return c.now.Load().Deadline() }

// Done is context.Context's.
func (c *briefContext) Done() <-chan struct{} { return c.now.Load().Done() }

// Err is context.Context's.
func (c *briefContext) Err() error { return c.now.Load().Err() }

// Value is context.Context's.
func (c *briefContext) Value(key any) any { return c.now.Load().Value(key) }
