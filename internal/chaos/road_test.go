package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// pingOverRoad asks the sandbox for something, on a connection of its own.
func pingOverRoad(r *road) error {
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: 3 * time.Second}
	request, err := http.NewRequest(http.MethodGet, "http://"+r.address+"/v2/balance", nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-Api-Key", sandbox.Key)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

func newRoad(t *testing.T) *road {
	t.Helper()
	runa, err := startRuna(sandbox.Options{Products: 10})
	if err != nil {
		t.Fatal(err)
	}
	r, err := startRoad(runa.address, rand.New(rand.NewPCG(1, 2)), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.close(); err != nil {
			t.Error(err)
		}
		if err := runa.stop(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestRoadIsRoughAndThenFine(t *testing.T) {
	t.Parallel()
	r := newRoad(t)
	if err := pingOverRoad(r); err != nil {
		t.Fatalf("before: pinging over the road: error %v, want none", err)
	}

	r.roughen()
	failed := make(chan bool)
	for range 30 {
		go func() { failed <- pingOverRoad(r) != nil }()
	}
	failures := 0
	for range 30 {
		if <-failed {
			failures++
		}
	}
	if failures == 0 || failures == 30 {
		t.Errorf("%d of 30 calls failed on a rough road, want some and not all", failures)
	}

	if err := r.calm(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := pingOverRoad(r); err != nil {
			t.Errorf("afterwards: pinging over the road: error %v, want none", err)
		}
	}
}

func TestShutRoadRefuses(t *testing.T) {
	t.Parallel()
	r := newRoad(t)
	r.shut()
	if conn, err := net.Dial("tcp", r.address); err == nil {
		_ = conn.Close()
		t.Error("Dial() of a shut road = no error, want one")
	}
	if err := r.calm(); err != nil {
		t.Fatal(err)
	}
	if err := pingOverRoad(r); err != nil {
		t.Errorf("opened again: pinging over the road: error %v, want none", err)
	}
}

// TestToxicsAreReal draws many toxics and lets toxiproxy read each: it refuses a type
// or direction it does not know.
func TestToxicsAreReal(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	drawn := map[string]bool{}
	for range 300 {
		for _, harm := range drawToxics(random, 1) {
			drawn[harm.Type] = true
		}
	}
	for _, kind := range []string{"latency", "reset_peer", "slow_close", "limit_data", "timeout"} {
		if !drawn[kind] {
			t.Errorf("no %s in 300 draws, want one", kind)
		}
	}
	r := newRoad(t)
	r.mu.Lock()
	r.rough = true // without storms
	r.mu.Unlock()
	for range 20 {
		conn, err := net.Dial("tcp", r.address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(conn, bytes.NewReader([]byte("GET / HTTP/1.1\r\n\r\n")))
		_ = conn.Close()
	}
	r.mu.Lock()
	r.rough = false
	r.mu.Unlock()
}
