package money

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Amounts are sums of money by currency. What is not there is zero.
type Amounts map[string]decimal.Decimal

// With is the amounts after changes: "250.00" is the new amount, "+250.00" comes on
// top, and "" removes. One that makes no sense is an error, and nothing is changed.
func (m Amounts) With(changes map[string]string) (Amounts, error) {
	out := Amounts{}
	maps.Copy(out, m)
	var wrong []error
	for _, currency := range slices.Sorted(maps.Keys(changes)) {
		if changes[currency] == "" {
			delete(out, currency)
			continue
		}
		amount, err := readAmount(changes[currency], currency)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if strings.HasPrefix(changes[currency], "+") {
			amount = amount.Add(m[currency])
		}
		out[currency] = amount
	}
	return out, errors.Join(wrong...)
}

// readAmount reads an amount of a currency that an account can hold.
func readAmount(text, currency string) (decimal.Decimal, error) {
	if !CanBeBalance(currency) {
		return decimal.Zero, fmt.Errorf("%q is no currency that an account can hold", currency)
	}
	amount, err := decimal.NewFromString(text)
	if err != nil || amount.Exponent() > MaxExponent || amount.Exponent() < -MaxExponent || amount.IsNegative() || !amount.Equal(amount.Truncate(Places(currency))) {
		return decimal.Zero, fmt.Errorf("%s: %q is no amount of at most %d decimals, such as %s or +%[4]s",
			currency, text, Places(currency), decimal.NewFromInt(250).StringFixed(Places(currency)))
	}
	return amount, nil
}

// Formatted is the amounts as the wire writes them.
func (m Amounts) Formatted() map[string]string {
	out := map[string]string{}
	for currency, amount := range m {
		out[currency] = Format(amount, currency)
	}
	return out
}

// MaxExponent limits the numbers that are read: 1e999999999 is nine bytes of JSON and a
// gigabyte of digits.
const MaxExponent = 30
