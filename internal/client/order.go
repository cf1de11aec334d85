package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"
)

const (
	headerAPIVersion     = "X-Api-Version"
	headerIdempotencyKey = "X-Idempotency-Key"
	headerExecutionMode  = "X-Execution-Mode"
)

// ExecutionMode says whether Runa answers before (async) or after (sync) it has
// carried an order out. Sync orders have exactly one item.
type ExecutionMode string

// The execution modes (SPEC, POST /order).
const (
	ModeAsync ExecutionMode = "async"
	ModeSync  ExecutionMode = "sync"
)

// The words of an order's parts (SPEC, POST /order): what it is paid from, what the
// recipient may choose from, and how a reward reaches its recipient.
const (
	AccountBalance = "ACCOUNT_BALANCE"

	Single   = "SINGLE"
	Multiple = "MULTIPLE"
	Template = "TEMPLATE"

	ByEmail     = "EMAIL"
	ByLink      = "PAYOUT_LINK"
	ByRecipient = "RECIPIENT"
)

// OrderStatus is an order's state. Runa documents the three below; any other text
// is kept as it came.
type OrderStatus string

// The documented states of an order (SPEC, GET /order/{id}).
const (
	StatusProcessing OrderStatus = "PROCESSING"
	StatusCompleted  OrderStatus = "COMPLETED"
	StatusFailed     OrderStatus = "FAILED"
)

// OrderRequest is the body of POST /order.
type OrderRequest struct {
	PaymentMethod PaymentMethod     `json:"payment_method"`
	Items         []OrderItem       `json:"items"`
	Description   string            `json:"description,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
}

// PaymentMethod says what an order is paid from. Responses may leave the currency out.
type PaymentMethod struct {
	Type     string `json:"type"`
	Currency string `json:"currency,omitempty"`
}

// OrderItem is one reward to buy.
type OrderItem struct {
	FaceValue          decimal.Decimal
	DistributionMethod DistributionMethod
	Products           Products
}

// MarshalJSON writes the face value as a JSON number with its exact digits.
func (i OrderItem) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		FaceValue          json.Number        `json:"face_value"`
		DistributionMethod DistributionMethod `json:"distribution_method"`
		Products           Products           `json:"products"`
	}{number(i.FaceValue), i.DistributionMethod, i.Products})
}

// DistributionMethod says how a reward reaches its recipient. Type is EMAIL,
// PAYOUT_LINK or RECIPIENT, and decides which other fields are used.
type DistributionMethod struct {
	Type               string `json:"type"`
	EmailAddress       string `json:"email_address,omitempty"`
	RecipientReference string `json:"recipient_reference,omitempty"`
	TemplateID         string `json:"template_id,omitempty"`
}

// Products says what the recipient may choose from. Type is SINGLE (Value),
// MULTIPLE (Values) or TEMPLATE (TemplateID; Values come back in responses).
type Products struct {
	Type        string       `json:"type"`
	Value       string       `json:"value,omitempty"`
	Values      []string     `json:"values,omitempty"`
	TemplateID  string       `json:"template_id,omitempty"`
	UsageConfig *UsageConfig `json:"usage_config,omitempty"`
}

// UsageConfig limits where a prepaid Visa card can be spent.
type UsageConfig struct {
	SpendRulesTemplateID string `json:"spend_rules_template_id"`
}

// Encode gives the bytes to submit. The same request always gives the same bytes.
func (r OrderRequest) Encode() ([]byte, error) { return json.Marshal(r) }

// Submission is one order as it goes over the wire: repeats must be equal in
// every byte (IDEM).
type Submission struct {
	Key  string // X-Idempotency-Key
	Mode ExecutionMode
	Body []byte
	// Attempt counts the repeats of one run from 1. It goes into logs, not over the wire.
	Attempt int
}

// Order is an order as Runa tells it. A PROCESSING one has only ID, Status and
// Message; a list's entries have no Items, TransactionDetail and Metadata.
type Order struct {
	ID                string                       `json:"id"`
	Status            OrderStatus                  `json:"status"`
	Message           string                       `json:"message"`
	CreatedAt         string                       `json:"created_at"`   // RFC 3339, as sent
	CompletedAt       string                       `json:"completed_at"` // RFC 3339, as sent
	Description       string                       `json:"description"`
	PaymentMethod     PaymentMethod                `json:"payment_method"`
	Currency          string                       `json:"currency"`
	TotalDiscount     Amount                       `json:"total_discount"`
	TotalPrice        Amount                       `json:"total_price"`
	Items             []OrderedItem                `json:"items"`
	TransactionDetail map[string]TransactionDetail `json:"transaction_detail"`
	Metadata          map[string]string            `json:"metadata"`

	// Incomplete says why only ID and Status could be read. An order that was
	// bought must not be lost because one of its fields has a new shape.
	Incomplete error `json:"-"`
	// RequestID names the request that gave this order, for Runa's support; "" where
	// the answer had none.
	RequestID string `json:"-"`
}

// OrderedItem is one reward of an order.
type OrderedItem struct {
	ID                 string             `json:"id"`
	FaceValue          Amount             `json:"face_value"`
	Price              Amount             `json:"price"`
	Currency           string             `json:"currency"`
	DistributionMethod DistributionMethod `json:"distribution_method"`
	Products           Products           `json:"products"`
	PayoutLink         *PayoutLink        `json:"payout"`
}

// PayoutLink is the link a recipient redeems. Its URL is as good as the money.
type PayoutLink struct {
	Status          string `json:"status"`
	StatusUpdatedAt string `json:"status_updated_at"`
	URL             string `json:"url"`
	ExpiryDate      string `json:"expiry_date"`
}

// TransactionDetail is what was paid out in one currency (EFX).
type TransactionDetail struct {
	Value Amount `json:"value"`
	FX    *FX    `json:"fx"`
}

// FX is the exchange made for an order paid in another currency.
type FX struct {
	Rate       Amount `json:"rate"`
	RateSymbol string `json:"rate_symbol"`
	Fee        Money  `json:"fee"`
}

// Money is an amount of a currency.
type Money struct {
	Value    Amount `json:"value"`
	Currency string `json:"currency"`
}

// CreateOrder submits an order exactly once. With an error of whatever kind an
// order may exist all the same; only TransportError.Sent and APIError's fields say
// more.
func (c *Client) CreateOrder(ctx context.Context, submission Submission) (Order, error) {
	header := http.Header{}
	header.Set(headerIdempotencyKey, submission.Key)
	header.Set(headerExecutionMode, string(submission.Mode))
	got, err := c.send(ctx, call{
		method: http.MethodPost, path: "/order", header: header, body: submission.Body, attempt: submission.Attempt,
	})
	if err != nil {
		return Order{}, err
	}
	return decodeOrder(got)
}

// Order reads one order. An unknown id, or one of the other environment, is a 404.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	at, err := under("/order", id)
	if err != nil {
		return Order{}, err
	}
	got, err := c.read(ctx, call{method: http.MethodGet, path: at}, &json.RawMessage{})
	if err != nil {
		return Order{}, err
	}
	order, err := decodeOrder(got)
	if err == nil && order.ID != id {
		return Order{}, got.unreadable("it is about another order", nil)
	}
	return order, err
}

// Orders walks the account's orders, newest first as far as Runa keeps to that.
func (c *Client) Orders(ctx context.Context) iter.Seq2[Order, error] {
	return walk(ctx, nil, func(ctx context.Context, page url.Values) ([]Order, pagination, error) {
		// The entries are decoded one by one, so that one of a new shape does not
		// hide the others.
		var wire struct {
			Items      []json.RawMessage `json:"items"`
			Pagination pagination        `json:"pagination"`
		}
		what := call{method: http.MethodGet, path: "/order", query: page, needs: []string{"items"}}
		entry, err := c.read(ctx, what, &wire)
		if err != nil {
			return nil, pagination{}, err
		}
		entry.call.needs = nil
		orders := make([]Order, 0, len(wire.Items))
		for _, entry.body = range wire.Items {
			order, err := decodeOrder(entry)
			if err != nil {
				return nil, pagination{}, err
			}
			orders = append(orders, order)
		}
		return orders, wire.Pagination, nil
	})
}

func decodeOrder(got answer) (Order, error) {
	var least struct {
		ID     string      `json:"id"`
		Status OrderStatus `json:"status"`
	}
	if err := decode(got, &least); err != nil {
		return Order{}, err
	}
	if least.ID == "" || least.Status == "" {
		return Order{}, got.unreadable("it has no order id or status", nil)
	}
	var order Order
	if incomplete := decode(got, &order); incomplete != nil {
		order = Order{ID: least.ID, Status: least.Status, Incomplete: incomplete}
	}
	order.RequestID = got.requestID
	return order, nil
}
