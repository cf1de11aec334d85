package input

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Text finds what nobody sees: blanks at the ends of a text, and anywhere a character
// without a shape of its own, or a blank that only looks like a space.
func Text(text string) (flaw string) {
	position, last := 0, utf8.RuneCountInString(text)
	for i, r := range text {
		position++
		_, width := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && width == 1:
			return fmt.Sprintf("has bytes that are not UTF-8 at position %d", position)
		case isBlank(r) && (position == 1 || position == last || r != ' '):
			return "has " + runeName(r) + at(position, last)
		case isInvisible(r):
			return fmt.Sprintf("has an invisible character (%U) at position %d", r, position)
		}
	}
	return ""
}

// Word is Text for what is one word, such as a code: it is not empty, and has no blank
// at all.
func Word(text string) (flaw string) {
	if text == "" {
		return "is empty"
	}
	if flaw := Text(text); flaw != "" {
		return flaw
	}
	return without(text, isBlank)
}

// Setting is Word for an environment variable or a setting, which may be empty.
func Setting(text string) (flaw string) {
	if text == "" {
		return ""
	}
	if first, last := text[0], text[len(text)-1]; len(text) > 1 && first == last && (first == '"' || first == '\'') {
		return "has quotation marks around it, which are for a shell and no part of the value"
	}
	return Word(text)
}

// Key is Word for an idempotency key: printable ASCII.
func Key(text string) (flaw string) {
	if flaw := Word(text); flaw != "" {
		return flaw
	}
	return without(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// Reference is Word for a recipient's reference: letters, digits and - _ @ .
func Reference(text string) (flaw string) {
	if flaw := Word(text); flaw != "" {
		return flaw
	}
	return without(text, func(r rune) bool { return !isASCIILetter(r) && r != '-' && r != '_' && r != '@' && r != '.' })
}

// without finds the first character that must not be.
func without(text string, unwanted func(rune) bool) (flaw string) {
	position, last := 0, utf8.RuneCountInString(text)
	for _, r := range text {
		position++
		if unwanted(r) {
			return "has " + runeName(r) + at(position, last)
		}
	}
	return ""
}

func at(position, last int) string {
	switch position {
	case last:
		return " at its end"
	case 1:
		return " at its start"
	default:
		return fmt.Sprintf(" at position %d", position)
	}
}

// names are the characters that may be shown: none of them tells anything of a secret.
var names = map[rune]string{
	' ': "a space", '\t': "a tab", '\n': "a line end", '\r': "a line end",
	',': "a comma", ';': "a semicolon", ':': "a colon", '"': "a quotation mark", '\\': "a backslash", '@': "an @", '.': "a dot",
	'<': "an angle bracket", '>': "an angle bracket", '(': "a parenthesis", ')': "a parenthesis", '[': "a square bracket", ']': "a square bracket",
}

func runeName(r rune) string {
	switch name, known := names[r]; {
	case known:
		return name
	case isBlank(r):
		return fmt.Sprintf("a blank (%U)", r)
	default:
		return "a character that is not allowed"
	}
}

// isBlank goes beyond \s of regular expressions, which is ASCII only.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Z, r) }

// isInvisible finds what has no shape: controls, marks of byte order and of direction,
// joiners, fillers and variants.
func isInvisible(r rune) bool {
	const emptyBraille = '\u2800'
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == emptyBraille
}

func isASCIILetter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
