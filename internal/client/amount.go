package client

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"
)

// Amount is a decimal number in the very digits Runa sent. Runa writes most
// amounts as strings and an estimate's as numbers (EST); both are read, and
// neither passes through a float.
type Amount string

// UnmarshalJSON reads a string, a number or null.
func (a *Amount) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case string(data) == "null":
		return nil
	case data[0] == '"':
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	default:
		text = string(data)
	}
	if _, err := decimal.NewFromString(text); err != nil {
		return fmt.Errorf("%q is not an amount", text)
	}
	*a = Amount(text)
	return nil
}

// Decimal is the amount to calculate with. An absent amount is zero.
func (a Amount) Decimal() decimal.Decimal {
	value, err := decimal.NewFromString(string(a))
	if err != nil {
		return decimal.Zero
	}
	return value
}

// number writes a decimal as a JSON number, without exponent or trailing zeros:
// one value always gives one text, as the idempotency rule needs (IDEM).
func number(value decimal.Decimal) json.Number { return json.Number(value.String()) }
