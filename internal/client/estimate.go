package client

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/shopspring/decimal"
)

// EstimateRequest is the body of POST /order/estimate (EST): up to 500 items,
// SINGLE or MULTIPLE. The playground has no such call.
type EstimateRequest struct {
	PaymentMethod PaymentMethod  `json:"payment_method"`
	Items         []EstimateItem `json:"items"`
}

// EstimateItem is one reward to price.
type EstimateItem struct {
	FaceValue decimal.Decimal
	Products  Products
}

// MarshalJSON writes the face value as a JSON number with its exact digits.
func (i EstimateItem) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		FaceValue json.Number `json:"face_value"`
		Products  Products    `json:"products"`
	}{number(i.FaceValue), i.Products})
}

// Estimate is what an order would cost now.
type Estimate struct {
	PaymentMethod     PaymentMethod                `json:"payment_method" read:"shown"`
	Currency          string                       `json:"currency" read:"strict"`
	TotalDiscount     Amount                       `json:"total_discount" read:"shown"`
	TotalPrice        Amount                       `json:"total_price" read:"strict"`
	Items             []EstimatedItem              `json:"items" read:"shown"`
	TransactionDetail map[string]TransactionDetail `json:"transaction_detail" read:"shown"`
}

// EstimatedItem is one priced reward.
type EstimatedItem struct {
	Products           Products `json:"products" read:"shown"`
	FaceValue          Amount   `json:"face_value" read:"shown"`
	Price              Amount   `json:"price" read:"shown"`
	DiscountMultiplier Amount   `json:"discount_multiplier" read:"shown"`
	Currency           string   `json:"currency" read:"shown"`
}

// EstimateOrder prices an order. It buys nothing, so it is repeated like a read.
func (c *Client) EstimateOrder(ctx context.Context, request EstimateRequest) (Estimate, error) {
	var estimate Estimate
	body, err := json.Marshal(request)
	if err != nil {
		return estimate, err
	}
	_, err = c.read(ctx, call{
		method: http.MethodPost, path: "/order/estimate", body: body, needs: []string{"currency", "total_price"},
	}, &estimate)
	for i := range estimate.Items {
		estimate.Items[i].Products.setType()
	}
	return estimate, err
}
