package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/rs/zerolog"
)

// road is the network between the provider and the sandbox. While it is rough,
// each connection goes through toxics of its own, all of them break now and then,
// and at times nobody listens.
//
// Each connection has a toxiproxy of its own, whose toxics never change: taking a
// toxic away from a connection that is just ending can block toxiproxy forever.
type road struct {
	address  string
	upstream string
	server   *toxiproxy.ApiServer
	storms   sync.WaitGroup

	mu       sync.Mutex
	random   *rand.Rand
	bulk     int // see drawToxics
	rough    bool
	calmed   chan struct{}
	listener net.Listener // nil while the road is closed
	open     []*net.TCPConn
	met      map[string]int // what connections met, for the report
}

// startRoad leads from a free port to upstream.
func startRoad(upstream string, random *rand.Rand, bulk int) (*road, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &road{
		address: listener.Addr().String(), upstream: upstream, random: random, bulk: bulk, met: map[string]int{},
		server: toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()),
	}
	r.serve(listener)
	return r, nil
}

// listen opens the road again. The port it had may be taken for a moment: other runs
// call out from ports of the same range.
func (r *road) listen() error {
	var listener net.Listener
	var err error
	for range 100 {
		if listener, err = net.Listen("tcp", r.address); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	r.serve(listener)
	return nil
}

func (r *road) serve(listener net.Listener) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listener = listener
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed
			}
			go r.carry(conn.(*net.TCPConn))
		}
	}()
}

// shut closes the road: who calls is refused.
func (r *road) shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listener != nil {
		_ = r.listener.Close()
		r.listener = nil
	}
}

// carry takes one connection to the sandbox and back.
func (r *road) carry(caller *net.TCPConn) {
	conn, err := net.Dial("tcp", r.upstream) //nolint:noctx // on this machine it is there or it is not
	if err != nil {
		_ = caller.Close()
		return
	}
	proxy := toxiproxy.NewProxy(r.server, "runa", r.address, r.upstream)
	for _, harm := range r.register(caller) {
		text, err := json.Marshal(harm)
		if err == nil {
			_, err = proxy.Toxics.AddToxicJson(bytes.NewReader(text))
		}
		if err != nil {
			panic(err) // a toxic that toxiproxy does not know: ours is the mistake
		}
	}
	proxy.Toxics.StartLink(r.server, "upstream", caller, conn, stream.Upstream)
	proxy.Toxics.StartLink(r.server, "downstream", conn, caller, stream.Downstream)
}

// register notes the connection and draws what will harm it.
func (r *road) register(conn *net.TCPConn) []toxic {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, conn)
	if !r.rough {
		return nil
	}
	harms := drawToxics(r.random, r.bulk)
	for _, harm := range harms {
		r.met[harm.Type]++
	}
	return harms
}

// roughen begins the trouble.
func (r *road) roughen() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rough {
		return
	}
	r.rough, r.calmed = true, make(chan struct{})
	r.storms.Go(func() { r.storm(r.calmed) })
}

// calm ends it: what is still under way through a toxic is cut.
func (r *road) calm() error {
	r.mu.Lock()
	if r.rough {
		close(r.calmed)
	}
	r.rough = false
	r.mu.Unlock()
	r.storms.Wait()
	r.cut()
	if r.listener == nil {
		return r.listen()
	}
	return nil
}

// storm strikes all connections now and then, until calmed.
func (r *road) storm(calmed <-chan struct{}) {
	for {
		r.mu.Lock()
		pause, what, closed := between(r.random, 100*time.Millisecond, 900*time.Millisecond), r.random.IntN(5),
			between(r.random, 20*time.Millisecond, 500*time.Millisecond)
		r.mu.Unlock()
		if !sleep(calmed, pause) {
			return
		}
		switch what {
		case 0, 1:
			r.note("cut")
			r.cut()
		case 2:
			r.note("down")
			r.shut()
			r.cut()
			if !sleep(calmed, closed) || r.listen() != nil {
				return // calm opens the road again
			}
		}
	}
}

func (r *road) note(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.met[what]++
}

// cut resets every connection.
func (r *road) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conn := range r.open {
		_ = conn.SetLinger(0)
		_ = conn.Close()
	}
	r.open = nil
}

// close ends the road for good.
func (r *road) close() error {
	err := r.calm()
	r.shut()
	return err
}

// sleep reports whether d passed before done was closed.
func sleep(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-done:
		return false
	}
}
