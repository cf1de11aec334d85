package sandbox

import (
	"slices"

	"github.com/shopspring/decimal"
)

// currencyInfo is what the sandbox knows of a currency (CUR, 10).
type currencyInfo struct {
	reach  reach
	usd    string // what one unit buys in USD: arbitrary and fixed, as the playground's rates (9.1)
	scale  int64  // how many units feel like a dollar, for the catalogue's denominations
	places int32  // decimals; 2 but for JPY (D, 12)
}

// reach is how far a currency goes in payments.
type reach int

const (
	holdable   reach = iota // can be a balance, and pay for any other
	targetOnly              // can only be paid out, from any balance
	fromUSD                 // can only be paid out, from a USD balance
)

// currencies are the 30 of CUR (10).
var currencies = map[string]currencyInfo{
	"AUD": {holdable, "0.64", 1, 2},
	"CAD": {holdable, "0.72", 1, 2},
	"CHF": {holdable, "1.12", 1, 2},
	"CZK": {holdable, "0.04", 20, 2},
	"DKK": {holdable, "0.128", 10, 2},
	"EUR": {holdable, "0.96", 1, 2},
	"GBP": {holdable, "1.2", 1, 2},
	"HUF": {holdable, "0.0025", 400, 2},
	"JPY": {holdable, "0.0064", 100, 0},
	"MXN": {holdable, "0.05", 20, 2},
	"NOK": {holdable, "0.09", 10, 2},
	"NZD": {holdable, "0.6", 1, 2},
	"PLN": {holdable, "0.24", 5, 2},
	"RON": {holdable, "0.2", 5, 2},
	"SEK": {holdable, "0.096", 10, 2},
	"SGD": {holdable, "0.75", 1, 2},
	"USD": {holdable, "1", 1, 2},
	"ZAR": {holdable, "0.05", 20, 2},

	"CNY": {targetOnly, "0.14", 10, 2},
	"ILS": {targetOnly, "0.28", 5, 2},
	"KRW": {targetOnly, "0.0007", 1000, 2},

	"AED": {fromUSD, "0.27", 5, 2},
	"ARS": {fromUSD, "0.001", 1000, 2},
	"BRL": {fromUSD, "0.18", 5, 2},
	"CLP": {fromUSD, "0.001", 1000, 2},
	"COP": {fromUSD, "0.00025", 4000, 2},
	"INR": {fromUSD, "0.012", 100, 2},
	"MYR": {fromUSD, "0.22", 5, 2},
	"PEN": {fromUSD, "0.27", 5, 2},
	"SAR": {fromUSD, "0.27", 5, 2},
}

// quoteOrder decides which currency of a pair is named first, as markets do.
var quoteOrder = []string{
	"EUR", "GBP", "AUD", "NZD", "USD", "CAD", "CHF", "SGD", "RON", "PLN", "DKK", "SEK", "NOK", "ZAR", "MXN", "CZK", "JPY", "HUF",
	"ILS", "SAR", "AED", "PEN", "MYR", "BRL", "CNY", "INR", "KRW", "ARS", "CLP", "COP",
}

// usdValue is what one unit buys in USD.
func (c currencyInfo) usdValue() decimal.Decimal { return decimal.RequireFromString(c.usd) }

// rank is a currency's place in quoteOrder.
func rank(currency string) int { return slices.Index(quoteOrder, currency) }

// money writes an amount as the wire does: a string with all its decimals, rounded
// half away from zero (A for two decimals; D for JPY's none, 12).
func money(amount decimal.Decimal, currency string) string {
	return amount.StringFixed(currencies[currency].places)
}
