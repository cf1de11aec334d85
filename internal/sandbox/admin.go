package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// AdminHelp tells people at a terminal what the admin calls do.
const AdminHelp = `GET    /_sandbox/orders            the ledger: every order really placed, oldest first
PATCH  /_sandbox/orders/{id}       {"status":"FAILED"}: it fails · {"items":[{"payout":{"status":"CLAIMED"}}]}: its first link is claimed
GET    /_sandbox/requests          the journal: every call to the API, oldest first
GET    /_sandbox/faults            the faults in force
POST   /_sandbox/faults            {"method":"POST","path":"/order","skip":0,"times":1,"action":"drop_after"}
                                   actions: drop_before drop_after delay status truncate garbage interim_102 hang
                                   also: "status":503 "body":"…" "headers":{} "delay":"2s" "store":true "place":true
DELETE /_sandbox/faults            no more faults; what they hold is let go
PATCH  /_sandbox/products/{code}   {"is_orderable":false} · {"withdrawn":true} · {"state":"TEMPORARILY_DISABLED"}
                                   {"denominations":{"available_list":["10","25.00"]}} · {"discount_multiplier":"0.0500"}
POST   /_sandbox/clock             {"advance":"720h"}: time passes; GET tells the time
POST   /_sandbox/reset             as new
`

// adminRoutes are the calls that no Runa has. They need no key: the sandbox holds
// nothing worth one, and its program listens on loopback only.
func (s *Sandbox) adminRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/orders", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, s.Ledger()) })
	mux.HandleFunc("PATCH /_sandbox/orders/{id}", s.adminPatchOrder)
	mux.HandleFunc("GET /_sandbox/requests", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, s.Journal()) })
	mux.HandleFunc("GET /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, s.listFaults()) })
	mux.HandleFunc("POST /_sandbox/faults", s.adminAddFault)
	mux.HandleFunc("DELETE /_sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("PATCH /_sandbox/products/{code}", s.adminPatchProduct)
	mux.HandleFunc("GET /_sandbox/clock", func(w http.ResponseWriter, _ *http.Request) { s.tellTime(w) })
	mux.HandleFunc("POST /_sandbox/clock", s.adminAdvance)
	mux.HandleFunc("POST /_sandbox/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/_sandbox/", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, AdminHelp, http.StatusNotFound) })
	return mux
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
	tell(w, http.StatusCreated, f)
}

func (s *Sandbox) adminPatchOrder(w http.ResponseWriter, r *http.Request) {
	var p OrderPatch
	if !understand(w, r, &p) {
		return
	}
	if err := s.PatchOrder(r.PathValue("id"), p); err != nil {
		complain(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Sandbox) adminPatchProduct(w http.ResponseWriter, r *http.Request) {
	var p ProductPatch
	if !understand(w, r, &p) {
		return
	}
	if err := s.PatchProduct(r.PathValue("code"), p); err != nil {
		complain(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
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
	s.Advance(d)
	s.tellTime(w)
}

func (s *Sandbox) tellTime(w http.ResponseWriter) {
	tell(w, http.StatusOK, map[string]string{"now": timestamp(s.Now())})
}

// listFaults is the faults in force.
func (s *Sandbox) listFaults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.list()
}

// understand reads the body of an admin call, or says what is wrong with it.
func understand(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
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
	if errors.Is(err, errNoSuchThing) {
		status = http.StatusNotFound
	}
	tell(w, status, map[string]string{"error": err.Error()})
}

// tell answers an admin call, with a line's end for terminals.
func tell(w http.ResponseWriter, status int, body any) {
	a := reply(status, body)
	a.body = append(a.body, '\n')
	a.writeHead(w)
	_, _ = w.Write(a.body)
}
