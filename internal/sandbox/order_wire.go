package sandbox

import "encoding/json"

// basicOrder is an order as the list shows it (SPEC, 3.2; 13.9).
type basicOrder struct {
	ID            string      `json:"id"`
	Status        string      `json:"status"`
	CreatedAt     string      `json:"created_at"`
	CompletedAt   *string     `json:"completed_at"`
	Description   *string     `json:"description"`
	PaymentMethod wirePayment `json:"payment_method"`
	Currency      string      `json:"currency"`
	TotalDiscount string      `json:"total_discount"`
	TotalPrice    string      `json:"total_price"`
}

// wireOrder is a whole order, members in the recorded order (REC, 3.2).
type wireOrder struct {
	basicOrder
	Items             []wireItem            `json:"items"`
	TransactionDetail map[string]wireAmount `json:"transaction_detail"` // by payout currency
	Metadata          map[string]string     `json:"metadata"`
}

// wirePayment names its currency in Embedded FX orders only: recorded orders have
// the type alone, the samples of EFX have both (3.2).
type wirePayment struct {
	Type     string `json:"type"`
	Currency string `json:"currency,omitempty"`
}

// wireItem is one item. redemption_url and discount_multiplier are recorded in the
// playground, though LOG says to treat the first as removed (3.2); production leaves
// both out, as the sample of 13.4 does. redemption_url is JSON, since null and not
// there are two things.
type wireItem struct {
	ID                 string          `json:"id"`
	DistributionMethod distribution    `json:"distribution_method"`
	Products           selection       `json:"products"`
	FaceValue          string          `json:"face_value"`
	Price              string          `json:"price"`
	DiscountMultiplier string          `json:"discount_multiplier,omitempty"`
	Payout             wirePayout      `json:"payout"`
	RedemptionURL      json.RawMessage `json:"redemption_url,omitempty"`
	Currency           string          `json:"currency"`
}

// wirePayout is an item's link (3.4).
type wirePayout struct {
	Status          string  `json:"status"`
	StatusUpdatedAt string  `json:"status_updated_at"`
	URL             *string `json:"url"`
	ExpiryDate      *string `json:"expiry_date"`
}

// wireAmount is what was paid out in one currency.
type wireAmount struct {
	Value string  `json:"value"`
	FX    *wireFX `json:"fx"`
}

// wireFX is how an amount was converted (EFX, 9.1).
type wireFX struct {
	Rate       string  `json:"rate"`
	RateSymbol string  `json:"rate_symbol"`
	Fee        wireFee `json:"fee"`
}

type wireFee struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// accepted is the 202's whole body (SPEC, 3.2).
type accepted struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// running is an order that is PROCESSING; the wording is ours (D, 3.2).
type running struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

func processing(id string) running {
	return running{id, statusProcessing, "Order is still being processed."}
}
