package provider

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/input"
)

// faceValueValidator checks what applies to every product; the rest depends on the
// product and is checked where that is known.
type faceValueValidator struct{}

const faceValueRule = "must be at least 0.01 with at most two decimals"

func (faceValueValidator) Description(context.Context) string         { return faceValueRule }
func (faceValueValidator) MarkdownDescription(context.Context) string { return faceValueRule }

func (faceValueValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	value, flaw := input.Amount(number, faceValueDecimals)
	switch {
	case flaw != "" || value.LessThan(decimal.New(1, -2)):
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid face value",
			fmt.Sprintf("%s %s, and it is %s.", req.Path, faceValueRule, input.Show(number)))
	case !isRounded(number, value):
		resp.Diagnostics.AddAttributeError(req.Path, "Face value must be rounded",
			fmt.Sprintf("%s was calculated, and is a little more or less than %s. Nothing was bought. Round it: write tonumber(format(\"%%.2f\", …)) around the calculation.", req.Path, value))
	}
}

// isRounded tells whether a CLI can compare an amount with itself. The result of pow or
// log is a float of 64 bits, and stays one where it is multiplied by 20, but in a number of
// 512 bits. It comes and goes as a float of 64 bits, and CLIs compare two numbers by their
// shortest digits, which depend on the bits. They then report a mistake in this provider.
func isRounded(number *big.Float, amount decimal.Decimal) bool {
	_, accuracy := number.Float64()
	return accuracy != big.Exact || number.Cmp(bigFloat(amount)) == 0
}

// wholeNumberValidator checks counts. The framework's own attributes for whole numbers
// call everything else a mistake in this provider.
type wholeNumberValidator struct{}

const wholeNumberRule = "must be a whole number, at least 1"

func (wholeNumberValidator) Description(context.Context) string         { return wholeNumberRule }
func (wholeNumberValidator) MarkdownDescription(context.Context) string { return wholeNumberRule }

func (wholeNumberValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	if count, accuracy := number.Int64(); accuracy != big.Exact || count < 1 {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a count", fmt.Sprintf("%s %s, and it is %s.", req.Path, wholeNumberRule, input.Show(number)))
	}
}

// count is a number that wholeNumberValidator has passed, 0 where there is none.
func count(number types.Number) int64 {
	if number.IsNull() || number.IsUnknown() {
		return 0
	}
	value, _ := number.ValueBigFloat().Int64()
	return value
}
