// Package money is what the sandbox knows about currencies: which there are, how amounts of
// them are written, sums by currency, and the conversions of Embedded FX. It has no state, and
// knows nothing about products, orders or accounts.
package money

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// currency is what the sandbox knows about a currency (CUR, 10).
type currency struct {
	role   role
	usd    string // what one unit buys in USD: arbitrary and fixed, as the playground's rates (9.1)
	scale  int64  // how many units are worth about a dollar, for the catalogue's denominations
	places int32  // decimals; 2 but for JPY (D, 12)
}

// role is what a currency can be used for.
type role int

const (
	balance       role = iota // can be a balance, and pay for any other
	payoutOnly                // can only be paid out, from any balance
	payoutFromUSD             // can only be paid out, from a USD balance
)

// currencies are the 30 of CUR (10).
var currencies = map[string]currency{
	"AUD": {balance, "0.64", 1, 2},
	"CAD": {balance, "0.72", 1, 2},
	"CHF": {balance, "1.12", 1, 2},
	"CZK": {balance, "0.04", 20, 2},
	"DKK": {balance, "0.128", 10, 2},
	"EUR": {balance, "0.96", 1, 2},
	"GBP": {balance, "1.2", 1, 2},
	"HUF": {balance, "0.0025", 400, 2},
	"JPY": {balance, "0.0064", 100, 0},
	"MXN": {balance, "0.05", 20, 2},
	"NOK": {balance, "0.09", 10, 2},
	"NZD": {balance, "0.6", 1, 2},
	"PLN": {balance, "0.24", 5, 2},
	"RON": {balance, "0.2", 5, 2},
	"SEK": {balance, "0.096", 10, 2},
	"SGD": {balance, "0.75", 1, 2},
	"USD": {balance, "1", 1, 2},
	"ZAR": {balance, "0.05", 20, 2},

	"CNY": {payoutOnly, "0.14", 10, 2},
	"ILS": {payoutOnly, "0.28", 5, 2},
	"KRW": {payoutOnly, "0.0007", 1000, 2},

	"AED": {payoutFromUSD, "0.27", 5, 2},
	"ARS": {payoutFromUSD, "0.001", 1000, 2},
	"BRL": {payoutFromUSD, "0.18", 5, 2},
	"CLP": {payoutFromUSD, "0.001", 1000, 2},
	"COP": {payoutFromUSD, "0.00025", 4000, 2},
	"INR": {payoutFromUSD, "0.012", 100, 2},
	"MYR": {payoutFromUSD, "0.22", 5, 2},
	"PEN": {payoutFromUSD, "0.27", 5, 2},
	"SAR": {payoutFromUSD, "0.27", 5, 2},
}

// Known tells whether Runa knows a currency.
func Known(currency string) bool {
	_, known := currencies[currency]
	return known
}

// CanBeBalance tells whether an account can have a balance in a currency.
func CanBeBalance(currency string) bool {
	info, known := currencies[currency]
	return known && info.role == balance
}

// Places is how many decimals a currency has.
func Places(currency string) int32 { return currencies[currency].places }

// Scale is how many units of a currency are worth about a dollar.
func Scale(currency string) int64 { return currencies[currency].scale }

// Format writes an amount as the wire does: a string with all its decimals, rounded
// half away from zero (A for two decimals; D for JPY's none, 12).
func Format(amount decimal.Decimal, currency string) string {
	return amount.StringFixed(Places(currency))
}

// feeRate is Embedded FX's fee: the standard one, and in the playground the only one
// (EFX, 9.1).
var feeRate = decimal.RequireFromString("0.019")

// Exchange is one conversion by Embedded FX (EFX, 9.1): what a payout costs in
// another currency, fee included.
type Exchange struct {
	Symbol string // "GBPUSD": 1 GBP buys Rate USD, whoever pays
	Rate   decimal.Decimal

	// In the payment currency.
	Converted decimal.Decimal
	Fee       decimal.Decimal
	Total     decimal.Decimal // both
}

// CanExchange tells whether one currency can pay for the other (CUR, 10).
func CanExchange(payment, payout string) bool {
	if !CanBeBalance(payment) {
		return false
	}
	to, known := currencies[payout]
	return known && (to.role != payoutFromUSD || payment == "USD")
}

// Convert works out what value in payout costs in payment.
func Convert(value decimal.Decimal, payout, payment string) Exchange {
	base, quote := payment, payout
	if rank(payout) < rank(payment) {
		base, quote = payout, payment
	}
	rate := usdValue(base).DivRound(usdValue(quote), 6)
	places := Places(payment)
	var converted decimal.Decimal
	if payment == base {
		converted = value.DivRound(rate, places)
	} else {
		converted = value.Mul(rate).Round(places)
	}
	fee := converted.Mul(feeRate).Round(places)
	return Exchange{Symbol: base + quote, Rate: rate, Converted: converted, Fee: fee, Total: converted.Add(fee)}
}

// quoteOrder decides which currency of a pair is named first, as markets do.
var quoteOrder = []string{
	"EUR", "GBP", "AUD", "NZD", "USD", "CAD", "CHF", "SGD", "RON", "PLN", "DKK", "SEK", "NOK", "ZAR", "MXN", "CZK", "JPY", "HUF",
	"ILS", "SAR", "AED", "PEN", "MYR", "BRL", "CNY", "INR", "KRW", "ARS", "CLP", "COP",
}

// rank is a currency's position in quoteOrder.
func rank(currency string) int { return slices.Index(quoteOrder, currency) }

// usdValue is what one unit of a currency buys in USD.
func usdValue(currency string) decimal.Decimal {
	return decimal.RequireFromString(currencies[currency].usd)
}

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

// readAmount reads an amount of a currency that an account can have.
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
