package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// toWire builds Runa's request from a model in which everything is known.
func (m estimateDataModel) toWire(ctx context.Context) (request client.EstimateRequest, diags diag.Diagnostics) {
	if diags = m.check(); diags.HasError() {
		return request, diags
	}
	var method paymentMethodModel
	diags.Append(m.PaymentMethod.As(ctx, &method, basetypes.ObjectAsOptions{})...)
	request.PaymentMethod = client.PaymentMethod{Type: method.Type.ValueString(), Currency: method.Currency.ValueString()}
	var items []itemModel
	diags.Append(m.Items.ElementsAs(ctx, &items, false)...)
	for _, item := range items {
		item.DistributionMethod = anyDistribution
		wire, more := item.toWire(ctx)
		diags.Append(more...)
		wire.Products.UsageConfig = nil // it limits a card, and does not touch its price
		request.Items = append(request.Items, client.EstimateItem{FaceValue: wire.FaceValue, Products: wire.Products})
	}
	return request, diags
}

// anyDistribution stands in for what an estimate does not look at.
var anyDistribution = types.ObjectValueMust(distributionType.AttrTypes, map[string]attr.Value{
	"type": types.StringValue(byLink), "email_address": types.StringNull(), "recipient_reference": types.StringNull(), "template_id": types.StringNull(),
})

// setResults takes over what Runa computed.
func (m *estimateDataModel) setResults(ctx context.Context, estimate client.Estimate) (diags diag.Diagnostics) {
	m.Currency = orNull(estimate.Currency)
	m.TotalPrice, m.TotalDiscount = orNull(string(estimate.TotalPrice)), orNull(string(estimate.TotalDiscount))
	m.Estimates = make([]estimateModel, 0, len(estimate.Items))
	for _, item := range estimate.Items {
		m.Estimates = append(m.Estimates, estimateModel{
			Currency: orNull(item.Currency), FaceValue: orNull(string(item.FaceValue)), Price: orNull(string(item.Price)),
			DiscountMultiplier: orNull(string(item.DiscountMultiplier)),
		})
	}
	m.TransactionDetail, diags = transactionsFromWire(ctx, estimate.TransactionDetail)
	return diags
}
