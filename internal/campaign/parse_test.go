package campaign

import (
	"strings"
	"testing"
)

const good = `{"id":"w-1","face_value":25,"products":{"type":"SINGLE","value":"ACME-US"},"distribution_method":{"type":"PAYOUT_LINK"}}`

// TestParse: each mistake is named with its row and id, and no value is shown.
func TestParse(t *testing.T) {
	t.Parallel()
	with := func(old, now string) string { return "[" + strings.Replace(good, old, now, 1) + "]" }
	email := func(address string) string {
		return with(`{"type":"PAYOUT_LINK"}`, `{"type":"EMAIL","email_address":"`+address+`"}`)
	}
	tests := map[string]struct {
		list string
		says string // "" where nothing is wrong
	}{
		"right":             {"[" + good + "]", ""},
		"empty":             {"[]", ""},
		"text for a value":  {with("25", `" 25.50 "`), ""},
		"null fields":       {with(`{"type":"PAYOUT_LINK"}`, `{"type":"PAYOUT_LINK","template_id":null}`), ""},
		"not JSON":          {"[" + good, "It is not valid JSON at its end"},
		"broken in it":      {"[" + good + ",{", "It is not valid JSON after row 1"},
		"an object":         {good, "must be a JSON array"},
		"more after it":     {"[] 1", "Something follows"},
		"a text for a row":  {`["secret@example.com"]`, "row 1: is not an object"},
		"unknown field":     {with(`"id"`, `"emial":"secret@example.com","id"`), `row 1, id w-1: a reward has no field "emial"`},
		"wrong type":        {with(`"ACME-US"`, "7"), "row 1, id w-1: products.value is of the wrong type: a JSON number"},
		"same id":           {"[" + good + "," + good + "]", "row 2, id w-1: row 1 has the same id"},
		"no id":             {with(`"w-1"`, `""`), "row 1: id is missing or empty"},
		"id with a space":   {with(`"w-1"`, `"w-1 "`), "row 1: id has a space"},
		"id with a comma":   {with(`"w-1"`, `"w,1"`), "row 1: id must begin with"},
		"long id":           {with(`"w-1"`, `"`+strings.Repeat("w", 65)+`"`), "row 1: id has 65 characters"},
		"no value":          {with("25", "null"), "row 1, id w-1: face_value is missing"},
		"a currency sign":   {with("25", `"$25"`), "face_value must be a number"},
		"a comma":           {with("25", `"25,50"`), "face_value must be a number"},
		"three decimals":    {with("25", "25.005"), "must have at most two decimals"},
		"nothing":           {with("25", "0"), "must be at least 0.01"},
		"a huge exponent":   {with("25", "1e100000"), "face_value must be a number"},
		"an exponent":       {with("25", "1e40"), "face_value is far too large"},
		"a choice of cents": {with(`{"type":"SINGLE","value":"ACME-US"}`, `{"type":"TEMPLATE","template_id":"PT-1"}`), ""},
		"half a choice":     {strings.Replace(with(`{"type":"SINGLE","value":"ACME-US"}`, `{"type":"TEMPLATE","template_id":"PT-1"}`), "25", "25.5", 1), "must be a whole number for products of type TEMPLATE"},
		"no products":       {with(`"products":{"type":"SINGLE","value":"ACME-US"},`, ""), "products is missing"},
		"wrong type name":   {with("SINGLE", "SIMPLE"), "products.type must be SINGLE, MULTIPLE or TEMPLATE"},
		"value for a choice": {
			with("SINGLE", "MULTIPLE"), "products.value is not for type MULTIPLE",
		},
		"code with a space":    {with("ACME-US", "ACME-US "), "products.value has a space"},
		"no delivery":          {with(`,"distribution_method":{"type":"PAYOUT_LINK"}`, ""), "distribution_method is missing"},
		"address for a link":   {with(`{"type":"PAYOUT_LINK"}`, `{"type":"PAYOUT_LINK","email_address":"secret@example.com"}`), "distribution_method.email_address is not for type PAYOUT_LINK"},
		"no address":           {with("PAYOUT_LINK", "EMAIL"), "distribution_method.email_address is missing"},
		"an address":           {email("a@example.com"), ""},
		"address with a space": {email("secret@example.com "), "email_address has a space"},
		"an invisible sign":    {email(`secret\u200b@example.com`), "email_address has"},
		"no address at all":    {email("secret"), "email_address has no @"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := Parse(test.list)
			var said []string
			for _, report := range Reports(problems) {
				said = append(said, report.Detail)
			}
			all := strings.Join(said, "\n")
			if test.says == "" && all != "" || !strings.Contains(all, test.says) {
				t.Errorf("it says %q, want %q", all, test.says)
			}
			if strings.Contains(all, "secret") {
				t.Errorf("it says %q, want the value hidden", all)
			}
		})
	}
}

// TestReports: problems of a kind are one report, with twenty rows at most.
func TestReports(t *testing.T) {
	t.Parallel()
	var rows []string
	for range 45 {
		rows = append(rows, strings.Replace(good, "25", "0", 1))
	}
	_, problems := Parse("[" + strings.Join(rows, ",") + "]")
	reports := Reports(problems)
	if len(reports) != 2 {
		t.Fatalf("%d reports, want one for the values and one for the ids", len(reports))
	}
	for _, report := range reports {
		if lines := strings.Count(report.Detail, "\n") + 1; lines != 21 || !strings.Contains(report.Detail, "more like these") {
			t.Errorf("%s: %d lines, want 21, with %q: %s", report.Kind, lines, "more like these", report.Detail)
		}
	}
}

// TestWriteIsReadAgain: what Write spells, Parse reads as the same rewards.
func TestWriteIsReadAgain(t *testing.T) {
	t.Parallel()
	rewards, _ := Parse("[" + good + "," + strings.NewReplacer("w-1", "w-0", "25", `"2.50"`, `{"type":"PAYOUT_LINK"}`, `{"type":"RECIPIENT","recipient_reference":"r","email_address":"A@example.com","template_id":"DT-1"}`,
		`"value":"ACME-US"`, `"value":"VISA-US","usage_config":{"spend_rules_template_id":"PSR-1"}`).Replace(good) + "]")
	text, err := Write(rewards)
	if err != nil {
		t.Fatal(err)
	}
	again, problems := Parse(text)
	if len(problems) > 0 || !Same(rewards, again) || again[0].ID != "w-0" {
		t.Errorf("%s is read as %v with problems %v, want %v, the first with id w-0, and none", text, again, problems, rewards)
	}
	again[1].Item.Products.Value = "BOLT-US"
	if Same(rewards, again) {
		t.Error("Same() = true for two products, want false")
	}
}
