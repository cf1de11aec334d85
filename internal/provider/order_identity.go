package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// orderIdentitySchema names one order. It has a second attribute because the
// framework turns an order without any identity into an error after Create, and an
// error after Create buys again: an order that is not confirmed has a key, and no id.
var orderIdentitySchema = identityschema.Schema{
	Attributes: map[string]identityschema.Attribute{
		"order_id": identityschema.StringAttribute{
			Description:       "Runa's id of the order, such as O-01J7Z3K5N8QWERTYASDFGHZXCV. Null until the order is confirmed.",
			RequiredForImport: true,
		},
		"idempotency_key": identityschema.StringAttribute{
			Description:       "Idempotency key of an order that is not confirmed yet and so has no order_id; null for all others. An order cannot be imported by it.",
			OptionalForImport: true,
		},
	},
}

type orderIdentityModel struct {
	OrderID        types.String `tfsdk:"order_id"`
	IdempotencyKey types.String `tfsdk:"idempotency_key"`
}

// identity is never null as a whole.
func (m orderModel) identity() orderIdentityModel {
	if m.OrderID.IsNull() || m.OrderID.IsUnknown() {
		return orderIdentityModel{OrderID: types.StringNull(), IdempotencyKey: m.ID}
	}
	return orderIdentityModel{OrderID: m.OrderID, IdempotencyKey: types.StringNull()}
}

// write stores an order and its identity, without links where nobody asked for them.
func (m orderModel) write(ctx context.Context, s *session, state *tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	m.dropUnwantedLinks(s)
	return m.store(ctx, state, identity)
}

// store stores an order as it is, and its identity.
func (m orderModel) store(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity) (diags diag.Diagnostics) {
	diags.Append(orders.set(ctx, &state.Raw, m)...)
	diags.Append(identity.Set(ctx, m.identity())...)
	return diags
}
