package sandbox

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"go.etcd.io/bbolt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"

	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// lockPatience is how long a file that another process has is waited for: long
// enough for one that was just killed.
const lockPatience = time.Second

// openData goes on from where the data file stands, or begins a new one.
func (s *Sandbox) openData() error {
	path := s.options.Data
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockPatience, FreelistType: bbolt.FreelistMapType})
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
		err = db.Update(s.begin)
	}
	if err == nil {
		err = db.View(s.load)
	}
	if err != nil {
		return errors.Join(explain(path, err), db.Close())
	}
	s.store = newStore(db)
	s.store.hand(s.formatChange()) // from here on it is of this format
	for _, o := range s.orders.placed {
		if s.clock.now().Before(o.Ready) {
			s.awaitOrder(o)
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
func (s *Sandbox) begin(tx *bbolt.Tx) error {
	if err := empty(tx); err != nil {
		return err
	}
	for _, c := range s.metaChanges() {
		if err := tx.Bucket([]byte(c.bucket)).Put(c.key, wire.JSON(c.value)); err != nil {
			return err
		}
	}
	return nil
}

// load takes in what a file holds.
func (s *Sandbox) load(tx *bbolt.Tx) error {
	for _, name := range buckets {
		if tx.Bucket([]byte(name)) == nil {
			return errNotOurs
		}
	}
	meta := tx.Bucket([]byte(metaBucket))
	if err := s.checkFormat(meta.Get([]byte(formatKey))); err != nil {
		return err
	}
	var kept storedAccount
	err := json.Unmarshal(meta.Get([]byte(accountKey)), &kept)
	if err == nil {
		err = s.account.load(kept)
	}
	return errors.Join(
		damaged(clockKey, json.Unmarshal(meta.Get([]byte(clockKey)), &s.clock.ahead)),
		damaged(accountKey, err),
		each(tx, orderBucket, s.loadOrder),
		each(tx, keyBucket, s.loadRecord),
		each(tx, patchBucket, s.loadPatch),
	)
}

// checkFormat refuses what this program, or this mode, cannot go on with.
func (s *Sandbox) checkFormat(text []byte) error {
	var format storedFormat
	if err := json.Unmarshal(text, &format); err != nil {
		return errNotOurs
	}
	switch {
	case format.Format != formatNumber && format.Format != formatBodies:
		return fmt.Errorf("it has format %d, and this runa-sandbox knows format %d; use the runa-sandbox that made it, or name another file",
			format.Format, formatNumber)
	case format.Mode != ModePlayground && format.Mode != ModeProduction:
		return errNotOurs
	case format.Mode != s.options.Mode:
		return fmt.Errorf("it holds the orders of mode %s, and this is mode %s; start with -mode %[1]s, or name another file",
			format.Mode, s.options.Mode)
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

// damaged says where a file is not as runa-sandbox writes it. Of the error only what
// quotes nothing is told: a link or an address may stand where an amount should.
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
func (a *account) load(kept storedAccount) error {
	var wrongBalance, wrongLimit error
	a.balances, wrongBalance = money.Amounts{}.With(kept.Balances)
	a.limits, wrongLimit = money.Amounts{}.With(kept.Limits)
	return errors.Join(wrongBalance, wrongLimit)
}

func (s *Sandbox) loadOrder(kept storedOrder) error {
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
	s.orders.add(o)
	s.orders.ids.Made = max(s.orders.ids.Made, kept.IDs)
	if o.Forced != order.StatusFailed {
		s.account.drawn[o.Currency] = s.account.drawn[o.Currency].Add(price)
	}
	return nil
}

func (s *Sandbox) loadRecord(kept storedRecord) error {
	digest := sha256.Sum256(kept.Body)
	if kept.Body == nil && copy(digest[:], kept.Digest) != len(digest) {
		return errors.New("the digest is too short")
	}
	s.keys.records[string(kept.Key)] = &record{
		digest:  digest,
		started: kept.Started,
		done:    true,
		answer:  wire.Answer{Status: kept.Status, Header: kept.Header, Body: kept.Answer},
	}
	return nil
}

// loadPatch changes a product as it was changed. A smaller catalogue than the file's
// may not have it.
func (s *Sandbox) loadPatch(kept storedPatch) error {
	s.patches++
	if _, _, err := s.catalogue.Patch(kept.Code, kept.Patch); err != nil && !errors.Is(err, wire.ErrNotFound) {
		return err
	}
	return nil
}
