package provider

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// A secret is a value that must not show. What is found of it is either the whole
// value or its core, the part that is secret by itself.
type secret struct {
	name  string
	kind  secretKind
	value string
	core  string // "" for none
}

type secretKind string

// exhibit is a text to search for secrets.
type exhibit struct {
	name  string
	kind  string
	text  string
	holds []secretKind // what it is meant to hold
}

// hit is a secret that shows.
type hit struct {
	exhibit string
	secret  string
	how     string // how it is written down
	around  string
}

func (h hit) String() string {
	return fmt.Sprintf("%s shows the %s (%s): …%s…", h.exhibit, h.secret, h.how, h.around)
}

// scan finds secrets in texts, however they are written down there: it takes off, one
// after the other, every wrapping that a value may be in, and looks at what is inside.
// Each secret of a text is reported once.
func scan(exhibits []exhibit, secrets []secret) (hits []hit) {
	f := newFinder(secrets)
	for _, e := range exhibits {
		found := map[string]hit{}
		f.peel([]byte(e.text), nil, func(s secret, how, around string) {
			if _, known := found[s.name]; !known && !slices.Contains(e.holds, s.kind) {
				found[s.name] = hit{e.name, s.name, how, around}
			}
		})
		for _, name := range slices.Sorted(maps.Keys(found)) {
			hits = append(hits, found[name])
		}
	}
	return hits
}

// finder finds many values in one pass. Capital letters do not matter.
type finder struct {
	needles []needle
	starts  map[uint64][]int
	maybe   []bool // by a hash of eight bytes
}

type needle struct {
	secret secret
	folded []byte
}

// shortest is how long a value must be, for chance not to find it.
const shortest = 12

func newFinder(secrets []secret) *finder {
	f := &finder{starts: map[uint64][]int{}, maybe: make([]bool, 1<<16)}
	for _, s := range secrets {
		for _, value := range []string{s.value, s.core} {
			if value == "" {
				continue
			}
			if len(value) < shortest || strings.ContainsAny(value, " \t\n") {
				panic(fmt.Sprintf("the %s is too short to be told from chance, or may be broken over two lines: %q", s.name, value))
			}
			folded := fold([]byte(value))
			start := binary.LittleEndian.Uint64(folded)
			f.starts[start] = append(f.starts[start], len(f.needles))
			f.maybe[hashed(start)] = true
			f.needles = append(f.needles, needle{s, folded})
		}
	}
	return f
}

func hashed(start uint64) uint64 { return start * 0x9e3779b97f4a7c15 >> 48 }

// in reports every value that is in a text, with what is around it.
func (f *finder) in(text []byte, report func(s secret, around string)) {
	folded := fold(text)
	for i := 0; i+8 <= len(folded); i++ {
		start := binary.LittleEndian.Uint64(folded[i:])
		if !f.maybe[hashed(start)] {
			continue
		}
		for _, at := range f.starts[start] {
			if n := f.needles[at]; bytes.HasPrefix(folded[i:], n.folded) {
				report(n.secret, fmt.Sprintf("%q", text[max(0, i-60):min(len(text), i+len(n.folded)+60)]))
			}
		}
	}
}

// wrapped is how many wrappings are taken off: base64 of JSON in JSON is three.
const wrapped = 3

// peel searches a text, and what is in each of its wrappings.
func (f *finder) peel(text []byte, within []string, report func(s secret, how, around string)) {
	how := "plain"
	if len(within) > 0 {
		how = strings.Join(within, " in ")
	}
	f.in(text, func(s secret, around string) { report(s, how, around) })
	if len(within) == wrapped {
		return
	}
	for _, w := range wrappings {
		if inner := w.open(text); len(inner) > 0 {
			f.peel(inner, append([]string{w.name}, within...), report)
		}
	}
}

// wrappings are the ways of writing a value down in which it does not look like
// itself. Each is opened wherever it may occur in a text, at the price of noise where
// it does not.
var wrappings = []struct {
	name string
	open func(text []byte) []byte
}{
	{"backslashes", inLines('\\', unescape)},
	{"URL", inLines('%', unpercent)},
	{"HTML", inLines('&', func(line []byte) []byte { return []byte(html.UnescapeString(string(line))) })},
	{"hex", unhex},
	{"base64", unbase64},
	{"a list of bytes", unlist},
}

// inLines opens the lines that have a mark in them, and leaves out the rest.
func inLines(mark byte, open func(line []byte) []byte) func(text []byte) []byte {
	return func(text []byte) (opened []byte) {
		for {
			at := bytes.IndexByte(text, mark)
			if at < 0 {
				return opened
			}
			line := text[bytes.LastIndexByte(text[:at], '\n')+1:]
			if end := bytes.IndexByte(line, '\n'); end >= 0 {
				line, text = line[:end], line[end+1:]
			} else {
				text = nil
			}
			opened = append(append(opened, open(line)...), '\n')
		}
	}
}

// unescape undoes the backslashes of JSON and of Go.
func unescape(line []byte) []byte {
	plain := make([]byte, 0, len(line))
	for len(line) > 0 {
		if line[0] != '\\' || len(line) == 1 {
			plain, line = append(plain, line[0]), line[1:]
			continue
		}
		digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[line[1]]
		if code, ok := hexNumber(line[2:], digits); ok && digits == 2 {
			plain, line = append(plain, byte(code)), line[4:]
		} else if ok {
			plain, line = utf8.AppendRune(plain, rune(code)), line[2+digits:]
		} else {
			plain, line = append(plain, line[1]), line[2:]
		}
	}
	return plain
}

// unpercent undoes the escapes of URLs.
func unpercent(line []byte) []byte {
	plain := make([]byte, 0, len(line))
	for len(line) > 0 {
		if code, ok := hexNumber(line[1:], 2); ok && line[0] == '%' {
			plain, line = append(plain, byte(code)), line[3:]
		} else {
			plain, line = append(plain, line[0]), line[1:]
		}
	}
	return plain
}

func hexNumber(text []byte, digits int) (uint64, bool) {
	if digits == 0 || len(text) < digits {
		return 0, false
	}
	code, err := strconv.ParseUint(string(text[:digits]), 16, 32)
	return code, err == nil
}

// base64Values gives each letter of both alphabets its value, and −1 to other bytes.
var base64Values = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i, letter := range []byte(letters) {
		values[letter] = int8(i)
	}
	values['-'], values['_'] = 62, 63
	return values
}()

// unbase64 opens everything that may be base64. Letters that stand before a value may
// belong to it or not, so each of the four ways to divide a run is tried.
func unbase64(text []byte) (opened []byte) {
	runs(text, base64Values[:], 16, func(run []byte) {
		for from := range 4 {
			bits, count := uint32(0), 0
			for _, letter := range run[from:] {
				bits, count = bits<<6|uint32(base64Values[letter]), count+6
				if count >= 8 {
					count -= 8
					opened = append(opened, byte(bits>>count))
				}
			}
			opened = append(opened, '\n')
		}
	})
	return opened
}

var hexValues = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
		if code, err := strconv.ParseUint(string([]byte{byte(i)}), 16, 8); err == nil {
			values[i] = int8(code)
		}
	}
	return values
}()

// unhex opens everything that may be hexadecimal digits, from the first and from the
// second digit on.
func unhex(text []byte) (opened []byte) {
	runs(text, hexValues[:], 2*shortest, func(run []byte) {
		for from := range 2 {
			for i := from; i+1 < len(run); i += 2 {
				opened = append(opened, byte(hexValues[run[i]]<<4|hexValues[run[i+1]]))
			}
			opened = append(opened, '\n')
		}
	})
	return opened
}

// runs calls visit with every longest run of letters that have a value.
func runs(text []byte, values []int8, least int, visit func(run []byte)) {
	for start := 0; start < len(text); start++ {
		if values[text[start]] < 0 {
			continue
		}
		end := start
		for end < len(text) && values[text[end]] >= 0 {
			end++
		}
		if end-start >= least {
			visit(text[start:end])
		}
		start = end
	}
}

// unlist opens lists of bytes, as fmt writes them: 123 34 or 7b 22 or 0x7b, 0x22.
func unlist(text []byte) (opened []byte) {
	decimal, hexadecimal := byteList{base: 10}, byteList{base: 16}
	for i := 0; i < len(text); i++ {
		end := i
		for end < len(text) && (hexValues[text[end]] >= 0 || text[end] == 'x') {
			end++
		}
		switch word := text[i:end]; {
		case len(word) > 0:
			opened = decimal.take(word, opened)
			opened = hexadecimal.take(bytes.TrimPrefix(word, []byte("0x")), opened)
			i = end - 1
		case text[i] != ' ' && text[i] != ',' && text[i] != '+': // + is a space in a query
			opened = hexadecimal.end(decimal.end(opened))
		}
	}
	return hexadecimal.end(decimal.end(opened))
}

// byteList is a list of numbers while it is being read.
type byteList struct {
	base int
	read []byte
}

// take reads one more number, or ends the list where the word is none.
func (l *byteList) take(word, opened []byte) []byte {
	code := 0
	for _, digit := range word[:min(len(word), 4)] {
		value := int(hexValues[digit])
		if value < 0 || value >= l.base {
			return l.end(opened)
		}
		code = code*l.base + value
	}
	if len(word) == 0 || len(word) > 3 || code > 0xff {
		return l.end(opened)
	}
	l.read = append(l.read, byte(code))
	return opened
}

// end adds a list that is long enough to what was opened.
func (l *byteList) end(opened []byte) []byte {
	if len(l.read) >= shortest {
		opened = append(append(opened, l.read...), '\n')
	}
	l.read = l.read[:0]
	return opened
}

// fold makes small letters of capital ones.
func fold(text []byte) []byte {
	folded := make([]byte, len(text))
	for i, letter := range text {
		if 'A' <= letter && letter <= 'Z' {
			letter += 'a' - 'A'
		}
		folded[i] = letter
	}
	return folded
}

// covered stands for what a CLI's JSON says is sensitive.
const covered = "(sensitive)"

// uncover takes out of a CLI's JSON (a plan, a state, outputs, or a state file) every
// value that the JSON itself marks as sensitive, and leaves the rest as it is.
func uncover(text string) (string, error) {
	var node any
	if err := json.Unmarshal([]byte(text), &node); err != nil {
		return "", err
	}
	markReplaced(node)
	var left bytes.Buffer
	encoder := json.NewEncoder(&left)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(withoutMarked(node))
	return left.String(), err
}

// markReplaced adds the marks that CLIs forget: where a resource is to be replaced, a
// plan's planned_values lack the marks of its schema, which they have where it is to be
// created. The same plan has them in the change of that resource.
func markReplaced(node any) {
	marks := map[any]any{}
	for _, change := range descend(node, "resource_changes") {
		marks[at(change, "address")] = at(change, "change", "after_sensitive")
	}
	for _, planned := range descend(node, "planned_values", "root_module", "resources") {
		if fields, ok := planned.(map[string]any); ok {
			fields["values"] = withoutTrue(fields["values"], marks[fields["address"]])
		}
	}
}

// at is what JSON has at the end of some names, nil for nothing.
func at(node any, names ...string) any {
	for _, name := range names {
		fields, _ := node.(map[string]any)
		node = fields[name]
	}
	return node
}

// descend gives the list that JSON has at the end of some names.
func descend(node any, names ...string) []any {
	list, _ := at(node, names...).([]any)
	return list
}

// withoutMarked looks for marks at every depth.
func withoutMarked(node any) any {
	switch n := node.(type) {
	case map[string]any:
		for value, marks := range map[string]string{"values": "sensitive_values", "before": "before_sensitive", "after": "after_sensitive"} {
			if marks, ok := n[marks]; ok {
				n[value] = withoutTrue(n[value], marks)
			}
		}
		if n["sensitive"] == true {
			n["value"] = covered
		}
		paths, _ := n["sensitive_attributes"].([]any)
		for _, path := range paths {
			n["attributes"] = withoutPath(n["attributes"], path.([]any))
		}
		for name := range n {
			n[name] = withoutMarked(n[name])
		}
	case []any:
		for i := range n {
			n[i] = withoutMarked(n[i])
		}
	}
	return node
}

// withoutTrue takes out what marks of the same shape call sensitive with a true.
func withoutTrue(node, marks any) any {
	switch m := marks.(type) {
	case bool:
		if m {
			return covered
		}
	case map[string]any:
		if n, ok := node.(map[string]any); ok {
			for name, mark := range m {
				if value, ok := n[name]; ok {
					n[name] = withoutTrue(value, mark)
				}
			}
		}
	case []any:
		if n, ok := node.([]any); ok {
			for i := range min(len(n), len(m)) {
				n[i] = withoutTrue(n[i], m[i])
			}
		}
	}
	return node
}

// withoutPath takes out what is at the end of a state file's path.
func withoutPath(node any, path []any) any {
	if len(path) == 0 {
		return covered
	}
	key := path[0].(map[string]any)["value"]
	if wrapped, ok := key.(map[string]any); ok {
		key = wrapped["value"]
	}
	switch n := node.(type) {
	case map[string]any:
		if value, ok := n[fmt.Sprint(key)]; ok {
			n[fmt.Sprint(key)] = withoutPath(value, path[1:])
		}
	case []any:
		if at, ok := key.(float64); ok && int(at) < len(n) {
			n[int(at)] = withoutPath(n[int(at)], path[1:])
		}
	}
	return node
}

// spellings are the ways in which programs write a value down. The scan finds each, and
// each within each other.
var spellings = map[string]func(string) string{
	"plain":            func(s string) string { return s },
	"in a query":       url.QueryEscape,
	"in a path":        url.PathEscape,
	"in HTML":          html.EscapeString,
	"in JSON":          func(s string) string { return inJSON(s, true) },
	"in plain JSON":    func(s string) string { return inJSON(s, false) },
	"%q":               strconv.Quote,
	"%+q":              strconv.QuoteToASCII,
	"base64":           func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 of URLs":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 of a body": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(`{"a":"` + s + `"}`)) },
	"hex":              func(s string) string { return hex.EncodeToString([]byte(s)) },
	"% x":              func(s string) string { return fmt.Sprintf("% x", s) },
	"%v of bytes":      func(s string) string { return fmt.Sprintf("%d", []byte(s)) },
	"%#v of bytes":     func(s string) string { return fmt.Sprintf("%#v", []byte(s)) },
}

func inJSON(text string, escapeHTML bool) string {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(escapeHTML)
	if err := encoder.Encode(text); err != nil {
		panic(err) // a string always can be
	}
	return strings.Trim(quoted.String(), "\n")
}

// TestScanFindsSecrets is what makes finding nothing mean something: every canary is
// found in every spelling, at every place, and in two spellings at once.
func TestScanFindsSecrets(t *testing.T) {
	t.Parallel()
	body := secret{name: "body", value: `{"items":[{"email_address":"` + canaries["e-mail address"].value + `"}],"face_value":10}`}
	secrets := append(allCanaries(), body, linkSecrets("payout link", "https://spend.example/9d2c41f6-7a3e-5b08-9c1d-fake0canary0"))
	for _, hidden := range secrets {
		others := slices.DeleteFunc(slices.Clone(secrets), func(s secret) bool { return s.name == hidden.name || s.name == body.name })
		for outer, wrap := range spellings {
			for inner, spell := range spellings {
				for shift := range 4 {
					// Base64 that begins at any place of a longer run must be found too.
					text := "some words key=" + strings.Repeat("k", shift) + wrap(spell(hidden.value)) + " and more\n"
					exhibits := []exhibit{{name: "haystack", text: text}, {name: "stubble", text: "nothing here"}}
					if hits := scan(exhibits, []secret{hidden}); len(hits) != 1 || hits[0].exhibit != "haystack" || hits[0].secret != hidden.name {
						t.Fatalf("%s, %s of %s: scan() = %v, want one hit in haystack, of %s", hidden.name, outer, inner, hits, text)
					}
					if hits := scan(exhibits, others); hidden.name != body.name && len(hits) != 0 {
						t.Fatalf("%s, %s of %s: scan() for others = %v, want no hit", hidden.name, outer, inner, hits)
					}
				}
			}
		}
		if hidden.core == "" {
			continue
		}
		if hits := scan([]exhibit{{text: "…/" + strings.ToUpper(hidden.core) + "…"}}, secrets); len(hits) == 0 {
			t.Errorf("scan() for the core of the %s = no hit, want one", hidden.name)
		}
	}
}

// TestScanLeavesOut: what a text is meant to hold is no hit, and everything else is.
func TestScanLeavesOut(t *testing.T) {
	t.Parallel()
	person, key := canaries["e-mail address"], canaries["API key"]
	text := person.value + " " + key.value
	hits := scan([]exhibit{{name: "plan", text: text, holds: []secretKind{person.kind}}}, []secret{person, key})
	if len(hits) != 1 || hits[0].secret != key.name {
		t.Errorf("scan() = %v, want one hit, the %s", hits, key.name)
	}
}

// TestUncover takes out what is marked, and nothing that is not.
func TestUncover(t *testing.T) {
	t.Parallel()
	const marked, open = "fake-marked-canary", "fake-open-canary"
	secrets := []secret{{name: "marked", value: marked}, {name: "open", value: open}}
	tests := map[string]string{
		"a state":         `{"resources":[{"values":{"url":"MARKED","name":"OPEN"},"sensitive_values":{"url":true,"name":false}}]}`,
		"a plan":          `{"resource_changes":[{"change":{"before":{"a":["OPEN","MARKED"]},"before_sensitive":{"a":[false,true]},"after":{"a":["OPEN"]},"after_sensitive":{}}}]}`,
		"a whole value":   `{"resource_drift":[{"change":{"before":null,"after":{"a":"MARKED"},"after_sensitive":true}}],"x":"OPEN"}`,
		"an output":       `{"outputs":{"a":{"sensitive":true,"value":["MARKED"]},"b":{"sensitive":false,"value":"OPEN"}}}`,
		"outputs changed": `{"output_changes":{"a":{"before":"MARKED","before_sensitive":true,"after":"OPEN","after_sensitive":false}}}`,
		"a state file": `{"resources":[{"instances":[{"attributes":{"p":[{"url":"OPEN"},{"url":"MARKED"}]},"sensitive_attributes":[[{"type":"get_attr","value":"p"},` +
			`{"type":"index","value":{"value":1,"type":"number"}},{"type":"get_attr","value":"url"}],[{"type":"get_attr","value":"absent"}]]}]}]}`,
		"a map in a state file": `{"attributes":{"m":{"k":"MARKED"},"n":"OPEN"},"sensitive_attributes":[[{"type":"get_attr","value":"m"},{"type":"index","value":{"value":"k","type":"string"}}]]}`,
		"a replacement": `{"planned_values":{"root_module":{"resources":[{"address":"r","values":{"a":"MARKED","b":"OPEN"},"sensitive_values":{}}]}},` +
			`"resource_changes":[{"address":"r","change":{"actions":["delete","create"],"after_sensitive":{"a":true}}}]}`,
		"more marks than values": `{"values":{"a":["MARKED"],"b":"OPEN"},"sensitive_values":{"a":[true,true],"c":true,"b":{"x":true}}}`,
	}
	for name, text := range tests {
		text = strings.NewReplacer("MARKED", marked, "OPEN", open).Replace(text)
		left, err := uncover(text)
		if err != nil {
			t.Fatalf("%s: uncover() = error %v, want none", name, err)
		}
		if hits := scan([]exhibit{{text: left}}, secrets); len(hits) != 1 || hits[0].secret != "open" {
			t.Errorf("%s: scan() after uncover() = %v, want only the open value in %s", name, hits, left)
		}
		if hits := scan([]exhibit{{text: text}}, secrets); len(hits) != 2 {
			t.Errorf("%s: scan() = %v, want both values in %s", name, hits, text)
		}
	}
}
