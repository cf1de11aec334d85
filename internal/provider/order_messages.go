package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Everything runa_order says to a user. Each message tells what happened, whether
// anything was bought, which key is meant, and what to do next.

const (
	unconfirmedSummary = "It is not known whether this order was placed"
	applyAgain         = "Next: run apply again. It finds out what became of this order, and never buys it twice."
)

func aboutNotBought(m orderModel, result purchase.Result, given bool, place string) (diags diag.Diagnostics) {
	detail := fmt.Sprintf("Nothing was bought by this run with key %s at %s.\n\n%v\n\n%s", m.ID.ValueString(), place, result.Err, remedy(result.Err, given))
	diags.AddAttributeError(causeOf(result.Err), "The order was not placed", detail)
	return diags
}

// causeOf points at the attribute a refusal is about, as far as Runa tells. It is
// never items as a whole: a CLI shows the line of the configuration at which that
// begins, which may hold an e-mail address.
func causeOf(err error) path.Path {
	var api *client.APIError
	if !errors.As(err, &api) {
		return path.Empty()
	}
	switch api.Type {
	case client.TypeIdempotencyValidation:
		return path.Root("idempotency_key")
	case "insufficient_funds", "currency_mismatch", "payment_method_unavailable":
		return path.Root("payment_method")
	case "invalid_execution_mode":
		return path.Root("execution_mode")
	default:
		return path.Empty()
	}
}

// remedy says what to do about a refusal. Given says that the key is the user's.
func remedy(err error, given bool) string {
	var api *client.APIError
	if !errors.As(err, &api) {
		return "Next: mend what is named above and apply again."
	}
	newKey := ""
	if given {
		newKey = " Runa repeats this refusal for 30 days under the same key: set a new idempotency_key."
	}
	switch {
	case api.Type == client.TypeIdempotencyValidation:
		return "This key already belongs to another order or refusal, with other content: perhaps from a run whose state was lost, from another pipeline, or before an edit. " +
			"Next: look in Runa's portal for an order that carries this key. If it is this reward, import it by its order id; if it is another one, give this order an idempotency_key of its own."
	case api.Status == http.StatusUnauthorized || (api.Status == http.StatusForbidden && api.Type != "ordering_restricted"):
		return "Next: check the API key (RUNA_API_KEY or api_key), and that it is of the environment named above. A base_url of your own must have the path that the API has there, such as /v2."
	case api.Type == "ordering_restricted":
		return "The account's spending limit is reached. Next: have it raised by Runa, then apply again."
	case api.Status == http.StatusTooManyRequests:
		return "Next: apply again later, or set orders_per_minute lower if others place orders with this account."
	case api.Status == http.StatusGone || api.Type == "invalid_version":
		return "Next: set api_version in the provider block to a version that Runa has."
	case api.Type == "insufficient_funds":
		return "Next: top up the account, then apply again." + newKey
	case api.FromHandler:
		return "Next: mend what is named above, then apply again." + newKey
	default:
		return "This did not come from Runa's order handler. Next: check base_url and what lies between here and Runa, then apply again."
	}
}

func aboutCreated(m orderModel, result purchase.Result) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Unconfirmed:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s may have been bought, or not: it was sent, and no answer says what became of it.\n\n%v\n\n%s", named(m), result.Err, applyAgain+blockedBy(result.Err)))
	case purchase.Processing:
		diags.AddWarning("The order is placed and not finished yet",
			fmt.Sprintf("%s is bought, and as far as is known Runa is still at work on it (%v).\n\nNext: apply again later. Nothing is bought again.", named(m), result.Err))
	case purchase.Failed:
		diags.AddError("The order failed at Runa",
			fmt.Sprintf("%s was accepted and then failed; Runa gives no reason, and no link of it can be spent.\n\nNext: apply again to buy it anew. %s", named(m), newKeyNote))
	case purchase.Bought:
		diags.Append(aboutBought(m, result)...)
	}
	return diags
}

// blockedBy adds what must be mended before applying again can help.
func blockedBy(err error) string {
	var api *client.APIError
	if errors.As(err, &api) && api.Status < http.StatusInternalServerError {
		return " Before that: " + strings.TrimPrefix(remedy(err, false), "Next: ")
	}
	return ""
}

const newKeyNote = "Where you set idempotency_key yourself, set a new one first: under the old one Runa answers with the failed order for 30 days."

func aboutBought(m orderModel, result purchase.Result) (diags diag.Diagnostics) {
	if result.Err != nil {
		diags.Append(aboutIncomplete(m, result.Err)...)
	}
	if replayed(result) {
		diags.AddWarning("This key had bought an order before",
			fmt.Sprintf("%s was placed on %s, before this run. Runa answered with it, and nothing new was bought.\n\n"+
				"Next: nothing, if this is the reward you declared. If another one was meant, give it an idempotency_key of its own.", named(m), result.Order.CreatedAt))
	}
	diags.Append(aboutPartlyFailed(m)...)
	return diags
}

// replayed reports whether an order is older than the first attempt to place it,
// by more than clocks may differ.
func replayed(result purchase.Result) bool {
	created, err := time.Parse(time.RFC3339, result.Order.CreatedAt)
	return err == nil && !result.Intent.FirstAttempt.IsZero() && result.Intent.FirstAttempt.Sub(created) > time.Hour
}

func aboutPartlyFailed(m orderModel) (diags diag.Diagnostics) {
	if m.Status.ValueString() == string(client.StatusFailed) && hasSpendable(m.Payouts) {
		diags.AddWarning("The order failed, and some of it was delivered",
			fmt.Sprintf("%s is FAILED at Runa, but holds at least one link that can be, or was, redeemed. It is treated as bought: buying it again could pay twice.\n\n"+
				"Next: see payouts for what was delivered, and declare a new order for the rest.", named(m)))
	}
	return diags
}

func aboutIncomplete(m orderModel, err error) (diags diag.Diagnostics) {
	diags.AddWarning("The order's details cannot be read",
		fmt.Sprintf("%s exists, but Runa describes it in a way this version of the provider does not know (%v). Its id and status are recorded.\n\nNext: update the provider.", named(m), err))
	return diags
}

func aboutSettled(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Processing:
		if client.IsNotFound(result.Err) {
			return aboutUnreadable(m, result.Err, place)
		}
		return aboutCreated(m, result)
	case purchase.Bought:
		return aboutBought(m, result)
	case purchase.Failed:
		diags.AddError("The order failed at Runa",
			fmt.Sprintf("%s failed; Runa gives no reason, and no link of it can be spent.\n\nNext: the next plan replaces it, which buys it anew. %s", named(m), newKeyNote))
	case purchase.NotBought:
		diags.AddError("The order was not placed",
			fmt.Sprintf("It is now certain that nothing was bought with key %s at %s.\n\n%v\n\n%s The next plan replaces this order.", m.ID.ValueString(), place, result.Err, remedy(result.Err, true)))
	case purchase.Unconfirmed:
		diags.Append(aboutStillUnconfirmed(m, result, place)...)
	}
	return diags
}

func aboutStillUnconfirmed(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	byHand := "look in Runa's portal for an order placed around " + m.SubmittedAt.ValueString() + ". " +
		"If it is there, remove this resource from the state (state rm) and import it by its order id. " +
		"If it is certainly not there, remove this resource from the state; the next apply then buys it."
	switch {
	case errors.Is(result.Err, purchase.ErrWindowClosed):
		diags.AddError("This order can no longer be settled by itself",
			fmt.Sprintf("%s was sent and never confirmed, and was not sent now: %v.\n\nNext: %s", named(m), result.Err, byHand))
	case errors.Is(result.Err, purchase.ErrOtherAccount) && result.Order.ID != "":
		diags.AddError("This order was sent with another key",
			fmt.Sprintf("%s was sent with another API key or to another address than the provider has now (%s), and was never confirmed. Here, order %s carries its key.\n\n"+
				"Next: if the API key was only renewed, and that is this order, remove this resource from the state (state rm) and import %s. "+
				"Else apply with the key and address it was first sent with.", named(m), place, result.Order.ID, result.Order.ID))
	case errors.Is(result.Err, purchase.ErrOtherAccount):
		diags.AddError("This order was sent with another key",
			fmt.Sprintf("%s was sent with another API key or to another address than the provider has now (%s), and was never confirmed. It was not found here, "+
				"and sending it from here could buy it twice, so it was not sent.\n\nNext: apply with the key and address it was first sent with. If that key is gone, %s", named(m), place, byHand))
	case errors.As(result.Err, new(*purchase.OverBudgetError)):
		diags.AddError("The spending limit holds this order up",
			fmt.Sprintf("%s is still unconfirmed. It was not found at Runa, and was not sent again because of spend_limit: %v\n\n"+
				"Next: raise spend_limit in the provider block, and apply again.", named(m), result.Err))
	default:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s is still unconfirmed.\n\n%v\n\n%s If that does not help for days, %s", named(m), result.Err, applyAgain+blockedBy(result.Err), byHand))
	}
	return diags
}

// aboutRead repeats at every plan what the next apply will buy or settle.
func aboutRead(m orderModel) (diags diag.Diagnostics) {
	switch {
	case standingOf(m) == open:
		diags.AddWarning("An unconfirmed order is waiting to be settled",
			fmt.Sprintf("%s may have been bought, or not. %s", named(m), applyAgain))
	case m.Status.ValueString() == string(client.StatusFailed) && standingOf(m) == nothingBought:
		diags.AddWarning("A failed order will be bought anew",
			fmt.Sprintf("%s failed at Runa and delivered nothing. The next apply replaces it: that is a new purchase. %s", named(m), newKeyNote))
	}
	diags.Append(aboutPartlyFailed(m)...)
	return diags
}

func aboutUnreadable(m orderModel, err error, place string) (diags diag.Diagnostics) {
	if client.IsNotFound(err) {
		diags.AddAttributeError(path.Root("order_id"), "The order is not at this Runa",
			fmt.Sprintf("%s is not known at %s. It is kept in the state, because dropping it would buy it again.\n\n"+
				"Next: check that the API key and the environment are the ones it was bought with. Nothing was changed.", named(m), place))
		return diags
	}
	diags.AddError("The order cannot be read", fmt.Sprintf("%s is bought, and its state could not be refreshed from %s. Nothing was changed.\n\n%v", named(m), place, err))
	return diags
}

func aboutNoOrderID() (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "Not an order id",
		"An order is imported by Runa's id of it, which begins with O- and is shown in Runa's portal. What was given is not shown here, because it may be a link, and a link is as good as money.")
	return diags
}

func aboutImportByKey() (diags diag.Diagnostics) {
	diags.AddError("An order is imported by its id",
		"The identity's idempotency_key stands for an order that is not confirmed yet, which cannot be imported. Nothing was imported or changed.\n\n"+
			"Next: leave idempotency_key out, and give order_id alone. The data source runa_orders lists the orders there are.")
	return diags
}

func aboutNothingToImport(id string, err error, place string) (diags diag.Diagnostics) {
	if client.IsNotFound(err) {
		diags.AddAttributeError(path.Root("order_id"), "No such order",
			fmt.Sprintf("There is no order %s at %s. Nothing was imported or changed.\n\nNext: check the id, which begins with O-, and that the API key and environment are the ones it was bought with.", id, place))
		return diags
	}
	diags.AddError("The order cannot be imported", fmt.Sprintf("Order %s could not be read from %s. Nothing was imported or changed.\n\n%v\n\n%s", id, place, err, readRemedy(err)))
	return diags
}

func aboutUnknownPurchase(m orderModel) (diags diag.Diagnostics) {
	diags.AddError("It is not known yet whether this buys again",
		fmt.Sprintf("%s is placed, on_change is %q, and a value that it was bought with will be known only after apply. So this plan cannot say whether it places a second order. Nothing was bought.\n\n"+
			"Next: apply first what the value depends on (-target), then plan again; or set on_change = %q.", named(m), onChangeBuyAgain, onChangeError))
	return diags
}

func aboutNotImportable(order client.Order) (diags diag.Diagnostics) {
	var why string
	switch {
	case order.Status == client.StatusProcessing:
		why = "It is still PROCESSING, and Runa shows its items only when it is finished. Next: import it again in a moment."
	case order.Incomplete != nil:
		why = fmt.Sprintf("Runa describes it in a way this version of the provider does not know (%v). Next: update the provider.", order.Incomplete)
	case order.Status == client.StatusFailed:
		why = "It is FAILED, and delivered nothing that could be spent. Imported, it would be bought anew by the next apply. Next: declare a new order instead, if the reward is still due."
	default:
		why = fmt.Sprintf("It is %s, and Runa shows no items of it, so there is nothing to manage.", order.Status)
	}
	diags.AddAttributeError(path.Root("order_id"), "The order cannot be imported", "Order "+order.ID+" exists. "+why)
	return diags
}

// aboutUndeclarable is about an order that no configuration could say. It is silent
// where validation found no error.
func aboutUndeclarable(id string, found []*tfprotov6.Diagnostic) (diags diag.Diagnostics) {
	var why strings.Builder
	for _, d := range found {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			fmt.Fprintf(&why, "%s: %s\n\n", d.Summary, d.Detail)
		}
	}
	if why.Len() > 0 {
		diags.AddAttributeError(path.Root("order_id"), "The order cannot be imported",
			fmt.Sprintf("Order %s exists, but no resource of this version of the provider can say what was bought.\n\n%s"+
				"Nothing was imported or changed. Next: update the provider if there is a newer version. The data source runa_order reads the order as it is.", id, why.String()))
	}
	return diags
}

func aboutDestroying(m orderModel) (diags diag.Diagnostics) {
	switch standingOf(m) {
	case open:
		diags.AddAttributeError(path.Root("status"), "An unconfirmed order cannot be destroyed",
			fmt.Sprintf("%s may have been bought. Forgetting it now could lose it, or buy it again later.\n\n"+
				"Next: apply first, which settles it. If it is marked as tainted, untaint it before that. If settling is impossible, look for it in Runa's portal and then remove it from the state (state rm).", named(m)))
	case placed, unfinished:
		diags.AddWarning("Destroying does not cancel an order",
			fmt.Sprintf("%s stays bought, and its links stay valid. Terraform only forgets it: Runa has no call that cancels or refunds.", named(m)))
	}
	return diags
}

func aboutChangingPlaced(at path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(at, "A placed order cannot be changed",
		fmt.Sprintf("%s is bought as it was written, and Runa has no call that changes an order.\n\n"+
			"Next: undo the change of %s; or declare a new order beside this one; "+
			"or set on_change = %q if a second, separate purchase is what you want (the first stays bought).", named(m), at, onChangeBuyAgain))
	return diags
}

func aboutChangingImported(at path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(at, "An imported order is not what the configuration says",
		fmt.Sprintf("%s was imported, and differs at %s. Importing never buys, so on_change = %q counts only after an apply in which nothing differs.\n\n"+
			"Next: make %s say what was bought, and apply. Change it after that if a second, separate purchase is what you want.", named(m), at, onChangeBuyAgain, at))
	return diags
}

func aboutChangingUnconfirmed(at path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(at, "An unconfirmed order cannot be changed",
		fmt.Sprintf("%s may have been bought as it was written.\n\nNext: undo the change of %s and apply, which settles the order. Then decide about the change.", named(m), at))
	return diags
}

func aboutLateChange(at path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(at, "A placed order cannot be changed",
		fmt.Sprintf("%s is bought as it was written. The value of %s was not known at plan, and now turns out to be another one. Nothing was bought or changed.\n\n"+
			"Next: plan again, now that the value is known.", named(m), at))
	return diags
}

func aboutReusingKey(m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "A second purchase needs a key of its own",
		fmt.Sprintf("%s is bought under this key, and a key stands for one purchase: Runa refuses other content under it.\n\n"+
			"Next: change idempotency_key together with the order, or undo the change.", named(m)))
	return diags
}

func aboutBuyingAgain(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddWarning("This plan buys again",
		fmt.Sprintf("%s stays bought. Because %s changed and on_change is %q, applying this plan places a second order and pays for it too.", named(m), namesOf(changes), onChangeBuyAgain))
	return diags
}

func aboutBuyingInstead(m orderModel, sameKey bool) (diags diag.Diagnostics) {
	detail := fmt.Sprintf("%s is %s: nothing of it can be spent. Applying this plan places a new order in its stead.", named(m), m.Status.ValueString())
	if sameKey {
		diags.AddAttributeWarning(path.Root("idempotency_key"), "This key buys nothing any more",
			detail+" But it has the same idempotency_key, under which Runa repeats its first answer for 30 days. Next: set a new idempotency_key.")
		return diags
	}
	diags.AddWarning("This plan buys anew", detail)
	return diags
}

func aboutSharedKey(key string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "Two orders have the same key",
		fmt.Sprintf("The key %s is used twice in this run. A key stands for one purchase: Runa would buy the first order and answer the second with it, so one reward would be missing.\n\n"+
			"Next: give each order a key of its own, for example uuidv5 of the campaign and the winner. Where one order is replaced by force (-replace), give it a new key.", key))
	return diags
}

func aboutTwins(request client.OrderRequest) (diags diag.Diagnostics) {
	diags.AddWarning("Two orders are identical",
		fmt.Sprintf("This run buys at least two orders of %d item(s) in %s that are the same in everything. Both will be bought.\n\n"+
			"Next: if that is meant, give each its own idempotency_key, which says so. If not, remove one.", len(request.Items), request.PaymentMethod.Currency))
	return diags
}

func aboutUncheckedCatalogue(err error, place string) (diags diag.Diagnostics) {
	diags.AddWarning("Orders were not checked against the catalogue",
		fmt.Sprintf("The catalogue could not be read from %s, so this plan does not know whether Runa sells what it orders. Nothing was bought.\n\n%v\n\n"+
			"Next: plan again, or apply: Runa refuses what it does not sell.", place, err))
	return diags
}

func aboutClock(wrong time.Duration) (diags diag.Diagnostics) {
	diags.AddError("This machine's clock is wrong",
		fmt.Sprintf("It differs from Runa's by about %d hours. The time decides for how long an unconfirmed order may safely be sent again, so with a wrong clock an order could be bought twice. Nothing was bought.\n\n"+
			"Next: set the clock, then plan again.", int(wrong.Hours())))
	return diags
}

func aboutPlanOverLimit(over *purchase.OverBudgetError) (diags diag.Diagnostics) {
	diags.AddError("The plan passes the spending limit",
		fmt.Sprintf("%v\n\nNothing was bought. The plan goes on, so that other mistakes show too, and its whole sum may be larger.\n\n"+
			"Next: order less, or raise spend_limit in the provider block if this is what you mean to spend.", over))
	return diags
}

func aboutUnspendable(m orderModel, err error) (diags diag.Diagnostics) {
	detail := fmt.Sprintf("Nothing was sent with key %s, because of spend_limit: %v", m.ID.ValueString(), err)
	if over := (*purchase.OverBudgetError)(nil); errors.As(err, &over) {
		detail += "\n\nWhat is listed above was bought in this run, this order excepted."
	}
	diags.AddError("The spending limit is reached", detail+"\n\nNext: order less, or raise spend_limit in the provider block, and apply again.")
	return diags
}

func aboutUnknownSum(currency string, err error) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("payment_method").AtName("currency"), "The exchange cannot be priced",
		fmt.Sprintf("spend_limit limits what is spent in %s, and Runa gives no quote for this order's exchange: %v\n\n"+
			"Next: pay in the products' currency, or remove the limit. The playground has no quotes.", currency, err))
	return diags
}

func aboutUnknownBalance(currency string, err error) (diags diag.Diagnostics) {
	diags.AddWarning("The balance is not known",
		fmt.Sprintf("Runa does not say what the account holds in %s, so the plan was not compared with it: %v", currency, err))
	return diags
}

func aboutShortBalance(currency string, total, balance decimal.Decimal, asError bool) (diags diag.Diagnostics) {
	add, next := diags.AddWarning, "Next: top up the account before you apply, or order less. Orders that the balance does not cover are refused, and the others are bought."
	if asError {
		add, next = diags.AddError, "Next: top up the account, or order less, and plan again. The plan is refused because of require_balance."
	}
	add("The balance does not cover the plan",
		fmt.Sprintf("The plan buys for at least %s %s, before discounts and fees, and the account holds %s %s.\n\n%s", total, currency, balance, currency, next))
	return diags
}
