package order

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// maxEstimated is how many items an estimate takes: more than an order (EST, 7).
const maxEstimated = 500

// Estimate is what an order would cost (EST, 7; 13.15). SPEC has its amounts as
// numbers, the samples of EFX as strings; transaction_detail has strings either way.
type Estimate struct {
	PaymentMethod     wirePayment           `json:"payment_method"`
	Currency          string                `json:"currency"`
	TotalDiscount     json.RawMessage       `json:"total_discount"`
	TotalPrice        json.RawMessage       `json:"total_price"`
	Items             []estimatedItem       `json:"items"`
	TransactionDetail map[string]wireAmount `json:"transaction_detail"`
}

type estimatedItem struct {
	Products           selection       `json:"products"`
	FaceValue          json.RawMessage `json:"face_value"`
	Price              json.RawMessage `json:"price"`
	DiscountMultiplier string          `json:"discount_multiplier"`
	Currency           string          `json:"currency"`
}

// ReadEstimate reads a request, and says everything that is wrong with its form.
// TEMPLATE is not taken (SPEC, 7). A distribution_method is passed over, as every member
// that an estimate does not have: a sample of Runa's sends one (EFX, 14.5).
func ReadEstimate(body any, strict bool) (Request, []wire.Detail) {
	found := problems{strict: strict}
	var req Request
	root, ok := node{body, true, []string{"body"}, &found}.object("payment_method", "items")
	if !ok {
		return req, found.details
	}
	req.Currency = readPayment(root.member("payment_method"))
	for _, item := range root.member("items").list(1, maxEstimated) {
		req.items = append(req.items, readEstimateItem(item))
	}
	return req, found.details
}

// readEstimateItem reads one item.
func readEstimateItem(n node) Item {
	var item Item
	o, ok := n.object("face_value", "products")
	if !ok {
		return item
	}
	item.faceValue = o.member("face_value").amount()
	item.products = readSelection(o.member("products"), "SINGLE", "MULTIPLE")
	checkWhole(o.member("face_value"), item)
	return item
}

// EstimateDetails are what an order would be refused for, with the same words. SPEC has no
// 400 for estimates, so they come as a 422 (D, 1.6).
func (b Basket) EstimateDetails(complaint string) []wire.Detail {
	var found []wire.Detail
	for i, refused := range b.refused {
		if len(refused) > 0 {
			found = append(found, wire.Detail{
				Type: "value_error", Message: "Not allowed to order products: " + strings.Join(refused, ", "),
				Location: []string{"body", "items", strconv.Itoa(i), "products"},
			})
		}
	}
	if complaint != "" {
		found = append(found, wire.Detail{Type: "value_error", Message: complaint, Location: []string{"body", "payment_method", "currency"}})
	}
	return found
}

// Estimate is what the basket would cost.
func (b Basket) Estimate(asStrings bool) Estimate {
	cost := b.Price(true)
	write := number
	if asStrings {
		write = text
	}
	out := Estimate{
		PaymentMethod:     wirePayment{"ACCOUNT_BALANCE", b.request.Currency},
		Currency:          b.request.Currency,
		TotalDiscount:     write(cost.discount, b.request.Currency),
		TotalPrice:        write(cost.Total, b.request.Currency),
		TransactionDetail: map[string]wireAmount{b.currency: cost.paid},
	}
	for i, item := range b.items {
		out.Items = append(out.Items, estimatedItem{
			Products:           item.products,
			FaceValue:          write(item.faceValue, b.currency),
			Price:              write(cost.prices[i], b.currency),
			DiscountMultiplier: b.discounts[i].StringFixed(4),
			Currency:           b.currency,
		})
	}
	return out
}

// number writes an amount as JSON writes numbers: no zeros at the end.
func number(amount decimal.Decimal, currency string) json.RawMessage {
	return json.RawMessage(amount.Round(money.Places(currency)).String())
}

// text writes an amount as orders do.
func text(amount decimal.Decimal, currency string) json.RawMessage {
	return wire.JSON(money.Format(amount, currency))
}
