package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
)

// ModifyPlan says in numbers what the next apply buys, and refuses what a campaign
// cannot do. It sends nothing.
func (r *campaignResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state, config campaignModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		known, diags := state.records()
		resp.Diagnostics.Append(diags...)
		resp.Diagnostics.Append(aboutForgetting(state, known)...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	known := newRecords()
	if created := req.State.Raw.IsNull(); !created {
		var diags diag.Diagnostics
		if known, diags = state.records(); diags.HasError() {
			resp.Diagnostics.Append(diags...)
			return
		}
		if !plan.Name.IsUnknown() && !plan.Name.Equal(state.Name) {
			resp.Diagnostics.Append(aboutRenaming(state)...)
			return
		}
	}
	if config.PaymentMethod.IsNull() {
		plan.PaymentMethod = types.ObjectNull(campaignPaymentType.AttrTypes)
		if !req.State.Raw.IsNull() {
			plan.PaymentMethod = state.PaymentMethod
		}
	}
	// A CLI that is made to replace a campaign plans twice, the second time as a create.
	planned, diags := req.Private.GetKey(ctx, privatePlanned)
	resp.Diagnostics.Append(diags...)
	create := req.State.Raw.IsNull()
	if !create {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privatePlanned, []byte("true"))...)
	}
	resp.Diagnostics.Append(r.planPurchases(ctx, &plan, state, config, known, create, create && len(planned) > 0)...)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

const privatePlanned = "planned"

// planPurchases plans what is left to do, and that nothing changes where nothing is.
func (r *campaignResource) planPurchases(ctx context.Context, plan *campaignModel, state, config campaignModel, known records, create, planned bool) (diags diag.Diagnostics) {
	plan.RewardsWODigest = config.digest(r.lists())
	if r.session == nil || config.list().IsUnknown() || config.Name.IsUnknown() || config.PaymentMethod.IsUnknown() || plan.OrderSize.IsUnknown() {
		plan.forget()
		plan.Account = r.session.account()
		return nil
	}
	name := config.Name.ValueString()
	if shared := r.session.claimsName(name, create); shared && !planned {
		return aboutSharedName(config)
	}
	if !create {
		if err := r.sameAccount(ctx, state, known); err != nil {
			return aboutMovedCampaign(state, err, r.session.endpoint)
		}
	}
	p, diags := r.read(ctx, config, known.book)
	if diags.HasError() {
		return diags
	}
	diags.Append(r.deal(ctx, config, int(plan.OrderSize.ValueInt64()), known, &p)...)
	if diags.HasError() {
		return diags
	}
	diags.Append(r.session.checkClock()...)
	diags.Append(p.rules.checkSums(ctx, name, p.deal.Batches)...)
	diags.Append(aboutFound(*plan, known.book, p.found)...)
	diags.Append(aboutRemoved(config, p.deal.Newly)...)
	diags.Append(aboutPurchases(*plan, known.book, p.deal.Batches)...)
	if !create && r.session.lists.same(config.Rewards, state.Rewards) {
		plan.Rewards = state.Rewards // the same rewards, spelt in another way
	}
	todo := create || len(p.deal.Batches) > 0 || len(p.found.Numbers) > 0 || !known.book.Complete() || !state.Complete.ValueBool() ||
		len(p.deal.Newly) > 0 || !slices.Equal(p.deal.Removed, known.book.Removed)
	switch {
	case todo:
		plan.forget()
		plan.Account = r.session.account()
	default:
		plan.stay(state)
		if !plan.storesLinks(r.session) {
			plan.Links = types.StringNull()
		} else if state.Links.IsNull() {
			plan.forget() // the links must be read
			plan.Account = r.session.account()
		}
	}
	return diags
}

// claimsName takes a campaign's name for a resource, and reports whether another one of
// this run has it. A CLI may plan a campaign twice: see claims.
func (s *session) claimsName(name string, create bool) (shared bool) {
	key := "campaign " + name
	if create {
		return s.checks.Claim(key, "")
	}
	s.checks.Planned(key)
	return s.checks.Claim(key, key)
}

var campaignPaymentType = campaignSchema.Attributes["payment_method"].GetType().(types.ObjectType)

// ImportState takes a campaign's name, and finds its orders at Runa.
func (r *campaignResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !needSession(r.session, &resp.Diagnostics) {
		return
	}
	if wrong := campaign.WrongName(req.ID); wrong != "" {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Not a campaign's name", "A campaign is imported by its name, which "+wrong+". Nothing was imported or changed.")
		return
	}
	resp.Diagnostics.Append(r.takeOver(ctx, req.ID, resp)...)
}

func (r *campaignResource) takeOver(ctx context.Context, name string, resp *resource.ImportStateResponse) (diags diag.Diagnostics) {
	var m campaignModel
	diags.Append(readNulls(ctx, campaignSchema, &m)...)
	m.Name = types.StringValue(name)
	known := newRecords()
	found, err := campaign.Find(ctx, r.session.client, name, known.book, known.payouts, defaultOrdersSearched)
	if err != nil {
		diags.Append(aboutUnsearched(m, err, r.session.endpoint)...)
		return diags
	}
	if len(found.Numbers) == 0 {
		diags.Append(aboutNoCampaign(name, r.session.endpoint)...)
		return diags
	}
	list, err := campaign.Write(found.Rewards)
	if err != nil {
		diags.AddError("The campaign cannot be recorded", err.Error())
		return diags
	}
	m.Rewards, m.RewardsWO = types.StringValue(list), types.StringNull()
	m.OrderSize, m.OrdersSearched = types.Int64Value(campaign.MostRewards), types.Int64Value(defaultOrdersSearched)
	m.Account = r.session.account()
	m.PaymentMethod = types.ObjectNull(campaignPaymentType.AttrTypes)
	if currency := known.book.Currency(); currency != "" {
		made, more := types.ObjectValueFrom(ctx, campaignPaymentType.AttrTypes, paymentMethodModel{types.StringValue(accountBalance), types.StringValue(currency)})
		diags.Append(more...)
		m.PaymentMethod = made
	}
	diags.Append(m.keep(ctx, r.session, known, len(found.Rewards))...)
	if !diags.HasError() {
		diags.Append(resp.State.Set(ctx, m)...)
	}
	return diags
}
