package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// The buckets of a data file.
const (
	metaBucket   = "meta"    // what the file is, the clock and the account
	orderBucket  = "orders"  // storedOrder by place in the ledger
	keyBucket    = "keys"    // storedRecord by the hash of its idempotency key
	patchBucket  = "patches" // storedPatch, in order
	formatNumber = 2         // of all of it
	formatBodies = 1         // the one before, whose storedRecord has the body; it is taken as well
)

var buckets = []string{metaBucket, orderBucket, keyBucket, patchBucket}

// The keys of the bucket meta.
const (
	formatKey  = "format"
	clockKey   = "clock"
	accountKey = "account"
)

// storedFormat says what a file is.
type storedFormat struct {
	Format int    `json:"format"`
	Mode   string `json:"mode"`
}

// storedAccount is the account. What orders have drawn follows from them.
type storedAccount struct {
	Balances map[string]string `json:"balances"`
	Limits   map[string]string `json:"limits"`
}

// storedOrder is an order. IDs is how many ids had been made with it.
type storedOrder struct {
	ID        string     `json:"id"`
	Key       []byte     `json:"key"` // a header may hold bytes that are no text
	Mode      string     `json:"mode"`
	Currency  string     `json:"currency"`
	Created   time.Time  `json:"created"`
	Ready     time.Time  `json:"ready"`
	Body      []byte     `json:"body"`
	Wire      order.Full `json:"wire"`
	Forced    string     `json:"forced,omitempty"`
	ShowItems bool       `json:"show_items,omitempty"`
	Full      bool       `json:"full,omitempty"`
	IDs       uint64     `json:"ids"`
}

// storedRecord is an idempotency key that has its answer.
type storedRecord struct {
	Key     []byte            `json:"key"`
	Digest  []byte            `json:"digest,omitempty"` // SHA-256 of the body
	Body    []byte            `json:"body,omitempty"`   // of format 1
	Started time.Time         `json:"started"`
	Status  int               `json:"status"`
	Header  map[string]string `json:"header"`
	Answer  []byte            `json:"answer"`
}

// storedPatch is what was done to a product.
type storedPatch struct {
	Code  string          `json:"code"`
	Patch catalogue.Patch `json:"patch"`
}

// metaChanges describe a file with nothing in it yet. The caller holds mu.
func (s *Sandbox) metaChanges() []change {
	return []change{s.formatChange(), s.clockChange(), s.accountChange()}
}

func (s *Sandbox) formatChange() change {
	return change{metaBucket, []byte(formatKey), storedFormat{formatNumber, s.options.Mode}}
}

func (s *Sandbox) clockChange() change {
	return change{metaBucket, []byte(clockKey), s.clock.ahead}
}

func (s *Sandbox) accountChange() change {
	return change{metaBucket, []byte(accountKey), storedAccount{s.account.balances.Formatted(), s.account.limits.Formatted()}}
}

func (s *Sandbox) orderChange(o *order.Order) change {
	return change{orderBucket, place(s.orders.byID[o.ID]), storedOrder{
		ID:        o.ID,
		Key:       []byte(o.Key),
		Mode:      o.Mode,
		Currency:  o.Currency,
		Created:   o.Created,
		Ready:     o.Ready,
		Body:      o.Body,
		Wire:      o.Wire,
		Forced:    o.Forced,
		ShowItems: o.ShowItems,
		Full:      o.Full,
		IDs:       s.orders.ids.Made,
	}}
}

// recordChange goes by the hash of the key, which may be longer than bbolt's keys.
func recordChange(key string, r *record) change {
	sum := sha256.Sum256([]byte(key))
	return change{keyBucket, sum[:], storedRecord{
		Key:     []byte(key),
		Digest:  r.digest[:],
		Started: r.started,
		Status:  r.answer.Status,
		Header:  r.answer.Header,
		Answer:  r.answer.Body,
	}}
}

func (s *Sandbox) patchChange(code string, p catalogue.Patch) change {
	s.patches++
	return change{patchBucket, place(s.patches), storedPatch{code, p}}
}

// place is a key that sorts as the number does.
func place(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
