package client

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Messages are for everyone who sees a run's output or its log. What Runa, or
// whatever answers in its place, quotes of a request or of an order is not.

const hidden = "(hidden)"

// hider hides what an answer may quote of its request: the client's secrets, the body,
// and who gets the rewards; and whatever else looks like an address or a link.
func hider(body []byte, secrets []string) func(text string) string {
	secrets = slices.Concat(secrets, []string{string(body)}, recipients(body))
	// A secret that another one begins with must not leave the rest of that.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, secret := range secrets {
		for _, spelling := range spellings(secret) {
			pairs = append(pairs, spelling, hidden)
		}
	}
	quoted := strings.NewReplacer(pairs...)
	return func(text string) string { return mask(quoted.Replace(text)) }
}

// secrets are what this client sends with each request and nobody else should see: the API
// key, and the values of the user's headers, which may be a gateway's tokens. Of
// "Bearer TOKEN" or of a cookie an answer may quote a part; a short part is a mere word.
func (c *Client) secrets() []string {
	const shortestPart = 8
	secrets := []string{c.config.APIKey}
	for _, value := range c.config.Headers {
		secrets = append(secrets, value)
		for _, part := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(` ,;="`, r) }) {
			if len(part) >= shortestPart {
				secrets = append(secrets, part)
			}
		}
	}
	return secrets
}

// recipients are the people an order's body names.
func recipients(body []byte) (names []string) {
	var order struct {
		Items []struct {
			To DistributionMethod `json:"distribution_method"`
		} `json:"items"`
	}
	if json.Unmarshal(body, &order) != nil {
		return nil // no order
	}
	for _, item := range order.Items {
		names = append(names, item.To.EmailAddress, item.To.RecipientReference)
	}
	return names
}

// spellings are a secret as an answer may write it. What is very short says little, and
// is part of other words.
func spellings(secret string) []string {
	const least = 4
	if len(secret) < least {
		return nil
	}
	quoted, err := json.Marshal(secret)
	if err != nil {
		return []string{secret}
	}
	return []string{secret, string(quoted[1 : len(quoted)-1]), url.QueryEscape(secret), url.PathEscape(secret)}
}

var secretText = regexp.MustCompile(`(?i)` +
	`[^\s"'<>()\[\],;:]+(?:@|%40)[^\s"'<>()\[\],;:]+` +
	`|https?(?::|%3A)(?:\\?/|%2F){2}[^\s"'<>]+` +
	`|[a-z0-9.-]*\bruna\.io(?:\\?/|%2F)[^\s"'<>]*`)

// mask hides what Runa may quote from a request: addresses of people and links.
func mask(text string) string {
	return secretText.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(strings.TrimPrefix(found, "https://"), "developer.runa.io/") {
			return found // Runa's own help pages
		}
		return hidden
	})
}

var typeShape = regexp.MustCompile(`^[a-z_-]{1,64}$`)

// shownType is an error's type for messages. One that is not a word of Runa's may be
// anything.
func shownType(kind string) string {
	if typeShape.MatchString(kind) {
		return kind
	}
	return hidden
}

var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// Unquoted puts something else in the place of everything that a text of Go's quotes: of
// an answer that is no HTTP its errors and its log quote all that was read.
func Unquoted(text, instead string) string {
	return quotedText.ReplaceAllLiteralString(text, instead)
}

// cause is an error of the network without what it quotes.
func cause(err error) string { return Unquoted(fmt.Sprint(err), hidden) }
