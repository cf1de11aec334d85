package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/input"
)

// orderModel is runa_order in configuration, plan and state. What may be unknown
// as a whole stays a framework value.
type orderModel struct {
	ID             types.String   `tfsdk:"id"`
	Attempt        types.Int64    `tfsdk:"attempt"`
	Account        types.String   `tfsdk:"account"`
	IdempotencyKey types.String   `tfsdk:"idempotency_key"`
	PaymentMethod  types.Object   `tfsdk:"payment_method"`
	Items          types.List     `tfsdk:"items"`
	Description    types.String   `tfsdk:"description"`
	Metadata       types.Map      `tfsdk:"metadata"`
	ExecutionMode  types.String   `tfsdk:"execution_mode"`
	OnChange       types.String   `tfsdk:"on_change"`
	StoreLinks     types.Bool     `tfsdk:"store_payout_links"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`

	OrderID           types.String `tfsdk:"order_id"`
	Status            types.String `tfsdk:"status"`
	Submission        types.Object `tfsdk:"submission"`
	CreatedAt         types.String `tfsdk:"created_at"`
	CompletedAt       types.String `tfsdk:"completed_at"`
	Currency          types.String `tfsdk:"currency"`
	TotalPrice        types.String `tfsdk:"total_price"`
	TotalDiscount     types.String `tfsdk:"total_discount"`
	TransactionDetail types.Map    `tfsdk:"transaction_detail"`
	Payouts           types.List   `tfsdk:"payouts"`
	PayoutLinks       types.List   `tfsdk:"payout_links"`

	RecipientsWO     types.List `tfsdk:"recipients_wo"`
	RecipientDigests types.List `tfsdk:"recipient_digests"`
	// recipients is the configuration's recipients_wo. RecipientsWO is null in a plan and
	// in a state, and nothing that is written may hold it.
	recipients types.List
	// written is the configuration's items: without what a plan fills in, and takes out.
	written types.List
}

// orders reads and writes orderModel.
var orders = newModelCodec[orderModel](orderSchema)

type paymentMethodModel struct {
	Type     types.String `tfsdk:"type"`
	Currency types.String `tfsdk:"currency"`
}

type itemModel struct {
	FaceValue          types.Number `tfsdk:"face_value"`
	DistributionMethod types.Object `tfsdk:"distribution_method"`
	Products           types.Object `tfsdk:"products"`
}

type distributionModel struct {
	Type               types.String `tfsdk:"type"`
	EmailAddress       types.String `tfsdk:"email_address"`
	RecipientReference types.String `tfsdk:"recipient_reference"`
	TemplateID         types.String `tfsdk:"template_id"`
}

type productsModel struct {
	Type        types.String `tfsdk:"type"`
	Value       types.String `tfsdk:"value"`
	Values      types.List   `tfsdk:"values"`
	TemplateID  types.String `tfsdk:"template_id"`
	UsageConfig types.Object `tfsdk:"usage_config"`
}

type usageConfigModel struct {
	SpendRulesTemplateID types.String `tfsdk:"spend_rules_template_id"`
}

type transactionModel struct {
	Value types.String `tfsdk:"value"`
	FX    *fxModel     `tfsdk:"fx"`
}

type fxModel struct {
	Rate       types.String `tfsdk:"rate"`
	RateSymbol types.String `tfsdk:"rate_symbol"`
	Fee        *moneyModel  `tfsdk:"fee"`
}

type moneyModel struct {
	Value    types.String `tfsdk:"value"`
	Currency types.String `tfsdk:"currency"`
}

type payoutModel struct {
	ItemID          types.String `tfsdk:"item_id"`
	Status          types.String `tfsdk:"status"`
	StatusUpdatedAt types.String `tfsdk:"status_updated_at"`
	ExpiryDate      types.String `tfsdk:"expiry_date"`
	Currency        types.String `tfsdk:"currency"`
	FaceValue       types.String `tfsdk:"face_value"`
	Price           types.String `tfsdk:"price"`
	ProductCodes    types.List   `tfsdk:"product_codes"`
}

// The framework types of the nested attributes, as the schema declares them.
var (
	submissionType    = attributeType("submission").(basetypes.ObjectType)
	paymentMethodType = attributeType("payment_method").(basetypes.ObjectType)
	itemType          = attributeType("items").(basetypes.ListType).ElemType.(basetypes.ObjectType)
	distributionType  = itemType.AttrTypes["distribution_method"].(basetypes.ObjectType)
	productsType      = itemType.AttrTypes["products"].(basetypes.ObjectType)
	usageConfigType   = productsType.AttrTypes["usage_config"].(basetypes.ObjectType)
	transactionType   = attributeType("transaction_detail").(basetypes.MapType).ElemType.(basetypes.ObjectType)
	payoutType        = attributeType("payouts").(basetypes.ListType).ElemType.(basetypes.ObjectType)
)

func attributeType(name string) attr.Type {
	return orderSchema.Attributes[name].GetType()
}

// faceValueDecimals is the most that any currency has.
const faceValueDecimals = 2

// faceValue is a configured number as an amount. Exact is false where it is none, which
// faceValueValidator refuses.
func faceValue(number types.Number) (value decimal.Decimal, exact bool) {
	value, flaw := input.Amount(number.ValueBigFloat(), faceValueDecimals)
	return value, flaw == ""
}

// toWire builds Runa's request from a model in which everything is known.
func (m orderModel) toWire(ctx context.Context) (order client.OrderRequest, diags diag.Diagnostics) {
	var method paymentMethodModel
	diags.Append(m.PaymentMethod.As(ctx, &method, basetypes.ObjectAsOptions{})...)
	order.PaymentMethod = client.PaymentMethod{Type: method.Type.ValueString(), Currency: method.Currency.ValueString()}
	order.Description = m.Description.ValueString()
	if !m.Metadata.IsNull() {
		diags.Append(m.Metadata.ElementsAs(ctx, &order.Metadata, false)...)
	}
	var items []itemModel
	diags.Append(m.addressed().ElementsAs(ctx, &items, false)...)
	for _, item := range items {
		wire, more := item.toWire(ctx)
		diags.Append(more...)
		order.Items = append(order.Items, wire)
	}
	return order, diags
}

func (m itemModel) toWire(ctx context.Context) (item client.OrderItem, diags diag.Diagnostics) {
	item.FaceValue, _ = faceValue(m.FaceValue)
	var method distributionModel
	diags.Append(m.DistributionMethod.As(ctx, &method, basetypes.ObjectAsOptions{})...)
	item.DistributionMethod = client.DistributionMethod{
		Type:               method.Type.ValueString(),
		EmailAddress:       method.EmailAddress.ValueString(),
		RecipientReference: method.RecipientReference.ValueString(),
		TemplateID:         method.TemplateID.ValueString(),
	}
	var products productsModel
	diags.Append(m.Products.As(ctx, &products, basetypes.ObjectAsOptions{})...)
	item.Products = client.Products{
		Type:       products.Type.ValueString(),
		Value:      products.Value.ValueString(),
		TemplateID: products.TemplateID.ValueString(),
	}
	if !products.Values.IsNull() {
		diags.Append(products.Values.ElementsAs(ctx, &item.Products.Values, false)...)
	}
	if !products.UsageConfig.IsNull() {
		var usage usageConfigModel
		diags.Append(products.UsageConfig.As(ctx, &usage, basetypes.ObjectAsOptions{})...)
		item.Products.UsageConfig = &client.UsageConfig{SpendRulesTemplateID: usage.SpendRulesTemplateID.ValueString()}
	}
	return item, diags
}

// setResults takes over what Runa computed. What the user configured stays as it is.
func (m *orderModel) setResults(ctx context.Context, order client.Order) (diags diag.Diagnostics) {
	m.OrderID, m.Status = types.StringValue(order.ID), types.StringValue(string(order.Status))
	if order.Status == client.StatusProcessing || order.Incomplete != nil {
		m.nullUnknownResults()
		return nil // Runa says no more than this
	}
	m.CreatedAt, m.CompletedAt = orNull(order.CreatedAt), orNull(order.CompletedAt)
	m.Currency = orNull(order.Currency)
	m.TotalPrice, m.TotalDiscount = orNull(string(order.TotalPrice)), orNull(string(order.TotalDiscount))
	m.TransactionDetail, diags = transactionsFromWire(ctx, order.TransactionDetail)
	if len(order.Items) == 0 && len(m.Payouts.Elements()) > 0 {
		return diags // links that were seen once may still be spent, whatever became of the order
	}
	payouts, more := payoutsFromWire(ctx, order.Items)
	m.Payouts, m.PayoutLinks = payouts, payoutLinks(order.Items)
	diags.Append(more...)
	return diags
}

// nullUnknownResults gives everything that is still unknown a value a state can hold.
func (m *orderModel) nullUnknownResults() {
	for _, text := range []*types.String{
		&m.Account, &m.OrderID, &m.Status, &m.CreatedAt, &m.CompletedAt, &m.Currency, &m.TotalPrice, &m.TotalDiscount,
	} {
		if text.IsUnknown() {
			*text = types.StringNull()
		}
	}
	if m.Submission.IsUnknown() {
		m.Submission = types.ObjectNull(submissionType.AttrTypes)
	}
	m.RecipientDigests = knownDigests(m.RecipientDigests)
	if m.TransactionDetail.IsUnknown() {
		m.TransactionDetail = types.MapNull(transactionType)
	}
	if m.Payouts.IsUnknown() {
		m.Payouts = types.ListNull(payoutType)
	}
	if m.PayoutLinks.IsUnknown() {
		m.PayoutLinks = noLinks
	}
}

// forgetResults marks what an unfinished order's next apply will fill in.
func (m *orderModel) forgetResults() {
	for _, text := range []*types.String{
		&m.Status, &m.CreatedAt, &m.CompletedAt, &m.Currency, &m.TotalPrice, &m.TotalDiscount,
	} {
		*text = types.StringUnknown()
	}
	if m.OrderID.IsNull() {
		m.OrderID = types.StringUnknown()
	}
	m.Submission = types.ObjectUnknown(submissionType.AttrTypes)
	m.TransactionDetail = types.MapUnknown(transactionType)
	m.forgetPayouts()
}

func transactionsFromWire(ctx context.Context, details map[string]client.TransactionDetail) (types.Map, diag.Diagnostics) {
	if details == nil {
		return types.MapNull(transactionType), nil
	}
	models := make(map[string]transactionModel, len(details))
	for currency, detail := range details {
		model := transactionModel{Value: orNull(string(detail.Value))}
		if fx := detail.FX; fx != nil {
			model.FX = &fxModel{
				Rate:       orNull(string(fx.Rate)),
				RateSymbol: orNull(fx.RateSymbol),
				Fee:        &moneyModel{Value: orNull(string(fx.Fee.Value)), Currency: orNull(fx.Fee.Currency)},
			}
		}
		models[currency] = model
	}
	return types.MapValueFrom(ctx, transactionType, models)
}

// payoutsFromWire gives an empty list for an order without items: null would say
// that they are not known.
func payoutsFromWire(ctx context.Context, items []client.OrderedItem) (types.List, diag.Diagnostics) {
	var diags diag.Diagnostics
	models := make([]payoutModel, 0, len(items))
	for _, item := range items {
		codes := item.Products.Values
		if item.Products.Value != "" {
			codes = []string{item.Products.Value}
		}
		model := payoutModel{
			ItemID: orNull(item.ID), Currency: orNull(item.Currency),
			FaceValue: orNull(string(item.FaceValue)), Price: orNull(string(item.Price)),
		}
		var more diag.Diagnostics
		model.ProductCodes, more = types.ListValueFrom(ctx, types.StringType, codes)
		diags.Append(more...)
		if link := item.PayoutLink; link != nil {
			model.Status, model.StatusUpdatedAt = orNull(link.Status), orNull(link.StatusUpdatedAt)
			if link.Status == "" && link.URL != "" {
				model.Status = types.StringValue(statusUnknown) // what can be spent must show without its link too
			}
			model.ExpiryDate = orNull(link.ExpiryDate)
		}
		models = append(models, model)
	}
	list, more := types.ListValueFrom(ctx, payoutType, models)
	diags.Append(more...)
	return list, diags
}

// setConfiguration fills in what a user would have written for an order that was
// bought elsewhere.
func (m *orderModel) setConfiguration(ctx context.Context, order client.Order) (diags diag.Diagnostics) {
	keep := func(value attr.Value, more diag.Diagnostics) attr.Value {
		diags.Append(more...)
		return value
	}
	m.PaymentMethod = keep(types.ObjectValueFrom(ctx, paymentMethodType.AttrTypes, paymentMethodModel{
		Type: types.StringValue(accountBalance), Currency: orNull(cmp.Or(order.Currency, order.PaymentMethod.Currency)),
	})).(types.Object)
	m.Description = orNull(order.Description)
	items := make([]itemModel, 0, len(order.Items))
	for _, ordered := range order.Items {
		item, more := itemFromWire(ctx, ordered)
		diags.Append(more...)
		items = append(items, item)
	}
	m.Items = keep(types.ListValueFrom(ctx, itemType, items)).(types.List)
	return diags
}

func itemFromWire(ctx context.Context, ordered client.OrderedItem) (item itemModel, diags diag.Diagnostics) {
	item.FaceValue = types.NumberValue(bigFloat(ordered.FaceValue.Decimal()))
	method := ordered.DistributionMethod
	var more diag.Diagnostics
	item.DistributionMethod, more = types.ObjectValueFrom(ctx, distributionType.AttrTypes, distributionModel{
		Type: orNull(method.Type), EmailAddress: orNull(method.EmailAddress),
		RecipientReference: orNull(method.RecipientReference), TemplateID: orNull(method.TemplateID),
	})
	diags.Append(more...)
	products := productsModel{
		Type: orNull(ordered.Products.Type), Value: orNull(ordered.Products.Value), TemplateID: orNull(ordered.Products.TemplateID),
		Values: types.ListNull(types.StringType), UsageConfig: types.ObjectNull(usageConfigType.AttrTypes),
	}
	if ordered.Products.Type == multiple { // a template's values are Runa's, not the user's
		products.Values, more = types.ListValueFrom(ctx, types.StringType, ordered.Products.Values)
		diags.Append(more...)
	}
	if usage := ordered.Products.UsageConfig; usage != nil && usage.SpendRulesTemplateID != "" {
		products.UsageConfig, more = types.ObjectValueFrom(ctx, usageConfigType.AttrTypes,
			usageConfigModel{SpendRulesTemplateID: types.StringValue(usage.SpendRulesTemplateID)})
		diags.Append(more...)
	}
	item.Products, more = types.ObjectValueFrom(ctx, productsType.AttrTypes, products)
	diags.Append(more...)
	return item, diags
}
