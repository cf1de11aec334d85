package client

import (
	"net/http"
	"sync"
	"time"
)

// clock bounds how far Runa's clock is ahead of this machine's. It is safe for
// concurrent use.
type clock struct {
	mu          sync.Mutex
	known       bool
	least, most time.Duration
}

// Time is what Runa's clock shows now: a moment between the two. It is false before
// Runa's first answer.
func (c *Client) Time() (earliest, latest time.Time, known bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if !c.clock.known {
		return earliest, latest, false
	}
	now := time.Now().Round(0)
	return now.Add(c.clock.least), now.Add(c.clock.most), true
}

// read narrows the bounds by an answer's Date, which is cut off to the second: Runa
// wrote it somewhen between the request and its answer. Where that contradicts what
// was known, a clock was set, and only the newest answer counts.
func (c *clock) read(header http.Header, sent, answered time.Time) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	// Without the monotonic part, which stands still while a machine sleeps.
	least, most := date.Sub(answered.Round(0)), date.Add(time.Second).Sub(sent.Round(0))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known && least <= c.most && most >= c.least {
		least, most = max(least, c.least), min(most, c.most)
	}
	c.known, c.least, c.most = true, least, most
}
