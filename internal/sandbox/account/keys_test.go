package account

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// TestResetEndsRequests: a request that came before a reset reserves no idempotency key
// afterwards, and what it has reserved buys nothing.
func TestResetEndsRequests(t *testing.T) {
	products, err := catalogue.New(1, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(Options{Mode: "playground", Now: time.Now, Announced: func() {}}, products)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	epoch, digest := a.Epoch(), sha256.Sum256([]byte("a body"))
	reserved, _, _ := a.Reserve(epoch, "reserved before", digest)
	if reserved == nil {
		t.Fatal("got no reservation, want one")
	}

	a.Reset()
	if late, answer, replay := a.Reserve(epoch, "reserved after", digest); late != nil || answer.Status != 0 || replay {
		t.Errorf("got reservation %v, answer %v, replay %t; want none of them", late, answer, replay)
	}
	answer := a.Complete(reserved, wire.Answer{}, func(*Transaction) wire.Answer {
		t.Error("the request went on after the reset, want it ended")
		return wire.Answer{Status: 200}
	})
	if answer.Status != 0 {
		t.Errorf("got answer %v, want none", answer)
	}
	a.AnswerFor(epoch, "answered after", digest, wire.Answer{Status: 503})
	for _, key := range []string{"reserved before", "reserved after", "answered after"} {
		if again, early, _ := a.Reserve(a.Epoch(), key, digest); again == nil {
			t.Errorf("%s: got %d %s, want the key to be new", key, early.Status, early.Body)
		}
	}
}
