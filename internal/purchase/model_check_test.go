package purchase

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// checkLedger checks that the ledger has one order a reward that is worth anything. Only one
// thing can make a second: another purchase under a given key, which knows nothing of
// the first, when Runa does not either.
func (m *model) checkLedger() {
	ledger := m.runa.box.Ledger()
	if len(ledger) != len(m.owners) {
		m.violate("an order came of nothing")
		return
	}
	for i, entry := range ledger {
		for j, before := range ledger[:i] {
			b, a := m.owners[i], m.owners[j]
			same := b.key == a.key
			if b.reward != a.reward || !same && (!alive(entry) || !alive(before)) {
				continue
			}
			forgotten := m.Given && b != a && !m.remembers(b.reward, entry.CreatedAt)
			if same {
				forgotten = forgotten && entry.CreatedAt.Sub(before.CreatedAt) >= rememberedFor
			}
			if !forgotten {
				m.violate("orders %s and %s are of one reward", before.ID, entry.ID)
			}
		}
	}
}

// checkEnd says where a directory may come to rest, and after how many applies.
func (m *model) checkEnd(d *directory, applies int) {
	s := d.state
	if !m.atRest(d) {
		m.checkStopped(d)
		return
	}
	most := 1
	for _, key := range m.keysOf(s) {
		if m.broken[key] {
			most++ // a stored 5xx hides the order, until it is looked up
		}
		if m.died(key) {
			most++
		}
	}
	if m.expired(s) {
		most++ // it is only looked for, and an order is only seen once Runa has finished it
	}
	if applies > most {
		m.violate("it took %d applies instead of %d", applies, most)
	}
}

// keysOf are the keys under which a reward was tried, as far as this directory goes.
func (m *model) keysOf(s *state) (keys []string) {
	for attempt := 1; attempt <= s.attempt; attempt++ {
		keys = append(keys, AttemptKey(s.reward, attempt))
	}
	if !m.Given && len(m.bids) > 1 {
		keys = append(keys, m.bids[len(m.bids)-2].key) // each try has a key of its own
	}
	return keys
}

// checkStopped says why a reward may stay unfinished although nothing is in the way.
func (m *model) checkStopped(d *directory) {
	s := d.state
	switch {
	case s != nil && s.standing() == Open:
		m.checkOpen(s)
	case !d.conflicted:
		m.violate("the reward is not finished, and nothing says why")
	case !m.Given || !slices.ContainsFunc(m.bids, func(b *bid) bool { return m.edited(b.key) }):
		m.violate("a conflict over contents that were never edited")
	}
}

// checkOpen says why a purchase may stay unconfirmed.
func (m *model) checkOpen(s *state) {
	closed := m.expired(s)
	findable := m.Tagged && !m.skewed && !s.intent.ClockChanged && !m.edited(s.bid.key)
	for i, entry := range m.runa.box.Ledger() {
		of := m.owners[i]
		near := of == s.bid || closed && entry.CreatedAt.After(s.intent.FirstAttempt.Add(-29*day))
		if findable && near && of.key == s.bid.key && alive(entry) {
			m.violate("an order carries its key and is not found")
		}
	}
	if !closed && !m.broken[s.bid.key] && !m.edited(s.bid.key) {
		m.violate("an order stays unconfirmed")
	}
}

// expired reports whether an intent must not be repeated any more.
func (m *model) expired(s *state) bool {
	return s.intent.ClockChanged || m.runa.Now().Sub(s.intent.FirstAttempt) >= 29*day
}

// edited reports whether one key was used with different contents.
func (m *model) edited(key string) bool {
	bodies := map[string]bool{}
	for _, b := range m.bids {
		if b.key == key {
			bodies[b.body] = true
		}
	}
	return len(bodies) > 1
}

// checkTotal counts what was paid for without a key. Beyond the one reward there may
// only be what a process that died, or a lost state, has made everybody forget.
func (m *model) checkTotal() {
	rewards := map[string]bool{}
	for i, entry := range m.runa.box.Ledger() {
		if !alive(entry) {
			continue
		}
		of, s := m.owners[i], m.dirs[0].state
		rewards[of.reward] = true
		known := s != nil && (s.orderID == entry.ID || s.bid == of && s.standing() == Open)
		if !m.Given && !known && !of.lost {
			m.violate("order %s is bought and nobody knows it", entry.ID)
		}
	}
	if m.Given && len(rewards) > 1 {
		m.violate("one reward is bought under %d keys", len(rewards))
	}
}

// checkBytes compares every request that arrived with the bytes of its key.
func (m *model) checkBytes() {
	sums := map[string]bool{}
	for _, b := range m.bids {
		sum := sha256.Sum256([]byte(b.body))
		sums[b.key+" "+hex.EncodeToString(sum[:])] = true
	}
	for _, entry := range m.runa.box.Journal() {
		if entry.Method == "POST" && !sums[entry.IdempotencyKey+" "+entry.BodySHA256] {
			m.violate("a request has other bytes than its key stands for")
		}
	}
}
