package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Everything runa_order says to a user. Each message tells what happened, whether
// anything was bought, which key is meant, and what to do next.

const (
	unconfirmedSummary = "It is not known whether this order was placed"
	applyAgain         = "Next: run apply again. It finds out what became of this order, and never buys it twice."
)

// aboutNotBought is about a purchase that left no trace in the state. Forgot says that the
// run has just deleted a bought order of the same idempotency key.
func aboutNotBought(m orderModel, result purchase.Result, forgot bool, place string) (diags diag.Diagnostics) {
	if conflict := (*purchase.ConflictError)(nil); errors.As(result.Err, &conflict) {
		return aboutConflict(m, conflict, "", place)
	}
	if why := heldBack(result); why != nil {
		return aboutUnsent(why)
	}
	before := ""
	if forgot {
		before = " The order that this run removed from the state stays bought: apply again with the same idempotency key to get it back. A new idempotency key would buy the reward a second time."
	}
	detail := fmt.Sprintf("Nothing was bought by this run with idempotency key %s at %s.%s\n\n%v\n\n%s", m.ID.ValueString(), place, before, result.Err, remedy(result.Err)) + requestOf(result.Err)
	diags.AddAttributeError(causeOf(result.Err), "The order was not placed", detail)
	return diags
}

// aboutRefused is about an attempt that is on record. Before says what else must be
// done before applying again.
func aboutRefused(m orderModel, result purchase.Result, before, place string) (diags diag.Diagnostics) {
	diags.AddAttributeError(causeOf(result.Err), "The order was not placed",
		fmt.Sprintf("It is now certain that nothing was bought with idempotency key %s (attempt %d) at %s.\n\n%v\n\n%s %s%s",
			m.ID.ValueString(), attemptOf(m), place, result.Err, remedy(result.Err), nextAttempt(m), before)+requestOf(result.Err))
	return diags
}

// aboutFailed is about an order that failed, and is on record.
func aboutFailed(m orderModel, result purchase.Result, before string) (diags diag.Diagnostics) {
	diags.AddError("The order failed at Runa",
		fmt.Sprintf("%s was accepted and then failed. Runa gives no reason, and no link of it can be spent.\n\nNext: apply again. %s%s", named(m), nextAttempt(m), before)+requestLine(result.Order.RequestID))
	return diags
}

// nextAttempt says what applying again does.
func nextAttempt(m orderModel) string {
	return fmt.Sprintf("The next apply makes attempt %d, with what the configuration says then. Leave idempotency_key as it is (where it is not set, the attempt has a new random key).", attemptOf(m)+1)
}

// whenTainted is for an error that ends a create.
const whenTainted = " The resource is tainted until then, so the plan shows a replacement. If prevent_destroy stops that plan, run untaint first: then it is an update."

func attemptOf(m orderModel) int64 { return max(m.Attempt.ValueInt64(), 1) }

// aboutConflict is about a key that first came with other contents. Forget is what
// must be done with the state before the remedies below.
func aboutConflict(m orderModel, conflict *purchase.ConflictError, forget, place string) (diags diag.Diagnostics) {
	const summary = "The idempotency key belongs to other contents"
	said := fmt.Sprintf("Nothing was bought by this run with idempotency key %s at %s. Runa already has a request under this key, and its contents differ from these.", m.ID.ValueString(), place)
	if forget != "" {
		said = fmt.Sprintf("%s is still unconfirmed. At %s there is a request under its idempotency key with other contents, so this one was not sent as it stands.", named(m), place)
	}
	if conflict.Err != nil {
		said += fmt.Sprintf("\n\n%v", conflict.Err)
	}
	if order := conflict.Order; order != nil {
		differs := "nothing that Runa shows"
		if len(conflict.Differs) > 0 {
			differs = strings.Join(conflict.Differs, ", ")
		}
		diags.AddAttributeError(path.Root("idempotency_key"), summary,
			fmt.Sprintf("%s\n\nOrder %s, created at %s, carries the key. It is %s. What differs: %s.\n\n"+
				"Next: if that order is this reward, %smake the configuration say what was bought and import it (import ADDRESS %s). "+
				"If it is another reward, two rewards have one key: give this one an idempotency_key of its own.", said, order.ID, order.CreatedAt, order.Status, differs, forget, order.ID)+requestOf(conflict.Err))
		return diags
	}
	found := "No order of the last 30 days carries the key. So the earlier request was refused or failed, or it placed an order without a tag (tag_orders = false, no room in metadata, or a key of more than 200 characters)."
	if conflict.Search != nil {
		found = fmt.Sprintf("The account's orders of the last 30 days were not all searched for the key: %v.", conflict.Search)
	}
	diags.AddAttributeError(path.Root("idempotency_key"), summary,
		fmt.Sprintf("%s\n\n%s\n\n"+
			"Next: %sput the earlier contents back and apply. Runa then repeats its earlier answer, which is recorded: an order is taken over, and after a refusal you can make the change again and apply. "+
			"If the earlier contents are not known, look in Runa's portal for the order, and import it if it is there.", said, found, forget)+requestOf(conflict.Err))
	return diags
}

// aboutNotBoughtBeside is about a second purchase that came to nothing.
func aboutNotBoughtBeside(m, state orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	stays := fmt.Sprintf(" %s stays bought and stays in the state.", named(state))
	if result.Verdict == purchase.Failed {
		return aboutFailed(m, result, stays)
	}
	return aboutRefused(m, result, stays, place)
}

// aboutBoughtNext is about an attempt that an update made.
func aboutBoughtNext(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Refused:
		return aboutRefused(m, result, "", place)
	case purchase.Failed:
		return aboutFailed(m, result, "")
	}
	return aboutCreated(m, result, place)
}

// aboutLeaving says which order a second purchase has put out of the state.
func aboutLeaving(state orderModel, result purchase.Result) (diags diag.Diagnostics) {
	if result.Verdict == purchase.Unconfirmed {
		diags.AddWarning("The first order has left the state",
			fmt.Sprintf("%s is bought. The state now holds the second purchase, which is not confirmed.\n\n"+
				"Next: apply again, which settles the second purchase. Keep the first order's id: import ADDRESS %s brings it back under an address of its own. "+
				"Do not undo the edit to get it back: without an idempotency_key that buys again.", named(state), state.OrderID.ValueString()))
	}
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
	case client.TypeInsufficientFunds, "currency_mismatch", "payment_method_unavailable":
		return path.Root("payment_method")
	case "invalid_execution_mode":
		return path.Root("execution_mode")
	default:
		return path.Empty()
	}
}

// remedy says what to do about a refusal. It is never to change the key.
func remedy(err error) string {
	var api *client.APIError
	if !errors.As(err, &api) {
		return "Next: fix the problem above and apply again."
	}
	switch {
	case refusesKey(err):
		return "Next: check the API key (RUNA_API_KEY or api_key), and that it is of the environment named above. A base_url of your own must have the path that the API has there, such as /v2."
	case api.Type == client.TypeOrderingRestricted:
		return "The account's spending limit is reached. Next: have it raised by Runa, then apply again."
	case api.Status == http.StatusTooManyRequests:
		return "Next: apply again later, or set orders_per_minute lower if others place orders with this account."
	case api.Status == http.StatusGone || api.Type == "invalid_version":
		return "Next: set api_version in the provider block to a version that Runa has."
	case api.Type == client.TypeInsufficientFunds:
		return "Next: top up the account, then apply again."
	case api.FromHandler:
		return "Next: fix the problem above, then apply again."
	default:
		return "This did not come from Runa's order handler. Next: check base_url and what lies between here and Runa, then apply again."
	}
}

func aboutCreated(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	diags.Append(aboutEarlier(m, result)...)
	switch result.Verdict {
	case purchase.Unconfirmed:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s may have been bought, or not: it was sent, and no answer says what became of it.\n\n%v\n\n%s", named(m), result.Err, applyAgain+blockedBy(result.Err)+requestOf(result.Err)))
	case purchase.Processing:
		diags.AddWarning("The order is placed and not finished yet",
			fmt.Sprintf("%s is bought, and Runa is still processing it (%v).\n\nNext: apply again later. Nothing is bought again.", named(m), result.Err)+requestOf(result.Err))
	case purchase.Refused:
		diags.Append(aboutRefused(m, result, whenTainted, place)...)
	case purchase.Failed:
		diags.Append(aboutFailed(m, result, whenTainted)...)
	case purchase.Bought:
		diags.Append(aboutBought(m, result)...)
	}
	return diags
}

// blockedBy adds what must be fixed before applying again can help.
func blockedBy(err error) string {
	var api *client.APIError
	if errors.As(err, &api) && api.Status < http.StatusInternalServerError {
		return " Before that: " + strings.TrimPrefix(remedy(err), "Next: ")
	}
	return ""
}

func aboutBought(m orderModel, result purchase.Result) (diags diag.Diagnostics) {
	if result.Err != nil {
		diags.Append(aboutIncomplete(m, result.Err)...)
	}
	diags.Append(aboutPartlyFailed(m)...)
	return diags
}

// aboutEarlier is about an order that another run, or another resource, had before.
func aboutEarlier(m orderModel, result purchase.Result) (diags diag.Diagnostics) {
	if result.Earlier {
		diags.AddAttributeWarning(path.Root("idempotency_key"), "Runa already had this order; nothing new was bought",
			fmt.Sprintf("%s was created at %s. Another run, or another resource of this run, had it before this resource.\n\n"+
				"Next: nothing, if it is the same reward, bought by an earlier run whose state was lost, or by another run. "+
				"If another reward was meant, two rewards have one key and only one is bought: remove this resource from the state (state rm), give it an idempotency_key of its own, and apply.", named(m), result.Order.CreatedAt))
	}
	return diags
}

func aboutPartlyFailed(m orderModel) (diags diag.Diagnostics) {
	if m.Status.ValueString() == string(client.StatusFailed) && standingOf(m) == purchase.Placed && !m.Payouts.IsNull() {
		diags.AddWarning("The order failed, and some of it was delivered",
			fmt.Sprintf("%s is FAILED at Runa, but holds at least one link that can be, or was, redeemed. It is treated as bought: buying it again could pay twice.\n\n"+
				"Next: see payouts for what was delivered, and declare a new order for the rest.", named(m)))
	}
	return diags
}

func aboutIncomplete(m orderModel, err error) (diags diag.Diagnostics) {
	diags.AddWarning("The order's details cannot be read",
		fmt.Sprintf("%s exists, but Runa describes it in a way this version of the provider does not know (%v). Its id and status are recorded.\n\nNext: update the provider.", named(m), err)+requestOf(err))
	return diags
}

func aboutSettled(m orderModel, result purchase.Result, s *session) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Processing:
		if client.IsNotFound(result.Err) {
			return aboutUnreadable(m, result.Err, s)
		}
		return aboutCreated(m, result, s.place)
	case purchase.Bought:
		diags.Append(aboutEarlier(m, result)...)
		diags.Append(aboutBought(m, result)...)
	case purchase.Failed:
		return aboutFailed(m, result, "")
	case purchase.Refused:
		return aboutRefused(m, result, "", s.place)
	case purchase.Unconfirmed:
		diags.Append(aboutStillUnconfirmed(m, result, s.place)...)
	}
	return diags
}

func aboutStillUnconfirmed(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	byHand := "look in Runa's portal for an order placed around " + text(m.Submission, "submitted_at") + ". " +
		"If it is there, remove this resource from the state (state rm) and import it by its order id. " +
		"If it is certainly not there, remove this resource from the state" + otherKeyAfter(result.Err) + "; the next apply then buys it."
	conflict := (*purchase.ConflictError)(nil)
	switch {
	case errors.As(result.Err, &conflict):
		diags.Append(aboutConflict(m, conflict, "remove this resource from the state (state rm), then ", place)...)
	case errors.Is(result.Err, purchase.ErrWindowClosed):
		diags.AddError("This order can no longer be settled by itself",
			fmt.Sprintf("%s was sent and never confirmed, and was not sent now: %v.\n\nNext: %s", named(m), result.Err, byHand)+requestOf(result.Err))
	case errors.Is(result.Err, purchase.ErrOtherAccount) && result.Order.ID != "":
		diags.AddError("This order was sent with another key",
			fmt.Sprintf("%s was sent with another API key or to another address than the provider has now (%s), and was never confirmed. Here, order %s carries its key.\n\n"+
				"Next: if the API key was only renewed, and that is this order, remove this resource from the state (state rm) and import %s. "+
				"Else apply with the key and address it was first sent with.", named(m), place, result.Order.ID, result.Order.ID))
	case errors.Is(result.Err, purchase.ErrOtherAccount):
		diags.AddError("This order was sent with another key",
			fmt.Sprintf("%s was sent with another API key or to another address than the provider has now (%s), and was never confirmed. It was not found here, "+
				"and sending it from here could buy it twice, so it was not sent.\n\nNext: apply with the key and address it was first sent with. If that key is gone, %s", named(m), place, byHand))
	case errors.Is(result.Err, purchase.ErrKeyRefused):
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s is still unconfirmed, and was not sent again: %v.\n\n%s Before that: check the API key.", named(m), result.Err, applyAgain)+requestOf(result.Err))
	case errors.As(result.Err, new(*preflight.ClockError)):
		diags.AddError("This machine's clock is wrong",
			fmt.Sprintf("%s is still unconfirmed. It was not found at Runa, and was not sent again: %v. With a wrong clock an order could be bought twice.\n\n"+
				"Next: set the clock, then apply again.", named(m), result.Err)+requestOf(result.Err))
	case errors.As(result.Err, new(*purchase.OverBudgetError)):
		diags.AddError("The spending limit holds this order up",
			fmt.Sprintf("%s is still unconfirmed. It was not found at Runa, and was not sent again because of spend_limit: %v\n\n"+
				"Next: raise spend_limit in the provider block, and apply again.", named(m), result.Err)+requestOf(result.Err))
	default:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s is still unconfirmed.\n\n%v\n\n%s If that does not help for days, %s", named(m), result.Err, applyAgain+blockedBy(result.Err), byHand)+requestOf(result.Err))
	}
	return diags
}

// otherKeyAfter adds what a stored failure needs: its key buys nothing for as long as
// Runa repeats the failure.
func otherKeyAfter(err error) string {
	var api *client.APIError
	if errors.As(err, &api) && api.Status >= http.StatusInternalServerError {
		return " and, where idempotency_key is set, give it another one, because Runa may repeat this answer under the key for 30 days"
	}
	return ""
}

// aboutRead repeats at every plan what the next apply will settle.
func aboutRead(m orderModel) (diags diag.Diagnostics) {
	if standingOf(m) == purchase.Open {
		diags.AddWarning("An unconfirmed order is waiting to be settled",
			fmt.Sprintf("%s may have been bought, or not. %s", named(m), applyAgain))
	}
	diags.Append(aboutPartlyFailed(m)...)
	return diags
}

// aboutOtherAccount is about a saved plan that meets another account.
func aboutOtherAccount(m orderModel, place string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("account"), "The plan was made for another account",
		fmt.Sprintf("This plan was made with another API key or base URL than this run has (%s). Nothing was sent, and nothing was bought for %s.\n\n"+
			"Next: apply with the API key and base URL that the plan was made with, or plan again with these.", place, nameOf(m)))
	return diags
}

// aboutUnreadable is about an order that is in the state and could not be read.
func aboutUnreadable(m orderModel, err error, s *session) (diags diag.Diagnostics) {
	switch {
	case !client.IsNotFound(err):
		diags.AddError("The order cannot be read", fmt.Sprintf("%s is bought, and its state could not be refreshed from %s. Nothing was changed.\n\n%v\n\n%s", named(m), s.place, err, readRemedy(err)))
	case s.foreign(m):
		diags.AddAttributeError(path.Root("account"), "The order is of another account",
			fmt.Sprintf("%s was bought with another API key or base URL than this run has, and is not found at %s. It stays in the state, because an order that is dropped is bought again. Nothing was changed.\n\n"+
				"Next: use the API key and base URL that it was bought with.", named(m), s.place)+requestOf(err))
	default:
		diags.AddAttributeError(path.Root("order_id"), "Order not found in this environment",
			fmt.Sprintf("%s is not found at %s. It stays in the state, because an order that is dropped is bought again. Nothing was changed.\n\n"+
				"Next: check that the API key and the environment are the ones it was bought with. "+
				"If Runa really has it no longer, as after a restart of a local sandbox, remove it from the state (state rm), or take its block out and destroy it without a refresh (apply -refresh=false).", named(m), s.place)+requestOf(err))
	}
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
			fmt.Sprintf("There is no order %s at %s. Nothing was imported or changed.\n\nNext: check the id, which begins with O-, and that the API key and environment are the ones it was bought with.", id, place)+requestOf(err))
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
		why = "It is still PROCESSING, and Runa shows its items only when it is finished. Next: try again in a moment."
	case order.Incomplete != nil:
		why = fmt.Sprintf("Runa describes it in a way this version of the provider does not know (%v). Next: update the provider.", order.Incomplete)
	case order.Status == client.StatusFailed:
		why = "It is FAILED, and delivered nothing that could be spent. Imported, it would be bought again by the next apply. Next: if the reward is still due, declare it with the idempotency_key it had, and apply."
	default:
		why = fmt.Sprintf("It is %s, and Runa shows no items of it, so there is nothing to manage.", order.Status)
	}
	diags.AddAttributeError(path.Root("order_id"), "The order cannot be imported", "Order "+order.ID+" exists. "+why+requestLine(order.RequestID))
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

// aboutDestroying is about an order that leaves the state. That it stays bought is said
// once: a provider is asked about one order at a time, and cannot know how many follow,
// and a CLI counts alike warnings only where the resource blocks are still there. The
// plan has the count.
func (s *session) aboutDestroying(m orderModel) (diags diag.Diagnostics) {
	switch standingOf(m) {
	case purchase.Open:
		diags.AddAttributeError(path.Root("status"), "An unconfirmed order cannot be destroyed",
			fmt.Sprintf("%s may have been bought. Forgetting it now could lose it, or buy it again later.\n\n"+
				"Next: put its resource block back if it was removed, untaint it if it is tainted, and run apply, which settles it. Then it can be destroyed. "+
				"If settling is impossible, look for the order in Runa's portal, and then remove it from the state (state rm).", named(m)))
	case purchase.Placed, purchase.Unfinished:
		if s != nil && !s.checks.Once("destroy") {
			return nil
		}
		diags.AddWarning("Destroying does not cancel an order",
			fmt.Sprintf("%s stays bought, and its links stay valid. Terraform only forgets it: Runa has no call that cancels or refunds.\n\n"+
				"This is said once. It is true of every runa_order that this run destroys; the plan counts them.", named(m)))
	}
	return diags
}

func aboutChangingPlaced(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(placeIn(changes), "A placed order cannot be changed",
		fmt.Sprintf("%s is bought as it was written, and Runa has no call that changes an order.\n\n"+
			"Next: undo the change of %s; or declare a new order beside this one; "+
			"or set on_change = %q if a second, separate purchase is what you want (the first stays bought).", named(m), namesOf(changes), onChangeBuyAgain))
	return diags
}

func aboutChangingImported(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(placeIn(changes), "An imported order is not what the configuration says",
		fmt.Sprintf("%s was imported, and differs at %s. Importing never buys, so on_change = %q counts only after an apply in which nothing differs.\n\n"+
			"Next: make the configuration say what was bought, and apply. Change it after that if a second, separate purchase is what you want.", named(m), namesOf(changes), onChangeBuyAgain))
	return diags
}

func aboutChangingUnconfirmed(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(placeIn(changes), "An unconfirmed order cannot be changed",
		fmt.Sprintf("%s may have been bought as it was written.\n\nNext: undo the change of %s and apply, which finds out what became of the order. Then decide about the change.", named(m), namesOf(changes)))
	return diags
}

func aboutLateChange(changes []path.Path, m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(placeIn(changes), "A placed order cannot be changed",
		fmt.Sprintf("%s is bought as it was written. What was not known at plan now turns out to be another value: %s. Nothing was bought or changed.\n\n"+
			"Next: plan again, now that the value is known.", named(m), namesOf(changes)))
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

// aboutBuyingNext is about a plan that buys what a closed attempt did not. Next is the
// attempt it makes under the same key.
func aboutBuyingNext(m orderModel, next int, sameKey bool) (diags diag.Diagnostics) {
	try := fmt.Sprintf("attempt %d with the same idempotency key", next)
	if !sameKey {
		try = "a purchase of its own, with another idempotency key"
	}
	diags.AddWarning("This plan buys",
		fmt.Sprintf("%s is %s: nothing of it was bought or can be spent. Applying this plan places the order again, as the configuration says now: %s.", named(m), m.Status.ValueString(), try))
	return diags
}

// aboutCreatingNext is about a create that goes on where a tainted order ended.
func aboutCreatingNext(at purchase.Position) (diags diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("idempotency_key"), "This plan buys",
		fmt.Sprintf("Attempt %d with idempotency key %s was refused or failed: nothing was bought. Applying this plan makes attempt %d, as the configuration says now.", max(at.Attempt, 1), at.Key, at.Next(at.Key)))
	return diags
}

func aboutSharedKey(key string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "Two orders have the same key",
		fmt.Sprintf("The key %s is used twice in this run. A key stands for one purchase: Runa would buy the first order and answer the second with it, so one reward would be missing.\n\n"+
			"Next: give each order a key of its own, for example uuidv5 of the campaign and the winner.", key))
	return diags
}

// aboutTwoAddresses is about one order that two resources have.
func aboutTwoAddresses(m orderModel) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "One order is in the state twice",
		fmt.Sprintf("%s is in the state under two resource addresses, as after importing it twice. It was bought once. Nothing was bought or changed.\n\n"+
			"Next: remove one of the two from the state (state rm). If that resource stands for another reward, give it an idempotency_key of its own, and apply.", named(m)))
	return diags
}

// aboutReplacing is about a replacement that a user forces. It is an error because a
// CLI shows no warning of the plan that tells of it.
func aboutReplacing(name string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("idempotency_key"), "Replacing this order would buy it again",
		fmt.Sprintf("%s stays bought, and has no idempotency_key in the configuration, so replacing it (-replace, replace_triggered_by) buys it once more. Nothing was bought.\n\n"+
			"Next: leave out what replaces it. If a second purchase is meant, set on_change = %q and give the order an idempotency_key of its own.", name, onChangeBuyAgain))
	return diags
}

// aboutLike is about orders that are the same in everything. Other is one that is bought.
func aboutLike(like preflight.Likeness, other string, at path.Path) (diags diag.Diagnostics) {
	switch like {
	case preflight.Twin:
		diags.AddAttributeWarning(at, "Two orders are identical",
			"This run buys at least two orders that are the same in everything. Both will be bought.\n\n"+
				"Next: if that is meant, give each its own idempotency_key, which says so. If not, remove one.")
	case preflight.Again:
		diags.AddAttributeWarning(at, "This plan buys the same order again",
			fmt.Sprintf("%s stays bought. Another order of this plan has the same contents and no idempotency_key, so applying this plan buys it once more.\n\n"+
				"Next: if the resource was renamed, add a moved block. If it is tainted or replaced and should not be, untaint it, or remove what replaces it (-replace, replace_triggered_by). "+
				"If a second purchase is meant, give it an idempotency_key of its own, which says so.", other))
	case preflight.Renamed:
		diags.AddAttributeWarning(at, "This plan buys the same order under another key",
			fmt.Sprintf("%s stays bought and leaves the state. Another order of this plan has the same contents and another idempotency_key, so applying this plan buys it as a second order.\n\n"+
				"Next: if it is the same reward under a new name, give it the idempotency key it had, and add a moved block. If it is another reward, nothing.", other))
	}
	return diags
}

func aboutUncheckedCatalogue(err error, place string) (diags diag.Diagnostics) {
	diags.AddWarning("Orders were not checked against the catalogue",
		fmt.Sprintf("The catalogue could not be read from %s, so this plan does not know whether Runa sells what it orders. Nothing was bought.\n\n%v\n\n"+
			"Next: plan again, or apply: Runa refuses what it does not sell.", place, err)+requestOf(err))
	return diags
}

func aboutClock(err *preflight.ClockError) (diags diag.Diagnostics) {
	diags.AddError("This machine's clock is wrong",
		fmt.Sprintf("It differs from Runa's by about %d hours. The time decides for how long an unconfirmed order may safely be sent again, so with a wrong clock an order could be bought twice. Nothing was bought.\n\n"+
			"Next: set the clock, then plan again.", err.Hours()))
	return diags
}

// aboutUntimed is about an order that was not sent, because nobody knows whether Runa
// still remembers its key.
func aboutUntimed(m orderModel, err error, place string) (diags diag.Diagnostics) {
	next := remedy(err)
	if errors.As(err, new(*preflight.ClockError)) {
		next = "Next: set the clock, then apply again."
	}
	diags.AddError("The order was not placed",
		fmt.Sprintf("Nothing was sent with idempotency key %s to %s, and nothing was bought by this run: %v. Runa remembers a key for 30 days, so its time must be known before a key is used.\n\n%s",
			m.ID.ValueString(), place, err, next)+requestOf(err))
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
	diags.AddError("The spending limit is reached", detail+"\n\nNext: order less, or raise spend_limit in the provider block, and apply again."+requestOf(err))
	return diags
}

func aboutUnknownSum(currency string, err error) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("payment_method").AtName("currency"), "The exchange cannot be priced",
		fmt.Sprintf("spend_limit limits what is spent in %s, and Runa gives no quote for this order's exchange: %v\n\n"+
			"Next: pay in the products' currency, or remove the limit. The playground has no quotes.", currency, err)+requestOf(err))
	return diags
}

func aboutUnknownBalance(currency string, err error) (diags diag.Diagnostics) {
	diags.AddWarning("The balance is not known",
		fmt.Sprintf("Runa does not say what the account holds in %s, so the plan was not compared with it: %v", currency, err)+requestOf(err))
	return diags
}

func aboutShortBalance(short *preflight.ShortBalance, asError bool) (diags diag.Diagnostics) {
	add, next := diags.AddWarning, "Next: top up the account before you apply, or order less. Orders that the balance does not cover are refused, and the others are bought."
	if asError {
		add, next = diags.AddError, "Next: top up the account, or order less, and plan again. The plan is refused because of require_balance."
	}
	add("The balance does not cover the plan",
		fmt.Sprintf("The plan buys for at least %s %s, before discounts and fees, and the account holds %s %s.\n\n%s", short.Planned, short.Currency, short.Held, short.Currency, next))
	return diags
}
