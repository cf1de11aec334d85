package sandbox

import (
	"net/url"
	"regexp"
	"strings"
)

// What a page must not show to somebody who looks over a shoulder: links that are
// as good as money, people, keys. An idempotency key may be any text, so these look
// for it there by its shape.
var (
	linkShape  = regexp.MustCompile(`(?i)https?:/[^\s"'<>]*|(?:[a-z0-9-]+\.)*runa\.io/[^\s"'<>]*`)
	keyShape   = regexp.MustCompile(`(?i)(XX|wg)[A-Za-z0-9_-]*\.[A-Za-z0-9._~+/=-]+`)
	emailShape = regexp.MustCompile(`(?:"[^"]*"|[^\s"<>@,;:])+@[^\s"'<>@,;:=&?/]+`)
)

// masked is a text of somebody else's, without what it must not show. What hides there
// behind escapes, once or twice, is shown without them.
func (s *Sandbox) masked(text string) string {
	plain := text
	for range 3 {
		if less := s.maskedPlain(plain); less != plain {
			return less
		}
		var err error
		if plain, err = url.PathUnescape(plain); err != nil {
			break
		}
	}
	return text
}

func (s *Sandbox) maskedPlain(text string) string {
	for _, key := range s.options.APIKeys {
		if key != "" {
			text = strings.ReplaceAll(text, key, maskedKey(key))
		}
	}
	text = linkShape.ReplaceAllStringFunc(text, maskedLink)
	text = keyShape.ReplaceAllStringFunc(text, maskedKey)
	return emailShape.ReplaceAllStringFunc(text, maskedEmail)
}

// maskedLink is a link's host alone.
func maskedLink(link string) string {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" {
		return untold
	}
	return parsed.Hostname() + "/" + untold
}

// maskedEmail is an address's domain alone.
func maskedEmail(address string) string {
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return untold
	}
	return untold + address[at:]
}

// maskedKey is the two letters of an API key that tell the environment, where it has
// them.
func maskedKey(key string) string {
	for _, prefix := range []string{"XX", "xx", productionPrefix} {
		if strings.HasPrefix(key, prefix) {
			return prefix + untold
		}
	}
	return untold
}
