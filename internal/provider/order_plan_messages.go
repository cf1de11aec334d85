package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// What a plan of a runa_order says to a user: what cannot be changed, what would be bought,
// and what stands against it.

func aboutUnknownPurchase(m orderModel) (diags diag.Diagnostics) {
	diags.AddError("This plan cannot tell whether it buys again",
		fmt.Sprintf("%s is placed, on_change is %q, and a value of the configuration is known only after apply. So this plan cannot tell whether it places a second order. Nothing was bought.\n\n"+
			"Next: apply first what the value depends on (-target), then plan again; or set on_change = %q.", describeOrder(m), onChangeBuyAgain, onChangeError))
	return diags
}

// aboutDestroying is about an order that leaves the state. That it stays bought is said
// once: a provider is asked about one order at a time, and cannot know how many follow,
// and a CLI counts alike warnings only where the resource blocks are still there. The
// plan has the count.
//
// A moved order that was not read is kept. A CLI replaces a tainted resource by a destroy
// and then a create, which would buy: nothing is known yet that would tell the two apart.
func (s *session) aboutDestroying(m orderModel) (diags diag.Diagnostics) {
	if m.isUnread() {
		diags.AddAttributeError(path.Root("order_id"), "A moved order cannot be destroyed before an apply has read it",
			fmt.Sprintf("%s was moved from another resource, and this run would destroy or replace it. A replacement would buy again. Nothing was bought or changed.\n\n"+
				"Next: if the old resource was tainted, run untaint for this one, then apply. To stop managing the order, remove it from the state (state rm): it stays bought.", describeOrder(m)))
		return diags
	}
	switch standingOf(m) {
	case purchase.Open:
		diags.AddAttributeError(path.Root("status"), "An unconfirmed order cannot be destroyed",
			fmt.Sprintf("%s may have been bought. Removing it from the state now could lose it, or buy it again later.\n\n"+
				"Next: restore its resource block if you removed it, untaint it if it is tainted, and apply. The apply finds out whether it was placed. Then it can be destroyed. "+
				"If that fails, search for the order in Runa's portal, and then remove it from the state (state rm).", describeOrder(m)))
	case purchase.Placed, purchase.Unfinished:
		if s != nil && !s.checks.Once("destroy") {
			return nil
		}
		diags.AddWarning("Destroying does not cancel an order",
			fmt.Sprintf("%s stays bought, and its links stay valid. It is only removed from the state: Runa has no call that cancels or refunds.\n\n"+
				"You see this warning once. It applies to every runa_order that this run destroys. The plan shows how many.", describeOrder(m)))
	}
	return diags
}

func aboutChangingPlaced(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(pathIn(changes), "A placed order cannot be changed",
		fmt.Sprintf("%s is already bought, and Runa has no call that changes an order.\n\n"+
			"Next: undo the change of %s; or declare a second order; "+
			"or set on_change = %q if you want a second, separate purchase (the first stays bought).", describeOrder(m), joinPaths(changes), onChangeBuyAgain))
	return diags
}

func aboutChangingImported(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(pathIn(changes), "The imported order differs from the configuration",
		fmt.Sprintf("%s was imported and differs from the configuration in %s. Importing never buys, so on_change = %q has an effect only after an apply without differences.\n\n"+
			"Next: change the configuration to match what was bought, and apply. Change it after that if you want a second, separate purchase.", describeOrder(m), joinPaths(changes), onChangeBuyAgain))
	return diags
}

func aboutChangingUnconfirmed(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(pathIn(changes), "An unconfirmed order cannot be changed",
		fmt.Sprintf("%s may already have been bought.\n\nNext: undo the change of %s and apply. The apply finds out whether the order was placed. Then decide about the change.", describeOrder(m), joinPaths(changes)))
	return diags
}

func aboutLateChange(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(pathIn(changes), "A placed order cannot be changed",
		fmt.Sprintf("%s is already bought. A value that was not known at plan is different now: %s. Nothing was bought or changed.\n\n"+
			"Next: plan again, now that the value is known.", describeOrder(m), joinPaths(changes)))
	return diags
}

func aboutReusingKey(m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "A second purchase needs its own idempotency key",
		fmt.Sprintf("%s was bought with this idempotency key. An idempotency key is for one purchase: Runa refuses different contents with the same one.\n\n"+
			"Next: also change idempotency_key, or undo the change.", describeOrder(m)))
	return diags
}

func aboutBuyingAgain(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddWarning("This plan buys again",
		fmt.Sprintf("%s stays bought. Because %s changed and on_change is %q, applying this plan places a second order and pays for it too.", describeOrder(m), joinPaths(changes), onChangeBuyAgain))
	return diags
}

// aboutBuyingNext is about a plan that buys what a closed attempt did not. Next is the
// attempt it makes under the same key.
func aboutBuyingNext(m orderModel, next int, sameKey bool) (diags diag.Diagnostics) {
	try := fmt.Sprintf("attempt %d with the same idempotency key", next)
	if !sameKey {
		try = "a new purchase with another idempotency key"
	}
	diags.AddWarning("This plan buys",
		fmt.Sprintf("%s is %s: nothing was bought. Applying this plan places the order again with the current configuration: %s.", describeOrder(m), m.Status.ValueString(), try))
	return diags
}

// aboutCreatingNext is about a create that goes on where a tainted order ended.
func aboutCreatingNext(at purchase.Position) (diags diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("idempotency_key"), "This plan buys",
		fmt.Sprintf("Attempt %d with idempotency key %s was refused or failed: nothing was bought. Applying this plan makes attempt %d with the current configuration.", max(at.Attempt, 1), at.Key, at.Next(at.Key)))
	return diags
}

func aboutSharedKey(key string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "Two orders have the same idempotency key",
		fmt.Sprintf("The idempotency key %s is used twice in this run. An idempotency key is for one purchase: Runa would buy the first order and return it for the second one too, so one reward would be missing.\n\n"+
			"Next: give each order its own idempotency_key, for example with uuidv5 of the campaign and the winner.", key))
	return diags
}

// aboutTwoAddresses is about one order that two resources have.
func aboutTwoAddresses(m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "One order is in the state twice",
		fmt.Sprintf("%s is in the state at two resource addresses, for example because it was imported twice. It was bought once. Nothing was bought or changed.\n\n"+
			"Next: remove one of the two from the state (state rm). If that resource is for another reward, give it its own idempotency_key, and apply.", describeOrder(m)))
	return diags
}

// aboutReplacing is about a replacement that a user forces. It is an error because a
// CLI shows no warning of the plan that reports it.
func aboutReplacing(name string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "Replacing this order would buy it again",
		fmt.Sprintf("%s stays bought and has no idempotency_key in the configuration. So replacing it (-replace, replace_triggered_by) would buy it a second time. Nothing was bought.\n\n"+
			"Next: remove the cause of the replacement. If you want a second purchase, set on_change = %q and give the order its own idempotency_key.", name, onChangeBuyAgain))
	return diags
}

// aboutLapsedKey is about an order to be created under a key that Runa may have forgotten.
func aboutLapsedKey(order preflight.Bought) (diags diag.Diagnostics) {
	why := "That was four weeks ago or more, and Runa remembers an idempotency key for 30 days. So creating the order again would buy it a second time."
	if order.Restarts {
		why = "It took more than one attempt. A created resource begins at attempt 1, and Runa may have forgotten how that one ended. So creating the order again could buy it a second time."
	}
	next := "if the resource was renamed, add a moved block. If it is tainted, untaint it. If it is to be replaced (-replace, replace_triggered_by), remove the cause. " +
		"If you want a second purchase, give it its own idempotency_key."
	if order.Deleted {
		next = "import the order by its id before you apply again. This run has removed it from the state, so the next apply would buy it."
	}
	diags.AddAttributeError(path.Root("idempotency_key"), "This idempotency key would buy again",
		fmt.Sprintf("%s was bought, or may have been, under this idempotency key. %s Nothing was bought.\n\nNext: %s", order.Name, why, next))
	return diags
}

// aboutLike is about orders that are the same in everything. Other is one that is bought.
func aboutLike(like preflight.Likeness, other string, at path.Path) (diags diag.Diagnostics) {
	switch like {
	case preflight.Twin:
		diags.AddAttributeWarning(at, "Two orders are identical",
			"This run buys at least two orders with the same contents. Both will be bought.\n\n"+
				"Next: if you want both, give each its own idempotency_key. If not, remove one.")
	case preflight.Again:
		diags.AddAttributeWarning(at, "This plan buys the same order again",
			fmt.Sprintf("%s stays bought. Another order of this plan has the same contents and no idempotency_key, so applying this plan buys it a second time.\n\n"+
				"Next: if the resource was renamed, add a moved block. If it should not be replaced, untaint it, or remove the cause of the replacement (-replace, replace_triggered_by). "+
				"If you want a second purchase, give it its own idempotency_key.", other))
	case preflight.Renamed:
		diags.AddAttributeWarning(at, "This plan buys the same order with another idempotency key",
			fmt.Sprintf("%s stays bought and is removed from the state. Another order of this plan has the same contents and another idempotency_key. Applying this plan buys it as a second order, unless an order of this plan has the idempotency key of the first.\n\n"+
				"Next: if it is the same reward with a new name, keep its old idempotency key and add a moved block. If it is another reward, do nothing.", other))
	}
	return diags
}

func aboutUncheckedCatalogue(err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddWarning("Orders were not checked against the catalogue",
		fmt.Sprintf("The catalogue could not be read from %s, so it is not known whether Runa sells what this plan orders. Nothing was bought.\n\n%v\n\n"+
			"Next: plan again, or apply. Runa refuses what it does not sell.", endpoint, err)+requestOf(err))
	return diags
}

func aboutClock(err *preflight.ClockError) (diags diag.Diagnostics) {
	diags.AddError("This machine's clock is wrong",
		fmt.Sprintf("It differs from Runa's clock by about %d hours. An unconfirmed order may be sent again only for a limited time, so with a wrong clock an order could be bought twice. Nothing was bought.\n\n"+
			"Next: set the clock, then plan again.", err.Hours()))
	return diags
}

func aboutPlanOverLimit(over *purchase.OverBudgetError) (diags diag.Diagnostics) {
	diags.AddError("The plan exceeds the spending limit",
		fmt.Sprintf("%v\n\nNothing was bought. The plan continues, to show other errors too, so its total may be higher.\n\n"+
			"Next: order less, or raise spend_limit in the provider block if you want to spend this much.", over))
	return diags
}

func aboutUnknownSum(currency string, err error) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("payment_method").AtName("currency"), "The exchange cannot be priced",
		fmt.Sprintf("spend_limit has a limit for %s, and Runa gives no quote for this order's exchange: %v\n\n"+
			"Next: pay in the products' currency, or remove the limit. The playground has no quotes.", currency, err)+requestOf(err))
	return diags
}

func aboutUnknownBalance(currency string, err error) (diags diag.Diagnostics) {
	diags.AddWarning("The balance is not known",
		fmt.Sprintf("The account's balance in %s could not be read, so the plan was not compared with it: %v", currency, err)+requestOf(err))
	return diags
}

func aboutShortBalance(short *preflight.ShortBalance, asError bool) (diags diag.Diagnostics) {
	add, next := diags.AddWarning, "Next: top up the account before you apply, or order less. Otherwise Runa refuses the orders that the balance does not cover, and the others are bought."
	if asError {
		add, next = diags.AddError, "Next: top up the account, or order less, and plan again. The plan fails because of require_balance."
	}
	add("The balance does not cover the plan",
		fmt.Sprintf("The plan costs at least %s %s, before discounts and fees, but the account has only %s %s.\n\n%s", short.Planned, short.Currency, short.Available, short.Currency, next))
	return diags
}
