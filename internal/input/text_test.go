package input

import (
	"strings"
	"testing"
	"unicode"
)

// check runs a table of texts and their flaws.
func check(t *testing.T, find func(string) string, tests map[string]string) {
	t.Helper()
	for text, want := range tests {
		if got := find(text); got != want {
			t.Errorf("%q %s, want %q", text, got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	check(t, Text, map[string]string{
		"": "", "campaign": "", "spring survey": "", "Café, № 7 — “spring”": "", "景品 春": "",
		" a": "has a space at its start", "a ": "has a space at its end", "a\n": "has a line end at its end", "\ta": "has a tab at its start",
		"a\nb": "has a line end at position 2", "a\tb": "has a tab at position 2",
		"a\u00a0b": "has a blank (U+00A0) at position 2", "ab\u3000": "has a blank (U+3000) at its end",
		"\ufeffa": "has an invisible character (U+FEFF) at position 1", "é\u200b": "has an invisible character (U+200B) at position 2",
		"a\x00": "has an invisible character (U+0000) at position 2", "a\xffb": "has bytes that are not UTF-8 at position 2", "a\ufffdb": "",
	})
}

// TestNothingUnseen: whatever Unicode calls a blank, a control, a format or ignorable is
// found, at every place; and no letter or digit is.
func TestNothingUnseen(t *testing.T) {
	t.Parallel()
	unseen := []*unicode.RangeTable{
		unicode.White_Space, unicode.Z, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Join_Control,
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue // surrogates are no characters
		}
		hidden := unicode.In(r, unseen...) || r == '\u2800'
		for _, text := range []string{string(r) + "ab", "a" + string(r) + "b", "ab" + string(r)} {
			if got := Word(text); (got != "") != hidden {
				t.Fatalf("Word(%q) = %q, want a flaw because of %U: %t", text, got, r, hidden)
			}
		}
	}
}

func TestWord(t *testing.T) {
	t.Parallel()
	check(t, Word, map[string]string{
		"ACME-US": "", "P2C-US": "", "": "is empty", " ": "has a space at its end", "ACME US": "has a space at position 5", "ACME-US\r\n": "has a line end at position 8",
	})
}

func TestSetting(t *testing.T) {
	t.Parallel()
	check(t, Setting, map[string]string{
		"": "", "production": "", `"`: "",
		`"production"`: "has quotation marks around it, which are for a shell and no part of the value",
		`'production'`: "has quotation marks around it, which are for a shell and no part of the value",
		"production\n": "has a line end at its end", "\ufeffproduction": "has an invisible character (U+FEFF) at position 1", `'production"`: "",
	})
}

func TestKey(t *testing.T) {
	t.Parallel()
	check(t, Key, map[string]string{
		"spring-26/w-001": "", "~!": "", "": "is empty", "spring 26": "has a space at position 7", "spring\u200b": "has an invisible character (U+200B) at position 7",
		"frühling": "has a character that is not allowed at position 3", "a\x7f": "has an invisible character (U+007F) at position 2",
	})
}

func TestReference(t *testing.T) {
	t.Parallel()
	check(t, Reference, map[string]string{
		"driver-77": "", "a.b_c@d": "", "": "is empty", "driver 77": "has a space at position 7", "driver#77": "has a character that is not allowed at position 7",
		"dríver": "has a character that is not allowed at position 3", "driver;": "has a semicolon at its end",
	})
}

func TestEmail(t *testing.T) {
	t.Parallel()
	check(t, Email, map[string]string{
		"ana@example.test": "", "a@b.co": "", "o'brien+gifts/2@mail.example.com": "", "!#$%&*=?^_`{|}~-@a-b.example": "", "josé@exämple.es": "", "用户@例子.中国": "", "a@xn--bcher-kva.example": "",
		strings.Repeat("a", 64) + "@b.co": "", "1@2.c3": "",

		"": "is empty", "mailto:ana@example.test": "begins with mailto:", "MailTo:ana@example.test": "begins with mailto:",
		"ana@example.test;": "has a semicolon at its end", "ana@example.test,": "has a comma at its end", "ana@example.test>": "has an angle bracket at its end",
		"<ana@example.test>": "has an angle bracket at its start", "Ana <ana@example.test>": "has a space at position 4", "ana@example.test, bo@example.test": "has a space at position 18",
		"ana@example.test;bo@example.test": "has a semicolon at position 17", `"ana"@example.test`: "has a quotation mark at its start",
		"ana@example.test ": "has a space at its end", "ana@example.test\u00a0": "has a blank (U+00A0) at its end", "\u200bana@example.test": "has an invisible character (U+200B) at position 1",
		"\ufeffana@example.test": "has an invisible character (U+FEFF) at position 1", "an\u00ada@example.test": "has an invisible character (U+00AD) at position 3",
		"ana": "has no @", "ana@bo@example.test": "has more than one @", "@example.test": "has nothing before its @", "ana@": "has nothing after its @",
		"ana..b@example.test": "has two dots in a row", "ana@example..test": "has two dots in a row", ".ana@example.test": "has a dot at its start",
		"ana.@example.test": "has a dot beside its @", "ana@.example.test": "has a dot beside its @", "ana@example.test.": "has a dot at its end", "ana@example": "has no dot after its @",
		"ana@-a.test": "has a hyphen beside a dot, beside its @ or at its end", "ana@a.test-": "has a hyphen beside a dot, beside its @ or at its end",
		"ana@a_b.test": "has a character after its @ that no domain has", "ana@a.test'": "has a character after its @ that no domain has", "ana@127.0.0.1": "ends in a number, as no domain does",
		"ana@[127.0.0.1]":                       "has a square bracket at position 5",
		strings.Repeat("a", 65) + "@b.co":       "has more than 64 characters before its @",
		"a@" + strings.Repeat("b", 64) + ".co":  "has more than 63 characters between two dots",
		"a@" + strings.Repeat("b.", 130) + "co": "has more than 254 characters",
	})
}

// TestFlawsShowNothing: what is wrong is said without a piece of the text.
func TestFlawsShowNothing(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"zebra@zebra", "zebra zebra@zebra.test", "<zebra@zebra.test>", "zebra@zebra.test;", "zébra", "zebra\u200b", "zebra@zebra..test", "zebra@zebra_zebra.test"} {
		for _, find := range []func(string) string{Text, Word, Setting, Key, Reference, Email} {
			if flaw := find(broken); strings.Contains(flaw, "zebra") || strings.Contains(flaw, "é") {
				t.Errorf("the flaw of %q is %q, want it without a piece of the text", broken, flaw)
			}
		}
	}
}
