package sandbox

import (
	"net/url"
	"regexp"
	"strings"
)

// What a page must not show to somebody who looks over a shoulder: links that are
// as good as money, people, keys.
var (
	linkShape  = regexp.MustCompile(`(?i)\bhttps?://[^\s"'<>]+`)
	keyShape   = regexp.MustCompile(`(?i)\b(XX|wg)[A-Za-z0-9_-]*\.[A-Za-z0-9._~+/=-]+`)
	emailShape = regexp.MustCompile(`[^\s"'<>@,;:=&?/]+@[^\s"'<>@,;:=&?/]+`)
)

// masked is a text of somebody else's, without what it must not show.
func (s *Sandbox) masked(text string) string {
	for _, key := range s.options.APIKeys {
		text = strings.ReplaceAll(text, key, maskedKey(key))
	}
	text = linkShape.ReplaceAllStringFunc(text, maskedLink)
	text = keyShape.ReplaceAllStringFunc(text, maskedKey)
	return emailShape.ReplaceAllStringFunc(text, maskedEmail)
}

// maskedLink is a link's host alone.
func maskedLink(link string) string {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" {
		return "…"
	}
	return parsed.Hostname() + "/…"
}

// maskedEmail is an address's domain alone.
func maskedEmail(address string) string {
	return "…" + address[strings.LastIndex(address, "@"):]
}

// maskedKey is the two letters of an API key that tell the environment.
func maskedKey(key string) string {
	return key[:min(len(key), 2)] + "…"
}

// shownParameters are the ones of the API; others may be anything.
var shownParameters = []string{"limit", "before", "after", "currency", "is_orderable", "countries_redeemable_in", "categories", "content"}

// maskedQuery is a query's known parameters, and of the others only that they are
// there.
func (s *Sandbox) maskedQuery(raw string) string {
	query, _ := url.ParseQuery(raw) // what can be read of it is enough
	var parts []string
	for _, name := range shownParameters {
		for _, value := range query[name] {
			parts = append(parts, name+"="+s.masked(value))
		}
		query.Del(name)
	}
	if len(query) > 0 {
		parts = append(parts, "…")
	}
	return strings.Join(parts, "&")
}
