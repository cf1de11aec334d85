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

// adminRoutes are the calls that no Runa has. They need no key: the sandbox holds
// nothing worth one, and its program listens on loopback only.
func (s *Sandbox) adminRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/orders", func(w http.ResponseWriter, _ *http.Request) { s.tell(w, http.StatusOK, s.Ledger()) })
	mux.HandleFunc("PATCH /_sandbox/orders/{id}", s.adminPatchOrder)
	mux.HandleFunc("GET /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) { s.tell(w, http.StatusOK, s.Journal()) })
	mux.HandleFunc("GET /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) { s.tell(w, http.StatusOK, s.listFaults()) })
	mux.HandleFunc("POST /_sandbox/faults", s.adminAddFault)
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		s.finish(w, nil)
	})
	mux.HandleFunc("PATCH /_sandbox/products/{code}", s.adminPatchProduct)
	mux.HandleFunc("GET /_sandbox/balances", func(w http.ResponseWriter, _ *http.Request) { s.tell(w, http.StatusOK, s.Balances()) })
	mux.HandleFunc("PATCH /_sandbox/balances", s.adminAmounts(s.setBalances))
	mux.HandleFunc("GET /_sandbox/limits", func(w http.ResponseWriter, _ *http.Request) { s.tell(w, http.StatusOK, s.OrderingLimits()) })
	mux.HandleFunc("PATCH /_sandbox/limits", s.adminAmounts(s.setLimits))
	mux.HandleFunc("PATCH /_sandbox/estimates", s.adminEstimates)
	mux.HandleFunc("GET /_sandbox/webhooks", s.adminDeliveries)
	mux.HandleFunc("POST /_sandbox/webhooks/{id}", func(w http.ResponseWriter, r *http.Request) { s.finish(w, s.SendAgain(r.PathValue("id"))) })
	mux.HandleFunc("GET /_sandbox/clock", func(w http.ResponseWriter, _ *http.Request) { s.tellTime(w) })
	mux.HandleFunc("POST /_sandbox/clock", s.adminAdvance)
	mux.HandleFunc("POST /_sandbox/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		s.finish(w, nil)
	})
	mux.HandleFunc("POST /_sandbox/press", s.adminPressed)
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

func (s *Sandbox) adminAddFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if !understand(w, r, &f) {
		return
	}
	if err := s.AddFault(f); err != nil {
		complain(w, err)
		return
	}
	s.tell(w, http.StatusCreated, s.tellFault(f))
}

func (s *Sandbox) adminPatchOrder(w http.ResponseWriter, r *http.Request) {
	var p order.Patch
	if !understand(w, r, &p) {
		return
	}
	s.finish(w, s.PatchOrder(r.PathValue("id"), p))
}

func (s *Sandbox) adminPatchProduct(w http.ResponseWriter, r *http.Request) {
	var p catalogue.Patch
	if !understand(w, r, &p) {
		return
	}
	s.finish(w, s.PatchProduct(r.PathValue("code"), p))
}

// adminAmounts changes amounts by currency.
func (s *Sandbox) adminAmounts(set func(map[string]string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var changes map[string]string
		if understand(w, r, &changes) {
			s.finish(w, set(changes))
		}
	}
}

func (s *Sandbox) adminEstimates(w http.ResponseWriter, r *http.Request) {
	var habit struct {
		Strings *bool `json:"strings"`
	}
	if !understand(w, r, &habit) {
		return
	}
	if habit.Strings == nil {
		complain(w, errors.New("strings must be true or false"))
		return
	}
	s.SetEstimateStrings(*habit.Strings)
	s.finish(w, nil)
}

func (s *Sandbox) adminAdvance(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Advance string `json:"advance"`
	}
	if !understand(w, r, &order) {
		return
	}
	d, err := time.ParseDuration(order.Advance)
	if err != nil || d < 0 {
		complain(w, fmt.Errorf("advance %q is not a duration such as 720h", order.Advance))
		return
	}
	if err := s.advance(d); err != nil {
		complain(w, err)
		return
	}
	s.tellTime(w)
}

func (s *Sandbox) tellTime(w http.ResponseWriter) {
	s.tell(w, http.StatusOK, map[string]string{"now": wire.Timestamp(s.Now())})
}

// listFaults is what may be told of the faults in force.
func (s *Sandbox) listFaults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	faults := s.faults.list()
	for i, f := range faults {
		faults[i] = s.tellFault(f)
	}
	return faults
}

// maxAdminBody is how long the body of an admin call may be: a fault may answer with an
// order of 200 items.
const maxAdminBody = 1 << 20

// understand reads the body of an admin call, or says what is wrong with it.
func understand(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
	if err == nil {
		err = decodeStrictly(body, into)
	}
	if err != nil {
		complain(w, err)
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

// complain answers an admin call that makes no sense.
func complain(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if errors.Is(err, wire.ErrNotFound) {
		status = http.StatusNotFound
	}
	wire.Reply(status, map[string]string{"error": err.Error()}).WriteLine(w)
}

// finish answers an admin call that has nothing to tell but, perhaps, an error.
func (s *Sandbox) finish(w http.ResponseWriter, err error) {
	done := s.settled(wire.Answer{Status: http.StatusNoContent})
	switch {
	case done.Status != http.StatusNoContent:
		done.WriteLine(w)
	case err != nil:
		complain(w, err)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// tell answers an admin call, once what it reports is kept.
func (s *Sandbox) tell(w http.ResponseWriter, status int, body any) {
	s.settled(wire.Reply(status, body)).WriteLine(w)
}
