package money

import (
	"slices"

	"github.com/shopspring/decimal"
)

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
