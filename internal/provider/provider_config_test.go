package provider

import (
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const (
	productionKey = "wgtest.sesame"
	playgroundKey = "XXtest.sesame"
)

func TestInvalidSettings(t *testing.T) {
	const insecure = "http://runa.test/v2"
	key, url := `AttributeName("api_key")`, `AttributeName("base_url")`
	header := func(name string) string { return `AttributeName("headers").ElementKeyString("` + name + `")` }
	tests := map[string]struct {
		config attrs
		env    map[string]string
		path   string
		says   string
	}{
		"no key":                             {attrs{}, nil, key, "Set RUNA_API_KEY"},
		"empty key":                          {attrs{"api_key": ""}, nil, key, "Set RUNA_API_KEY"},
		"empty key does not fall back":       {attrs{"api_key": ""}, map[string]string{"RUNA_API_KEY": playgroundKey}, key, "Set RUNA_API_KEY"},
		"key with a line end":                {attrs{"api_key": playgroundKey + "\n"}, nil, key, "api_key has a line end at its end"},
		"key with a space before":            {attrs{"api_key": " " + playgroundKey}, nil, key, "api_key has a space at its start"},
		"key with a line end within":         {attrs{"api_key": "XXtest\nsesame"}, nil, key, "api_key has a line end at position 7"},
		"key with a control character":       {attrs{"api_key": "XXtest\x00sesame"}, nil, key, "api_key has an invisible character (U+0000) at position 7"},
		"key with a line end, from env":      {attrs{}, map[string]string{"RUNA_API_KEY": playgroundKey + "\n"}, key, "RUNA_API_KEY has a line end at its end"},
		"key behind a BOM, from env":         {attrs{}, map[string]string{"RUNA_API_KEY": "\ufeff" + playgroundKey}, key, "RUNA_API_KEY has an invisible character (U+FEFF) at position 1"},
		"key in quotes, from env":            {attrs{}, map[string]string{"RUNA_API_KEY": `"` + playgroundKey + `"`}, key, "RUNA_API_KEY has quotation marks around it"},
		"URL with a blank":                   {attrs{"api_key": playgroundKey, "base_url": "https://runa.test/v2 "}, nil, url, "base_url has a space at its end"},
		"URL with a blank, from env":         {attrs{"api_key": playgroundKey}, map[string]string{"RUNA_BASE_URL": "https://runa.test/v2\u00a0"}, url, "RUNA_BASE_URL has a blank (U+00A0) at its end"},
		"URL in quotes, from env":            {attrs{"api_key": playgroundKey}, map[string]string{"RUNA_BASE_URL": "'https://runa.test/v2'"}, url, "RUNA_BASE_URL has quotation marks around it"},
		"environment with a line end":        {attrs{"api_key": playgroundKey}, map[string]string{"RUNA_ENVIRONMENT": "playground\r"}, `AttributeName("environment")`, "RUNA_ENVIRONMENT has a line end at its end"},
		"header behind a BOM":                {attrs{"api_key": playgroundKey, "headers": attrs{"X-A": "\ufeffsesame"}}, nil, header("X-A"), "has an invisible character (U+FEFF) at position 1"},
		"key of nowhere":                     {attrs{"api_key": "sesame"}, nil, `AttributeName("environment")`, "Set environment"},
		"production key in playground":       {attrs{"api_key": productionKey, "environment": "playground"}, nil, key, "Nothing was sent"},
		"playground key in production":       {attrs{"api_key": playgroundKey, "environment": "production"}, nil, key, "Nothing was sent"},
		"small playground key in production": {attrs{"api_key": "xxtest.sesame", "environment": "production"}, nil, key, "playground API key"},
		"the same, from env":                 {attrs{}, map[string]string{"RUNA_API_KEY": playgroundKey, "RUNA_ENVIRONMENT": "production"}, key, "playground API key"},
		"production key at playground's":     {attrs{"api_key": productionKey, "base_url": client.PlaygroundURL}, nil, key, "Nothing was sent"},
		"playground key at production's":     {attrs{"api_key": playgroundKey, "base_url": "https://API.runa.io/v2/"}, nil, key, "Nothing was sent"},
		"two environments":                   {attrs{"api_key": productionKey, "environment": "production", "base_url": client.PlaygroundURL}, nil, url, "Remove one"},
		"unknown environment":                {attrs{"api_key": productionKey, "environment": "staging"}, nil, `AttributeName("environment")`, "staging"},
		"unknown environment, from env":      {attrs{"api_key": productionKey}, map[string]string{"RUNA_ENVIRONMENT": "staging"}, `AttributeName("environment")`, "RUNA_ENVIRONMENT"},
		"http off loopback":                  {attrs{"api_key": playgroundKey, "base_url": insecure}, nil, url, "unencrypted"},
		"http off loopback, from env":        {attrs{"api_key": playgroundKey}, map[string]string{"RUNA_BASE_URL": insecure}, url, "unencrypted"},
		"http on the network":                {attrs{"api_key": playgroundKey, "base_url": "http://192.168.0.1/v2"}, nil, url, "unencrypted"},
		"URL with a password":                {attrs{"api_key": playgroundKey, "base_url": "https://ana:sesame@runa.test/v2"}, nil, url, "without user"},
		"URL with a query":                   {attrs{"api_key": playgroundKey, "base_url": "https://runa.test/v2?key=sesame"}, nil, url, "query"},
		"URL with a fragment":                {attrs{"api_key": playgroundKey, "base_url": "https://runa.test/v2#v2"}, nil, url, "fragment"},
		"URL without a scheme":               {attrs{"api_key": playgroundKey, "base_url": "runa.test/v2"}, nil, url, "https://HOST/PATH"},
		"another scheme":                     {attrs{"api_key": playgroundKey, "base_url": "ftp://runa.test/v2"}, nil, url, "ftp"},
		"no URL at all":                      {attrs{"api_key": playgroundKey, "base_url": "https://ana:sesame@%"}, nil, url, "not a URL"},
		"version in words":                   {attrs{"api_key": playgroundKey, "api_version": "latest"}, nil, `AttributeName("api_version")`, "must be a date"},
		"version with more":                  {attrs{"api_key": playgroundKey, "api_version": "2024-02-05\n"}, nil, `AttributeName("api_version")`, "must be a date"},
		"timeout too short":                  {attrs{"api_key": playgroundKey, "request_timeout": "999ms"}, nil, `AttributeName("request_timeout")`, "too short"},
		"timeout of nothing":                 {attrs{"api_key": playgroundKey, "request_timeout": "0s"}, nil, `AttributeName("request_timeout")`, "too short"},
		"negative timeout":                   {attrs{"api_key": playgroundKey, "request_timeout": "-30s"}, nil, `AttributeName("request_timeout")`, "too short"},
		"timeout without a unit":             {attrs{"api_key": playgroundKey, "request_timeout": "30"}, nil, `AttributeName("request_timeout")`, "Duration"},
		"no orders at all":                   {attrs{"api_key": playgroundKey, "orders_per_minute": 0}, nil, `AttributeName("orders_per_minute")`, "at least 1"},
		"negative orders":                    {attrs{"api_key": playgroundKey, "orders_per_minute": -5}, nil, `AttributeName("orders_per_minute")`, "at least 1"},
		"header of the key":                  {attrs{"api_key": playgroundKey, "headers": attrs{"x-api-key": "sesame"}}, nil, header("x-api-key"), "set api_key instead"},
		"header of the version":              {attrs{"api_key": playgroundKey, "headers": attrs{"X-Api-Version": "1"}}, nil, header("X-Api-Version"), "set api_version instead"},
		"header of an order":                 {attrs{"api_key": playgroundKey, "headers": attrs{"X-Idempotency-Key": "1"}}, nil, header("X-Idempotency-Key"), "set idempotency_key on the order"},
		"header of the mode":                 {attrs{"api_key": playgroundKey, "headers": attrs{"X-EXECUTION-MODE": "sync"}}, nil, header("X-EXECUTION-MODE"), "set execution_mode on the order"},
		"header of the host":                 {attrs{"api_key": playgroundKey, "headers": attrs{"host": "x"}}, nil, header("host"), "set base_url instead"},
		"header of the encoding":             {attrs{"api_key": playgroundKey, "headers": attrs{"accept-encoding": "br"}}, nil, header("accept-encoding"), "set by the provider"},
		"limit of no currency":               {attrs{"api_key": playgroundKey, "spend_limit": attrs{"usd": "1"}}, nil, `AttributeName("spend_limit").ElementKeyString("usd")`, "three capital letters"},
		"limit below zero":                   {attrs{"api_key": playgroundKey, "spend_limit": attrs{"USD": "-1"}}, nil, `AttributeName("spend_limit").ElementKeyString("USD")`, "0 or more"},
		"limit of half a cent":               {attrs{"api_key": playgroundKey, "spend_limit": attrs{"USD": "10.005"}}, nil, `AttributeName("spend_limit").ElementKeyString("USD")`, "at most 2 decimals, and it is 10.005."},
		"limit of half a yen":                {attrs{"api_key": playgroundKey, "spend_limit": attrs{"JPY": "10.5"}}, nil, `AttributeName("spend_limit").ElementKeyString("JPY")`, "at most 0 decimals, and it is 10.5."},
		"limit without an end":               {attrs{"api_key": playgroundKey, "spend_limit": attrs{"USD": "1e100000"}}, nil, `AttributeName("spend_limit").ElementKeyString("USD")`, "and it is far too large."},
		"half an order":                      {attrs{"api_key": playgroundKey, "orders_per_minute": "300.5"}, nil, `AttributeName("orders_per_minute")`, "whole number, at least 1, and it is 300.5."},
		"orders without an end":              {attrs{"api_key": playgroundKey, "orders_per_minute": "1e100000"}, nil, `AttributeName("orders_per_minute")`, "and it is far too large."},
		"limit of nothing":                   {attrs{"api_key": playgroundKey, "spend_limit": attrs{"USD": nil}}, nil, `AttributeName("spend_limit").ElementKeyString("USD")`, "must be a number"},
		"retired version":                    {attrs{"api_key": playgroundKey, "api_version": "2023-07-27"}, nil, `AttributeName("api_version")`, "ended version 2023-07-27 on 14 November 2025"},
		"header twice":                       {attrs{"api_key": playgroundKey, "headers": attrs{"X-A": "1", "x-a": "2"}}, nil, header("x-a"), "same header"},
		"header with a space":                {attrs{"api_key": playgroundKey, "headers": attrs{"X Send": "1"}}, nil, header("X Send"), "Malformed header"},
		"header without a name":              {attrs{"api_key": playgroundKey, "headers": attrs{"": "1"}}, nil, header(""), "Malformed header"},
		"header of two lines":                {attrs{"api_key": playgroundKey, "headers": attrs{"X-A": "1\r\nX-B: sesame"}}, nil, header("X-A"), "one line"},
		"header without a value":             {attrs{"api_key": playgroundKey, "headers": attrs{"X-A": nil}}, nil, header("X-A"), "Header without a value"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			done := newReader(t, test.env).configure(test.config)
			wantFinding(t, done, test.path, test.says)
			if text := done.errors() + done.warnings(); strings.Contains(text, "sesame") {
				t.Errorf("a message shows a secret, want none: %s", text)
			}
		})
	}
}

// TestEnvironmentAgainstKey: which environment is meant matters even where base_url says
// what is called.
func TestEnvironmentAgainstKey(t *testing.T) {
	const sandboxURL = "http://127.0.0.1:8484/v2"
	for name, test := range map[string]struct {
		config attrs
		env    map[string]string
		says   string // "" for no finding
	}{
		"production, and a playground key": {attrs{"api_key": playgroundKey, "base_url": sandboxURL}, map[string]string{"RUNA_ENVIRONMENT": "production"}, "This is a playground API key, and environment (or RUNA_ENVIRONMENT) says production."},
		"playground, and a production key": {attrs{"api_key": productionKey, "base_url": sandboxURL, "environment": "playground"}, nil, "This is a production API key"},
		"the same":                         {attrs{"api_key": playgroundKey, "base_url": sandboxURL}, map[string]string{"RUNA_ENVIRONMENT": "playground"}, ""},
		"no environment":                   {attrs{"api_key": playgroundKey, "base_url": sandboxURL}, nil, ""},
		"a key of nowhere":                 {attrs{"api_key": "sesame", "base_url": sandboxURL}, map[string]string{"RUNA_ENVIRONMENT": "production"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			done := newReader(t, test.env).configure(test.config)
			if test.says == "" {
				if len(done.diags) > 0 {
					t.Errorf("errors %q, warnings %q, want none", done.errors(), done.warnings())
				}
				return
			}
			wantFinding(t, done, `AttributeName("environment")`, test.says)
			if done.errors() != "" || strings.Contains(done.warnings(), playgroundKey) || strings.Contains(done.warnings(), productionKey) {
				t.Errorf("errors %q, warnings %q, want no errors, and no API key in a warning", done.errors(), done.warnings())
			}
		})
	}
}

// TestEveryMistakeIsReported: one plan shows them all.
func TestEveryMistakeIsReported(t *testing.T) {
	done := newReader(t, nil).configure(attrs{
		"base_url": "http://runa.test/v2", "request_timeout": "1ms", "headers": attrs{"X-Api-Key": "x", "A B": "x"},
	})
	for _, path := range []string{
		`AttributeName("api_key")`, `AttributeName("base_url")`, `AttributeName("request_timeout")`,
		`AttributeName("headers").ElementKeyString("X-Api-Key")`, `AttributeName("headers").ElementKeyString("A B")`,
	} {
		wantFinding(t, done, path, "")
	}
	if len(done.diags) != 5 {
		t.Errorf("%d findings, want 5:\n%s", len(done.diags), done.errors())
	}
}

// set is what a minimal configuration comes to.
func set(edit func(*settings)) settings {
	return with(settings{
		apiKey: playgroundKey, baseURL: client.PlaygroundURL, requestTimeout: 60 * time.Second,
		ordersPerMinute: 300, tagOrders: true, environment: playground, validateCatalog: true, storeLinks: true,
		spendLimit: map[string]decimal.Decimal{},
	}, edit)
}

func TestSettings(t *testing.T) {
	text := types.StringValue
	minimal := providerModel{APIKey: text(playgroundKey), Headers: types.MapNull(types.StringType), SpendLimit: types.MapNull(types.NumberType)}
	model := func(edit func(*providerModel)) providerModel { return with(minimal, edit) }
	tests := map[string]struct {
		model providerModel
		env   map[string]string
		want  settings
	}{
		"defaults": {minimal, nil, set(func(*settings) {})},
		"production by its key": {
			model(func(m *providerModel) { m.APIKey = text(productionKey) }), nil,
			set(func(s *settings) {
				s.apiKey, s.baseURL, s.environment = productionKey, client.ProductionURL, production
			}),
		},
		"all from the environment": {
			model(func(m *providerModel) { m.APIKey = types.StringNull() }),
			map[string]string{"RUNA_API_KEY": "sesame", "RUNA_ENVIRONMENT": "production"},
			set(func(s *settings) { s.apiKey, s.baseURL, s.environment = "sesame", client.ProductionURL, production }),
		},
		"base URL from the environment": {
			minimal,
			map[string]string{"RUNA_BASE_URL": "http://127.0.0.1:8484/v2"},
			set(func(s *settings) { s.baseURL = "http://127.0.0.1:8484/v2" }),
		},
		"the block wins": {
			model(func(m *providerModel) { m.Environment, m.BaseURL = text("playground"), text("http://localhost:1/v2") }),
			map[string]string{"RUNA_API_KEY": productionKey, "RUNA_ENVIRONMENT": "production", "RUNA_BASE_URL": client.ProductionURL},
			set(func(s *settings) { s.baseURL = "http://localhost:1/v2" }),
		},
		"any key for a sandbox": {
			model(func(m *providerModel) { m.APIKey, m.BaseURL = text(productionKey), text("https://runa.test/v2") }), nil,
			set(func(s *settings) {
				s.apiKey, s.baseURL, s.environment = productionKey, "https://runa.test/v2", production
			}),
		},
		"a key of nowhere, told where": {
			model(func(m *providerModel) { m.APIKey, m.Environment = text("sesame"), text("playground") }), nil,
			set(func(s *settings) { s.apiKey = "sesame" }),
		},
		"everything set": {
			model(func(m *providerModel) {
				m.APIVersion, m.OrdersPerMinute, m.TagOrders = text("2026-09-08"), types.NumberValue(big.NewFloat(60)), types.BoolValue(false)
				m.RequestTimeout = timetypes.NewGoDurationValue(time.Second)
				m.Headers = types.MapValueMust(types.StringType, map[string]attr.Value{"X-Send-Email": text("true")})
				m.SpendLimit = types.MapValueMust(types.NumberType, map[string]attr.Value{"USD": types.NumberValue(big.NewFloat(99.5))})
				m.ValidateCatalog, m.RequireBalance, m.StoreLinks = types.BoolValue(false), types.BoolValue(true), types.BoolValue(false)
			}), nil,
			set(func(s *settings) {
				s.apiVersion, s.ordersPerMinute, s.tagOrders, s.requestTimeout = "2026-09-08", 60, false, time.Second
				s.headers = map[string]string{"X-Send-Email": "true"}
				s.spendLimit = map[string]decimal.Decimal{"USD": decimal.RequireFromString("99.5")}
				s.validateCatalog, s.requireBalance, s.storeLinks = false, true, false
			}),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, known, diags := test.model.settings(t.Context(), func(name string) string { return test.env[name] })
			if !known || len(diags) > 0 {
				t.Fatalf("settings(): known %t, diagnostics %v, want true and none", known, diags)
			}
			if !cmp.Equal(got, test.want, cmp.AllowUnexported(settings{})) { // decimals have an Equal of their own
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestDefaultRate(t *testing.T) {
	if purchase.DefaultOrdersPerMinute != 300 {
		t.Errorf("DefaultOrdersPerMinute = %d, want 300, as the description says", purchase.DefaultOrdersPerMinute)
	}
}

// TestUnknownSettings: each setting may come from another resource. Then the
// provider waits, and refuses nothing.
func TestUnknownSettings(t *testing.T) {
	for name := range providerSchema.Attributes {
		t.Run(name, func(t *testing.T) {
			if done := newReader(t, nil).configure(attrs{name: unknown}); len(done.diags) > 0 {
				t.Errorf("errors %q, warnings %q, want none", done.errors(), done.warnings())
			}
		})
	}
	t.Run("within headers", func(t *testing.T) {
		if done := newReader(t, nil).configure(attrs{"headers": attrs{"X-A": unknown}}); len(done.diags) > 0 {
			t.Errorf("errors %q, warnings %q, want none", done.errors(), done.warnings())
		}
	})
}

// TestConfiguringSendsNothing watches for so much as a connection.
func TestConfiguringSendsNothing(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(sandbox.New(sandbox.Options{Products: 1}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	url := server.URL + "/v2"

	readerOf(t, &testSandbox{URL: url}, nil)
	newReader(t, nil).configure(attrs{"api_key": playgroundKey, "base_url": url, "request_timeout": "1ms"})
	if got := connections.Load(); got != 0 {
		t.Fatalf("configuring made %d connections, want none", got)
	}
	// The watch itself works.
	readerOf(t, &testSandbox{URL: url}, nil).read("runa_product", attrs{"code": "ACME-US"})
	if connections.Load() == 0 {
		t.Error("a read made no connection, want one")
	}
}

// TestSettingsReachTheWire follows settings to what a server sees.
func TestSettingsReachTheWire(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	r := readerOf(t, &testSandbox{URL: server.URL}, attrs{"api_version": "2026-09-08", "headers": attrs{"X-Send-Email": "true"}})
	r.read("runa_product", attrs{"code": "ACME-US"})
	for name, want := range map[string]string{
		"X-Api-Key": sandbox.Key, "X-Api-Version": "2026-09-08", "X-Send-Email": "true",
		"User-Agent": "terraform-provider-runa/test (+https://github.com/runa-community/terraform-provider-runa) Terraform/1.99.0",
	} {
		if got.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Get(name), want)
		}
	}
}

func TestUserAgentOfAnUnknownCLI(t *testing.T) {
	if got := userAgent("1.2.3", ""); !strings.HasSuffix(got, "Terraform/unknown") {
		t.Errorf("userAgent() = %q, want Terraform/unknown at its end", got)
	}
}

func TestEndpoint(t *testing.T) {
	for address, want := range map[string]string{
		client.ProductionURL:            "Runa's production (https://api.runa.io/v2)",
		"https://PLAYGROUND.runa.io/v2": "Runa's playground (https://PLAYGROUND.runa.io/v2)",
		"http://127.0.0.1:8484/v2":      "http://127.0.0.1:8484/v2",
	} {
		if got := (&settings{baseURL: address}).endpoint(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
