package provider

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// Everything runa_order says to a user. Each message tells what happened, whether
// anything was bought, which key is meant, and what to do next.

const (
	unconfirmedSummary = "It is not known whether this order was placed"
	applyAgain         = "Next: run apply again. It finds out what became of this order, and never buys it twice."
)

func aboutNotBought(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	detail := fmt.Sprintf("Nothing was bought with key %s at %s.\n\n%v\n\n%s", m.ID.ValueString(), place, result.Err, remedy(result.Err, m))
	diags.AddAttributeError(causeOf(result.Err), "The order was not placed", detail)
	return diags
}

// causeOf points at the attribute a refusal is about, as far as Runa tells.
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
	case "product_validation_error":
		return path.Root("items")
	case "invalid_execution_mode":
		return path.Root("execution_mode")
	default:
		return path.Empty()
	}
}

func remedy(err error, m orderModel) string {
	var api *client.APIError
	if !errors.As(err, &api) {
		return "Next: mend what is named above and apply again."
	}
	newKey := ""
	if !m.IdempotencyKey.IsNull() {
		newKey = " Runa repeats this refusal for 30 days under the same key: where you set idempotency_key yourself, set a new one."
	}
	switch {
	case api.Type == client.TypeIdempotencyValidation:
		return "This key already belongs to another order or refusal, with other content: perhaps from a run whose state was lost, from another pipeline, or before an edit. " +
			"Next: look in Runa's portal for an order that carries this key. If it is this reward, import it by its order id; if it is another one, give this order an idempotency_key of its own."
	case api.Status == http.StatusUnauthorized || (api.Status == http.StatusForbidden && api.Type != "ordering_restricted"):
		return "Next: check the API key (RUNA_API_KEY or api_key), and that it is of the environment named above."
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

func aboutCreated(m orderModel, result purchase.Result, timeout time.Duration) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Unconfirmed:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s may have been bought, or not: it was sent, and no answer says what became of it.\n\n%v\n\n%s", named(m), result.Err, applyAgain))
	case purchase.Processing:
		diags.AddWarning("The order is placed and not finished yet",
			fmt.Sprintf("%s is bought, and Runa is still at work on it (waited up to %s: %v).\n\nNext: run plan or apply again later. Nothing is bought again.", named(m), timeout, result.Err))
	case purchase.Failed:
		diags.AddError("The order failed at Runa",
			fmt.Sprintf("%s was accepted and then failed; Runa gives no reason, and no link of it can be spent.\n\nNext: apply again to buy it anew. %s", named(m), newKeyNote))
	case purchase.Bought:
		diags.Append(aboutBought(m, result)...)
	}
	return diags
}

const newKeyNote = "Where you set idempotency_key yourself, set a new one first: under the old one Runa answers with the failed order for 30 days."

func aboutBought(m orderModel, result purchase.Result) (diags diag.Diagnostics) {
	if result.Err != nil {
		diags.Append(aboutIncomplete(m, result.Err)...)
	}
	if m.Status.ValueString() == string(client.StatusFailed) {
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

func aboutSettled(m orderModel, result purchase.Result, timeout time.Duration, place string) (diags diag.Diagnostics) {
	switch result.Verdict {
	case purchase.Processing:
		return aboutCreated(m, result, timeout)
	case purchase.Bought:
		return aboutBought(m, result)
	case purchase.Failed:
		diags.AddError("The order failed at Runa",
			fmt.Sprintf("%s failed; Runa gives no reason, and no link of it can be spent.\n\nNext: the next plan replaces it, which buys it anew. %s", named(m), newKeyNote))
	case purchase.NotBought:
		diags.AddError("The order was not placed",
			fmt.Sprintf("It is now certain that nothing was bought with key %s at %s.\n\n%v\n\n%s The next plan replaces this order.", m.ID.ValueString(), place, result.Err, remedy(result.Err, m)))
	case purchase.Unconfirmed:
		diags.Append(aboutStillUnconfirmed(m, result, place)...)
	}
	return diags
}

func aboutStillUnconfirmed(m orderModel, result purchase.Result, place string) (diags diag.Diagnostics) {
	byHand := "Next: look in Runa's portal for an order placed around " + m.SubmittedAt.ValueString() + ". " +
		"If it is there, remove this resource from the state (state rm) and import it by its order id. " +
		"If it is certainly not there, remove this resource from the state; the next apply then buys it."
	switch {
	case errors.Is(result.Err, purchase.ErrWindowClosed):
		diags.AddError("This order can no longer be settled by itself",
			fmt.Sprintf("%s was sent and never confirmed. %v, so nothing was sent now.\n\n%s", named(m), result.Err, byHand))
	case errors.Is(result.Err, purchase.ErrOtherAccount):
		diags.AddError("This order belongs to another account",
			fmt.Sprintf("%s was sent with another API key or to another address than the provider has now (%s), and was never confirmed. "+
				"Sending it here could buy it twice, so nothing was sent.\n\nNext: apply with the key and environment it was first sent with. If that key is gone: %s", named(m), place, byHand))
	default:
		diags.AddWarning(unconfirmedSummary,
			fmt.Sprintf("%s is still unconfirmed.\n\n%v\n\n%s", named(m), result.Err, applyAgain))
	}
	return diags
}

// aboutRead repeats at every plan what the next apply will buy or settle.
func aboutRead(m orderModel) (diags diag.Diagnostics) {
	if m.Status.ValueString() == string(client.StatusFailed) && standingOf(m) == nothingBought {
		diags.AddWarning("A failed order will be bought anew",
			fmt.Sprintf("%s failed at Runa and delivered nothing. The next apply replaces it: that is a new purchase. %s", named(m), newKeyNote))
	}
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

func aboutNotImportable(order client.Order) (diags diag.Diagnostics) {
	var why string
	switch {
	case order.Status == client.StatusProcessing:
		why = "It is still PROCESSING, and Runa shows its items only when it is finished. Next: import it again in a moment."
	case order.Incomplete != nil:
		why = fmt.Sprintf("Runa describes it in a way this version of the provider does not know (%v). Next: update the provider.", order.Incomplete)
	default:
		why = fmt.Sprintf("It is %s, and Runa shows no items of it, so there is nothing to manage.", order.Status)
	}
	diags.AddAttributeError(path.Root("order_id"), "The order cannot be imported", "Order "+order.ID+" exists. "+why)
	return diags
}

func aboutDestroying(m orderModel) (diags diag.Diagnostics) {
	switch standingOf(m) {
	case open:
		diags.AddAttributeError(path.Root("status"), "An unconfirmed order cannot be destroyed",
			fmt.Sprintf("%s may have been bought. Forgetting it now could lose it, or buy it again later.\n\n"+
				"Next: apply first, which settles it. If that is impossible, look for it in Runa's portal and then remove it from the state (state rm).", named(m)))
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
		fmt.Sprintf("%s stays bought. Because %s changed and on_change is %q, applying this plan places a second order and pays for it too.", named(m), list(changes), onChangeBuyAgain))
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
