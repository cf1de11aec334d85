package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// AdminHelp tells people at a terminal what the admin calls do.
const AdminHelp = `GET    /_sandbox/orders            the ledger: every order really placed, oldest first; the one place that
                                   shows links, people and request bodies
PATCH  /_sandbox/orders/{id}       {"status":"FAILED"}: it fails · {"status":"FAILED","full":true}: and has items and completed_at
                                   {"items":[{"payout":{"status":"CLAIMED"}}]}: its first link is claimed
GET    /_sandbox/requests          the journal: the newest calls to the API, oldest first; … for what may be a secret.
                                   They are numbered from 1: a first number above 1 says how many are gone
GET    /_sandbox/faults            the faults in force, without what they answer
POST   /_sandbox/faults            {"method":"POST","path":"/order","skip":0,"times":1,"action":"drop_after"}
                                   actions: drop_before drop_after delay status truncate garbage interim_102 hang
                                   also: "status":503 "body":"…" "headers":{} "delay":"2s" "store":true "place":true
DELETE /_sandbox/faults            no more faults; what they hold is let go
PATCH  /_sandbox/products/{code}   {"is_orderable":false} · {"withdrawn":true} · {"state":"TEMPORARILY_DISABLED"}
                                   {"denominations":{"available_list":["10","25.00"]}} · {"discount_multiplier":"0.0500"}
PATCH  /_sandbox/balances          {"USD":"1000.00"}: so much there is · {"USD":"+250.00"}: so much more; GET tells them
PATCH  /_sandbox/limits            {"USD":"500.00"}: orders may draw so much in all · {"USD":""}: no limit (production);
                                   GET tells them
PATCH  /_sandbox/estimates         {"strings":true}: estimates write amounts as strings (production)
GET    /_sandbox/webhooks          the events of this process: delivered, waiting, given up; each attempt is in the journal
POST   /_sandbox/webhooks/{id}     sends one again
POST   /_sandbox/clock             {"advance":"720h"}: time passes; GET tells the time
POST   /_sandbox/reset             as new, the data file too
`

// admin answers the admin calls: each is a method of Sandbox as well.
type admin struct{ *Sandbox }

// newAdmin answers the calls that no Runa has. They need no key: the sandbox holds
// nothing worth one, and its program listens on loopback only.
func newAdmin(s *Sandbox) http.Handler {
	a := admin{s}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/orders", func(w http.ResponseWriter, _ *http.Request) { a.answer(w, http.StatusOK, a.Ledger()) })
	mux.HandleFunc("PATCH /_sandbox/orders/{id}", a.patchOrder)
	mux.HandleFunc("GET /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) { a.answer(w, http.StatusOK, a.Journal()) })
	mux.HandleFunc("GET /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) { a.answer(w, http.StatusOK, a.listFaults()) })
	mux.HandleFunc("POST /_sandbox/faults", a.addFault)
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		a.ClearFaults()
		a.finish(w, nil)
	})
	mux.HandleFunc("PATCH /_sandbox/products/{code}", a.patchProduct)
	mux.HandleFunc("GET /_sandbox/balances", func(w http.ResponseWriter, _ *http.Request) { a.answer(w, http.StatusOK, a.Balances()) })
	mux.HandleFunc("PATCH /_sandbox/balances", a.setAmounts(a.account.SetBalances))
	mux.HandleFunc("GET /_sandbox/limits", func(w http.ResponseWriter, _ *http.Request) { a.answer(w, http.StatusOK, a.OrderingLimits()) })
	mux.HandleFunc("PATCH /_sandbox/limits", a.setAmounts(a.account.SetOrderingLimits))
	mux.HandleFunc("PATCH /_sandbox/estimates", a.setEstimates)
	mux.HandleFunc("GET /_sandbox/webhooks", a.deliveries)
	mux.HandleFunc("POST /_sandbox/webhooks/{id}", func(w http.ResponseWriter, r *http.Request) { a.finish(w, a.SendAgain(r.PathValue("id"))) })
	mux.HandleFunc("GET /_sandbox/clock", func(w http.ResponseWriter, _ *http.Request) { a.answerTime(w) })
	mux.HandleFunc("POST /_sandbox/clock", a.advance)
	mux.HandleFunc("POST /_sandbox/reset", func(w http.ResponseWriter, _ *http.Request) {
		a.Reset()
		a.finish(w, nil)
	})
	mux.HandleFunc("POST /_sandbox/press", a.page.press)
	mux.HandleFunc("/_sandbox/", adminHelp)
	return mux
}

// adminHelp tells what there is: browsers are led to the page that says it, from which
// there is a way back.
func adminHelp(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Redirect(w, r, "/?show=admin", http.StatusSeeOther)
		return
	}
	http.Error(w, AdminHelp, http.StatusNotFound)
}

func (a admin) addFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if !decodeBody(w, r, &f) {
		return
	}
	if err := a.AddFault(f); err != nil {
		refuseAdmin(w, err)
		return
	}
	a.answer(w, http.StatusCreated, a.redactor.fault(f))
}

func (a admin) patchOrder(w http.ResponseWriter, r *http.Request) {
	var p order.Patch
	if !decodeBody(w, r, &p) {
		return
	}
	a.finish(w, a.PatchOrder(r.PathValue("id"), p))
}

func (a admin) patchProduct(w http.ResponseWriter, r *http.Request) {
	var p catalogue.Patch
	if !decodeBody(w, r, &p) {
		return
	}
	a.finish(w, a.PatchProduct(r.PathValue("code"), p))
}

// setAmounts changes amounts by currency.
func (a admin) setAmounts(set func(map[string]string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var changes map[string]string
		if decodeBody(w, r, &changes) {
			a.finish(w, set(changes))
		}
	}
}

func (a admin) setEstimates(w http.ResponseWriter, r *http.Request) {
	var habit struct {
		Strings *bool `json:"strings"`
	}
	if !decodeBody(w, r, &habit) {
		return
	}
	if habit.Strings == nil {
		refuseAdmin(w, errors.New("strings must be true or false"))
		return
	}
	a.SetEstimateStrings(*habit.Strings)
	a.finish(w, nil)
}

func (a admin) advance(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Advance string `json:"advance"`
	}
	if !decodeBody(w, r, &asked) {
		return
	}
	d, err := time.ParseDuration(asked.Advance)
	if err != nil || d < 0 {
		refuseAdmin(w, fmt.Errorf("advance %q is not a duration such as 720h", asked.Advance))
		return
	}
	if err := a.account.Advance(d); err != nil {
		refuseAdmin(w, err)
		return
	}
	a.answerTime(w)
}

func (a admin) answerTime(w http.ResponseWriter) {
	a.answer(w, http.StatusOK, map[string]string{"now": wire.Timestamp(a.Now())})
}

// listFaults is what may be shown of the faults in force.
func (a admin) listFaults() []Fault {
	faults := []Fault{}
	for _, f := range a.faults.list() {
		faults = append(faults, a.redactor.fault(f.Fault))
	}
	return faults
}

// maxAdminBody is how long the body of an admin call may be: a fault may answer with an
// order of 200 items.
const maxAdminBody = 1 << 20

// decodeBody reads the body of an admin call, or says what is wrong with it.
func decodeBody(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
	if err == nil {
		err = decodeStrictly(body, into)
	}
	if err != nil {
		refuseAdmin(w, err)
	}
	return err == nil
}

// decodeStrictly reads JSON and takes no member that it does not know.
func decodeStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.Decode(new(any)) != io.EOF {
		return errors.New("there is something after the JSON object")
	}
	return nil
}

// refuseAdmin answers an admin call that makes no sense.
func refuseAdmin(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if errors.Is(err, wire.ErrNotFound) {
		status = http.StatusNotFound
	}
	wire.Reply(status, map[string]string{"error": err.Error()}).WriteLine(w)
}

// finish answers an admin call that has nothing to report but, perhaps, an error.
func (a admin) finish(w http.ResponseWriter, err error) {
	done := a.api.durable(wire.Answer{Status: http.StatusNoContent})
	switch {
	case done.Status != http.StatusNoContent:
		done.WriteLine(w)
	case err != nil:
		refuseAdmin(w, err)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// answer answers an admin call, once what it reports is kept.
func (a admin) answer(w http.ResponseWriter, status int, body any) {
	a.api.durable(wire.Reply(status, body)).WriteLine(w)
}

func (a admin) deliveries(w http.ResponseWriter, _ *http.Request) {
	all, lost := a.Deliveries()
	a.answer(w, http.StatusOK, struct {
		Lost     int        `json:"lost"`
		Messages []Delivery `json:"messages"`
	}{lost, all})
}
