package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

type campaignResource struct{ session *session }

var (
	_ resource.ResourceWithConfigure      = (*campaignResource)(nil)
	_ resource.ResourceWithValidateConfig = (*campaignResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*campaignResource)(nil)
	_ resource.ResourceWithImportState    = (*campaignResource)(nil)
)

func newCampaignResource() resource.Resource { return &campaignResource{} }

func (r *campaignResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "runa_campaign"
}

func (r *campaignResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = campaignSchema
}

func (r *campaignResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig checks the list as far as it can be without Runa.
func (r *campaignResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config campaignModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(checkTimeouts(config.Timeouts)...)
	if resp.Diagnostics.Append(checkLists(config)...); resp.Diagnostics.HasError() {
		return
	}
	if list := config.list(); !list.IsNull() && !list.IsUnknown() {
		_, problems := r.lists().parse(list.ValueString())
		resp.Diagnostics.Append(aboutRows(config, problems)...)
	}
}

// Create buys, and takes over what Runa already has under the campaign's name. It
// returns an error only if it is certain that this run bought nothing.
func (r *campaignResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config campaignModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !needSession(r.session, &resp.Diagnostics) {
		return
	}
	timeout, diags := plan.Timeouts.Create(ctx, defaultCampaignTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	known := newRecords()
	outcomes, listed, diags := r.buy(ctx, &plan, config, known, timeout)
	if diags.HasError() {
		resp.Diagnostics.Append(diags...)
		return
	}
	rewards, _ := known.book.Bought()
	said := aboutOutcomes(plan, outcomes, r.session.endpoint, rewards == 0)
	if len(known.book.Orders) == 0 && said.HasError() {
		resp.Diagnostics.Append(said...) // nothing was bought, and there is nothing to record
		return
	}
	kept := plan.keep(ctx, r.session, known, listed)
	kept.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(warningsOnly(kept)...)
	resp.Diagnostics.Append(warningsOnly(diags)...)
	if rewards > 0 {
		said = warningsOnly(said)
	}
	resp.Diagnostics.Append(said...)
}

// Read looks at the orders. It never buys, and never forgets an order or changes a link.
func (r *campaignResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state campaignModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.session == nil {
		return
	}
	known, diags := state.records()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.note(state, known)
	key := "campaign " + state.Name.ValueString()
	r.session.checks.Read(key, key)
	if err := campaign.Refresh(ctx, r.session.client, known.book, known.payouts, campaign.Reading{SkipFinal: r.session.readOnce}); err != nil {
		resp.Diagnostics.Append(aboutUnreadableOrders(state, err, r.session)...)
		return
	}
	resp.Diagnostics.Append(aboutOpenOrders(state, known)...)
	links := state.Links
	resp.Diagnostics.Append(state.keep(ctx, r.session, known, state.listed(known))...)
	state.Links = links
	if !r.session.readOnce { // else perhaps no order was read, by which the account would be known
		state.Account = r.session.account()
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// listed is how many rewards the list had when the state was written.
func (m campaignModel) listed(known records) int {
	counts := map[string]int64{}
	m.Statuses.ElementsAs(context.Background(), &counts, false)
	listed := int(counts[campaign.NotBought])
	for _, order := range known.book.Orders {
		listed += len(order.Rewards)
	}
	return listed - len(known.book.Removed)
}

// Update finishes what an earlier run left open, and buys what is new in the list.
// Failing here never makes Terraform replace the campaign.
func (r *campaignResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config campaignModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !needSession(r.session, &resp.Diagnostics) {
		return
	}
	timeout, diags := plan.Timeouts.Update(ctx, defaultCampaignTimeout)
	resp.Diagnostics.Append(diags...)
	known, diags := state.records()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Orders.IsUnknown() { // only settings of ours change
		if resp.Diagnostics.Append(r.session.takeList(&plan, config)...); resp.Diagnostics.HasError() {
			return
		}
		if !plan.storesLinks(r.session) {
			plan.Links = types.StringNull()
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	if state.Links.IsNull() && plan.storesLinks(r.session) {
		if err := campaign.Refresh(ctx, r.session.client, known.book, known.payouts, campaign.Reading{Relink: true}); err != nil {
			resp.Diagnostics.Append(aboutUnreadableOrders(state, err, r.session)...)
			return
		}
	}
	outcomes, listed, diags := r.buy(ctx, &plan, config, known, timeout)
	resp.Diagnostics.Append(diags...)
	if listed == 0 && diags.HasError() {
		return // nothing was looked at
	}
	resp.Diagnostics.Append(plan.keep(ctx, r.session, known, listed)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(aboutOutcomes(plan, outcomes, r.session.endpoint, false)...)
}

// Delete forgets. Nothing can be refunded, and what may have been bought must not be
// forgotten.
func (r *campaignResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state campaignModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	known, diags := state.records()
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(aboutForgetting(state, known)...)
	if !resp.Diagnostics.HasError() && r.session != nil {
		r.note(state, known)
	}
}

// note notes where the keys of orders that bought nothing stand, for a Create of the
// same run: it is not shown what was deleted for it.
func (r *campaignResource) note(state campaignModel, known records) {
	for _, order := range known.book.Orders {
		if order.Standing() == purchase.Closed {
			r.session.checks.Note(purchase.Position{Key: campaign.Key(state.Name.ValueString(), order.Number), Attempt: order.Attempt, Closed: true})
		}
	}
}
