package input

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// Amount reads a calculated number as money, rounded to so many decimals. The flaw is ""
// where the number is such an amount, whatever its sign. The configuration language
// calculates in binary: 3 * 1.1 misses 3.3 by far less than a cent, and is 3.3 here.
func Amount(number *big.Float, decimals int32) (value decimal.Decimal, flaw string) {
	switch size := number.MantExp(nil); {
	case number.IsInf() || size > maxBits:
		return decimal.Zero, "is " + Show(number)
	case size < -maxBits:
		return decimal.Zero, "" // without its thousands of digits
	}
	precise, err := decimal.NewFromString(number.Text('f', noise))
	if err != nil {
		return decimal.Zero, "is not a number"
	}
	value = precise.Round(decimals)
	if !value.Equal(precise) {
		return value, "is " + Show(number)
	}
	return value, ""
}

const (
	// noise is how many decimals are looked at: far beyond any sum of money, and well
	// within what binary arithmetic gets wrong.
	noise = 12
	// maxBits bounds the numbers that are worked with, to about 10^15 and 10^-15. The nine
	// bytes of 1e9999999 are megabytes of digits.
	maxBits = 50
)

// Show is a number for messages: one that is very large or very small is not spelled out.
func Show(number *big.Float) string {
	const digits = 15
	switch size := number.MantExp(nil); {
	case (number.IsInf() || size > maxBits) && number.Sign() < 0:
		return "far too small"
	case number.IsInf() || size > maxBits:
		return "far too large"
	case size < -maxBits:
		return "almost 0"
	default:
		return number.Text('g', digits)
	}
}

// Decimals is how many decimals amounts of a currency have.
func Decimals(currency string) int32 {
	if currency == "JPY" {
		return 0
	}
	return 2
}
