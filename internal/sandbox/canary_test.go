package sandbox_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// search looks for canaries, secrets that occur nowhere by chance, in every spelling
// that texts are likely to give them. It counts what it has looked through.
type search struct {
	t        *testing.T
	spelt    map[string]string // what it is, by spelling
	exact    map[string]string // the same, where capitals matter
	canaries int
	texts    int
	bytes    int
}

func newSearch(t *testing.T) *search {
	return &search{t: t, spelt: map[string]string{}, exact: map[string]string{}}
}

// and is a search for some more.
func (s *search) and(canaries ...string) *search {
	more := &search{t: s.t, spelt: maps.Clone(s.spelt), exact: maps.Clone(s.exact), canaries: s.canaries}
	more.add(canaries...)
	return more
}

// add takes canaries in.
func (s *search) add(canaries ...string) {
	for _, canary := range canaries {
		if len(canary) < 8 {
			s.t.Fatalf("%q may occur by chance, want at least 8 characters", canary)
		}
		s.canaries++
		for how, text := range escapes(canary) {
			s.spelt[strings.ToLower(text)] = canary + ", " + how
		}
		s.spelt[strings.ToLower(canary)] = canary + ", plain" // where nothing is to be escaped
		for _, text := range insideBase64(canary) {
			s.exact[text] = canary + ", base64"
		}
	}
}

// escapes are the spellings of a text in which it stands by itself.
func escapes(text string) map[string]string {
	var inAttribute, inScript strings.Builder
	template.HTMLEscape(&inAttribute, []byte(text))
	template.JSEscape(&inScript, []byte(text))
	return map[string]string{
		"plain":                 text,
		"in a query":            url.QueryEscape(text),
		"in a query, twice":     url.QueryEscape(url.QueryEscape(text)),
		"in a path":             url.PathEscape(text),
		"in a path, twice":      url.PathEscape(url.PathEscape(text)),
		"in HTML":               html.EscapeString(text),
		"in an attribute":       inAttribute.String(),
		"in JavaScript":         inScript.String(),
		"in JSON":               inJSON(text),
		"in JSON in JSON":       inJSON(inJSON(text)),
		"in a query in HTML":    html.EscapeString(url.QueryEscape(text)),
		"in JSON without HTML":  strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text),
		"in hexadecimal digits": hex.EncodeToString([]byte(text)),
	}
}

// insideBase64 is what of a text can be told in the base64 of anything that has it.
func insideBase64(text string) (spelt []string) {
	for _, code := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift, first := range []int{0, 2, 3} {
			all := code.EncodeToString([]byte(strings.Repeat("x", shift) + text))
			if (shift+len(text))%3 != 0 {
				all = all[:len(all)-1] // shared with what follows
			}
			spelt = append(spelt, all[first:])
		}
	}
	return spelt
}

// in tells which canaries are in a text.
func (s *search) in(text string) (found []string) {
	s.texts++
	s.bytes += len(text)
	small := strings.ToLower(text)
	for spelling, what := range s.spelt {
		if strings.Contains(small, spelling) {
			found = append(found, what)
		}
	}
	for spelling, what := range s.exact {
		if strings.Contains(text, spelling) {
			found = append(found, what)
		}
	}
	slices.Sort(found)
	return found
}

// none demands that a text has no canary.
func (s *search) none(where, text string) {
	s.t.Helper()
	if text == "" {
		s.t.Errorf("%s: got no text, want one to search", where)
	}
	if found := s.in(text); len(found) > 0 {
		s.t.Errorf("%s has %d canaries, want none: %s", where, len(found), strings.Join(found[:min(len(found), 5)], " | "))
	}
}

// inJSON is a text as JSON spells it, without the quotes.
func inJSON(text string) string {
	b, _ := json.Marshal(text) // a string always can be
	return string(b[1 : len(b)-1])
}

// TestSearchFinds demands that a search does find what it looks for, in every dress
// that the sandbox could give it, and nothing else.
func TestSearchFinds(t *testing.T) {
	const canary = `o'zqwren17+a&b "<x>"@post.example`
	s := newSearch(t)
	s.add(canary)
	page := template.Must(template.New("").Parse(`<p title="{{.}}">x</p><a href="/?q={{.}}">x</a><b>{{.}}</b><script>var x = {{.}}</script>`))
	var rendered strings.Builder
	if err := page.Execute(&rendered, canary); err != nil {
		t.Fatal(err)
	}
	body := `{"email_address":` + string(mustMarshal(t, canary)) + `}`
	texts := map[string]string{
		"page": rendered.String(), "JSON": body, "JSON in JSON": string(mustMarshal(t, body)),
		"link": "/x/" + url.PathEscape(canary) + "?y", "query": url.Values{"q": {canary}}.Encode(), "twice": url.QueryEscape(url.QueryEscape(canary)),
		"capitals": strings.ToUpper(canary), "hex": hex.EncodeToString([]byte("x" + canary)),
	}
	for _, before := range []string{"", "a", "ab", "abc"} {
		for _, after := range []string{"", "y", "yz"} {
			texts["base64 "+before+after] = base64.StdEncoding.EncodeToString([]byte(before + canary + after))
			texts["base64 of URLs "+before+after] = base64.URLEncoding.EncodeToString([]byte(before + canary + after))
		}
	}
	for name, text := range texts {
		if len(s.in(text)) == 0 {
			t.Errorf("%s: found nothing, want the canary: %s", name, text)
		}
		if found := newSearch(t).and(canary + "!").in(text); len(found) != 0 {
			t.Errorf("%s: found %s, want nothing", name, found)
		}
	}
}
