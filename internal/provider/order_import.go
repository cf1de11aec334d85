package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// ImportState takes an order id, by itself or as an identity. It reads the whole order,
// so that the refresh that follows has nothing to change: see refreshed.
func (r *orderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !needSession(r.session, &resp.Diagnostics) {
		return
	}
	id := strings.TrimSpace(req.ID)
	if id == "" && req.Identity != nil {
		var identity orderIdentityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if !identity.IdempotencyKey.IsNull() {
			resp.Diagnostics.Append(aboutImportByKey()...)
			return
		}
		id = identity.OrderID.ValueString()
	}
	if isOrderID.flaw(id) != "" {
		resp.Diagnostics.Append(aboutNoOrderID()...)
		return
	}
	order, err := r.session.client.Order(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(aboutNothingToImport(id, err, r.session.endpoint)...)
		return
	}
	imported, diags := unread(ctx)
	diags.Append(imported.takeOver(ctx, r.session, order)...)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(imported.write(ctx, r.session, &resp.State, resp.Identity)...)
	}
}

// unread is an order of which nothing is known.
func unread(ctx context.Context) (m orderModel, diags diag.Diagnostics) {
	diags = readNulls(ctx, orderSchema, &m)
	return m, diags
}

// readNulls reads a model of a schema in which everything is null.
func readNulls(ctx context.Context, of schema.Schema, model any) diag.Diagnostics {
	typ := of.Type().TerraformType(ctx).(tftypes.Object)
	nulls := make(map[string]tftypes.Value, len(typ.AttributeTypes))
	for name, attribute := range typ.AttributeTypes {
		nulls[name] = tftypes.NewValue(attribute, nil)
	}
	return tfsdk.State{Schema: of, Raw: tftypes.NewValue(typ, nulls)}.Get(ctx, model)
}

// takeOver makes an order that was bought elsewhere one of Terraform's. An order
// that the next apply would buy again is refused: importing must never buy.
func (m *orderModel) takeOver(ctx context.Context, s *session, order client.Order) (diags diag.Diagnostics) {
	if order.Incomplete != nil || len(order.Items) == 0 {
		return aboutNotImportable(order)
	}
	m.Account = s.account()
	diags.Append(m.adopt(ctx, order)...)
	diags.Append(m.setResults(ctx, order)...)
	if standingOf(*m) == purchase.Closed {
		diags.Append(aboutNotImportable(order)...)
	}
	if !diags.HasError() {
		diags.Append(m.checkDeclarable(ctx)...)
	}
	return diags
}

// adopt fills in the configuration of an order that is being imported.
func (m *orderModel) adopt(ctx context.Context, order client.Order) (diags diag.Diagnostics) {
	for _, detail := range order.TransactionDetail {
		if detail.FX != nil {
			m.ExecutionMode = types.StringValue("sync") // the only mode for Embedded FX
		}
	}
	m.ID = types.StringValue(order.ID)
	if key, attempt := purchase.TagOf(order.Metadata); key != "" {
		m.ID, m.IdempotencyKey = types.StringValue(purchase.AttemptKey(key, attempt)), types.StringValue(key)
		m.Attempt = types.Int64Value(int64(attempt))
	}
	m.Metadata = labelsOf(order)
	diags.Append(m.setConfiguration(ctx, order)...)
	return diags
}
