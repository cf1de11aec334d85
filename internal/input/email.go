package input

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most characters that the parts of an address have (RFC 5321, RFC 1035).
const (
	maxAddress = 254
	maxMailbox = 64
	maxLabel   = 63
)

// Email finds what keeps a text from being one address that mail can be sent to, such as
// what mail programs put around addresses. Letters of all scripts are welcome.
func Email(text string) (flaw string) {
	if strings.HasPrefix(strings.ToLower(text), "mailto:") {
		return "begins with mailto:"
	}
	if flaw := Word(text); flaw != "" {
		return flaw
	}
	if flaw := without(text, func(r rune) bool { return strings.ContainsRune(`(),:;<>[\]"`, r) }); flaw != "" {
		return flaw
	}
	mailbox, domain, _ := strings.Cut(text, "@")
	switch {
	case !strings.Contains(text, "@"):
		return "has no @"
	case strings.Contains(domain, "@"):
		return "has more than one @"
	case mailbox == "":
		return "has nothing before its @"
	case domain == "":
		return "has nothing after its @"
	case strings.Contains(text, ".."):
		return "has two dots in a row"
	case strings.HasPrefix(text, "."):
		return "has a dot at its start"
	case strings.HasSuffix(mailbox, ".") || strings.HasPrefix(domain, "."):
		return "has a dot beside its @"
	case utf8.RuneCountInString(mailbox) > maxMailbox:
		return "has more than 64 characters before its @"
	case utf8.RuneCountInString(text) > maxAddress:
		return "has more than 254 characters"
	}
	return domainFlaw(domain)
}

func domainFlaw(domain string) (flaw string) {
	if strings.HasSuffix(domain, ".") {
		return "has a dot at its end"
	}
	labels := strings.Split(domain, ".")
	if len(labels) == 1 {
		return "has no dot after its @"
	}
	for _, label := range labels {
		switch {
		case strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-"):
			return "has a hyphen beside a dot, beside its @ or at its end"
		case utf8.RuneCountInString(label) > maxLabel:
			return "has more than 63 characters between two dots"
		case strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !unicode.In(r, unicode.L, unicode.M, unicode.Nd) }):
			return "has a character after its @ that no domain has"
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return "ends in a number, as no domain does"
	}
	return ""
}
