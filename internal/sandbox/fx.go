package sandbox

import "github.com/shopspring/decimal"

// feeRate is Embedded FX's fee: the standard one, and in the playground the only one
// (EFX, 9.1).
var feeRate = decimal.RequireFromString("0.019")

// exchange is one conversion by Embedded FX (EFX, 9.1): what a payout costs in
// another currency, fee included.
type exchange struct {
	symbol string // "GBPUSD": 1 GBP buys rate USD, whichever way one pays
	rate   decimal.Decimal

	// In the payment currency.
	converted decimal.Decimal
	fee       decimal.Decimal
	total     decimal.Decimal // both
}

// canExchange tells whether one currency can pay for the other (CUR, 10).
func canExchange(payment, payout string) bool {
	from, ok := currencies[payment]
	if !ok || from.reach != holdable {
		return false
	}
	to, ok := currencies[payout]
	return ok && (to.reach != fromUSD || payment == "USD")
}

// convert works out what value in payout costs in payment.
func convert(value decimal.Decimal, payout, payment string) exchange {
	base, quote := payment, payout
	if rank(payout) < rank(payment) {
		base, quote = payout, payment
	}
	rate := currencies[base].usdValue().DivRound(currencies[quote].usdValue(), 6)
	places := currencies[payment].places
	var converted decimal.Decimal
	if payment == base {
		converted = value.DivRound(rate, places)
	} else {
		converted = value.Mul(rate).Round(places)
	}
	fee := converted.Mul(feeRate).Round(places)
	return exchange{symbol: base + quote, rate: rate, converted: converted, fee: fee, total: converted.Add(fee)}
}
