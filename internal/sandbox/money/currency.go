// Package money is what the sandbox knows about currencies: which there are, how amounts of
// them are written, sums by currency, and the conversions of Embedded FX. It has no state, and
// knows nothing about products, orders or accounts.
package money

import "github.com/shopspring/decimal"

// currency is what the sandbox knows about a currency (CUR, 10).
type currency struct {
	role   role
	usd    string // what one unit buys in USD: arbitrary and fixed, as the playground's rates (9.1)
	scale  int64  // how many units feel like a dollar, for the catalogue's denominations
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
