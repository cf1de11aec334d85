package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
)

// ModifyPlan decides what an apply would do: pin for the first time or again, or only
// take over settings. What moved is what the refresh recorded: planning twice gives
// the same.
func (r *catalogPinResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // forgotten in silence
	}
	var plan, config catalogPinModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.Codes = config.Codes; config.Codes.IsNull() {
		plan.Codes = types.ListUnknown(types.StringType)
	}
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.checkSelection(ctx, config)...)
		plan.forgetPinned()
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	var state catalogPinModel
	codesGiven, diags := loadCodesGiven(ctx, req.Private, !config.Codes.IsNull())
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.planExisting(ctx, req.Private, &plan, state, config, codesGiven)...)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	resp.Diagnostics.Append(keepAgreement(ctx, &resp.Plan, plan, state, req.State.Raw)...)
}

func (r *catalogPinResource) planExisting(ctx context.Context, store privateReader, plan *catalogPinModel, state, config catalogPinModel, codesGiven bool) (diags diag.Diagnostics) {
	drift := state.recordedDrift()
	switch {
	case !sameSelection(config.productsFilterModel, selectionOf(state, codesGiven)):
		diags.Append(r.checkSelection(ctx, config)...)
		plan.forgetPinned()
		return diags
	case !drift.None() && plan.OnDrift.IsUnknown():
		plan.forgetPinned()
		return diags
	case !drift.None() && plan.OnDrift.ValueString() == onDriftUpdate:
		diags.Append(planAnew(ctx, store, plan, drift, codesGiven)...)
		return diags
	case !drift.None() && plan.OnDrift.ValueString() == onDriftError:
		diags.Append(aboutDrift(drift, true)...)
	case !drift.None():
		diags.Append(aboutDrift(drift, false)...)
	}
	plan.keepResults(state)
	if !codesGiven {
		plan.Codes = state.Codes
	}
	if !plan.Compare.Equal(state.Compare) {
		plan.forgetDrift()
	}
	return diags
}

// keepAgreement leaves on_drift as it is in the state where it is all that would change,
// and was set only to agree to a change. Setting it back is then no change of its own. What
// counts is always what the configuration says.
func keepAgreement(ctx context.Context, planned *tfsdk.Plan, plan, state catalogPinModel, before tftypes.Value) (diags diag.Diagnostics) {
	if state.OnDrift.ValueString() != onDriftUpdate || plan.OnDrift.IsUnknown() || plan.OnDrift.Equal(state.OnDrift) {
		return nil
	}
	plan.OnDrift = state.OnDrift
	kept := tfsdk.Plan{Schema: planned.Schema, Raw: planned.Raw}
	if diags = kept.Set(ctx, plan); !diags.HasError() && kept.Raw.Equal(before) {
		*planned = kept
	}
	return diags
}

// planAnew plans to pin what the refresh found. Codes that are named and gone must be
// taken back by whoever named them.
func planAnew(ctx context.Context, store privateReader, plan *catalogPinModel, drift catalog.Drift, codesGiven bool) (diags diag.Diagnostics) {
	current, diags := loadCurrent(ctx, store)
	switch {
	case current.IsNull():
		plan.forgetPinned()
	case codesGiven && missingFrom(current, textsOf(plan.Codes.Elements())) != nil:
		diags.Append(aboutPinningMissing(missingFrom(current, textsOf(plan.Codes.Elements())), drift)...)
		return diags
	default:
		plan.planPinned(current)
	}
	diags.Append(aboutPinningAnew(drift)...)
	return diags
}

func missingFrom(products types.Map, codes []string) (missing []string) {
	for _, code := range codes {
		if _, ok := products.Elements()[code]; !ok {
			missing = append(missing, code)
		}
	}
	return missing
}

// checkSelection finds out at plan that a code does not exist. Without settings, or
// with filters that are not known yet, the apply finds out.
func (r *catalogPinResource) checkSelection(ctx context.Context, config catalogPinModel) (diags diag.Diagnostics) {
	chosen := config.productsFilterModel
	if r.session == nil || !fullyKnown(ctx, chosen.Codes) || !fullyKnown(ctx, chosen.CountriesRedeemableIn) || !fullyKnown(ctx, chosen.Categories) ||
		chosen.IsOrderable.IsUnknown() || chosen.Currency.IsUnknown() || chosen.PayoutType.IsUnknown() || chosen.NameRegex.IsUnknown() {
		return nil
	}
	_, diags = selectProducts(ctx, r.session, chosen)
	return diags
}
