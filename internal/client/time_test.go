package client

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestTime: Runa's clock is bounded by the Date of its answers, ever closer.
func TestTime(t *testing.T) {
	at := time.Date(2026, 7, 12, 10, 0, 0, 0, time.UTC)
	moment := func(ms int) time.Time { return at.Add(time.Duration(ms) * time.Millisecond) }
	type exchange struct {
		date           string
		sent, answered int // in ms after at
	}
	of := func(ms int) string { return moment(ms).Format(http.TimeFormat) }
	tests := map[string]struct {
		exchanges   []exchange
		known       bool
		least, most time.Duration
	}{
		"no answer":          {nil, false, 0, 0},
		"no date":            {[]exchange{{"", 0, 100}}, false, 0, 0},
		"not a date":         {[]exchange{{"yesterday", 0, 100}}, false, 0, 0},
		"one answer":         {[]exchange{{of(0), 500, 600}}, true, -600 * time.Millisecond, 500 * time.Millisecond},
		"two answers":        {[]exchange{{of(0), 500, 600}, {of(1000), 1100, 1200}}, true, -200 * time.Millisecond, 500 * time.Millisecond},
		"an older answer":    {[]exchange{{of(1000), 1100, 1200}, {of(0), 0, 5000}}, true, -200 * time.Millisecond, 900 * time.Millisecond},
		"a clock was set":    {[]exchange{{of(0), 500, 600}, {of(3600_000), 700, 800}}, true, time.Hour - 800*time.Millisecond, time.Hour + 300*time.Millisecond},
		"one without a date": {[]exchange{{of(0), 500, 600}, {"", 700, 800}}, true, -600 * time.Millisecond, 500 * time.Millisecond},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var c clock
			for _, e := range test.exchanges {
				c.read(http.Header{"Date": {e.date}}, moment(e.sent), moment(e.answered))
			}
			if c.known != test.known || c.least != test.least || c.most != test.most {
				t.Errorf("known %t, ahead by %s to %s, want %t, %s to %s", c.known, c.least, c.most, test.known, test.least, test.most)
			}
		})
	}
}

// TestTimeOfAnswers: every answer tells the time, a refusal too.
func TestTimeOfAnswers(t *testing.T) {
	there := time.Now().Add(48 * time.Hour)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", there.UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	c, err := New(Config{BaseURL: server.URL, APIKey: testKey})
	if err != nil {
		t.Fatal(err)
	}
	if earliest, latest, known := c.Time(); known || !earliest.IsZero() || !latest.IsZero() {
		t.Errorf("Time() before any answer = %v to %v, known %t, want it unknown and zero", earliest, latest, known)
	}
	if _, err := c.Ping(t.Context()); err == nil {
		t.Fatal("Ping() = no error, want the 401")
	}
	earliest, latest, known := c.Time()
	if now := time.Now().Add(48 * time.Hour); !known || earliest.After(now) || latest.Before(there.Truncate(time.Second)) || latest.Sub(earliest) < time.Second {
		t.Errorf("Time() = %v to %v, known %t, want at least a second around %v", earliest, latest, known, now)
	}
}
