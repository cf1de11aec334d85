package catalog

import (
	"context"
	"sync"
)

// once asks each question once, however many callers wait for its answer, and
// keeps the answer. An error goes to those who wait for it, and is forgotten.
type once[K comparable, T any] struct {
	// final tells errors that are answers, and kept; nil means none is.
	final func(error) bool

	mu      sync.Mutex
	flights map[K]*flight[T]
}

// flight is one question on its way, or answered.
type flight[T any] struct {
	done    chan struct{} // closed when answer and err are final
	answer  T
	err     error
	waiting int
	cancel  context.CancelFunc
}

// do gives the answer to a question, and asks it if nobody has. The question goes
// on for as long as anybody waits for it: one caller's end is not the others'.
func (o *once[K, T]) do(ctx context.Context, question K, ask func(context.Context) (T, error)) (answer T, err error) {
	if ctx.Err() != nil {
		return answer, context.Cause(ctx)
	}
	o.mu.Lock()
	f := o.flights[question]
	if f == nil {
		f = o.start(ctx, question, ask)
	}
	f.waiting++
	o.mu.Unlock()

	select {
	case <-f.done:
		return f.answer, f.err
	case <-ctx.Done():
		o.leave(question, f)
		return answer, context.Cause(ctx)
	}
}

// start sends a question off. The caller holds mu.
func (o *once[K, T]) start(ctx context.Context, question K, ask func(context.Context) (T, error)) *flight[T] {
	// The values, such as the logger, are the first caller's; its end is not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[T]{done: make(chan struct{}), cancel: cancel}
	if o.flights == nil {
		o.flights = map[K]*flight[T]{}
	}
	o.flights[question] = f
	go func() {
		defer cancel()
		answer, err := ask(ctx)
		o.mu.Lock()
		defer o.mu.Unlock()
		if f.answer, f.err = answer, err; err != nil && (o.final == nil || !o.final(err)) {
			o.forget(question, f)
		}
		close(f.done)
	}()
	return f
}

// leave ends a question that nobody waits for any more.
func (o *once[K, T]) leave(question K, f *flight[T]) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.waiting--; f.waiting > 0 || f.landed() {
		return
	}
	o.forget(question, f)
	f.cancel()
}

// forget makes way for a new try. The caller holds mu.
func (o *once[K, T]) forget(question K, f *flight[T]) {
	if o.flights[question] == f {
		delete(o.flights, question)
	}
}

// answered reports whether the answer is there already.
func (o *once[K, T]) answered(question K) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.flights[question]
	return f != nil && f.landed()
}

// asked reports whether a question is answered or on its way.
func (o *once[K, T]) asked(question K) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.flights[question] != nil
}

func (f *flight[T]) landed() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
