package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// localRuna is the sandbox of one run, on a loopback port.
type localRuna struct {
	*sandbox.Sandbox
	server  *http.Server
	address string
	calls   bell // of any kind
	orders  bell // those that buy
}

// startRuna serves a new sandbox.
func startRuna(options sandbox.Options) (*localRuna, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &localRuna{Sandbox: sandbox.New(options), address: listener.Addr().String()}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

// ServeHTTP tells whoever waits that a call is there, and answers it.
func (r *localRuna) ServeHTTP(w http.ResponseWriter, call *http.Request) {
	r.calls.ring()
	if call.Method == http.MethodPost {
		r.orders.ring()
	}
	r.Sandbox.ServeHTTP(w, call)
}

// stop returns when every call has had its effect, so that the ledger is final.
func (r *localRuna) stop() error {
	r.Close()
	stopping, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.server.Shutdown(stopping); err != nil {
		return errors.Join(err, r.server.Close())
	}
	return nil
}

// bell wakes all that wait for something to happen.
type bell struct {
	mu      sync.Mutex
	rung    int
	waiting map[int]chan struct{} // by how often it must have rung
}

// after is closed when it has happened so many times more.
func (b *bell) after(times int) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[int]chan struct{}{}
	}
	at := b.rung + times
	if b.waiting[at] == nil {
		b.waiting[at] = make(chan struct{})
	}
	return b.waiting[at]
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung++
	if waiting := b.waiting[b.rung]; waiting != nil {
		close(waiting)
		delete(b.waiting, b.rung)
	}
}
