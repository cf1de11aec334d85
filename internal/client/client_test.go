package client

import (
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestNewChecksTheAddress(t *testing.T) {
	tests := map[string]struct {
		url  string
		want string // in the error; "" when it is accepted
	}{
		"production":            {ProductionURL, ""},
		"playground":            {PlaygroundURL, ""},
		"a slash at the end":    {"https://runa.test/v2/", ""},
		"http on 127.0.0.1":     {"http://127.0.0.1:8484/v2", ""},
		"http on localhost":     {"http://localhost:8484/v2", ""},
		"http on ::1":           {"http://[::1]:8484/v2", ""},
		"http elsewhere":        {"http://runa.test/v2", ErrInsecureURL.Error()},
		"http, looks like home": {"http://127.0.0.1.runa.test/v2", ErrInsecureURL.Error()},
		"http on the network":   {"http://10.0.0.1/v2", ErrInsecureURL.Error()},
		"another scheme":        {"ftp://runa.test/v2", `scheme "ftp"`},
		"no scheme":             {"runa.test/v2", "want https://HOST/PATH"},
		"no host":               {"https:///v2", "want https://HOST/PATH"},
		"empty":                 {"", "want https://HOST/PATH"},
		"a user":                {"https://ana:sesame@runa.test/v2", "want https://HOST/PATH"},
		"a query":               {"https://runa.test/v2?a=b", "want https://HOST/PATH"},
		"a fragment":            {"https://runa.test/v2#a", "want https://HOST/PATH"},
		"not a URL":             {"https://ana:sesame@runa.test:port/v2", "not a URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(Config{BaseURL: test.url})
			switch {
			case test.want == "" && err != nil:
				t.Errorf("New(%q) = error %v, want none", test.url, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want an error with %q", err, test.want)
			case err != nil && strings.Contains(err.Error(), "sesame"):
				t.Errorf("the error is %v, want the password hidden", err)
			}
		})
	}
}

func TestBaseURLHasNoSlashAtItsEnd(t *testing.T) {
	c, err := New(Config{BaseURL: "https://runa.test/v2//"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.BaseURL(); got != "https://runa.test/v2" {
		t.Errorf("BaseURL() = %s, want https://runa.test/v2", got)
	}
}

func TestAccount(t *testing.T) {
	account := func(url, key string) string {
		c, err := New(Config{BaseURL: url, APIKey: key})
		if err != nil {
			t.Fatal(err)
		}
		return c.Account()
	}
	one, slashed := account(PlaygroundURL, testKey), account(PlaygroundURL+"/", testKey)
	if one != slashed {
		t.Errorf("Account() = %q, with a slash %q, want one name for one account", one, slashed)
	}
	if one == account(PlaygroundURL, "XXother.sesame") || one == account(ProductionURL, testKey) {
		t.Errorf("Account() = %q for two accounts, want a name for each", one)
	}
	if strings.Contains(one, testKey) || one == "" {
		t.Errorf("Account() = %q, want a name without the API key", one)
	}
}

func TestHeaders(t *testing.T) {
	w := serve(t, answering(http.StatusOK, `{"message":"pong"}`))
	c := w.client(t, func(c *Config) {
		c.UserAgent = "terraform-provider-runa/test"
		c.Headers = map[string]string{"x-send-email": "true", "X-Api-Key": "another", "x-api-version": "another", "User-Agent": "another"}
	})
	if _, err := c.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"X-Api-Key":       testKey,
		"X-Api-Version":   "2024-02-05",
		"X-Send-Email":    "true",
		"User-Agent":      "terraform-provider-runa/test",
		"Accept":          "application/json",
		"Accept-Encoding": "gzip",
		"Content-Type":    "", // nothing is sent
	}
	for name, value := range want {
		if got := strings.Join(w.requests()[0].header.Values(name), ", "); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
}

func TestAPIVersionCanBeChosen(t *testing.T) {
	w := serve(t, answering(http.StatusOK, `{"message":"pong"}`))
	if _, err := w.client(t, func(c *Config) { c.APIVersion = "2026-09-08" }).Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.requests()[0].header.Get("X-Api-Version"); got != "2026-09-08" {
		t.Errorf("X-Api-Version = %q, want 2026-09-08", got)
	}
}

func TestGzipIsRead(t *testing.T) {
	w := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if offered := r.Header.Get("Accept-Encoding"); !strings.Contains(offered, "gzip") {
			t.Errorf("Accept-Encoding = %q, want gzip", offered)
		}
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		fmt.Fprint(packed, `{"message":"pong"}`)
		if err := packed.Close(); err != nil {
			t.Error(err)
		}
	})
	if got, err := w.client(t).Ping(t.Context()); got != "pong" || err != nil {
		t.Errorf("Ping() = %q, error %v, want pong", got, err)
	}
}

// TestConnectionsAreKept has 32 calls in flight at once, three times over.
func TestConnectionsAreKept(t *testing.T) {
	const calls, rounds = 32, 3
	var waiting sync.WaitGroup
	w := serve(t, func(w http.ResponseWriter, r *http.Request) {
		waiting.Done()
		waiting.Wait() // until every call of this round is here
		answering(http.StatusOK, `{"message":"pong"}`)(w, r)
	})
	c := w.client(t)
	for range rounds {
		waiting.Add(calls)
		var done sync.WaitGroup
		for range calls {
			done.Go(func() {
				if _, err := c.Ping(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
	}
	if got := w.opened.Load(); got > calls {
		t.Errorf("%d connections were opened for %d calls at a time, want one for each at most", got, calls)
	}
	if got := len(w.requests()); got != calls*rounds {
		t.Errorf("%d requests arrived, want %d", got, calls*rounds)
	}
}

func TestRedirectsAreRefused(t *testing.T) {
	elsewhere := serve(t, answering(http.StatusOK, `{"message":"pong"}`))
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			w := serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+"/v2/ping", status)
			})
			c := w.client(t)
			_, pinging := c.Ping(t.Context())
			_, ordering := c.CreateOrder(t.Context(), Submission{Key: "k", Mode: ModeAsync, Body: []byte(`{}`)})
			for _, err := range []error{pinging, ordering} {
				var api *APIError
				if !errors.As(err, &api) || api.Status != status || !strings.Contains(api.Message, "redirect") {
					t.Errorf("got %v, want an APIError with status %d and a word about the redirect", err, status)
				}
			}
			if got := len(w.requests()); got != 2 {
				t.Errorf("%d requests for two calls, want 2", got)
			}
		})
	}
	if lines := elsewhere.lines(); len(lines) != 0 {
		t.Errorf("followed the redirect: %v, want no request", lines)
	}
}
