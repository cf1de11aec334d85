package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// ModifyPlan limits a plan to what can be done with an order: one that is placed
// cannot change, one that is unfinished must be finished, one that bought nothing
// is bought with the next attempt. It sends nothing.
func (r *orderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		state, diags := orders.get(ctx, req.State.Raw)
		resp.Diagnostics.Append(diags...)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(r.session.aboutDestroying(state)...)
			resp.Diagnostics.Append(keepRecreated(ctx, resp.Private, "")...)
			resp.Diagnostics.Append(r.session.noteForgotten(ctx, state)...)
		}
		return
	}
	plan, diags := orders.get(ctx, req.Plan.Raw)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(plan.readRecipients(ctx, req.Config.Raw)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		r.planCreate(ctx, req, resp, plan)
		return
	}
	state, diags := orders.get(ctx, req.State.Raw)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.isUnread() {
		r.planUnread(ctx, req, resp, state)
		return
	}
	resp.Diagnostics.Append(r.session.noteRecorded(ctx, state)...)
	resp.Diagnostics.Append(keepReplaceable(ctx, resp.Private, state)...)
	resp.Diagnostics.Append(keepRecreated(ctx, resp.Private, "")...)
	r.planExisting(ctx, req, resp, plan, state)
}

// planCreate plans a purchase for which the state has no order, or is to have none
// any more.
func (r *orderResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan orderModel) {
	plan.Account = r.session.account()
	plan.planDigests(noDigests, false)
	resp.Diagnostics.Append(orders.set(ctx, &resp.Plan.Raw, plan)...)
	resp.Diagnostics.Append(keepRecreated(ctx, resp.Private, plan.IdempotencyKey.ValueString())...)
	replaced, diags := loadReplaceable(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if replaced != nil {
		if replaced.Bought && keyless(req) {
			resp.Diagnostics.Append(aboutReplacing(replaced.Name)...)
		} else if replaced.Bought {
			resp.Diagnostics.Append(r.session.checkLapsed(plan.IdempotencyKey.ValueString())...)
		}
		// The rest was checked when it was planned as it is, but for what a placed order may
		// leave out. The CLI drops warnings of this plan.
		resp.Diagnostics.Append(checkRecipients(plan)...)
		return
	}
	resp.Diagnostics.Append(r.checkPlanned(ctx, plan, "", keyless(req))...)
	if key := plan.IdempotencyKey.ValueString(); r.session != nil && key != "" {
		if at := r.session.checks.Position(key); at.Closed {
			resp.Diagnostics.Append(aboutCreatingNext(at)...)
		}
	}
}

// planExisting plans what can become of an order that is in the state.
func (r *orderResource) planExisting(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan, state orderModel) {
	if r.session != nil {
		r.session.checks.Planned(recordedName(state))
	}
	changes := changesOf(ctx, plan, state)
	switch standingOf(state) {
	case purchase.Closed:
		resp.Diagnostics.Append(r.planPurchase(ctx, req, resp, plan, state)...)
		resp.Diagnostics.Append(aboutBuyingNext(state, r.session.positionIn(state).Next(state.IdempotencyKey.ValueString()), sameKey(req, plan, state))...)
	case purchase.Open:
		if len(changes) > 0 {
			resp.Diagnostics.Append(aboutChangingUnconfirmed(changes, state)...)
		}
		plan.forgetResults()
		resp.Diagnostics.Append(r.planKept(ctx, resp, plan, state)...)
	case purchase.Unfinished:
		plan.forgetResults()
		r.planBought(ctx, req, resp, plan, state, changes)
	case purchase.Placed:
		r.planBought(ctx, req, resp, plan, state, changes)
	}
}

// planBought keeps an order that is bought, or plans to buy again where its changes ask
// for that and may.
func (r *orderResource) planBought(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan, state orderModel, changes []path.Path) {
	canBuyAgain := plan.OnChange.IsUnknown() || plan.OnChange.ValueString() == onChangeBuyAgain
	if canBuyAgain && (!contentsKnown(ctx, plan) || plan.IdempotencyKey.IsUnknown()) {
		resp.Diagnostics.Append(aboutUnknownPurchase(state)...)
		return
	}
	if len(changes) == 0 {
		linksChanged, diags := loadLinksChanged(ctx, req.Private)
		resp.Diagnostics.Append(diags...)
		plan.planLinks(state, r.session, linksChanged, !req.Plan.Raw.Equal(req.State.Raw))
		resp.Diagnostics.Append(r.planKept(ctx, resp, plan, state)...)
		return
	}
	if refuse := whyNotBuyAgain(plan, state); refuse != nil {
		resp.Diagnostics.Append(refuse(changes, state)...)
		return
	}
	if sameKey(req, plan, state) {
		resp.Diagnostics.Append(aboutReusingKey(state)...)
		return
	}
	resp.Diagnostics.Append(r.planPurchase(ctx, req, resp, plan, state)...)
	resp.Diagnostics.Append(aboutBuyingAgain(changes, state)...)
}

// planKept plans an update that buys nothing, or no change at all.
func (r *orderResource) planKept(ctx context.Context, resp *resource.ModifyPlanResponse, plan, state orderModel) (diags diag.Diagnostics) {
	if r.session != nil {
		diags.Append(r.session.checkRecorded(state)...)
	}
	plan.planDigests(state.RecipientDigests, true)
	diags.Append(orders.set(ctx, &resp.Plan.Raw, plan)...)
	return diags
}

// sameKey reports whether the configuration gives the idempotency key that is recorded.
func sameKey(req resource.ModifyPlanRequest, plan, state orderModel) bool {
	return plan.IdempotencyKey.Equal(state.IdempotencyKey) && !keyless(req)
}

// whyNotBuyAgain gives what to say of the changes where changes buy nothing. An imported
// order's resource must have said buy_again before: importing never buys.
func whyNotBuyAgain(plan, state orderModel) func([]path.Path, orderModel) diag.Diagnostics {
	switch {
	case plan.OnChange.ValueString() != onChangeBuyAgain:
		return aboutChangingPlaced
	case state.Submission.IsNull() && state.OnChange.ValueString() != onChangeBuyAgain:
		return aboutChangingImported
	}
	return nil
}

// planPurchase has the next apply buy in place: see buyNext. It is never a replacement,
// which forgets one order before it buys another.
func (r *orderResource) planPurchase(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan, state orderModel) (diags diag.Diagnostics) {
	if keyless(req) {
		plan.IdempotencyKey = types.StringUnknown()
	}
	// What is left out stands for what a placed order has, and this one is yet to be placed.
	diags.Append(req.Config.GetAttribute(ctx, path.Root("items"), &plan.Items)...)
	plan.forgetResults()
	plan.ID, plan.Attempt, plan.Account = types.StringUnknown(), types.Int64Unknown(), r.session.account()
	plan.OrderID = types.StringUnknown()
	plan.planDigests(noDigests, false)
	diags.Append(orders.set(ctx, &resp.Plan.Raw, plan)...)
	diags.Append(r.checkPlanned(ctx, plan, recordedName(state), keyless(req))...)
	return diags
}

// checkPlanned checks what the next apply would buy. There is the order in the state, ""
// for one to be created.
func (r *orderResource) checkPlanned(ctx context.Context, plan orderModel, there string, keyless bool) (diags diag.Diagnostics) {
	diags.Append(checkRecipients(plan)...)
	if r.session != nil {
		diags.Append(r.session.checkPurchase(ctx, plan, there, keyless)...)
	}
	return diags
}

// keyless reports whether the configuration gives the order no idempotency key.
func keyless(req resource.ModifyPlanRequest) bool {
	var config map[string]tftypes.Value
	return req.Config.Raw.As(&config) == nil && config["idempotency_key"].IsNull()
}

// changesOf lists the attributes of an order that Runa has fixed and the plan
// would change, as finely as possible. What is unknown is not a change yet: it is
// compared again when it is known, in Update.
func changesOf(ctx context.Context, plan, state orderModel) (changes []path.Path) {
	if known, same := compare(ctx, plan.IdempotencyKey, state.IdempotencyKey); known && !same && !state.IdempotencyKey.IsNull() {
		changes = append(changes, path.Root("idempotency_key"))
	}
	for _, pair := range []struct {
		name           string
		planned, prior attr.Value
	}{
		{"description", plan.Description, state.Description},
		{"metadata", plan.Metadata, state.Metadata},
	} {
		if known, same := compare(ctx, pair.planned, pair.prior); known && !same && (!isEmpty(pair.planned) || !isEmpty(pair.prior)) {
			changes = append(changes, path.Root(pair.name))
		}
	}
	changes = append(changes, objectChanges(ctx, path.Root("payment_method"), plan.PaymentMethod, state.PaymentMethod)...)
	planned := plan.addressed()
	for _, at := range itemChanges(ctx, planned, state.revealed(planned)) {
		changes = append(changes, plan.writtenAt(at))
	}
	return changes
}

// isEmpty reports whether a description or metadata says nothing: null, "" or {}, which
// Runa is all sent as nothing.
func isEmpty(value attr.Value) bool {
	switch value := value.(type) {
	case types.String:
		return value.ValueString() == "" && !value.IsUnknown()
	case types.Map:
		return len(value.Elements()) == 0 && !value.IsUnknown()
	}
	return false
}

func itemChanges(ctx context.Context, plan, state types.List) (changes []path.Path) {
	at := path.Root("items")
	if plan.IsUnknown() {
		return nil
	}
	planned, prior := plan.Elements(), state.Elements()
	if len(planned) != len(prior) {
		return []path.Path{at}
	}
	for i := range planned {
		p, okP := planned[i].(types.Object)
		s, okS := prior[i].(types.Object)
		if okP && okS {
			changes = append(changes, objectChanges(ctx, at.AtListIndex(i), p, s)...)
		}
	}
	return changes
}

// objectChanges goes down to the attribute that differs, also past unknown ones.
func objectChanges(ctx context.Context, at path.Path, plan, state types.Object) (changes []path.Path) {
	if plan.IsUnknown() || plan.Equal(state) {
		return nil
	}
	if plan.IsNull() || state.IsNull() {
		return []path.Path{at}
	}
	for _, name := range sortedNames(plan.Attributes()) {
		planned, prior := plan.Attributes()[name], state.Attributes()[name]
		if object, ok := planned.(types.Object); ok {
			changes = append(changes, objectChanges(ctx, at.AtName(name), object, prior.(types.Object))...)
		} else if known, same := compare(ctx, planned, prior); known && !same {
			changes = append(changes, at.AtName(name))
		}
	}
	return changes
}

// contentsKnown reports whether everything that Runa fixes is known.
func contentsKnown(ctx context.Context, plan orderModel) bool {
	return fullyKnown(ctx, plan.Items) && fullyKnown(ctx, plan.recipients) && fullyKnown(ctx, plan.PaymentMethod) && fullyKnown(ctx, plan.Metadata) && !plan.Description.IsUnknown()
}

func compare(ctx context.Context, planned, prior attr.Value) (known, same bool) {
	if number, ok := planned.(types.Number); ok && !number.IsUnknown() && !number.IsNull() {
		// 3 * 3.3 and 9.9 are the same money, and not the same binary number.
		now, _ := faceValue(number)
		before, _ := faceValue(prior.(types.Number))
		return true, now.Equal(before)
	}
	return fullyKnown(ctx, planned), planned.Equal(prior)
}
