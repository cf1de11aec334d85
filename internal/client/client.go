package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client calls one Runa environment with one API key. It is safe for
// concurrent use and keeps its connections open.
type Client struct {
	config Config
	base   *url.URL
	http   *http.Client
	clock  clock
}

// Config says where and how a Client calls. The zero value of every field but
// BaseURL and APIKey has a working default.
type Config struct {
	// BaseURL is the API's root with its path, such as https://api.runa.io/v2.
	// Plain http is accepted on loopback addresses only.
	BaseURL string
	// APIKey is sent as X-Api-Key (AUTH).
	APIKey string
	// APIVersion is sent as X-Api-Version (VER). Default: DefaultAPIVersion.
	APIVersion string
	// UserAgent is sent as User-Agent.
	UserAgent string
	// Headers are sent with every request, such as the playground's
	// X-Trigger-Error (PLAY). They cannot replace a header of the client's own. Their
	// values are secrets: no error shows them.
	Headers map[string]string
	// RequestTimeout bounds one request from dialling to the last byte of its
	// answer. Default: DefaultRequestTimeout.
	RequestTimeout time.Duration
	// ReadTries is how often a read is tried when the network or Runa fails it.
	// Orders are never repeated here. Default: 4.
	ReadTries int
	// Observe, where set, is told of every request after its end.
	Observe func(context.Context, Exchange)
	// ObserveOdd, where set, is told of fields that an answer has in a form that Runa
	// does not document, and that were left out.
	ObserveOdd func(context.Context, Oddity)
}

const (
	// ProductionURL is the root of Runa's production environment.
	ProductionURL = "https://api.runa.io/v2"
	// PlaygroundURL is the root of Runa's playground.
	PlaygroundURL = "https://playground.runa.io/v2"
	// DefaultAPIVersion is the dated version of the API this client was written for.
	DefaultAPIVersion = "2024-02-05"
	// DefaultRequestTimeout is longer than the half minute after which Runa's
	// gateway gives up, so that Runa's word comes before ours.
	DefaultRequestTimeout = 60 * time.Second

	defaultReadTries = 4
	pooledPerHost    = 64
)

// ErrInsecureURL is returned by New for a plain http address that is not on
// this machine: it would send the API key in the clear.
var ErrInsecureURL = errors.New("plain http is allowed on loopback addresses only")

// New checks config and makes no network call.
func New(config Config) (*Client, error) {
	base, err := parseBase(config.BaseURL)
	if err != nil {
		return nil, err
	}
	if config.APIVersion == "" {
		config.APIVersion = DefaultAPIVersion
	}
	if config.RequestTimeout <= 0 {
		config.RequestTimeout = DefaultRequestTimeout
	}
	if config.ReadTries <= 0 {
		config.ReadTries = defaultReadTries
	}
	return &Client{config: config, base: base, http: &http.Client{
		Transport: pooled(),
		// A redirect would carry the key, and perhaps an order, to a place nobody named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// pooled is net/http's default transport, but keeps far more connections to one
// host than its two: a run has dozens of calls in flight.
func pooled() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        pooledPerHost,
		MaxIdleConnsPerHost: pooledPerHost,
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
}

// BaseURL is the root this client calls, for messages.
func (c *Client) BaseURL() string { return c.base.String() }

func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimRight(text, "/"))
	if err != nil {
		// url.Parse's own error repeats the text, which may hold a password.
		return nil, errors.New("not a URL")
	}
	if base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("want https://HOST/PATH, without user, query or fragment")
	}
	switch base.Scheme {
	case "https":
		return base, nil
	case "http":
		if !loopback(base.Hostname()) {
			return nil, ErrInsecureURL
		}
		return base, nil
	default:
		return nil, fmt.Errorf("scheme %q is neither https nor http", base.Scheme)
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Account tells two accounts apart, and two environments, without revealing a
// key: a short digest of both the address and the key.
func (c *Client) Account() string {
	sum := sha256.Sum256([]byte(c.base.String() + "\n" + c.config.APIKey))
	return hex.EncodeToString(sum[:8])
}
