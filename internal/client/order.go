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
	Type     string `json:"type" read:"shown"`
	Currency string `json:"currency,omitempty" read:"strict"`
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
	Type               string `json:"type" read:"strict"`
	EmailAddress       string `json:"email_address,omitempty" read:"strict"`
	RecipientReference string `json:"recipient_reference,omitempty" read:"strict"`
	TemplateID         string `json:"template_id,omitempty" read:"shown"`
}

// Products says what the recipient may choose from. Type is SINGLE (Value),
// MULTIPLE (Values) or TEMPLATE (TemplateID; Values come back in responses).
type Products struct {
	Type        string       `json:"type" read:"strict"`
	Value       string       `json:"value,omitempty" read:"strict"`
	Values      Codes        `json:"values,omitempty" read:"strict"`
	TemplateID  string       `json:"template_id,omitempty" read:"strict"`
	UsageConfig *UsageConfig `json:"usage_config,omitempty" read:"shown"`
}

// setType puts the one code of a SINGLE where it belongs: two of Runa's own samples have
// it in values (EST, P2C).
func (p *Products) setType() {
	if p.Type == Single && p.Value == "" && len(p.Values) == 1 {
		p.Value, p.Values = p.Values[0], nil
	}
}

// Codes are product codes. Runa's estimate sample has one code without a list (EST).
type Codes []string

// UnmarshalJSON reads a list or a single code.
func (c *Codes) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil && one != "" {
		*c = Codes{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(c))
}

// UsageConfig limits where a prepaid Visa card can be spent.
type UsageConfig struct {
	SpendRulesTemplateID string `json:"spend_rules_template_id" read:"strict"`
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
	ID                string                       `json:"id" read:"strict"`
	Status            OrderStatus                  `json:"status" read:"strict"`
	Message           string                       `json:"message" read:"shown"`
	CreatedAt         string                       `json:"created_at" read:"shown"`   // RFC 3339, as sent
	CompletedAt       string                       `json:"completed_at" read:"shown"` // RFC 3339, as sent
	Description       string                       `json:"description" read:"strict"`
	PaymentMethod     PaymentMethod                `json:"payment_method" read:"shown"`
	Currency          string                       `json:"currency" read:"strict"`
	TotalDiscount     Amount                       `json:"total_discount" read:"shown"`
	TotalPrice        Amount                       `json:"total_price" read:"strict"`
	Items             []OrderedItem                `json:"items" read:"strict"`
	TransactionDetail map[string]TransactionDetail `json:"transaction_detail" read:"shown"`
	Metadata          map[string]string            `json:"metadata" read:"strict"`

	// Incomplete says why only ID, Status and perhaps Description could be read. An
	// order that was bought must not be lost because one of its fields has a new shape.
	Incomplete error `json:"-"`
	// Undescribed says of an incomplete order that its description is not text.
	Undescribed bool `json:"-"`
	// RequestID names the request that gave this order, for Runa's support; "" where
	// the answer had none.
	RequestID string `json:"-"`
}

// OrderedItem is one reward of an order.
type OrderedItem struct {
	ID                 string             `json:"id" read:"strict"`
	FaceValue          Amount             `json:"face_value" read:"strict"`
	Price              Amount             `json:"price" read:"strict"`
	Currency           string             `json:"currency" read:"strict"`
	DistributionMethod DistributionMethod `json:"distribution_method" read:"strict"`
	Products           Products           `json:"products" read:"strict"`
	PayoutLink         *PayoutLink        `json:"payout" read:"strict"`
}

// PayoutLink is the link a recipient redeems. Its URL is as good as the money.
type PayoutLink struct {
	Status          string `json:"status" read:"strict"`
	StatusUpdatedAt string `json:"status_updated_at" read:"shown"`
	URL             string `json:"url" read:"strict"`
	ExpiryDate      string `json:"expiry_date" read:"shown"`
}

// TransactionDetail is what was paid out in one currency (EFX).
type TransactionDetail struct {
	Value Amount `json:"value" read:"shown"`
	FX    *FX    `json:"fx" read:"shown"`
}

// FX is the exchange made for an order paid in another currency.
type FX struct {
	Rate       Amount `json:"rate" read:"shown"`
	RateSymbol string `json:"rate_symbol" read:"shown"`
	Fee        Money  `json:"fee" read:"shown"`
}

// Money is an amount of a currency.
type Money struct {
	Value    Amount `json:"value" read:"shown"`
	Currency string `json:"currency" read:"shown"`
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
	return c.decodeOrder(ctx, got)
}

// Order reads one order. An unknown id, or one of the other environment, is a 404.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	at, err := pathTo("/order", id)
	if err != nil {
		return Order{}, err
	}
	got, err := c.read(ctx, call{method: http.MethodGet, path: at}, &json.RawMessage{})
	if err != nil {
		return Order{}, err
	}
	order, err := c.decodeOrder(ctx, got)
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
			Items      []json.RawMessage `json:"items" read:"strict"`
			Pagination pagination        `json:"pagination" read:"strict"`
		}
		what := call{method: http.MethodGet, path: "/order", query: page, needs: []string{"items"}}
		entry, err := c.read(ctx, what, &wire)
		if err != nil {
			return nil, pagination{}, err
		}
		entry.call.needs = nil
		orders := make([]Order, 0, len(wire.Items))
		for _, entry.body = range wire.Items {
			order, err := c.decodeOrder(ctx, entry)
			if err != nil {
				return nil, pagination{}, err
			}
			orders = append(orders, order)
		}
		return orders, wire.Pagination, nil
	})
}

func (c *Client) decodeOrder(ctx context.Context, got answer) (order Order, err error) {
	if incomplete := c.decode(ctx, got, &order); incomplete != nil {
		if order, err = c.decodeLeast(ctx, got); err != nil {
			return Order{}, err
		}
		order.Incomplete = incomplete
	}
	if order.ID == "" || order.Status == "" {
		return Order{}, got.unreadable("it has no order id or status", nil)
	}
	for i := range order.Items {
		order.Items[i].Products.setType()
	}
	order.RequestID = got.requestID
	return order, nil
}

// decodeLeast reads what must be known of an order whose other fields cannot be read.
func (c *Client) decodeLeast(ctx context.Context, got answer) (Order, error) {
	var least struct {
		ID     string      `json:"id" read:"strict"`
		Status OrderStatus `json:"status" read:"strict"`
		// By it a campaign finds its orders.
		Description json.RawMessage `json:"description" read:"shown"`
	}
	if err := c.decode(ctx, got, &least); err != nil {
		return Order{}, err
	}
	order := Order{ID: least.ID, Status: least.Status}
	order.Undescribed = least.Description != nil && json.Unmarshal(least.Description, &order.Description) != nil
	return order, nil
}
