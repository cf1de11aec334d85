package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// prepared is a list that was dealt and checked against what is known.
type prepared struct {
	rewards []campaign.Reward
	rules   *campaignRules
	deal    campaign.Deal
	found   campaign.Found // what Runa has, and the state had not
}

// read reads the list, and what the catalogue says of the products that are not bought
// yet: a plan that buys nothing asks for none.
func (r *campaignResource) read(ctx context.Context, config campaignModel, book *campaign.Book) (p prepared, diags diag.Diagnostics) {
	if diags.Append(checkLists(config)...); diags.HasError() {
		return p, diags
	}
	var problems []campaign.Problem
	p.rewards, problems = r.session.lists.parse(config.list().ValueString())
	diags.Append(aboutRows(config, problems)...)
	if diags.HasError() {
		return p, diags
	}
	var err error
	if p.rules, err = r.session.rulesFor(ctx, p.rewards, book.Unbought(p.rewards), config.currency()); err != nil {
		diags.Append(aboutUndealable(config, err, r.session.endpoint)...)
	}
	return p, diags
}

// deal finds out what is left to buy. It only reads. Known is filled with what Runa has
// of the campaign and the state does not.
func (r *campaignResource) deal(ctx context.Context, config campaignModel, size int, known records, p *prepared) (diags diag.Diagnostics) {
	p.deal = known.book.Deal(p.rewards, p.rules.groupOf, size)
	if len(p.deal.Batches) > 0 {
		var err error
		p.found, err = campaign.Find(ctx, r.session.client, config.Name.ValueString(), known.book, known.payouts, int(config.searched()))
		if err != nil {
			return aboutUnsearched(config, err, r.session.endpoint)
		}
		if len(p.found.Numbers) > 0 {
			p.deal = known.book.Deal(p.rewards, p.rules.groupOf, size)
		}
	}
	diags.Append(aboutRows(config, p.deal.Problems)...)
	diags.Append(aboutRows(config, p.rules.check(p.deal.Batches))...)
	return diags
}

// searched is how many orders are searched at most.
func (m campaignModel) searched() int64 {
	if m.OrdersSearched.IsNull() || m.OrdersSearched.IsUnknown() {
		return defaultOrdersSearched
	}
	return m.OrdersSearched.ValueInt64()
}

// buy buys what a campaign lacks, and records it in known. Whatever diags say, known is
// right; with an error in them, nothing new was bought.
func (r *campaignResource) buy(
	ctx context.Context, plan *campaignModel, config campaignModel, known records, timeout time.Duration,
) (outcomes []campaign.Outcome, listed int, diags diag.Diagnostics) {
	s, name, began := r.session, plan.Name.ValueString(), time.Now()
	if account := s.account(); !plan.Account.IsUnknown() && !plan.Account.Equal(account) {
		return nil, 0, aboutOtherCampaignAccount(*plan, s.endpoint)
	}
	if diags := s.takeList(plan, config); diags.HasError() {
		return nil, 0, diags
	}
	p, diags := r.read(ctx, config, known.book)
	if diags.HasError() {
		return nil, 0, diags
	}
	// Settling an order may buy it as it was sent, so the list must still ask for that, and
	// for what is bought.
	size := int(plan.OrderSize.ValueInt64())
	if diags.Append(aboutRows(config, known.book.Deal(p.rewards, p.rules.groupOf, size).Problems)...); diags.HasError() {
		return nil, 0, diags
	}
	listed, plan.Account = len(p.rewards), s.account()
	run := &campaign.Run{
		Name: name, Buyer: s.buyer, Book: known.book, Payouts: known.payouts, Open: known.open,
		Precheck: func(batch *campaign.Batch, order campaign.Order) (func(), error) {
			if batch == nil { // an open order is sent again
				if err := s.checks.NeedTime(ctx); err != nil {
					return nil, err
				}
				batch = p.rules.batchOf(order, p.rewards)
			}
			return p.rules.spend(ctx, name, batch)
		},
	}
	settled := run.Settle(ctx, timeout)
	diags.Append(r.deal(ctx, config, size, known, &p)...)
	if len(p.deal.Batches) > 0 && !diags.HasError() {
		if err := s.checks.NeedTime(ctx); err != nil {
			diags.Append(aboutUntimedCampaign(*plan, err, s.endpoint)...)
		}
	}
	if diags.HasError() {
		p.deal.Batches = nil
	}
	for _, batch := range p.deal.Batches {
		key := campaign.Key(name, batch.Number)
		batch.Attempt = max(batch.Attempt, s.checks.Position(key).Next(key))
	}
	diags.Append(aboutFound(*plan, known.book, p.found)...)
	outcomes = run.Buy(ctx, settled, p.deal.Batches, timeout-time.Since(began))
	if !diags.HasError() {
		known.book.Removed = p.deal.Removed
		known.book.Trim(p.rewards)
	}
	for _, outcome := range outcomes {
		logOutcome(ctx, name, outcome, time.Since(began))
	}
	return outcomes, listed, diags
}

// logOutcome writes one line for each order of a campaign that a run touched.
func logOutcome(ctx context.Context, name string, o campaign.Outcome, took time.Duration) {
	fields := map[string]any{
		"campaign": name, "order": o.Order.Number, "attempt": o.Order.Attempt, "rewards": len(o.Order.Rewards),
		"verdict": string(o.Result.Verdict), "duration": took.Round(time.Millisecond).String(),
	}
	if o.Order.OrderID != "" {
		fields["order_id"], fields["status"] = o.Order.OrderID, o.Order.Status
	}
	if err := errors.Join(o.Result.Err, o.NotSent); err != nil {
		fields["error"] = shortened(err, campaign.Key(name, o.Order.Number), o.Result.Intent.Key)
		tflog.Warn(ctx, "Runa campaign order", fields)
		return
	}
	tflog.Info(ctx, "Runa campaign order", fields)
}

// sameAccount refuses to go on with a campaign of another account: its orders are not
// there, and would be bought again.
func (r *campaignResource) sameAccount(ctx context.Context, state campaignModel, known records) error {
	if state.Account.Equal(r.session.account()) {
		return nil
	}
	for _, order := range known.book.Orders {
		if order.OrderID == "" {
			continue
		}
		_, err := r.session.client.Order(ctx, order.OrderID)
		if client.IsNotFound(err) {
			return fmt.Errorf("order %s of the campaign is not found at %s (%w)", order.OrderID, r.session.endpoint, err)
		}
		return err
	}
	if len(known.open) > 0 {
		return purchase.ErrOtherAccount
	}
	return nil
}
