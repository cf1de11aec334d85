package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// The page's buttons: forms, for the page runs no script. Each does what an admin call
// does, and leads back to where it was pressed. That no page of another site presses them
// is guard's care.

// maxForm is how long a form may be.
const maxForm = 4 << 10

// press answers POST /_sandbox/press.
func (h *pageHandler) press(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "This is no form of the page.", http.StatusBadRequest)
		return
	}
	err := h.do(r.PostForm)
	if err == nil {
		err = h.sandbox.account.Sync()
	}
	if err != nil {
		h.show(w, r, http.StatusBadRequest, h.sandbox.redactor.mask(err.Error()))
		return
	}
	http.Redirect(w, r, backTo(r.PostForm), http.StatusSeeOther)
}

// backTo is where a button was: an order's page, the events or the overview.
func backTo(form url.Values) string {
	if id := form.Get("order"); orderIDShape.MatchString(id) {
		return "/?order=" + id
	}
	if form.Get("do") == "send" {
		return "/?show=events"
	}
	return "/"
}

// do does what a button says.
func (h *pageHandler) do(form url.Values) error {
	switch form.Get("do") {
	case "lose":
		return h.sandbox.AddFault(Fault{Method: http.MethodPost, Path: "/order", Times: 1, Action: ActionDropAfter})
	case "refuse":
		return h.sandbox.AddFault(Fault{Method: http.MethodPost, Path: "/order", Times: 1, Action: ActionStatus, Status: http.StatusServiceUnavailable})
	case "clear":
		h.sandbox.ClearFaults()
		return nil
	case "topup":
		return h.sandbox.account.SetBalances(map[string]string{form.Get("currency"): "+" + form.Get("amount")})
	case "fail":
		return h.sandbox.PatchOrder(form.Get("order"), order.Patch{Status: order.StatusFailed})
	case "claim":
		return claimItem(h.sandbox, form.Get("order"), form.Get("item"))
	case "send":
		return h.sandbox.SendAgain(form.Get("message"))
	}
	return errors.New("there is no such button")
}

// claimItem claims the link of an item, by its number from 1.
func claimItem(s *Sandbox, id, item string) error {
	number, err := strconv.Atoi(item)
	if err != nil || number < 1 || number > order.MaxItems {
		return errors.New("there is no such item")
	}
	items := make([]order.ItemPatch, number)
	items[number-1].Payout.Status = "CLAIMED"
	return s.PatchOrder(id, order.Patch{Items: items})
}
