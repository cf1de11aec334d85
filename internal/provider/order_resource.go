package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

type orderResource struct{ session *session }

var (
	_ resource.ResourceWithConfigure      = (*orderResource)(nil)
	_ resource.ResourceWithValidateConfig = (*orderResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*orderResource)(nil)
	_ resource.ResourceWithImportState    = (*orderResource)(nil)
	_ resource.ResourceWithMoveState      = (*orderResource)(nil)
	_ resource.ResourceWithIdentity       = (*orderResource)(nil)
)

func newOrderResource() resource.Resource { return &orderResource{} }

func (r *orderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "runa_order"
	resp.ResourceBehavior.MutableIdentity = true // an unconfirmed order gets its id when it is settled
}

func (r *orderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = orderSchema
}

func (r *orderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = orderIdentitySchema
}

func (r *orderResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

// Create buys. From the moment the intent is handed to the buyer, an error is
// returned only if it is certain that nothing was bought: Terraform forgets or
// replaces what ends in an error, and so buys again.
func (r *orderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := orders.get(ctx, req.Plan.Raw)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(plan.readRecipients(ctx, req.Config.Raw)...)
	if resp.Diagnostics.HasError() || !needSession(r.session, &resp.Diagnostics) {
		return
	}
	given := !plan.IdempotencyKey.IsUnknown()
	timeout, diags := plan.Timeouts.Create(ctx, defaultCreateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	result, kept, sent := r.buy(ctx, &plan, timeout, &resp.Diagnostics)
	key := plan.IdempotencyKey.ValueString()
	at := r.session.checks.Position(key)
	deleted := given && at.Key == key // the order for which this one is the replacement
	if sent && (result.Verdict == purchase.NotBought || result.Verdict == purchase.Refused && !given) {
		// Without a key of the user's, the next attempt is a purchase of its own.
		resp.Diagnostics.Append(aboutNotBought(plan, result, deleted && !at.Closed, r.session.endpoint)...)
		sent = false
	}
	if !sent {
		if deleted && at.Closed {
			// The order that was deleted for this one was the record of a closed attempt.
			plan.standAt(at)
			resp.Diagnostics.Append(plan.write(ctx, r.session, &resp.State, resp.Identity)...)
		}
		return
	}
	kept.Append(plan.write(ctx, r.session, &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(warningsOnly(kept)...)
	resp.Diagnostics.Append(aboutCreated(plan, result, r.session.endpoint)...)
}

// Read looks at an order. It never buys, and never drops an order from the state:
// what is not in the state is bought again. Nor does it change a link: see refreshed.
func (r *orderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := orders.get(ctx, req.State.Raw)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.isUnread() {
		resp.Diagnostics.Append(state.store(ctx, &resp.State, resp.Identity)...)
		return // the plan reads it
	}
	if r.session != nil {
		r.session.checks.Read(recordedName(state), state.IdempotencyKey.ValueString())
		defer func() { r.session.checks.Note(r.session.positionIn(state)) }()
	}
	if r.session == nil || state.OrderID.IsNull() || r.session.readOnce && purchase.Final(state.Status.ValueString(), recordedLinks(state)) {
		resp.Diagnostics.Append(r.session.noteRecorded(ctx, state)...)
		resp.Diagnostics.Append(aboutRead(state)...)
		resp.Diagnostics.Append(state.store(ctx, &resp.State, resp.Identity)...)
		return // nothing to look at: not configured yet, not confirmed, or final
	}
	order, err := r.session.client.Order(ctx, state.OrderID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(aboutUnreadable(state, err, r.session)...)
		return
	}
	fresh := state
	fresh.Account = r.session.account()
	resp.Diagnostics.Append(fresh.setResults(ctx, order)...)
	fresh.dropUnwantedLinks(r.session)
	changed := fresh.keepLinks(state)
	resp.Diagnostics.Append(keepLinksChanged(ctx, resp.Private, changed)...)
	if order.Incomplete != nil {
		resp.Diagnostics.Append(aboutIncomplete(fresh, order.Incomplete)...)
	}
	resp.Diagnostics.Append(r.session.noteRecorded(ctx, fresh)...)
	resp.Diagnostics.Append(aboutRead(fresh)...)
	state = fresh
	resp.Diagnostics.Append(fresh.store(ctx, &resp.State, resp.Identity)...)
}

// Update finishes what an earlier run left unfinished, buys what a plan announced, and
// takes over settings that are only ours. Failing here never makes Terraform replace
// the order.
func (r *orderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := orders.get(ctx, req.Plan.Raw)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(plan.readRecipients(ctx, req.Config.Raw)...)
	state, diags := orders.get(ctx, req.State.Raw)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case state.isUnread():
		state, diags = r.readMoved(ctx, state)
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
	case plan.buys():
		r.buyNext(ctx, req, resp, plan, state)
		return
	}
	// A value that was unknown at plan shows only now what it changes.
	if changes := changesOf(ctx, plan, state); len(changes) > 0 {
		resp.Diagnostics.Append(aboutLateChange(changes, state)...)
	}
	timeout, diags := plan.Timeouts.Update(ctx, defaultUpdateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !fullyKnown(ctx, plan.RecipientDigests) { // the plan did not know every recipient
		plan.planDigests(state.RecipientDigests, true)
	}
	switch standingOf(state) {
	case purchase.Open:
		r.settle(ctx, resp, plan, state, timeout)
	case purchase.Unfinished:
		r.await(ctx, resp, plan, state, timeout)
	default:
		r.keepBought(ctx, resp, plan, state)
	}
}

// settle finds out what became of an order whose answer was lost.
func (r *orderResource) settle(ctx context.Context, resp *resource.UpdateResponse, plan, state orderModel, timeout time.Duration) {
	intent, diags := state.loadIntent()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !needSession(r.session, &resp.Diagnostics) {
		return
	}
	started, release := time.Now(), func() {}
	result := r.session.buyer.Settle(ctx, intent, timeout, func() (err error) {
		if err := r.session.checks.NeedTime(ctx); err != nil {
			return err
		}
		release, err = r.session.spend(ctx, state)
		return err
	})
	if result.Verdict == purchase.Refused {
		release()
	}
	result.Earlier = r.session.takes(result) || result.Earlier
	r.recordResult(ctx, resp, plan, state, result, time.Since(started))
}

// await waits for an order that Runa has, and had not finished.
func (r *orderResource) await(ctx context.Context, resp *resource.UpdateResponse, plan, state orderModel, timeout time.Duration) {
	if !needSession(r.session, &resp.Diagnostics) {
		return
	}
	started := time.Now()
	result := r.session.buyer.Await(ctx, state.OrderID.ValueString(), timeout)
	r.recordResult(ctx, resp, plan, state, result, time.Since(started))
}

// recordResult stores what settling or waiting came to, and says it.
func (r *orderResource) recordResult(ctx context.Context, resp *resource.UpdateResponse, plan, state orderModel, result purchase.Result, took time.Duration) {
	logVerdict(ctx, state, result, took)
	plan.Submission = state.Submission
	plan.Payouts, plan.PayoutLinks = state.Payouts, state.PayoutLinks // which Runa may no longer tell, and which may still be spent
	resp.Diagnostics.Append(record(ctx, &plan, result)...)
	resp.Diagnostics.Append(plan.write(ctx, r.session, &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(aboutSettled(plan, result, r.session)...)
}

// keepBought takes over settings of ours, and links that the plan left unknown.
func (r *orderResource) keepBought(ctx context.Context, resp *resource.UpdateResponse, plan, state orderModel) {
	resp.Diagnostics.Append(r.readLinks(ctx, &plan, state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(keepLinksChanged(ctx, resp.Private, false)...)
	resp.Diagnostics.Append(plan.write(ctx, r.session, &resp.State, resp.Identity)...)
}

// readLinks fills in payouts that a plan left unknown because their links changed.
func (r *orderResource) readLinks(ctx context.Context, plan *orderModel, state orderModel) (diags diag.Diagnostics) {
	if !plan.PayoutLinks.IsUnknown() || !needSession(r.session, &diags) {
		return diags
	}
	order, err := r.session.client.Order(ctx, plan.OrderID.ValueString())
	if err != nil {
		return aboutUnreadable(*plan, err, r.session)
	}
	// The rest is planned, and stays as it was planned.
	diags = state.setResults(ctx, order)
	plan.Payouts, plan.PayoutLinks = state.Payouts, state.PayoutLinks
	if order.Incomplete != nil {
		diags.Append(aboutIncomplete(*plan, order.Incomplete)...)
	}
	return diags
}

// Delete forgets. Nothing can be refunded, and what may have been bought must not
// be forgotten.
func (r *orderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := orders.get(ctx, req.State.Raw)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.session != nil {
		resp.Diagnostics.Append(r.session.checkRecreated(ctx, req.Private, state)...)
	}
	resp.Diagnostics.Append(r.session.aboutDestroying(state)...)
	if !resp.Diagnostics.HasError() && r.session != nil {
		r.session.noteBought(state, preflight.Bought{Deleted: true})
		r.session.checks.Note(r.session.positionIn(state))
	}
}

func (r *orderResource) intend(ctx context.Context, plan orderModel) (purchase.Intent, diag.Diagnostics) {
	request, diags := plan.toWire(ctx)
	if diags.HasError() {
		return purchase.Intent{}, diags
	}
	intent, err := purchase.NewIntent(plan.IdempotencyKey.ValueString(), int(plan.Attempt.ValueInt64()), plan.executionMode(), request, r.session.tag)
	if err != nil {
		diags.AddError("The order cannot be written down", "Nothing was bought. "+err.Error())
	}
	return intent, diags
}

// record puts what a purchase came to into the state.
func record(ctx context.Context, m *orderModel, result purchase.Result) (diags diag.Diagnostics) {
	diags.Append(m.keepIntent(result)...)
	switch result.Verdict {
	case purchase.NotBought:
		// There is nothing to record.
	case purchase.Refused:
		m.Status = types.StringValue(statusRejected)
	case purchase.Unconfirmed:
		m.Status = types.StringValue(statusUnconfirmed)
	default:
		diags.Append(m.setResults(ctx, result.Order)...)
	}
	m.nullUnknownResults()
	return diags
}
