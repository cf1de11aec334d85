package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// said is all that the program prints.
type said struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *said) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(text)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestPrintsNoSecret demands that the program prints no key that it was given, and
// nothing of what it is sent.
func TestPrintsNoSecret(t *testing.T) {
	defer log.SetOutput(log.Writer())
	var out said
	log.SetOutput(&out)
	const key, mail, link = "XXzqbittern94.secret", "zqwren17@post.example", "https://spend.runa.io/zqosprey62"
	const secretOfWebhooks = "whsec_zqwheatear42AAAA" // base64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	done := make(chan error, 1)
	args := []string{"-listen", "127.0.0.1:0", "-products", "1", "-api-key", key, "-webhook", "http://127.0.0.1:1/zqredstart31", "-webhook-secret", secretOfWebhooks, "-data", filepath.Join(t.TempDir(), "runa.db")}
	go func() { done <- run(ctx, args, io.MultiWriter(write, &out), &out) }()
	first := make([]byte, 1000)
	n, err := read.Read(first)
	found := regexp.MustCompile(`(?m)^export RUNA_BASE_URL=(http://127\.0\.0\.1:\d+)/v2$`).FindSubmatch(first[:n])
	if err != nil || found == nil {
		t.Fatalf("printed %q (error %v), want where it listens", first[:n], err)
	}
	root, calls := string(found[1]), 0
	call := func(method, path, body string, status int) {
		request, err := http.NewRequestWithContext(t.Context(), method, root+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{
			"X-Api-Key": key, "X-Idempotency-Key": fmt.Sprint(mail, calls), "Content-Type": "application/json", "User-Agent": link, "Referer": link,
		} {
			request.Header.Set(name, value)
		}
		calls++
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
		if err != nil {
			if status != 0 {
				t.Error(err)
			}
			return
		}
		if _ = response.Body.Close(); response.StatusCode != status {
			t.Errorf("%s %s: %d, want %d", method, path, response.StatusCode, status)
		}
	}
	order := fmt.Sprintf(`{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"items":[{"face_value":10,`+
		`"distribution_method":{"type":"EMAIL","email_address":%q},"products":{"type":"SINGLE","value":"ACME-US"}}]}`, mail)
	call("POST", "/v2/order", order, 202)
	call("POST", "/v2/order", order[1:], 400)
	call("POST", "/v2/order", strings.Replace(order, "@", " ", 1), 422)
	for _, secret := range []string{key, mail, link} {
		escaped := url.PathEscape(secret)
		call("GET", "/v2/nothing/"+escaped+"?email="+escaped, "", 403)
		call("POST", "/"+escaped, secret, 403)
		call("POST", "/_sandbox/faults", fmt.Sprintf(`{"action":%q}`, secret), 400)
		call("POST", "/_sandbox/faults", fmt.Sprintf(`{"path":"/ping","times":1,"action":"garbage","body":%q}`, secret), 201)
		call("GET", "/v2/ping?"+escaped, "", 200)
		call("POST", "/_sandbox/faults", `{"path":"/ping","times":1,"action":"drop_after"}`, 201)
		call("GET", "/v2/ping?"+escaped, "", 0)
		call("GET", "/?show=orders&q="+escaped, "", 200)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	// A second API key without a flag of its own is an easy mistake.
	for _, args := range [][]string{
		{"-api-key", "XXa", key},
		{"-api-kye=" + key},
		{"-webhook", "http://post.example/zqredstart31", "-webhook-secret", "zqwheatear42"},
		{"-mode", "production", "-api-key", key},
	} {
		if code := program(append([]string{"-listen", "127.0.0.1:0"}, args...), &out, &out); code != 1 {
			t.Errorf("%s: got exit code %d, want 1", args[0], code)
		}
	}
	text := out.String()
	for _, secret := range []string{key, "zqbittern94", "zqwren17", "zqosprey62", "zqredstart31", "zqwheatear42", url.QueryEscape(link)} {
		if strings.Contains(text, secret) {
			t.Errorf("it prints %s, want it hidden:\n%s", secret, text)
		}
	}
	for _, says := range []string{"with the API key that was given", "unexpected argument", "not defined", "an API key is not one of production"} {
		if !strings.Contains(text, says) {
			t.Errorf("it does not print %s, want it:\n%s", says, text)
		}
	}
	t.Logf("searched %d bytes after %d calls", len(text), calls)
}
