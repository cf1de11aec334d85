package sandbox

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestDateFollowsTheClock: a client learns the time from the header of any answer.
func TestDateFollowsTheClock(t *testing.T) {
	s := New(Options{Products: 1})
	defer s.Close()
	server := httptest.NewServer(s)
	defer server.Close()
	for _, ahead := range []time.Duration{0, 31 * 24 * time.Hour} {
		s.Advance(ahead)
		resp, err := http.Get(server.URL + "/v2/ping")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		date, err := http.ParseTime(resp.Header.Get("Date"))
		if err != nil || s.Now().Sub(date).Abs() > time.Minute {
			t.Errorf("got Date %s (error %v), want about %s", date, err, s.Now())
		}
	}
}
