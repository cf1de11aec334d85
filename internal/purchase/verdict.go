package purchase

import (
	"slices"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Verdict is what is known of a purchase.
type Verdict string

const (
	// Bought: the order exists and Runa has finished it. It is COMPLETED, or it is FAILED
	// and may all the same hold a link that someone can spend.
	Bought Verdict = "bought"
	// Processing: the order exists and Runa has not finished it yet.
	Processing Verdict = "processing"
	// Failed: the order exists, failed, and left no link that could be spent. The
	// attempt is closed.
	Failed Verdict = "failed"
	// Refused: Runa's order handler refused it. The attempt is closed.
	Refused Verdict = "refused"
	// NotBought: it is certain that nothing this Intent ever sent bought anything. The
	// attempt is not closed: another run may have sent it, with the same contents or others.
	NotBought Verdict = "not bought"
	// Unconfirmed: the order may exist. The same Intent must be settled.
	Unconfirmed Verdict = "unconfirmed"
)

// Result is how a purchase ended for now.
type Result struct {
	Verdict Verdict
	// Intent is what was asked for, with the times of its attempts filled in. An
	// Unconfirmed one must be kept: it is what Settle needs.
	Intent Intent
	// Order has at least ID and Status where an order is known to exist.
	Order client.Order
	// Earlier says that Runa had the order before this Intent was ever sent: nothing
	// new was bought. An order that is younger than Runa's Date is exact is not told.
	Earlier bool
	// Err says why the verdict is not Bought. With Bought it says what could not be read.
	Err error
}

// Closed reports whether the attempt bought nothing, for certain and for good.
func (v Verdict) Closed() bool { return v == Refused || v == Failed }

// spendable reports whether an order may hold a link that someone could still
// redeem or has redeemed. Runa does not say what becomes of the items of a FAILED
// order, and buying again what was delivered is buying twice.
func spendable(order client.Order) bool {
	return slices.ContainsFunc(order.Items, func(item client.OrderedItem) bool {
		return item.PayoutLink != nil && Spendable(*item.PayoutLink)
	})
}

// FailedForNothing reports whether it is certain that an order failed and bought nothing.
func FailedForNothing(order client.Order) bool {
	return order.Status == client.StatusFailed && order.Incomplete == nil && !spendable(order)
}

// Spendable reports whether someone could redeem a link, or has done so. One
// without a URL counts: its status says that it is with its recipient.
func Spendable(link client.PayoutLink) bool {
	return (link.URL != "" || link.Status != "") && link.Status != "CANCELLED" && link.Status != "EXPIRED"
}
