package sandbox

import (
	"net/http"
	"time"
)

// Delivery is one event and what has become of it: what may be told of a message. The
// body is left out, for an order's description may say anything.
type Delivery struct {
	ID       string     `json:"id"` // the Svix-Id
	Event    string     `json:"event"`
	About    string     `json:"about"` // an order's id, or a product's code
	To       string     `json:"to"`    // the receiver's host; its path may be a secret
	State    string     `json:"state"` // waiting, sending, delivered or given up
	Attempts int        `json:"attempts"`
	Status   int        `json:"status"`        // of the last attempt; 0 for no answer
	Due      *time.Time `json:"due,omitempty"` // the next attempt, by the sandbox's clock
}

// Deliveries is every event of this process that is remembered, oldest first, and how
// many were lost because 10,000 others were waiting.
func (s *Sandbox) Deliveries() (all []Delivery, lost int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all = make([]Delivery, 0, len(s.messages.all))
	for _, m := range s.messages.all {
		all = append(all, m.delivery())
	}
	return all, s.messages.lost
}

// delivery is what may be told of a message.
func (m *message) delivery() Delivery {
	d := Delivery{ID: m.id, Event: m.event, About: m.about, To: m.to.shown(), State: string(m.state), Attempts: m.attempts, Status: m.status}
	if m.state == messageWaiting {
		due := m.due
		d.Due = &due
	}
	return d
}

// SendAgain sends an event once more, under the same id, and starts the pauses between
// its attempts again.
func (s *Sandbox) SendAgain(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.messages.again(id, s.clock.now()); err != nil {
		return err
	}
	s.courier.wake()
	return nil
}

func (s *Sandbox) adminDeliveries(w http.ResponseWriter, _ *http.Request) {
	all, lost := s.Deliveries()
	s.tell(w, http.StatusOK, struct {
		Lost     int        `json:"lost"`
		Messages []Delivery `json:"messages"`
	}{lost, all})
}
