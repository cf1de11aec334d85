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

// Most of what runa_order says to a user. What belongs to one part of it, such as moved
// orders, is said in that part's file. Each message says what happened, whether anything
// was bought, which order is meant, and what to do next.

const (
	unconfirmedSummary = "It is not known whether this order was placed"
	applyAgain         = "Next: run apply again. It finds out whether the order was placed, and never buys it twice."
)

// aboutNotBought is about a purchase that left no trace in the state. Forgot says that the
// run has just deleted a bought order of the same idempotency key.
func aboutNotBought(m orderModel, result purchase.Result, forgot bool, endpoint string) (diags diag.Diagnostics) {
	if conflict := (*purchase.ConflictError)(nil); errors.As(result.Err, &conflict) {
		return aboutConflict(m, conflict, "", endpoint)
	}
	if why := whyUnsent(result); why != nil {
		return aboutUnsent(why)
	}
	before := ""
	if forgot {
		before = " The order that this run removed from the state stays bought: apply again with the same idempotency key to get it back. A new idempotency key would buy the reward a second time."
	}
	detail := fmt.Sprintf("Nothing was bought by this run with idempotency key %s at %s.%s\n\n%v\n\n%s", m.ID.ValueString(), endpoint, before, result.Err, remedy(result.Err)) + requestOf(result.Err)
	diags.AddAttributeError(causeOf(result.Err), "The order was not placed", detail)
	return diags
}

// aboutRefused is about an attempt that is on record. Before says what else must be
// done before applying again.
func aboutRefused(m orderModel, result purchase.Result, before, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(causeOf(result.Err), "The order was not placed",
		fmt.Sprintf("It is now certain that nothing was bought with idempotency key %s (attempt %d) at %s.\n\n%v\n\n%s %s%s",
			m.ID.ValueString(), attemptOf(m), endpoint, result.Err, remedy(result.Err), nextAttempt(m), before)+requestOf(result.Err))
	return diags
}

// aboutFailed is about an order that failed, and is on record.
func aboutFailed(m orderModel, result purchase.Result, before string) (diags diag.Diagnostics) {
	diags.AddError("The order failed at Runa",
		fmt.Sprintf("%s was accepted and then failed. Runa gives no reason, and no link of it can be spent.\n\nNext: apply again. %s%s", describeOrder(m), nextAttempt(m), before)+requestLine(result.Order.RequestID))
	return diags
}

// nextAttempt says what applying again does.
func nextAttempt(m orderModel) string {
	return fmt.Sprintf("The next apply makes attempt %d with the configuration as it is then. Do not change idempotency_key (if it is not set, the attempt gets a new random one).", attemptOf(m)+1)
}

// whenTainted is for an error that ends a create.
const whenTainted = " Until then the resource is tainted, so the plan shows a replacement. If prevent_destroy blocks that plan, run untaint first. The plan then shows an update."

func attemptOf(m orderModel) int64 { return max(m.Attempt.ValueInt64(), 1) }

// aboutConflict is about a key that first came with other contents. Forget is what
// must be done with the state before the remedies below.
func aboutConflict(m orderModel, conflict *purchase.ConflictError, forget, endpoint string) (diags diag.Diagnostics) {
	const summary = "The idempotency key was used for another request"
	said := fmt.Sprintf("Nothing was bought by this run with idempotency key %s at %s. Runa already has a request with this idempotency key and different contents.", m.ID.ValueString(), endpoint)
	if forget != "" {
		said = fmt.Sprintf("%s is still unconfirmed. %s already has a request with its idempotency key and different contents, so it was not sent.", describeOrder(m), endpoint)
	}
	if conflict.Err != nil {
		said += fmt.Sprintf("\n\n%v", conflict.Err)
	}
	if order := conflict.Order; order != nil {
		differs := "none that Runa shows"
		if len(conflict.Differs) > 0 {
			differs = strings.Join(conflict.Differs, ", ")
		}
		diags.AddAttributeError(path.Root("idempotency_key"), summary,
			fmt.Sprintf("%s\n\nOrder %s, created at %s, has this idempotency key. Its status is %s. Differences: %s.\n\n"+
				"Next: if that order is this reward, %schange the configuration to match what was bought, and import the order (import ADDRESS %s). "+
				"If it is another reward, two rewards have the same idempotency key: give this one its own idempotency_key.", said, order.ID, order.CreatedAt, order.Status, differs, forget, order.ID)+requestOf(conflict.Err))
		return diags
	}
	found := "No order of the last 30 days has this idempotency key. So the earlier request was refused or failed, or it placed an order without a tag (tag_orders = false, no space left in metadata, or an idempotency key longer than 200 characters)."
	if conflict.Search != nil {
		found = fmt.Sprintf("Not all of the account's orders of the last 30 days could be searched for the idempotency key: %v.", conflict.Search)
	}
	diags.AddAttributeError(path.Root("idempotency_key"), summary,
		fmt.Sprintf("%s\n\n%s\n\n"+
			"Next: %srestore the earlier contents and apply. Runa then repeats its earlier answer, and the provider records it: an order that was placed is added to the state; after a refusal you can make the change again and apply. "+
			"If you do not know the earlier contents, search for the order in Runa's portal, and import it if it exists.", said, found, forget)+requestOf(conflict.Err))
	return diags
}

// aboutNotBoughtBeside is about a second purchase that came to nothing.
func aboutNotBoughtBeside(m, state orderModel, result purchase.Result, endpoint string) (diags diag.Diagnostics) {
	stays := fmt.Sprintf(" %s stays bought and stays in the state.", describeOrder(state))
	if result.Verdict == purchase.Failed {
		return aboutFailed(m, result, stays)
	}
	return aboutRefused(m, result, stays, endpoint)
}

// aboutBoughtNext is about an attempt that an update made.
func aboutBoughtNext(m orderModel, result purchase.Result, endpoint string) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Refused:
		return aboutRefused(m, result, "", endpoint)
	case purchase.Failed:
		return aboutFailed(m, result, "")
	}
	return aboutCreated(m, result, endpoint)
}

// aboutLeaving says which order a second purchase has put out of the state.
func aboutLeaving(state orderModel, result purchase.Result) (diags diag.Diagnostics) {
	if result.Verdict == purchase.Unconfirmed {
		diags.AddWarning("The first order is no longer in the state",
			fmt.Sprintf("%s is bought. The state now holds the second purchase, which is not confirmed.\n\n"+
				"Next: apply again to find out whether the second purchase was placed. Keep the id of the first order: import ADDRESS %s adds it to the state again, at another address. "+
				"Do not undo the edit to get it back: without an idempotency_key, that would buy again.", describeOrder(state), state.OrderID.ValueString()))
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
		return "Next: check the API key (RUNA_API_KEY or api_key), and that it belongs to the environment named above. If you set base_url, it must include the path of the API, such as /v2."
	case api.Type == client.TypeOrderingRestricted:
		return "The account's spending limit is reached. Next: ask Runa to raise it, then apply again."
	case api.Status == http.StatusTooManyRequests:
		return "Next: apply again later. If others also place orders with this account, lower orders_per_minute."
	case api.Status == http.StatusGone || api.Type == "invalid_version":
		return "Next: set api_version in the provider block to a version that Runa supports."
	case api.Type == client.TypeInsufficientFunds:
		return "Next: top up the account, then apply again."
	case api.FromHandler:
		return "Next: fix the problem above, then apply again."
	default:
		return "This answer did not come from Runa's order service. Next: check base_url and any proxy between this machine and Runa, then apply again."
	}
}

func aboutCreated(m orderModel, result purchase.Result, endpoint string) (diags diag.Diagnostics) {
	diags.Append(aboutEarlier(m, result)...)
	switch result.Verdict {
	case purchase.Unconfirmed:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s may or may not have been bought: it was sent, but no answer shows the result.\n\n%v\n\n%s", describeOrder(m), result.Err, applyAgain+blockedBy(result.Err)+requestOf(result.Err)))
	case purchase.Processing:
		diags.AddWarning("The order is placed and not finished yet",
			fmt.Sprintf("%s is bought, and Runa is still processing it (%v).\n\nNext: apply again later. Nothing is bought again.", describeOrder(m), result.Err)+requestOf(result.Err))
	case purchase.Refused:
		diags.Append(aboutRefused(m, result, whenTainted, endpoint)...)
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
			fmt.Sprintf("%s was created at %s, by another run or by another resource of this run.\n\n"+
				"Next: do nothing if it is the same reward, bought by an earlier run whose state was lost, or by another run. "+
				"If it is a different reward, two rewards have the same idempotency key and only one is bought: remove this resource from the state (state rm), give it its own idempotency_key, and apply.", describeOrder(m), result.Order.CreatedAt))
	}
	return diags
}

func aboutPartlyFailed(m orderModel) (diags diag.Diagnostics) {
	if m.Status.ValueString() == string(client.StatusFailed) && standingOf(m) == purchase.Placed && !m.Payouts.IsNull() {
		diags.AddWarning("The order failed, and some of it was delivered",
			fmt.Sprintf("%s is FAILED at Runa, but has at least one link that can be redeemed or was redeemed. It is treated as bought, because buying it again could pay twice.\n\n"+
				"Next: check payouts to see what was delivered, and declare a new order for the rest.", describeOrder(m)))
	}
	return diags
}

func aboutIncomplete(m orderModel, err error) (diags diag.Diagnostics) {
	diags.AddWarning("The order's details cannot be read",
		fmt.Sprintf("%s exists, but Runa describes it in a way this version of the provider does not know (%v). Its id and status are recorded.\n\nNext: update the provider.", describeOrder(m), err)+requestOf(err))
	return diags
}

func aboutSettled(m orderModel, result purchase.Result, s *session) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Processing:
		if client.IsNotFound(result.Err) {
			return aboutUnreadable(m, result.Err, s)
		}
		return aboutCreated(m, result, s.endpoint)
	case purchase.Bought:
		diags.Append(aboutEarlier(m, result)...)
		diags.Append(aboutBought(m, result)...)
	case purchase.Failed:
		return aboutFailed(m, result, "")
	case purchase.Refused:
		return aboutRefused(m, result, "", s.endpoint)
	case purchase.Unconfirmed:
		diags.Append(aboutStillUnconfirmed(m, result, s.endpoint)...)
	}
	return diags
}

func aboutStillUnconfirmed(m orderModel, result purchase.Result, endpoint string) (diags diag.Diagnostics) {
	byHand := "search Runa's portal for an order placed around " + text(m.Submission, "submitted_at") + ". " +
		"If it exists, remove this resource from the state (state rm) and import the order by its id. " +
		"If you are certain that it does not exist, remove this resource from the state" + otherKeyAfter(result.Err) + "; the next apply then buys it."
	conflict := (*purchase.ConflictError)(nil)
	switch {
	case errors.As(result.Err, &conflict):
		diags.Append(aboutConflict(m, conflict, "remove this resource from the state (state rm), then ", endpoint)...)
	case errors.Is(result.Err, purchase.ErrWindowClosed):
		diags.AddError("The provider can no longer find out whether this order was placed",
			fmt.Sprintf("%s was sent and never confirmed, and was not sent now: %v.\n\nNext: %s", describeOrder(m), result.Err, byHand)+requestOf(result.Err))
	case errors.Is(result.Err, purchase.ErrOtherAccount) && result.Order.ID != "":
		diags.AddError("This order was sent with another API key or base URL",
			fmt.Sprintf("%s was sent with another API key or base URL than this run has (%s), and was never confirmed. In this account, order %s has its idempotency key.\n\n"+
				"Next: if only the API key was renewed, and order %[3]s is this order, remove this resource from the state (state rm) and import %[3]s. "+
				"Otherwise apply with the API key and base URL that it was first sent with.", describeOrder(m), endpoint, result.Order.ID))
	case errors.Is(result.Err, purchase.ErrOtherAccount):
		diags.AddError("This order was sent with another API key or base URL",
			fmt.Sprintf("%s was sent with another API key or base URL than this run has (%s), and was never confirmed. It was not found in this account, "+
				"and sending it again could buy it twice, so it was not sent.\n\nNext: apply with the API key and base URL that it was first sent with. If that API key no longer exists, %s", describeOrder(m), endpoint, byHand))
	case errors.Is(result.Err, purchase.ErrKeyRefused):
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s is still unconfirmed, and was not sent again: %v.\n\n%s Before that: check the API key.", describeOrder(m), result.Err, applyAgain)+requestOf(result.Err))
	case errors.As(result.Err, new(*preflight.ClockError)):
		diags.AddError("This machine's clock is wrong",
			fmt.Sprintf("%s is still unconfirmed. It was not found at Runa, and was not sent again: %v. With a wrong clock an order could be bought twice.\n\n"+
				"Next: set the clock, then apply again.", describeOrder(m), result.Err)+requestOf(result.Err))
	case errors.As(result.Err, new(*purchase.OverBudgetError)):
		diags.AddError("The spending limit blocks this order",
			fmt.Sprintf("%s is still unconfirmed. It was not found at Runa, and was not sent again because of spend_limit: %v\n\n"+
				"Next: raise spend_limit in the provider block, and apply again.", describeOrder(m), result.Err)+requestOf(result.Err))
	default:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s is still unconfirmed.\n\n%v\n\n%s If it is still unconfirmed after several days, %s", describeOrder(m), result.Err, applyAgain+blockedBy(result.Err), byHand)+requestOf(result.Err))
	}
	return diags
}

// otherKeyAfter adds what a stored failure needs: its key buys nothing for as long as
// Runa repeats the failure.
func otherKeyAfter(err error) string {
	var api *client.APIError
	if errors.As(err, &api) && api.Status >= http.StatusInternalServerError {
		return " and, if idempotency_key is set, change it, because Runa may repeat this answer to the same idempotency key for 30 days"
	}
	return ""
}

// aboutRead repeats at every plan what the next apply will settle.
func aboutRead(m orderModel) (diags diag.Diagnostics) {
	if standingOf(m) == purchase.Open {
		diags.AddWarning("It is still not known whether an order was placed",
			fmt.Sprintf("%s may or may not have been bought. %s", describeOrder(m), applyAgain))
	}
	diags.Append(aboutPartlyFailed(m)...)
	return diags
}

// aboutOtherAccount is about a saved plan that meets another account.
func aboutOtherAccount(m orderModel, endpoint string) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("account"), "The plan was made for another account",
		fmt.Sprintf("This plan was made with another API key or base URL than this run has (%s). Nothing was sent, and nothing was bought for %s.\n\n"+
			"Next: apply with the API key and base URL that the plan was made with, or plan again with these.", endpoint, orderTitle(m)))
	return diags
}

// aboutUnreadable is about an order that is in the state and could not be read.
func aboutUnreadable(m orderModel, err error, s *session) (diags diag.Diagnostics) {
	switch {
	case !client.IsNotFound(err):
		diags.AddError("The order cannot be read", fmt.Sprintf("%s is bought, but could not be refreshed from %s. Nothing was changed.\n\n%v\n\n%s", describeOrder(m), s.endpoint, err, readRemedy(err)))
	case s.foreign(m):
		diags.AddAttributeError(path.Root("account"), "The order belongs to another account",
			fmt.Sprintf("%s was bought with another API key or base URL than this run has, and is not found at %s. It stays in the state, because removing it would buy it again. Nothing was changed.\n\n"+
				"Next: use the API key and base URL that it was bought with.", describeOrder(m), s.endpoint)+requestOf(err))
	default:
		diags.AddAttributeError(path.Root("order_id"), "Order not found in this environment",
			fmt.Sprintf("%s is not found at %s. It stays in the state, because removing it would buy it again. Nothing was changed.\n\n"+
				"Next: check that you use the API key and the environment that it was bought with. "+
				"If it no longer exists at Runa, for example after a restart of a local sandbox, remove it from the state (state rm), or remove its resource block and apply with -refresh=false.", describeOrder(m), s.endpoint)+requestOf(err))
	}
	return diags
}

func aboutNoOrderID() (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "Not an order id",
		"An order is imported by its id at Runa, which begins with O- and is shown in Runa's portal. The given value is not shown here, because it may be a link, and a link is as good as money.")
	return diags
}

func aboutImportByKey() (diags diag.Diagnostics) {
	diags.AddError("An order is imported by its id",
		"The identity's idempotency_key is for an order that is not confirmed yet, and such an order cannot be imported. Nothing was imported or changed.\n\n"+
			"Next: set only order_id. The data source runa_orders lists the orders.")
	return diags
}

func aboutNothingToImport(id string, err error, endpoint string) (diags diag.Diagnostics) {
	if client.IsNotFound(err) {
		diags.AddAttributeError(path.Root("order_id"), "No such order",
			fmt.Sprintf("There is no order %s at %s. Nothing was imported or changed.\n\nNext: check the id, which begins with O-, and that you use the API key and environment that it was bought with.", id, endpoint)+requestOf(err))
		return diags
	}
	diags.AddError("The order cannot be imported", fmt.Sprintf("Order %s could not be read from %s. Nothing was imported or changed.\n\n%v\n\n%s", id, endpoint, err, readRemedy(err)))
	return diags
}

func aboutNotImportable(order client.Order) (diags diag.Diagnostics) {
	var why string
	switch {
	case order.Status == client.StatusProcessing:
		why = "It is still PROCESSING, and Runa shows its items only when it is finished. Next: try again in a few seconds."
	case order.Incomplete != nil:
		why = fmt.Sprintf("Runa describes it in a way this version of the provider does not know (%v). Next: update the provider.", order.Incomplete)
	case order.Status == client.StatusFailed:
		why = "It is FAILED and delivered nothing. If it were imported, the next apply would buy it again. Next: if the reward is still due, declare it with the same idempotency_key, and apply."
	default:
		why = fmt.Sprintf("Its status is %s, and Runa shows no items, so there is nothing to manage.", order.Status)
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

// aboutUntimed is about an order that was not sent, because nobody knows whether Runa
// still remembers its key.
func aboutUntimed(m orderModel, err error, endpoint string) (diags diag.Diagnostics) {
	next := remedy(err)
	if errors.As(err, new(*preflight.ClockError)) {
		next = "Next: set the clock, then apply again."
	}
	diags.AddError("The order was not placed",
		fmt.Sprintf("Nothing was sent with idempotency key %s to %s, and nothing was bought by this run: %v. Runa remembers an idempotency key for 30 days, so Runa's time must be known before one is used.\n\n%s",
			m.ID.ValueString(), endpoint, err, next)+requestOf(err))
	return diags
}

func aboutUnspendable(m orderModel, err error) (diags diag.Diagnostics) {
	detail := fmt.Sprintf("Nothing was sent with idempotency key %s, because of spend_limit: %v", m.ID.ValueString(), err)
	if over := (*purchase.OverBudgetError)(nil); errors.As(err, &over) {
		detail += "\n\nThe orders listed above were bought in this run, except this one."
	}
	diags.AddError("The spending limit is reached", detail+"\n\nNext: order less, or raise spend_limit in the provider block, and apply again."+requestOf(err))
	return diags
}

// describeOrder says which order is meant, with all that helps to find it at Runa.
func describeOrder(m orderModel) string {
	key := "idempotency key " + m.ID.ValueString()
	if m.OrderID.IsNull() || m.OrderID.IsUnknown() {
		return fmt.Sprintf("The order with %s", key)
	}
	if m.ID.Equal(m.OrderID) { // it was imported, and has no key that anybody knows
		return "Order " + m.OrderID.ValueString()
	}
	return fmt.Sprintf("Order %s (%s)", m.OrderID.ValueString(), key)
}
