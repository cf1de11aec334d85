package provider

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// answering is a Runa that gives one answer to everything.
func answering(t *testing.T, status int, body string, check ...func(*http.Request)) *testSandbox {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, look := range check {
			look(r)
		}
		w.Header().Set("X-Api-Version", "2024-02-05")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return &testSandbox{URL: server.URL + "/v2"}
}

func TestReadBalance(t *testing.T) {
	sb := answering(t, 200, `{"balance":"45000","currency":"JPY"}`, func(r *http.Request) {
		if r.URL.RawQuery != "currency=JPY" {
			t.Errorf("asked for %s, want currency=JPY", r.URL.RawQuery)
		}
	})
	got, done := readerOf(t, sb, nil).read("runa_balance", attrs{"currency": "JPY"})
	if len(done.diags) > 0 || got["balance"] != "45000" {
		t.Errorf("balance = %v, errors %q, want 45000 and none", got["balance"], done.errors())
	}
}

func TestReadBalances(t *testing.T) {
	tests := map[string]struct {
		body string
		want attrs
	}{
		"some": {`[{"balance":"120.00","currency":"USD"},{"balance":"8.50","currency":"GBP"}]`, attrs{
			"balances":    []any{attrs{"currency": "GBP", "balance": "8.50"}, attrs{"currency": "USD", "balance": "120.00"}},
			"by_currency": attrs{"GBP": "8.50", "USD": "120.00"},
		}},
		"none": {`[]`, attrs{"balances": []any{}, "by_currency": attrs{}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, done := readerOf(t, answering(t, 200, test.body), nil).read("runa_balances", attrs{})
			if len(done.diags) > 0 || !reflect.DeepEqual(got, test.want) {
				t.Errorf("runa_balances = %v, errors %q, want %v and none", got, done.errors(), test.want)
			}
		})
	}
}

func TestBalanceFindings(t *testing.T) {
	tests := map[string]struct {
		status     int
		body       string
		path, says string
	}{
		"no such currency": {400, `{"type":"bad_request","message":"No."}`, `AttributeName("currency")`, "holds no balances in BRL"},
		"no such call":     {404, `{"type":"not_found","message":"No."}`, "", "does not have the call GET /balance"},
		"wrong key":        {403, `{"type":"forbidden","message":"No."}`, "", "check the API key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, done := readerOf(t, answering(t, test.status, test.body), nil).read("runa_balance", attrs{"currency": "BRL"})
			wantFinding(t, done, test.path, test.says)
		})
	}
	_, done := readerOf(t, answering(t, 404, `{"type":"not_found","message":"No."}`), nil).read("runa_balances", attrs{})
	wantFinding(t, done, "", "does not have the call GET /balance")
}

func TestSmallDataSources(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	r := readerOf(t, sb, nil)
	read := func(name string) attrs {
		t.Helper()
		got, done := r.read(name, attrs{})
		if len(done.diags) > 0 {
			t.Fatal(done.errors(), done.warnings())
		}
		return got
	}
	if got := read("runa_ping"); got["message"] != "pong" || got["base_url"] != sb.URL {
		t.Errorf("runa_ping = %v, want pong from %s", got, sb.URL)
	}
	for range 2 {
		if got := read("runa_product_categories")["categories"].([]any); len(got) != 17 {
			t.Errorf("%d categories, want 17: %v", len(got), got)
		}
		if got := read("runa_product_countries")["countries"].([]any); len(got) < 5 {
			t.Errorf("%d countries, want at least 5: %v", len(got), got)
		}
	}
	if asked := sb.requests("", ""); asked != 3 {
		t.Errorf("%d requests, want 3", asked)
	}
}
