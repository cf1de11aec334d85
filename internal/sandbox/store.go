package sandbox

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// store keeps what a sandbox must not forget in its data file. Changes are handed
// over under the sandbox's lock, and so in the order in which they happened; one
// goroutine writes them, as many to a transaction as have gathered meanwhile. An
// answer waits in settle until everything that it may tell of is on disk.
//
// A store that cannot write any more stays broken: the sandbox in memory is then
// ahead of its file, and answers nothing but that.
//
// A nil store keeps nothing, and never fails.
type store struct {
	db *bbolt.DB

	mu      sync.Mutex
	moved   *sync.Cond // something below has changed
	waiting []write
	handed  uint64 // changes handed over so far
	kept    uint64 // of those, on disk
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
	s.moved = sync.NewCond(&s.mu)
	go s.run()
	return s
}

// hand hands changes over. They will be kept all together or, if the process dies
// first, not at all. The values are read at once, so they may change afterwards.
func (s *store) hand(changes ...change) {
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
		return // nobody will be told that they are kept
	}
	s.waiting = append(s.waiting, writes...)
	s.handed += uint64(len(writes))
	s.moved.Broadcast()
}

// settle waits until all changes handed over so far are on disk.
func (s *store) settle() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for upTo := s.handed; s.kept < upTo && s.broken == nil; {
		s.moved.Wait()
	}
	return s.broken
}

// run writes what is handed over until the store closes or breaks.
func (s *store) run() {
	defer close(s.ended)
	for {
		writes, ok := s.take()
		if !ok {
			return
		}
		err := s.db.Update(func(tx *bbolt.Tx) error { return commit(tx, writes) })
		s.mu.Lock()
		s.kept += uint64(len(writes))
		if err != nil {
			s.broken = fmt.Errorf("the data file %s cannot be written: %w", s.db.Path(), err)
			log.Printf("sandbox: %v", s.broken)
		}
		s.moved.Broadcast()
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
	for len(s.waiting) == 0 && !s.closing {
		s.moved.Wait()
	}
	writes := s.waiting
	s.waiting = nil
	return writes, len(writes) > 0
}

// errClosed is why a store that was closed is broken.
var errClosed = errors.New("the sandbox is closed and its data file given back")

// close keeps what was handed over and gives the file back.
func (s *store) close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.closing = true
	s.moved.Broadcast()
	s.mu.Unlock()
	<-s.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		s.broken = errClosed
	}
	s.moved.Broadcast()
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

// settle waits until everything that has happened so far is kept.
func (s *Sandbox) settle() error { return s.store.settle() }

// settled is an answer that may be given: what it reports is kept. Where it cannot
// be kept, the answer is another.
func (s *Sandbox) settled(a wire.Answer) wire.Answer {
	err := s.settle()
	if err == nil || a.Status == 0 {
		return a
	}
	return wire.Refuse(http.StatusInternalServerError, "internal_server_error", "The sandbox has lost its memory: "+err.Error()+".",
		"This is a defect of the sandbox's surroundings. Restart it, and repeat with the same idempotency key.")
}
