package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var ordersDataSchema = schema.Schema{
	MarkdownDescription: "Lists all orders of the account, also those placed elsewhere, in Runa's order, which is newest first. " +
		"Runa has no filters, so orders are read from the newest backwards until `limit` or `created_after` is reached. Set one of them for an account with many orders. " +
		"An order that is still `PROCESSING` shows neither a time nor a price, and counts as created now.",
	Attributes: map[string]schema.Attribute{
		"status": schema.StringAttribute{
			MarkdownDescription: statusFilterDoc,
			Optional:            true, Validators: areNotEmpty,
		},
		"created_after": schema.StringAttribute{
			MarkdownDescription: createdAfterDoc,
			Optional:            true, CustomType: timetypes.RFC3339Type{},
		},
		"created_before": schema.StringAttribute{
			MarkdownDescription: createdBeforeDoc,
			Optional:            true, CustomType: timetypes.RFC3339Type{},
		},
		"limit": schema.NumberAttribute{
			MarkdownDescription: "Most orders to list, at least 1. Default: no limit.",
			Optional:            true, Validators: []validator.Number{wholeNumberValidator{}},
		},
		"orders": schema.ListNestedAttribute{
			MarkdownDescription: "The selected orders. The data source `runa_order` has what Runa leaves out here: rewards, links, labels and exchange.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":             computedString("Runa's id of the order."),
				"status":         computedString("`PROCESSING`, `COMPLETED` or `FAILED`."),
				"description":    computedString("Note on the order, null if there is none."),
				"created_at":     computedString("When Runa created the order (RFC 3339), null while it is processing."),
				"completed_at":   computedString("When Runa finished the order (RFC 3339), null while it is processing."),
				"currency":       computedString("Currency paid in, null while it is processing."),
				"total_price":    computedString("What the order cost, as an exact decimal, null while it is processing."),
				"total_discount": computedString("How much less than its face value the order cost, as an exact decimal, null while it is processing."),
			}},
		},
	},
}

type ordersDataModel struct {
	ordersFilterModel
	Limit  types.Number       `tfsdk:"limit"`
	Orders []listedOrderModel `tfsdk:"orders"`
}

type listedOrderModel struct {
	ID            types.String `tfsdk:"id"`
	Status        types.String `tfsdk:"status"`
	Description   types.String `tfsdk:"description"`
	CreatedAt     types.String `tfsdk:"created_at"`
	CompletedAt   types.String `tfsdk:"completed_at"`
	Currency      types.String `tfsdk:"currency"`
	TotalPrice    types.String `tfsdk:"total_price"`
	TotalDiscount types.String `tfsdk:"total_discount"`
}

type ordersDataSource struct{ dataSource }

var (
	_ datasource.DataSourceWithConfigure      = (*ordersDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*ordersDataSource)(nil)
)

func newOrdersDataSource() datasource.DataSource {
	return &ordersDataSource{dataSource{name: "runa_orders", declared: ordersDataSchema}}
}

// ValidateConfig refuses a range in which nothing lies.
func (d *ordersDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model ordersDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(model.check()...)
}

func (d *ordersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model ordersDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	wanted, diags := model.toSearch(count(model.Limit))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	orders, err := wanted.in(d.session.client.Orders(ctx), time.Now())
	if err != nil {
		resp.Diagnostics.Append(aboutListing("The orders cannot be read", "Orders", err, d.session.endpoint)...)
		return
	}
	model.Orders = make([]listedOrderModel, 0, len(orders))
	for _, order := range orders {
		model.Orders = append(model.Orders, listedOrderFromWire(order))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func listedOrderFromWire(order client.Order) listedOrderModel {
	return listedOrderModel{
		ID: types.StringValue(order.ID), Status: types.StringValue(string(order.Status)), Description: orNull(order.Description),
		CreatedAt: orNull(order.CreatedAt), CompletedAt: orNull(order.CompletedAt), Currency: orNull(order.Currency),
		TotalPrice: orNull(string(order.TotalPrice)), TotalDiscount: orNull(string(order.TotalDiscount)),
	}
}
