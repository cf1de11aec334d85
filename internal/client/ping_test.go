package client

import "testing"

func TestPing(t *testing.T) {
	w := serve(t, answering(200, `{"message":"pong"}`))
	if got, err := w.client(t).Ping(t.Context()); got != "pong" || err != nil {
		t.Errorf("Ping() = %q, error %v, want pong", got, err)
	}
	wantEqual(t, "requests", w.lines(), []string{"GET /v2/ping"})
}
