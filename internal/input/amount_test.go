package input

import (
	"math/big"
	"strings"
	"testing"
)

func number(t *testing.T, text string) *big.Float {
	t.Helper()
	value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestAmount(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		number   *big.Float
		decimals int32
		value    string
		flaw     string
	}{
		"whole":             {number(t, "25"), 2, "25", ""},
		"cents":             {number(t, "22.05"), 2, "22.05", ""},
		"negative":          {number(t, "-0.5"), 2, "-0.5", ""},
		"zero":              {number(t, "0"), 2, "0", ""},
		"binary":            {new(big.Float).Mul(number(t, "1.1"), number(t, "3")), 2, "3.3", ""},
		"binary, 53 bits":   {big.NewFloat(20 * 1.05 * 1.05), 2, "22.05", ""},
		"three decimals":    {number(t, "10.005"), 2, "10.01", "is 10.005"},
		"seven decimals":    {number(t, "10.0000001"), 2, "10", "is 10.0000001"},
		"yen":               {number(t, "100"), 0, "100", ""},
		"decimals of yen":   {number(t, "100.5"), 0, "101", "is 100.5"},
		"a billion":         {number(t, "1e9"), 2, "1000000000", ""},
		"very large":        {number(t, "1e100000"), 2, "0", "is far too large"},
		"very negative":     {number(t, "-1e100000"), 2, "0", "is far too small"},
		"infinite":          {new(big.Float).SetInf(false), 2, "0", "is far too large"},
		"very small":        {number(t, "1e-100000"), 2, "0", ""},
		"less than the eye": {number(t, "1e-30"), 2, "0", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			value, flaw := Amount(test.number, test.decimals)
			if value.String() != test.value || flaw != test.flaw {
				t.Errorf("%s, %q, want %s, %q", value, flaw, test.value, test.flaw)
			}
		})
	}
}

// TestLargestAmount: no amount has more digits than one line shows.
func TestLargestAmount(t *testing.T) {
	t.Parallel()
	for exponent := 1; exponent < 400; exponent++ {
		value, flaw := Amount(number(t, "1"+strings.Repeat("0", exponent)), 2)
		if len(value.String()) > 16 || (flaw == "") != (exponent <= 15) {
			t.Fatalf("Amount() of 10^%d = %s, flaw %q, want at most 16 characters, and a flaw from 10^16 on", exponent, value, flaw)
		}
	}
}
