package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// maxEstimated is the most items Runa prices at once (EST).
const maxEstimated = 500

var estimateDataSchema = schema.Schema{
	MarkdownDescription: "Asks Runa what an order would cost now, with discount, exchange and fees. Nothing is bought. " +
		"Its arguments are those of the resource `runa_order`, so that one local value feeds both. " +
		"Fails in Runa's playground, which has no estimates.",
	Attributes: map[string]schema.Attribute{
		"payment_method": schema.SingleNestedAttribute{
			MarkdownDescription: "What the order would be paid from.",
			Required:            true,
			Attributes:          asData(orderSchema.Attributes["payment_method"].(resourceschema.SingleNestedAttribute).Attributes),
		},
		"items": schema.ListNestedAttribute{
			MarkdownDescription: "The rewards to price, 1 to 500 (an order takes at most 200).",
			Required:            true,
			Validators:          []validator.List{listvalidator.SizeBetween(1, maxEstimated), listvalidator.NoNullValues()},
			NestedObject: schema.NestedAttributeObject{
				Attributes: estimateItemAttributes(),
				Validators: []validator.Object{mustHave{"face_value", "products"}},
			},
		},
		"currency":       computedString("Currency of `total_price` and `total_discount`, the currency to pay in."),
		"total_price":    computedString("What the order would cost, as an exact decimal, with discount and fees."),
		"total_discount": computedString("How much less than its face value the order would cost, as an exact decimal."),
		"estimates": schema.ListNestedAttribute{
			MarkdownDescription: "What each reward would cost, in the order of `items`.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"currency":            computedString("Currency of `face_value` and `price`, the products'."),
				"face_value":          computedString("What the reward is worth, as an exact decimal."),
				"price":               computedString("What the reward would cost before fees, as an exact decimal."),
				"discount_multiplier": computedString("Discount that was applied, as an exact decimal: `0.05` is 5 %. Null if Runa leaves it out."),
			}},
		},
		"transaction_detail": schema.MapNestedAttribute{
			MarkdownDescription: "What would be paid out, by payout currency.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: asData(transactionAttributes)},
		},
	},
}

// estimateItemAttributes are an order's, but for what does not touch the price.
func estimateItemAttributes() map[string]schema.Attribute {
	attributes := asData(itemAttributes)
	ignored := func(what string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: what + " Ignored. Default: none.", Optional: true}
	}
	secret := func(what string) schema.StringAttribute {
		attribute := ignored(what)
		attribute.Sensitive = true
		return attribute
	}
	attributes["distribution_method"] = schema.SingleNestedAttribute{
		MarkdownDescription: "How the reward would reach its recipient. It does not affect the price. It is accepted so that an order's items fit here, and is neither checked nor sent.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"type":                ignored("An order's `type`."),
			"email_address":       secret("An order's `email_address`."),
			"recipient_reference": secret("An order's `recipient_reference`."),
			"template_id":         ignored("An order's `template_id`."),
		},
	}
	products := attributes["products"].(schema.SingleNestedAttribute)
	products.MarkdownDescription = "Required. What the recipient may choose from. Runa prices `SINGLE` and `MULTIPLE`; Fails for `TEMPLATE`, because only Runa's portal knows its products."
	attributes["products"] = products
	return attributes
}

type estimateDataModel struct {
	PaymentMethod     types.Object    `tfsdk:"payment_method"`
	Items             types.List      `tfsdk:"items"`
	Currency          types.String    `tfsdk:"currency"`
	TotalPrice        types.String    `tfsdk:"total_price"`
	TotalDiscount     types.String    `tfsdk:"total_discount"`
	Estimates         []estimateModel `tfsdk:"estimates"`
	TransactionDetail types.Map       `tfsdk:"transaction_detail"`
}

type estimateModel struct {
	Currency           types.String `tfsdk:"currency"`
	FaceValue          types.String `tfsdk:"face_value"`
	Price              types.String `tfsdk:"price"`
	DiscountMultiplier types.String `tfsdk:"discount_multiplier"`
}

type estimateDataSource struct{ dataSource }

var (
	_ datasource.DataSourceWithConfigure      = (*estimateDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*estimateDataSource)(nil)
)

func newOrderEstimateDataSource() datasource.DataSource {
	return &estimateDataSource{dataSource{name: "runa_order_estimate", declared: estimateDataSchema}}
}

// ValidateConfig checks what needs nothing from Runa.
func (d *estimateDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model estimateDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(model.check()...)
	}
}

func (d *estimateDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model estimateDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	request, diags := model.toWire(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	estimate, err := d.session.client.EstimateOrder(ctx, request)
	if err != nil {
		resp.Diagnostics.Append(aboutEstimate(err, d.session.endpoint)...)
		return
	}
	resp.Diagnostics.Append(model.setResults(ctx, estimate)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// check finds items that cannot be priced. Whatever is unknown is left for later.
func (m estimateDataModel) check() (diags diag.Diagnostics) {
	for i, element := range m.Items.Elements() {
		item, ok := element.(types.Object)
		if !ok || item.IsNull() || item.IsUnknown() {
			continue
		}
		at := path.Root("items").AtListIndex(i)
		kind := text(item.Attributes()["products"], "type")
		if kind == template {
			diags.Append(aboutEstimatingTemplate(at.AtName("products").AtName("type"))...)
			continue
		}
		diags.Append(checkWhole(at, item.Attributes()["face_value"].(types.Number), kind)...)
	}
	return diags
}
