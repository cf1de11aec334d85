package provider

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// buys reports whether a plan of an order that is there announced a purchase: only
// then is it left open under which key the order will stand.
func (m orderModel) buys() bool { return m.ID.IsUnknown() }

// buy sends the next attempt at a planned order, and puts into the plan what it came
// to. Known are the positions where its key may stand. Where nothing could be sent, it
// says why in diags and reports false. What could not be recorded is in kept.
func (r *orderResource) buy(
	ctx context.Context, plan *orderModel, timeout time.Duration, diags *diag.Diagnostics, known ...purchase.Position,
) (result purchase.Result, kept diag.Diagnostics, sent bool) {
	diags.Append(r.session.takeAccount(plan)...)
	diags.Append(plan.takeRecipients()...)
	diags.Append(r.session.checkLapsed(plan.IdempotencyKey.ValueString())...)
	if diags.HasError() {
		return result, nil, false
	}
	minted := plan.IdempotencyKey.IsUnknown()
	if minted {
		plan.IdempotencyKey = types.StringValue(purchase.NewKey())
	}
	key := plan.IdempotencyKey.ValueString()
	attempt := r.session.checks.Position(key).Next(key)
	for _, position := range known {
		attempt = max(attempt, position.Next(key))
	}
	plan.ID, plan.Attempt = types.StringValue(purchase.AttemptKey(key, attempt)), types.Int64Value(int64(attempt))
	intent, more := r.intend(ctx, *plan)
	diags.Append(more...)
	if diags.HasError() {
		return result, nil, false
	}
	release, more := r.session.checkBeforeSending(ctx, *plan, minted)
	diags.Append(more...)
	if diags.HasError() {
		return result, nil, false
	}

	started := time.Now()
	result = r.session.buyer.Buy(ctx, intent, timeout, func() error { return r.session.checks.CheckShortage(ctx, draft(*plan)) })
	r.session.checks.NoteShortage(ctx, draft(*plan), result.Err)
	result.Earlier = (r.session.takes(result) || result.Earlier) && !minted // nobody else has such a key
	logVerdict(ctx, *plan, result, time.Since(started))

	if result.Verdict == purchase.NotBought || result.Verdict == purchase.Refused {
		release()
	}
	plan.keepSubmission(result.Intent)
	return result, record(ctx, plan, result), true
}

// buyNext buys in place of an order that bought nothing, or beside one that is placed.
// The order there is stays in the state until another one is, or may be, placed.
func (r *orderResource) buyNext(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse, plan, state orderModel) {
	if !needSession(r.session, &resp.Diagnostics) {
		return
	}
	timeout, diags := plan.Timeouts.Update(ctx, defaultUpdateTimeout)
	resp.Diagnostics.Append(diags...)
	closed, diags := r.session.loadClosed(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	result, kept, sent := r.buy(ctx, &plan, timeout, &resp.Diagnostics, r.session.positionIn(state), closed)
	beside := standingOf(state) != purchase.Closed
	switch {
	case !sent:
		return
	case result.Verdict == purchase.NotBought:
		resp.Diagnostics.Append(aboutNotBought(plan, result, false, r.session.endpoint)...)
		return
	case beside && result.Verdict.Closed():
		at := purchase.Position{Key: plan.IdempotencyKey.ValueString(), Attempt: int(plan.Attempt.ValueInt64()), Closed: true}
		resp.Diagnostics.Append(r.session.keepClosed(ctx, resp.Private, &at)...)
		resp.Diagnostics.Append(aboutNotBoughtBeside(plan, state, result, r.session.endpoint)...)
		return
	}
	resp.Diagnostics.Append(r.session.keepClosed(ctx, resp.Private, nil)...)
	resp.Diagnostics.Append(keepLinksChanged(ctx, resp.Private, false)...)
	resp.Diagnostics.Append(kept...)
	resp.Diagnostics.Append(plan.write(ctx, r.session, &resp.State, resp.Identity)...)
	resp.Diagnostics.Append(aboutBoughtNext(plan, result, r.session.endpoint)...)
	if beside {
		resp.Diagnostics.Append(aboutLeaving(state, result)...)
	}
}

// standingOf is what a recorded order allows to be done next.
func standingOf(m orderModel) purchase.Standing {
	return purchase.StandingOf(m.Status.ValueString(), recordedLinks(m), !m.Payouts.IsNull())
}

func recordedLinks(m orderModel) (links []client.PayoutLink) {
	for _, element := range m.Payouts.Elements() {
		links = append(links, client.PayoutLink{Status: text(element, "status")})
	}
	return links
}

// standAt makes a planned order the record of a closed attempt.
func (m *orderModel) standAt(at purchase.Position) {
	attempt := max(at.Attempt, 1)
	m.ID, m.Attempt = types.StringValue(purchase.AttemptKey(at.Key, attempt)), types.Int64Value(int64(attempt))
	m.Status, m.Submission = types.StringValue(statusRejected), types.ObjectNull(submissionType.AttrTypes)
	m.nullUnknownResults()
}

// privateClosed is where the key of a second purchase stands that was refused or
// failed. The order in the state is still the first one, which does not tell.
const privateClosed = "closed_attempt"

// closedAttempt is a position, and the account at which it is one.
type closedAttempt struct {
	purchase.Position
	Account string `json:"account,omitempty"` // "" in older records: this run's
}

func (s *session) keepClosed(ctx context.Context, store privateWriter, at *purchase.Position) (diags diag.Diagnostics) {
	var data []byte
	if at != nil {
		var err error
		if data, err = json.Marshal(closedAttempt{*at, s.client.Account()}); err != nil {
			diags.AddError("The attempt cannot be kept", err.Error())
			return diags
		}
	}
	return store.SetKey(ctx, privateClosed, data)
}

func (s *session) loadClosed(ctx context.Context, store privateReader) (at purchase.Position, diags diag.Diagnostics) {
	data, diags := store.GetKey(ctx, privateClosed)
	if len(data) == 0 {
		return at, diags
	}
	var kept closedAttempt
	if err := json.Unmarshal(data, &kept); err != nil {
		diags.AddError("The record of an earlier attempt cannot be read", err.Error())
	}
	if kept.Account != "" && kept.Account != s.client.Account() {
		return at, diags
	}
	return kept.Position, diags
}
