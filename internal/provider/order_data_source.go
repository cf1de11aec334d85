package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

var orderDataSchema = schema.Schema{
	MarkdownDescription: "Reads one order by Runa's id, wherever it was placed, with the names that the resource `runa_order` gives its results. Nothing is bought.",
	Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "Runa's id of the order, such as `O-01J7Z3K5N8QWERTYASDFGHZXCV`. Fails if there is no such order.",
			Required:            true, Validators: []validator.String{isOrderID},
		},
		"order_id": computedString("The same as `id`, as the resource calls it."),
		"status":   computedString("`PROCESSING`, `COMPLETED` or `FAILED`. While it is `PROCESSING`, Runa shows nothing else, and all other attributes are null."),
		"idempotency_key": computedString("The idempotency key of the order, if this provider bought it and recorded the idempotency key in Runa's `metadata` (`tag_orders`). " +
			"Null otherwise."),
		"description":    computedString("Note on the order, null if there is none."),
		"created_at":     computedString("When Runa created the order (RFC 3339)."),
		"completed_at":   computedString("When Runa finished the order (RFC 3339)."),
		"currency":       computedString("Currency of `total_price` and `total_discount`, the currency paid in."),
		"total_price":    computedString("What the order cost, as an exact decimal, with discount and fees."),
		"total_discount": computedString("How much less than its face value the order cost, as an exact decimal."),
		"metadata": schema.MapAttribute{
			MarkdownDescription: "Labels of the order, without this provider's own. Null if there are none.",
			ElementType:         types.StringType, Computed: true,
		},
		"transaction_detail": schema.MapNestedAttribute{
			MarkdownDescription: "What was paid out, by payout currency.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: asData(transactionAttributes)},
		},
		"payouts": schema.ListNestedAttribute{
			MarkdownDescription: "Result of each reward, in the order in which they were bought.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: asData(payoutAttributes)},
		},
		"payout_links": schema.ListAttribute{
			MarkdownDescription: "Links that redeem the rewards, in the order of `payouts`, null for a reward without one. Null as a whole with the provider's `store_payout_links = false`.",
			ElementType:         types.StringType, Computed: true, Sensitive: true,
		},
	},
}

type orderDataModel struct {
	ID                types.String `tfsdk:"id"`
	OrderID           types.String `tfsdk:"order_id"`
	Status            types.String `tfsdk:"status"`
	IdempotencyKey    types.String `tfsdk:"idempotency_key"`
	Description       types.String `tfsdk:"description"`
	CreatedAt         types.String `tfsdk:"created_at"`
	CompletedAt       types.String `tfsdk:"completed_at"`
	Currency          types.String `tfsdk:"currency"`
	TotalPrice        types.String `tfsdk:"total_price"`
	TotalDiscount     types.String `tfsdk:"total_discount"`
	Metadata          types.Map    `tfsdk:"metadata"`
	TransactionDetail types.Map    `tfsdk:"transaction_detail"`
	Payouts           types.List   `tfsdk:"payouts"`
	PayoutLinks       types.List   `tfsdk:"payout_links"`
}

type orderDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*orderDataSource)(nil)

func newOrderDataSource() datasource.DataSource {
	return &orderDataSource{dataSource{name: "runa_order", declared: orderDataSchema}}
}

func (d *orderDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model orderDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	order, err := d.session.client.Order(ctx, model.ID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(aboutOrderLookup("id", model.ID.ValueString(), err, d.session.endpoint)...)
		return
	}
	// What the resource computes is computed in one place.
	var results orderModel
	results.TransactionDetail, results.Payouts = types.MapNull(transactionType), types.ListNull(payoutType)
	results.PayoutLinks = noLinks
	resp.Diagnostics.Append(results.setResults(ctx, order)...)
	if order.Incomplete != nil {
		resp.Diagnostics.Append(aboutIncomplete(results, order.Incomplete)...)
	}
	model.OrderID, model.Status = results.OrderID, results.Status
	model.CreatedAt, model.CompletedAt = results.CreatedAt, results.CompletedAt
	model.Currency, model.TotalPrice, model.TotalDiscount = results.Currency, results.TotalPrice, results.TotalDiscount
	if !d.session.links {
		results.PayoutLinks = noLinks
	}
	model.TransactionDetail, model.Payouts, model.PayoutLinks = results.TransactionDetail, results.Payouts, results.PayoutLinks
	model.Description, model.IdempotencyKey = orNull(order.Description), types.StringNull()
	if key, _ := purchase.TagOf(order.Metadata); key != "" {
		model.IdempotencyKey = types.StringValue(key)
	}
	model.Metadata = labelsOf(order)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// labelsOf are an order's labels without ours.
func labelsOf(order client.Order) types.Map {
	labels := purchase.Untagged(order)
	if len(labels) == 0 {
		return types.MapNull(types.StringType)
	}
	return types.MapValueMust(types.StringType, textElements(labels))
}
