package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// An order that was moved from another provider's resource is in the state with no more
// than its id. The plan reads it, and takes it over as an import does; the apply stores
// it. A refresh leaves it alone: OpenTofu logs in plain text what a refresh changes, and
// an order holds links and addresses. Nothing here ever buys.

// isUnread reports an order that was moved and not read yet. Every other order has items.
func (m orderModel) isUnread() bool { return !m.OrderID.IsNull() && m.Items.IsNull() }

// readMoved is an unread order as an import would have it.
func (r *orderResource) readMoved(ctx context.Context, state orderModel) (imported orderModel, diags diag.Diagnostics) {
	if r.session == nil {
		return imported, aboutUnreadWithoutSession(state)
	}
	order, err := r.session.client.Order(ctx, state.OrderID.ValueString())
	if err != nil {
		return imported, aboutUnreadable(state, err, r.session)
	}
	imported, diags = unread(ctx)
	found := imported.takeOver(ctx, r.session, order)
	if found.HasError() {
		diags.Append(aboutUnmovable(found)...)
	}
	return imported, diags
}

// planUnread plans to take a moved order over, or says why it is not what the
// configuration says.
func (r *orderResource) planUnread(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, state orderModel) {
	imported, diags := r.readMoved(ctx, state)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	var before tftypes.Value
	resp.Diagnostics.Append(orders.set(ctx, &before, imported)...)
	raw, err := filledIn(ctx, req, before)
	if err != nil {
		resp.Diagnostics.Append(cannotConvert(path.Empty(), err)...)
		return
	}
	plan, diags := orders.get(ctx, raw)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(plan.readRecipients(ctx, req.Config.Raw)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID = imported.ID // until now it was the order's, as no idempotency key was known
	resp.Diagnostics.Append(r.session.noteRecorded(ctx, imported)...)
	resp.Diagnostics.Append(keepReplaceable(ctx, resp.Private, imported)...)
	r.planExisting(ctx, req, resp, plan, imported)
	if resp.Diagnostics.HasError() {
		return
	}
	plan, diags = orders.get(ctx, resp.Plan.Raw)
	resp.Diagnostics.Append(diags...)
	plan.planLinks(imported, r.session, true, true)
	resp.Diagnostics.Append(orders.set(ctx, &resp.Plan.Raw, plan)...)
}

// filledIn is a plan in which every computed value that is left out is the order's, as it
// would be if the order had been in the state.
func filledIn(ctx context.Context, req resource.ModifyPlanRequest, order tftypes.Value) (tftypes.Value, error) {
	return tftypes.Transform(req.Plan.Raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if value.IsKnown() && !value.IsNull() {
			return value, nil
		}
		attribute, err := req.Plan.Schema.AttributeAtTerraformPath(ctx, at)
		if err != nil || !attribute.IsComputed() {
			return value, nil //nolint:nilerr // an element, which is as its list is
		}
		configured, _, err := tftypes.WalkAttributePath(req.Config.Raw, at)
		if given, ok := configured.(tftypes.Value); err != nil || !ok || !given.IsNull() {
			return value, nil //nolint:nilerr // it is configured, if only as unknown
		}
		if has, _, err := tftypes.WalkAttributePath(order, at); err == nil {
			return has.(tftypes.Value), nil
		}
		return value, nil
	})
}

func aboutUnreadWithoutSession(m orderModel) (diags diag.Diagnostics) {
	diags.AddError("The moved order cannot be read yet",
		describeOrder(m)+" was moved from another resource. The provider's configuration is not known yet, so the order cannot be compared with the configuration. Nothing was bought or changed.\n\n"+
			"Next: apply first what the provider's configuration depends on (-target), then plan again.")
	return diags
}

// aboutUnmovable is about a moved order that an import would refuse too.
func aboutUnmovable(why diag.Diagnostics) (diags diag.Diagnostics) {
	for _, d := range why {
		diags.AddAttributeError(path.Root("order_id"), "The moved order cannot be taken over",
			d.Detail()+"\n\nNothing was bought or changed. The old resource is in the state until an apply succeeds. If the order is not to be managed, remove the moved block, and take the old resource out of the state (state rm).")
	}
	return diags
}
