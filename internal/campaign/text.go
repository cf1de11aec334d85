package campaign

import (
	"iter"
	"maps"
	"regexp"
	"strings"
	"unicode"
)

func mapKeys(m map[string]bool) iter.Seq[string] { return maps.Keys(m) }

// wrongText says what is wrong with a code or id of Runa's, without showing it.
func wrongText(text string) string {
	switch {
	case text == "":
		return ""
	case strings.TrimSpace(text) != text:
		return "has a space at its beginning or end"
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "has a space or an invisible character in it"
	}
	return ""
}

var isAddress = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)

// wrongAddress says what is wrong with an e-mail address, without showing it.
func wrongAddress(address string) string {
	if text := wrongText(address); text != "" {
		return text
	}
	if !isAddress.MatchString(address) {
		return "is not an e-mail address"
	}
	return ""
}
