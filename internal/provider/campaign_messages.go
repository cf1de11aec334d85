package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// What runa_campaign says to a user, but for records that cannot be written. Each message
// says what happened, whether anything was bought, and what to do next. Rewards are named by
// row and id.

// aboutRows reports problems of rewards, those of a kind together.
func aboutRows(config campaignModel, problems []campaign.Problem) (diags diag.Diagnostics) {
	at := config.listPath()
	for _, report := range campaign.Reports(problems) {
		if report.Warning {
			diags.AddAttributeWarning(at, report.Kind, report.Detail)
			continue
		}
		detail := report.Detail + "\n\nNothing was bought. Next: correct these rewards, then plan again."
		switch report.Kind {
		case campaign.KindOpen:
			detail = report.Detail + "\n\nThe order was sent, but no answer shows the result. So it is not known whether these rewards are bought. Nothing was changed, and nothing was bought.\n\n" +
				"Next: undo the change to these rewards, or put them back into the list, and apply. The apply finds out whether the order was placed. If it was not, the apply sends it again if that is still safe, and may buy it. Then decide about the change."
		case campaign.KindChanged:
			detail = report.Detail + "\n\nNothing was changed, and nothing was bought. A bought reward cannot be changed: Runa has no call for that.\n\n" +
				"Next: undo the change to these rewards. To send another reward, add one with its own id."
		}
		diags.AddAttributeError(at, report.Kind, detail)
	}
	return diags
}

// aboutPurchases says in numbers what a plan buys, and what it may buy: the orders of
// which it is not known whether they were placed.
func aboutPurchases(m campaignModel, book *campaign.Book, batches []*campaign.Batch) (diags diag.Diagnostics) {
	const finds = "The apply finds out, and sends again what was not placed if that is still safe."
	waiting, undecided, open := book.Open()
	summary, said := "This plan buys rewards", fmt.Sprintf("Campaign %q buys %s.", m.Name.ValueString(), campaign.Announce(batches))
	switch {
	case len(batches) == 0 && open == 0:
		return nil
	case len(batches) == 0:
		summary, said = "This plan may buy rewards", fmt.Sprintf("Campaign %q may buy %s. %s %s", m.Name.ValueString(), waiting, whatIsOpen(open), finds)
	case open > 0:
		said += fmt.Sprintf(" In addition, it may buy %s. %s %s", waiting, whatIsOpen(open), finds)
	}
	rewards, orders := book.Bought()
	if rewards, orders = rewards-undecided, orders-open; orders > 0 {
		said += fmt.Sprintf(" In addition, %s in %s %s already bought, or may be. %s not bought again.",
			campaign.Count(rewards, "reward"), campaign.Count(orders, "order"), campaign.Choose(rewards, "is", "are"), campaign.Choose(rewards, "It is", "They are"))
	}
	diags.AddWarning(summary, said+" A bought reward cannot be cancelled or refunded.")
	return diags
}

// whatIsOpen says what is not known of the orders that were just named.
func whatIsOpen(orders int) string {
	return fmt.Sprintf("%s sent earlier, and it is not known whether %s placed.",
		campaign.Choose(orders, "This order was", "These orders were"), campaign.Choose(orders, "it was", "they were"))
}

// aboutFound says what Runa had and the state had not.
func aboutFound(m campaignModel, book *campaign.Book, found campaign.Found) (diags diag.Diagnostics) {
	if len(found.Numbers) == 0 {
		return nil
	}
	rewards, orders := 0, len(found.Numbers)
	for _, number := range found.Numbers {
		rewards += len(book.Find(number).Rewards)
	}
	diags.AddWarning("Runa already has orders of this campaign",
		fmt.Sprintf("%s with %s of campaign %q %s found at Runa, but %s not in the state. %s added to the state and not bought again.\n\n"+
			"Next: do nothing if the state was lost or an earlier run was stopped. If this is a different campaign, give it a different name.",
			campaign.Count(orders, "order"), campaign.Count(rewards, "reward"), m.Name.ValueString(),
			campaign.Choose(orders, "was", "were"), campaign.Choose(orders, "is", "are"), campaign.Choose(orders, "It is", "They are")))
	return diags
}

// aboutRemoved says once which rewards have left the list and stay bought.
func aboutRemoved(config campaignModel, ids []string) (diags diag.Diagnostics) {
	if len(ids) > 0 {
		n := len(ids)
		diags.AddAttributeWarning(config.listPath(), "Removed rewards stay bought",
			fmt.Sprintf("%s of campaign %q %s bought but no longer in the list: %s. %s bought, and nothing is refunded. You see this warning only once.",
				campaign.Count(n, "reward"), config.Name.ValueString(), campaign.Choose(n, "is", "are"), some(ids), campaign.Choose(n, "It stays", "They stay")))
	}
	return diags
}

// some lists ids, at most 20.
func some(ids []string) string {
	const most = 20
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}

// aboutOutcomes says what came of the orders of a run, once for all to which the same
// happened. With nothing bought at all, what was refused is an error of a create.
func aboutOutcomes(m campaignModel, outcomes []campaign.Outcome, endpoint string, nothing bool) (diags diag.Diagnostics) {
	type fate struct {
		verdict purchase.Verdict
		why     string
	}
	same := map[fate][]campaign.Outcome{}
	var fates []fate
	for _, o := range outcomes {
		f := fate{o.Result.Verdict, fmt.Sprint(errors.Join(o.Result.Err, o.NotSent))}
		if same[f] == nil {
			fates = append(fates, f)
		}
		same[f] = append(same[f], o)
	}
	for _, f := range fates {
		for _, d := range aboutOutcome(m, same[f][0], endpoint, nothing) {
			detail := d.Detail() + others(same[f][1:])
			if d.Severity() == diag.SeverityWarning {
				diags.AddWarning(d.Summary(), detail)
				continue
			}
			diags.AddError(d.Summary(), detail)
		}
	}
	return diags
}

// others names the orders to which the same happened.
func others(outcomes []campaign.Outcome) string {
	if len(outcomes) == 0 {
		return ""
	}
	numbers, rewards := make([]string, len(outcomes)), 0
	for i, o := range outcomes {
		numbers[i] = strconv.Itoa(o.Order.Number)
		rewards += len(o.Order.Rewards)
	}
	return fmt.Sprintf("\n\nThe same happened to %s with %s: %s.", campaign.Count(len(outcomes), "further order"), campaign.Count(rewards, "reward"), some(numbers))
}

// findAgain is the way out where an order can never be sent again.
const findAgain = "remove the campaign from the state (state rm) and import it by its name. The import finds the orders that exist. " +
	"If this one does not, the next apply buys its rewards."

func aboutOutcome(m campaignModel, o campaign.Outcome, endpoint string, nothing bool) (diags diag.Diagnostics) {
	which := fmt.Sprintf("Order %d of campaign %q (%s)", o.Order.Number, m.Name.ValueString(), span(o.Order.Rewards))
	rest := ""
	if o.Rest > 0 {
		rest = fmt.Sprintf(" %s %s not sent.", campaign.Count(o.Rest, "further order"), campaign.Choose(o.Rest, "was", "were"))
	}
	const again = "Next: run apply again. It continues from here and buys nothing twice."
	conflict := (*purchase.ConflictError)(nil)
	switch {
	case errors.Is(o.NotSent, context.Canceled):
		diags.AddError("The run was interrupted",
			fmt.Sprintf("%s was not sent, and nothing was bought for it.%s\n\n%s", which, rest, again))
	case errors.Is(o.NotSent, campaign.ErrNoRequest):
		diags.AddError("An unconfirmed order cannot be sent again",
			fmt.Sprintf("%s may or may not have been bought: %v. The state may have been edited by hand. Nothing was sent for it now.%s\n\n"+
				"Next: restore an earlier version of the state, and apply. If there is none, remove the campaign from the state (state rm) and import it by its name.", which, o.NotSent, rest))
	case o.NotSent != nil:
		diags.AddError("An order of the campaign was not sent",
			fmt.Sprintf("%s was not sent, and nothing was bought for it.%s\n\n%v\n\nNext: fix the problem above, then apply again.", which, rest, o.NotSent)+requestOf(o.NotSent))
	case errors.As(o.Result.Err, &conflict):
		diags.AddError("Another run is buying this campaign",
			fmt.Sprintf("%s was not placed: Runa already has a request for this order with other rewards.%s Either an earlier run was stopped before it could record the order, or another run is buying now with a different list.\n\n%v\n\n"+
				"Next: wait until no other run is active, then apply again. That run finds the order at Runa and adds it to the state. If this message comes back, restore the list as it was when the order was sent, and apply. Repeat this for each attempt that Runa refused. "+
				"If the plan refuses that list because a product is no longer sold, set validate_catalog = false for this apply. Then make your change again.", which, rest, conflict)+requestOf(conflict.Err))
	case o.Result.Verdict == purchase.NotBought:
		diags.AddError("An order of the campaign was not placed",
			fmt.Sprintf("%s was not placed at %s, and nothing was bought for it.%s\n\n%v\n\n%s", which, endpoint, rest, o.Result.Err, remedy(o.Result.Err))+requestOf(o.Result.Err))
	case o.Result.Verdict == purchase.Refused:
		diags.AddError("An order of the campaign was refused",
			fmt.Sprintf("%s was refused by Runa, and nothing was bought for it. %s\n\n%v\n\n%s The next apply tries it again with the list as it is then.%s", which, refusedRows(o), o.Result.Err, remedy(o.Result.Err), tainted(nothing))+requestOf(o.Result.Err))
	case o.Result.Verdict == purchase.Failed:
		diags.AddError("An order of the campaign failed at Runa",
			fmt.Sprintf("%s (%s) was accepted and then failed. Runa gives no reason, and no link of it can be spent.\n\nNext: apply again. The next apply tries again.%s", which, o.Order.OrderID, tainted(nothing))+requestLine(o.Result.Order.RequestID))
	case o.Result.Verdict == purchase.Unconfirmed && errors.Is(o.Result.Err, purchase.ErrWindowClosed):
		diags.AddError("The provider can no longer find out whether an order of the campaign was placed",
			fmt.Sprintf("%s may or may not have been bought: it was sent and never confirmed, and was not sent now: %v.%s\n\nNext: %s", which, o.Result.Err, rest, findAgain)+requestOf(o.Result.Err))
	case o.Result.Verdict == purchase.Unconfirmed && errors.Is(o.Result.Err, purchase.ErrOtherAccount):
		diags.AddError("An order of the campaign was sent with another API key or base URL",
			fmt.Sprintf("%s may or may not have been bought: it was sent with another API key or base URL than this run has (%s), and never confirmed. It was not sent now.%s\n\n"+
				"Next: apply with the API key and base URL that it was first sent with. If only the API key was renewed, and the old one no longer exists, %s", which, endpoint, rest, findAgain)+requestOf(o.Result.Err))
	case o.Result.Verdict == purchase.Unconfirmed:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s may or may not have been bought: it was sent, but no answer shows the result.%s\n\n%v\n\n%s", which, rest, o.Result.Err, again+blockedBy(o.Result.Err))+requestOf(o.Result.Err))
	case o.Result.Verdict == purchase.Processing:
		diags.AddWarning("An order of the campaign is placed and not finished yet",
			fmt.Sprintf("%s (%s) is bought, and Runa is still processing it (%v).\n\n%s", which, o.Order.OrderID, o.Result.Err, again)+requestOf(o.Result.Err))
	}
	return diags
}

func tainted(nothing bool) string {
	if nothing {
		return whenTainted
	}
	return ""
}

// refusedRows names the rewards that a refusal is about, as far as Runa tells.
func refusedRows(o campaign.Outcome) string {
	var api *client.APIError
	if !errors.As(o.Result.Err, &api) {
		return ""
	}
	var ids []string
	for _, i := range api.Items() {
		if i < len(o.Order.Rewards) {
			ids = append(ids, o.Order.Rewards[i])
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return "It is about: " + some(ids) + "."
}

// span says how many rewards an order has, and which.
func span(ids []string) string {
	said := campaign.Count(len(ids), "reward")
	switch len(ids) {
	case 0:
		return said
	case 1:
		return said + ": " + ids[0]
	}
	return fmt.Sprintf("%s: %s to %s", said, ids[0], ids[len(ids)-1])
}

// aboutOpenOrders repeats at every plan what the next apply will find out.
func aboutOpenOrders(m campaignModel, known records) (diags diag.Diagnostics) {
	if said, _, orders := known.book.Open(); orders > 0 {
		diags.AddWarning("Unconfirmed orders are waiting",
			fmt.Sprintf("Campaign %q may have bought %s. %s The next apply sends again what was not placed if that is still safe.\n\n%s", m.Name.ValueString(), said, whatIsOpen(orders), applyAgain))
	}
	return diags
}

func aboutUnreadableOrders(m campaignModel, err error, s *session) (diags diag.Diagnostics) {
	next := readRemedy(err)
	if client.IsNotFound(err) {
		next = "Next: check that you use the API key and the environment that the campaign was bought with. " +
			"If the orders no longer exist at Runa, for example after a restart of a local sandbox, remove the campaign from the state (state rm)." + requestOf(err)
	}
	diags.AddError("The orders of the campaign cannot be read",
		fmt.Sprintf("Campaign %q could not be refreshed from %s. It stays in the state as it was. Nothing was changed.\n\n%v\n\n%s", m.Name.ValueString(), s.endpoint, err, next))
	return diags
}

func aboutUnreadableCampaign(m campaignModel, name string, err error) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root(name), "The record of the campaign cannot be read",
		fmt.Sprintf("%s of campaign %q is not what this provider wrote: %v. It may have been edited by hand. Nothing was sent.\n\n"+
			"Next: restore an earlier version of the state, or remove the campaign from the state (state rm) and import it by its name.", name, m.Name.ValueString(), err))
	return diags
}

func aboutUndealable(m campaignModel, err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddError("The catalogue cannot be read",
		fmt.Sprintf("The products of campaign %q could not be read from %s, so it is not known which rewards can share an order. Nothing was bought.\n\n%v\n\n%s", m.Name.ValueString(), endpoint, err, readRemedy(err)))
	return diags
}

func aboutUnsearched(m campaignModel, err error, endpoint string) (diags diag.Diagnostics) {
	if many := (*campaign.TooManyError)(nil); errors.As(err, &many) {
		diags.AddAttributeError(path.Root("max_orders_searched"), "The account has more orders than were searched",
			fmt.Sprintf("The account's orders were searched for campaign %q: %v. An order that was not seen could be bought twice, so nothing was bought.\n\nNext: raise max_orders_searched.", m.Name.ValueString(), err))
		return diags
	}
	diags.AddError("The orders of the campaign cannot be searched",
		fmt.Sprintf("Before buying, the provider searches %[2]s for orders of campaign %[1]q. That failed, so nothing was bought.\n\n%[3]v\n\n%[4]s", m.Name.ValueString(), endpoint, err, readRemedy(err)))
	return diags
}

func aboutUntimedCampaign(m campaignModel, err error, endpoint string) (diags diag.Diagnostics) {
	next := "Next: apply again when Runa can be reached."
	if errors.As(err, new(*preflight.ClockError)) {
		next = "Next: set the clock, then apply again."
	}
	diags.AddError("Runa's time is not known",
		fmt.Sprintf("Nothing was sent for campaign %q to %s, and nothing was bought: %v. With a wrong clock an order could be bought twice.\n\n%s", m.Name.ValueString(), endpoint, err, next)+requestOf(err))
	return diags
}

func aboutOtherCampaignAccount(m campaignModel, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("account"), "The plan was made for another account",
		fmt.Sprintf("This plan was made with another API key or base URL than this run has (%s). Nothing was sent, and nothing was bought for campaign %q.\n\n"+
			"Next: apply with the API key and base URL that the plan was made with, or plan again with these.", endpoint, m.Name.ValueString()))
	return diags
}

func aboutMovedCampaign(m campaignModel, err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("account"), "The campaign belongs to another account",
		fmt.Sprintf("Campaign %q was bought with another API key or base URL than this run has (%s), and its orders are not found there: %v. Nothing was sent.\n\n"+
			"Next: use the API key and base URL that it was bought with. To buy a campaign with this account, declare another runa_campaign.", m.Name.ValueString(), endpoint, err)+requestOf(err))
	return diags
}

func aboutSharedName(m campaignModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("name"), "Two campaigns have the same name",
		fmt.Sprintf("Another runa_campaign in this run is also named %q. At Runa they would be the same campaign. Nothing was bought.\n\nNext: give each campaign its own name.", m.Name.ValueString()))
	return diags
}

func aboutRenaming(state campaignModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("name"), "The name of a campaign cannot be changed",
		fmt.Sprintf("Runa has orders under the name %q, and their name cannot be changed. Nothing was changed, and nothing was bought.\n\n"+
			"Next: restore the name. For a new campaign, declare another runa_campaign and keep this one.", state.Name.ValueString()))
	return diags
}

func aboutNoCampaign(name, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("name"), "No such campaign",
		fmt.Sprintf("No finished order of a campaign %q is found at %s. Nothing was imported or changed.\n\n"+
			"Next: check the name, and that you use the API key and environment that the campaign was bought with. Orders that Runa is still processing do not show their campaign yet.", name, endpoint))
	return diags
}

// aboutForgetting is about a campaign that leaves the state.
func aboutForgetting(m campaignModel, known records) (diags diag.Diagnostics) {
	rewards, orders := known.book.Bought()
	_, _, open := known.book.Open()
	switch {
	case open > 0:
		diags.AddError("A campaign with unconfirmed orders cannot be destroyed",
			fmt.Sprintf("For %s of campaign %q it is not known whether %s placed. Removing %s from the state now could lose %[4]s.\n\n"+
				"Next: restore its resource block if you removed it, untaint it if it is tainted, and apply. Then it can be destroyed.",
				campaign.Count(open, "order"), m.Name.ValueString(), campaign.Choose(open, "it was", "they were"), campaign.Choose(open, "it", "them")))
	case orders > 0:
		diags.AddWarning("Destroying does not cancel a campaign",
			fmt.Sprintf("%s in %s of campaign %q %s bought, and %s valid. %s only removed from the state: Runa has no call that cancels or refunds.",
				campaign.Count(rewards, "reward"), campaign.Count(orders, "order"), m.Name.ValueString(),
				campaign.Choose(rewards, "stays", "stay"), campaign.Choose(rewards, "its link stays", "their links stay"), campaign.Choose(rewards, "It is", "They are")))
	}
	return diags
}
