package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// ModifyPlan holds a plan to what can be done with an order: one that is placed
// cannot change, one that is unfinished must be finished, one that bought nothing
// is replaced. It sends nothing.
func (r *orderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state orderModel
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(aboutDestroying(state)...)
		}
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		plan.ID = plan.IdempotencyKey // known before the purchase when it is the user's
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		resp.Diagnostics.Append(checkRecipients(plan)...)
		if r.session != nil {
			resp.Diagnostics.Append(r.session.checkPurchase(ctx, plan)...)
		}
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.planExisting(ctx, req, resp, plan, state)
}

func (r *orderResource) planExisting(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan, state orderModel) {
	changes := changesOf(ctx, plan, state)
	sameKey := plan.IdempotencyKey.Equal(state.IdempotencyKey) && !configuredNull(ctx, req, "idempotency_key")
	switch standingOf(state) {
	case nothingBought:
		r.planReplacement(ctx, req, resp, plan, changes)
		resp.Diagnostics.Append(aboutBuyingInstead(state, sameKey)...)
		return
	case open:
		for _, change := range changes {
			resp.Diagnostics.Append(aboutChangingUnconfirmed(change, state)...)
		}
		plan.forgetResults()
	case unfinished:
		plan.forgetResults()
		fallthrough
	case placed:
		if plan.OnChange.ValueString() == onChangeBuyAgain && !settled(ctx, plan) {
			resp.Diagnostics.Append(aboutUnknownPurchase(state)...)
			return
		}
		if len(changes) == 0 {
			moved, diags := loadMoved(ctx, req.Private)
			resp.Diagnostics.Append(diags...)
			plan.planLinks(state, r.session, moved, !req.Plan.Raw.Equal(req.State.Raw))
			break
		}
		if refuse := mayNotBuyAgain(plan, state); refuse != nil {
			for _, change := range changes {
				resp.Diagnostics.Append(refuse(change, state)...)
			}
			return
		}
		if sameKey {
			resp.Diagnostics.Append(aboutReusingKey(state)...)
			return
		}
		r.planReplacement(ctx, req, resp, plan, changes)
		resp.Diagnostics.Append(aboutBuyingAgain(changes, state)...)
		return
	}
	if r.session != nil {
		resp.Diagnostics.Append(r.session.checkKey(state)...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// mayNotBuyAgain gives what to say of each change where changes buy nothing. An imported
// order's resource must have said buy_again before: importing never buys.
func mayNotBuyAgain(plan, state orderModel) func(path.Path, orderModel) diag.Diagnostics {
	switch {
	case plan.OnChange.ValueString() != onChangeBuyAgain:
		return aboutChangingPlaced
	case state.SubmittedAt.IsNull() && state.OnChange.ValueString() != onChangeBuyAgain:
		return aboutChangingImported
	}
	return nil
}

// planReplacement has Terraform forget this order and create a new one. Terraform
// plans that creation in a second call, without a prior state.
func (r *orderResource) planReplacement(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan orderModel, changes []path.Path) {
	if configuredNull(ctx, req, "idempotency_key") {
		plan.IdempotencyKey = types.StringUnknown()
	}
	plan.ID = plan.IdempotencyKey
	plan.forgetResults()
	plan.OrderID, plan.SubmittedAt = types.StringUnknown(), types.StringUnknown()
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	// Terraform heeds only paths that change, and the state always does.
	resp.RequiresReplace = append(append(resp.RequiresReplace, changes...), path.Root("status"))
}

func configuredNull(ctx context.Context, req resource.ModifyPlanRequest, name string) bool {
	var value types.String
	diags := req.Config.GetAttribute(ctx, path.Root(name), &value)
	return !diags.HasError() && value.IsNull()
}

// standing is what a recorded order allows.
type standing int

const (
	placed        standing = iota // bought, for good
	unfinished                    // bought, and Runa is still at work
	open                          // perhaps bought
	nothingBought                 // certainly not bought
)

func standingOf(state orderModel) standing {
	switch state.Status.ValueString() {
	case statusUnconfirmed:
		return open
	case statusRejected:
		return nothingBought
	case string(client.StatusProcessing):
		return unfinished
	case string(client.StatusFailed):
		if !state.Payouts.IsNull() && !hasSpendable(state.Payouts) {
			return nothingBought
		}
	}
	return placed
}

// hasSpendable reports whether any recorded link can be, or was, redeemed. It must
// say what purchase says of the order the links were recorded from.
func hasSpendable(payouts types.List) bool {
	for _, element := range payouts.Elements() {
		if purchase.Spendable(client.PayoutLink{Status: text(element, "status"), URL: text(element, "url")}) {
			return true
		}
	}
	return false
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
		if known, same := compare(ctx, pair.planned, pair.prior); known && !same {
			changes = append(changes, path.Root(pair.name))
		}
	}
	changes = append(changes, objectChanges(ctx, path.Root("payment_method"), plan.PaymentMethod, state.PaymentMethod)...)
	return append(changes, itemChanges(ctx, plan.Items, state.Items)...)
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

// settled reports whether everything that Runa fixes is known.
func settled(ctx context.Context, plan orderModel) bool {
	return fullyKnown(ctx, plan.Items) && fullyKnown(ctx, plan.PaymentMethod) && fullyKnown(ctx, plan.Metadata) && !plan.Description.IsUnknown()
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

func namesOf(paths []path.Path) string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = p.String()
	}
	return strings.Join(names, ", ")
}

// named says which order is meant, with all that helps to find it at Runa.
func named(m orderModel) string {
	key := "key " + m.ID.ValueString()
	if m.OrderID.IsNull() || m.OrderID.IsUnknown() {
		return fmt.Sprintf("The order with %s", key)
	}
	return fmt.Sprintf("Order %s (%s)", m.OrderID.ValueString(), key)
}
