package account

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// The modes, as the data file notes them.
const (
	modePlayground = "playground"
	modeProduction = "production"
)

// The buckets of a data file.
const (
	metaBucket   = "meta"    // what the file is, the clock and the account
	orderBucket  = "orders"  // storedOrder by its position in the ledger
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
func (a *Account) metaChanges() []change {
	return []change{a.formatChange(), a.clockChange(), a.fundsChange()}
}

func (a *Account) formatChange() change {
	return change{metaBucket, []byte(formatKey), storedFormat{formatNumber, a.options.Mode}}
}

func (a *Account) clockChange() change {
	return change{metaBucket, []byte(clockKey), a.clock.ahead}
}

func (a *Account) fundsChange() change {
	return change{metaBucket, []byte(accountKey), storedAccount{a.funds.balances.Formatted(), a.funds.limits.Formatted()}}
}

func (a *Account) orderChange(o *order.Order) change {
	return change{orderBucket, sortKey(a.orders.byID[o.ID]), storedOrder{
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
		IDs:       a.orders.ids.Made,
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

func patchChange(number int, code string, p catalogue.Patch) change {
	return change{patchBucket, sortKey(number), storedPatch{code, p}}
}

// sortKey is a key that sorts as the number does.
func sortKey(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// lockTimeout is how long a file that another process has is waited for: long
// enough for one that was just killed.
const lockTimeout = time.Second

// openData goes on from where the data file stands, or begins a new one.
func (a *Account) openData() error {
	path := a.options.Data
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return explain(path, err)
	}
	fresh := false
	_ = db.View(func(tx *bbolt.Tx) error {
		name, _ := tx.Cursor().First()
		fresh = name == nil
		return nil
	})
	if fresh {
		err = db.Update(a.begin)
	}
	if err == nil {
		err = db.View(a.load)
	}
	if err != nil {
		return errors.Join(explain(path, err), db.Close())
	}
	a.store = newStore(db)
	a.store.add(a.formatChange()) // from here on it is of this format
	for _, o := range a.orders.placed {
		if a.clock.now().Before(o.Ready) {
			a.awaitOrder(o)
		}
	}
	return nil
}

// explain says in a user's words why a data file cannot be used.
func explain(path string, err error) error {
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return fmt.Errorf("the data file %s is in use: another runa-sandbox has it; stop that one, or name another file", path)
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrVersionMismatch), errors.Is(err, bbolterrors.ErrChecksum):
		return fmt.Errorf("the data file %s: %w (%w)", path, errNotOurs, err)
	}
	return fmt.Errorf("the data file %s: %w", path, err)
}

// errNotOurs is why a file is left alone.
var errNotOurs = errors.New("it is not one of runa-sandbox, and is left as it is; name another file")

// begin fills a file that has nothing in it yet.
func (a *Account) begin(tx *bbolt.Tx) error {
	if err := empty(tx); err != nil {
		return err
	}
	for _, c := range a.metaChanges() {
		if err := tx.Bucket([]byte(c.bucket)).Put(c.key, wire.JSON(c.value)); err != nil {
			return err
		}
	}
	return nil
}

// load reads a file.
func (a *Account) load(tx *bbolt.Tx) error {
	for _, name := range buckets {
		if tx.Bucket([]byte(name)) == nil {
			return errNotOurs
		}
	}
	meta := tx.Bucket([]byte(metaBucket))
	if err := a.checkFormat(meta.Get([]byte(formatKey))); err != nil {
		return err
	}
	var kept storedAccount
	err := json.Unmarshal(meta.Get([]byte(accountKey)), &kept)
	if err == nil {
		err = a.funds.load(kept)
	}
	return errors.Join(
		damaged(clockKey, json.Unmarshal(meta.Get([]byte(clockKey)), &a.clock.ahead)),
		damaged(accountKey, err),
		each(tx, orderBucket, a.loadOrder),
		each(tx, keyBucket, a.loadRecord),
		each(tx, patchBucket, a.loadPatch),
	)
}

// checkFormat refuses what this program, or this mode, cannot go on with.
func (a *Account) checkFormat(text []byte) error {
	var format storedFormat
	if err := json.Unmarshal(text, &format); err != nil {
		return errNotOurs
	}
	switch {
	case format.Format != formatNumber && format.Format != formatBodies:
		return fmt.Errorf("it has format %d, and this runa-sandbox knows format %d; use the runa-sandbox that made it, or name another file",
			format.Format, formatNumber)
	case format.Mode != modePlayground && format.Mode != modeProduction:
		return errNotOurs
	case format.Mode != a.options.Mode:
		return fmt.Errorf("it holds the orders of mode %s, and this is mode %s; start with -mode %[1]s, or name another file",
			format.Mode, a.options.Mode)
	}
	return nil
}

// each reads every value of a bucket, in the order of their keys.
func each[T any](tx *bbolt.Tx, bucket string, take func(T) error) error {
	return tx.Bucket([]byte(bucket)).ForEach(func(key, text []byte) error {
		var value T
		err := json.Unmarshal(text, &value)
		if err == nil {
			err = take(value)
		}
		return damaged(fmt.Sprintf("%s %x", bucket, key), err)
	})
}

// damaged says where a file is not as runa-sandbox writes it. An error is shown only if
// it quotes nothing: there may be a link or an address instead of an amount.
func damaged(where string, err error) error {
	if err == nil {
		return nil
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("%s: %w", where, syntax)
	}
	return fmt.Errorf("%s: it is not as runa-sandbox writes it; restore the file, or name another", where)
}

// load takes balances and limits as they were.
func (f *funds) load(kept storedAccount) error {
	var wrongBalance, wrongLimit error
	f.balances, wrongBalance = money.Amounts{}.With(kept.Balances)
	f.limits, wrongLimit = money.Amounts{}.With(kept.Limits)
	return errors.Join(wrongBalance, wrongLimit)
}

func (a *Account) loadOrder(kept storedOrder) error {
	price, err := decimal.NewFromString(kept.Wire.TotalPrice)
	if err != nil {
		return err
	}
	o := &order.Order{
		ID:        kept.ID,
		Key:       string(kept.Key),
		Mode:      kept.Mode,
		Currency:  kept.Currency,
		Created:   kept.Created,
		Ready:     kept.Ready,
		Body:      kept.Body,
		Wire:      kept.Wire,
		Forced:    kept.Forced,
		ShowItems: kept.ShowItems,
		Full:      kept.Full,
	}
	a.orders.add(o)
	a.orders.ids.Made = max(a.orders.ids.Made, kept.IDs)
	if o.Forced != order.StatusFailed {
		a.funds.drawn[o.Currency] = a.funds.drawn[o.Currency].Add(price)
	}
	return nil
}

func (a *Account) loadRecord(kept storedRecord) error {
	digest := sha256.Sum256(kept.Body)
	if kept.Body == nil && copy(digest[:], kept.Digest) != len(digest) {
		return errors.New("the digest is too short")
	}
	a.keys.records[string(kept.Key)] = &record{
		digest:  digest,
		started: kept.Started,
		done:    true,
		answer:  wire.Answer{Status: kept.Status, Header: kept.Header, Body: kept.Answer},
	}
	return nil
}

// loadPatch changes a product as it was changed. A smaller catalogue than the file's
// may not have it.
func (a *Account) loadPatch(kept storedPatch) error {
	a.patches++
	if _, _, err := a.catalogue.Patch(kept.Code, kept.Patch); err != nil && !errors.Is(err, wire.ErrNotFound) {
		return err
	}
	return nil
}
