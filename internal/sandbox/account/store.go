package account

import (
	"errors"
	"fmt"
	"log"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// store keeps what a sandbox must not forget in its data file. Changes are added
// under the account's lock, and so in the order in which they happened; one
// goroutine writes them, as many to a transaction as have gathered meanwhile. An
// answer waits in sync until everything that it may report is on disk.
//
// A store that cannot write any more stays broken: the sandbox in memory is then
// ahead of its file, and answers nothing but that.
//
// A nil store keeps nothing, and never fails.
type store struct {
	db *bbolt.DB

	mu      sync.Mutex
	changed *sync.Cond // something below has changed
	pending []write
	added   uint64 // changes so far
	written uint64 // of those, on disk
	broken  error
	closing bool
	ended   chan struct{} // closed when the writer has ended
}

// change is something to keep: a value under a key, or the end of everything.
type change struct {
	bucket string // "" clears all buckets
	key    []byte
	value  any
}

// clearAll forgets everything.
var clearAll = change{}

// write is a change as it goes into the file.
type write struct {
	bucket, key, value []byte
}

// newStore begins to write to a file.
func newStore(db *bbolt.DB) *store {
	s := &store{db: db, ended: make(chan struct{})}
	s.changed = sync.NewCond(&s.mu)
	go s.run()
	return s
}

// add adds changes. They will be kept all together or, if the process dies
// first, not at all. The values are read at once, so they may change afterwards.
func (s *store) add(changes ...change) {
	if s == nil {
		return
	}
	var writes []write
	for _, c := range changes {
		w := write{key: c.key}
		if c.bucket != "" {
			w.bucket, w.value = []byte(c.bucket), wire.JSON(c.value)
		}
		writes = append(writes, w)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return // nothing reports them as kept
	}
	s.pending = append(s.pending, writes...)
	s.added += uint64(len(writes))
	s.changed.Broadcast()
}

// sync waits until all changes so far are on disk.
func (s *store) sync() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for upTo := s.added; s.written < upTo && s.broken == nil; {
		s.changed.Wait()
	}
	return s.broken
}

// run writes what is added until the store closes or breaks.
func (s *store) run() {
	defer close(s.ended)
	for {
		writes, ok := s.take()
		if !ok {
			return
		}
		err := s.db.Update(func(tx *bbolt.Tx) error { return commit(tx, writes) })
		s.mu.Lock()
		s.written += uint64(len(writes))
		if err != nil {
			s.broken = fmt.Errorf("the data file %s cannot be written: %w", s.db.Path(), err)
			log.Printf("sandbox: %v", s.broken)
		}
		s.changed.Broadcast()
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// take waits for something to write.
func (s *store) take() ([]write, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.pending) == 0 && !s.closing {
		s.changed.Wait()
	}
	writes := s.pending
	s.pending = nil
	return writes, len(writes) > 0
}

// errClosed is why a store that was closed is broken.
var errClosed = errors.New("the sandbox is closed and its data file given back")

// close writes what was added, and gives the file back.
func (s *store) close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.closing = true
	s.changed.Broadcast()
	s.mu.Unlock()
	<-s.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		s.broken = errClosed
	}
	s.changed.Broadcast()
	_ = s.db.Close() // everything is on disk already
}

// commit puts changes into a transaction.
func commit(tx *bbolt.Tx, writes []write) error {
	for _, w := range writes {
		if w.bucket == nil {
			if err := empty(tx); err != nil {
				return err
			}
			continue
		}
		if err := tx.Bucket(w.bucket).Put(w.key, w.value); err != nil {
			return err
		}
	}
	return nil
}

// empty makes all buckets new.
func empty(tx *bbolt.Tx) error {
	for _, name := range buckets {
		if tx.Bucket([]byte(name)) != nil {
			if err := tx.DeleteBucket([]byte(name)); err != nil {
				return err
			}
		}
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}
