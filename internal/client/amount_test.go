package client

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestAmountKeepsItsDigits(t *testing.T) {
	tests := map[string]struct {
		wire string
		want Amount
	}{
		"text":                    {`"10.00"`, "10.00"},
		"text of one place":       {`"10.5"`, "10.5"},
		"text of four places":     {`"0.0130"`, "0.0130"},
		"whole text":              {`"45000"`, "45000"},
		"number":                  {`9.5`, "9.5"},
		"whole number":            {`10`, "10"},
		"number with zeros":       {`10.00`, "10.00"},
		"null":                    {`null`, ""},
		"more than a float holds": {`"12345678901234567.89"`, "12345678901234567.89"},
		"a number of that size":   {`12345678901234567.89`, "12345678901234567.89"},
		"negative":                {`"-0.32"`, "-0.32"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got Amount
			if err := json.Unmarshal([]byte(test.wire), &got); err != nil || got != test.want {
				t.Errorf("Amount of %s = %q, error %v, want %q", test.wire, got, err, test.want)
			}
		})
	}
}

func TestAmountRefusesWhatIsNone(t *testing.T) {
	for _, wire := range []string{`""`, `"ten"`, `"10,00"`, `"1 000"`, `true`, `{}`, `["1"]`, `"\ud800`, `"£10"`} {
		var got Amount
		if err := json.Unmarshal([]byte(wire), &got); err == nil {
			t.Errorf("Amount of %s = %q, want an error", wire, got)
		}
	}
}

func TestAmountDecimal(t *testing.T) {
	if got := Amount("10.50").Decimal(); !got.Equal(decimal.RequireFromString("10.5")) {
		t.Errorf("Decimal() of 10.50 = %s, want 10.5", got)
	}
	if got := Amount("").Decimal(); !got.IsZero() {
		t.Errorf("Decimal() of an absent amount = %s, want 0", got)
	}
	sum := Amount("0.1").Decimal().Add(Amount("0.2").Decimal())
	if sum.String() != "0.3" {
		t.Errorf("0.1 + 0.2 = %s, want 0.3", sum)
	}
}

// TestNumberIsExact sends amounts of up to six places and reads the same value
// back from a plain JSON number of one spelling.
func TestNumberIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.Int32Range(0, 6).Draw(t, "places")
		value := decimal.New(rapid.Int64Range(0, 1e15).Draw(t, "digits"), -places)
		padded := decimal.RequireFromString(value.StringFixed(places + 2))

		text := string(number(value))
		if other := string(number(padded)); other != text {
			t.Fatalf("number() of %s = %s, with more zeros %s, want the same text", value, text, other)
		}
		if strings.ContainsAny(text, "eE") {
			t.Fatalf("number() = %s, want no exponent", text)
		}
		if back := Amount(text).Decimal(); !back.Equal(value) {
			t.Fatalf("%s went out as %s, want the same value", value, text)
		}
	})
}
