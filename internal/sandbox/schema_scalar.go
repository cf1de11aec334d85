package sandbox

import (
	"encoding/json"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
)

// text is a JSON string of at most so many characters.
func (n node) text(most int) (string, bool) {
	if !n.need() {
		return "", false
	}
	s, ok := n.value.(string)
	if !ok {
		n.refuse("string_type", "Input should be a valid string")
		return "", false
	}
	if utf8.RuneCountInString(s) > most {
		n.refuse("string_too_long", "String should have at most %d characters", most)
		return "", false
	}
	return s, true
}

// match is a JSON string of a pattern.
func (n node) match(pattern *regexp.Regexp) string {
	s, ok := n.text(maxID)
	if ok && !pattern.MatchString(s) {
		n.refuse("string_pattern_mismatch", "String should match pattern '%s'", pattern)
	}
	return s
}

// email is an address with a dot in its domain. Those under .test are fine: the
// playground takes them and sends nothing (PLAY, 9.2). That Runa refuses blanks and
// characters without a shape, as common checkers of addresses do, is D.
func (n node) email() string {
	s, ok := n.text(320)
	if !ok {
		return ""
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || !strings.Contains(s[strings.LastIndex(s, "@"):], ".") || strings.ContainsFunc(s, hidden) {
		n.refuse("value_error", "value is not a valid email address")
	}
	return s
}

// hidden is a character that is not seen in an address.
func hidden(r rune) bool { return unicode.In(r, unicode.Z, unicode.C) }

// amount is a JSON number of at least 0.01 (SPEC, 3.1). No currency has more than
// two decimals; that Runa refuses a third here is D. Floats are never made of it.
func (n node) amount() decimal.Decimal {
	if !n.need() {
		return decimal.Zero
	}
	number, ok := n.value.(json.Number)
	if !ok {
		n.refuse("float_type", "Input should be a valid number")
		return decimal.Zero
	}
	value, err := decimal.NewFromString(number.String())
	switch {
	case err != nil || value.Exponent() > money.MaxExponent || value.Exponent() < -money.MaxExponent:
		n.refuse("finite_number", "Input should be a finite number")
		return decimal.Zero
	case value.LessThan(decimal.New(1, -2)):
		n.refuse("greater_than_equal", "Input should be greater than or equal to 0.01")
	case !value.Equal(value.Truncate(2)):
		n.refuse("decimal_max_places", "Decimal input should have no more than 2 decimal places")
	}
	return value
}
