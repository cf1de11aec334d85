package order

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// node is a value in a request's JSON, and its location. It checks the value and collects every
// problem, in Pydantic-v2 style, so that one 422 has all of them (PLAY, 5.1).
type node struct {
	value    any
	present  bool
	location []string
	problems *problems
}

// problems are what is wrong with a request, and how strictly it is read.
type problems struct {
	strict  bool // unknown members are wrong
	details []wire.Detail
}

// maxProblems is how many problems of one request are reported: a long request may have
// millions.
const maxProblems = 1000

// refuse notes a problem with this value.
func (n node) refuse(kind, format string, args ...any) {
	if len(n.problems.details) >= maxProblems {
		return
	}
	n.problems.details = append(n.problems.details, wire.Detail{Type: kind, Message: fmt.Sprintf(format, args...), Location: n.location})
}

// at is a value one step further in.
func (n node) at(step string, value any, present bool) node {
	return node{value, present, append(slices.Clone(n.location), step), n.problems}
}

// need notes a missing value. null is a value that is there, and of a wrong type.
func (n node) need() bool {
	if !n.present {
		n.refuse("missing", "Field required")
	}
	return n.present
}

// given tells whether an optional value is there and not null.
func (n node) given() bool { return n.present && n.value != nil }

// object is a JSON object with these members, where they are given. Others are passed
// over: Runa's schema does not forbid them, and its own sample has some (EFX, 14.5). A
// strict sandbox refuses them, which finds misspelt names.
func (n node) object(members ...string) (object, bool) {
	if !n.need() {
		return object{}, false
	}
	m, ok := n.value.(map[string]any)
	if !ok {
		n.refuse("model_attributes_type", "Input should be a valid dictionary or object to extract fields from")
		return object{}, false
	}
	if n.problems.strict {
		n.refuseOthers(m, members)
	}
	return object{n, m}, true
}

// refuseOthers notes the members that are not among the known ones.
func (n node) refuseOthers(m map[string]any, known []string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, name) {
			n.at(name, m[name], true).refuse("extra_forbidden", "Extra inputs are not permitted")
		}
	}
}

// object is a node that is a JSON object.
type object struct {
	node
	members map[string]any
}

// member is one of the object's values, there or not.
func (o object) member(name string) node {
	value, ok := o.members[name]
	return o.at(name, value, ok)
}

// variant is the member that says which variant the object is, "" where none does.
// It may name any of the known variants.
func variant(n node, known ...string) string {
	if !n.need() {
		return ""
	}
	m, ok := n.value.(map[string]any)
	if !ok {
		n.refuse("model_attributes_type", "Input should be a valid dictionary or object to extract fields from")
		return ""
	}
	kind, ok := m["type"]
	if !ok {
		n.refuse("union_tag_not_found", "Unable to extract tag using discriminator 'type'")
		return ""
	}
	text, ok := kind.(string)
	if !ok || !slices.Contains(known, text) {
		n.refuse("union_tag_invalid", "Input tag '%v' found using 'type' does not match any of the expected tags: '%s'",
			kind, strings.Join(known, "', '"))
		return ""
	}
	return text
}

// list is a JSON array of so many things.
func (n node) list(least, most int) []node {
	if !n.need() {
		return nil
	}
	values, ok := n.value.([]any)
	if !ok {
		n.refuse("list_type", "Input should be a valid list")
		return nil
	}
	switch {
	case len(values) < least:
		n.refuse("too_short", "List should have at least %d %s after validation, not %d", least, plural(least, "item"), len(values))
	case len(values) > most:
		n.refuse("too_long", "List should have at most %d %s after validation, not %d", most, plural(most, "item"), len(values))
		return nil // what is in it does not matter
	}
	nodes := make([]node, len(values))
	for i, v := range values {
		nodes[i] = n.at(strconv.Itoa(i), v, true)
	}
	return nodes
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

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
	if err != nil || parsed.Address != s || !strings.Contains(s[strings.LastIndex(s, "@"):], ".") || strings.ContainsFunc(s, isHidden) {
		n.refuse("value_error", "value is not a valid email address")
	}
	return s
}

// isHidden tells whether a character is not seen in an address.
func isHidden(r rune) bool { return unicode.In(r, unicode.Z, unicode.C) }

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
