package sandbox

import (
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/account"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/catalogue"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/webhook"
)

// What tests and admin calls can see and change. Everything that the HTTP interface under
// /_sandbox does is here as a method.

// Now is the sandbox's time.
func (s *Sandbox) Now() time.Time { return s.account.Now() }

// Advance moves the clock on by d: orders finish, rate windows slide and
// idempotency keys grow old without anybody waiting. It panics if the clock would be
// more than a hundred years ahead.
func (s *Sandbox) Advance(d time.Duration) {
	if err := s.account.Advance(d); err != nil {
		panic("sandbox: " + err.Error())
	}
}

// LedgerEntry is one order that was really placed: the thing to count.
type LedgerEntry = account.LedgerEntry

// Ledger is every order really placed, oldest first.
func (s *Sandbox) Ledger() []LedgerEntry { return s.account.Ledger() }

// Journal is the calls to the API, oldest first: all of them, or as many of the newest
// as Options.Journal says. The number of the first shows how many earlier ones are gone.
func (s *Sandbox) Journal() []JournalEntry { return s.journal.list() }

// AddFault makes the calls that match f go wrong from now on. Earlier faults come
// first. An f that makes no sense is an error that says why.
func (s *Sandbox) AddFault(f Fault) error {
	if err := f.validate(); err != nil {
		return err
	}
	s.faults.add(f)
	return nil
}

// ClearFaults ends all faults: what they delay goes on at once, what they hang is
// cut off.
func (s *Sandbox) ClearFaults() { s.faults.clear() }

// OrderPatch is what the outside world does to an order after it was placed.
type OrderPatch = order.Patch

// ItemPatch changes one item of an order.
type ItemPatch = order.ItemPatch

// PayoutPatch changes the link of an item.
type PayoutPatch = order.PayoutPatch

// PatchOrder changes an order as only the outside world can. An unknown id, or a
// change that makes no sense, is an error, and nothing is changed. In production mode
// an order that fails is re-credited, and one that comes back to life is paid again.
func (s *Sandbox) PatchOrder(id string, p OrderPatch) error { return s.account.PatchOrder(id, p) }

// ProductPatch is what Runa does to its catalogue between a plan and an apply.
type ProductPatch = catalogue.Patch

// DenominationPatch replaces a product's denominations.
type DenominationPatch = catalogue.DenominationPatch

// PatchProduct changes a product of the catalogue, or withdraws it and brings it
// back. An unknown code, or a change that makes no sense, is an error.
func (s *Sandbox) PatchProduct(code string, p ProductPatch) error {
	return s.account.PatchProduct(code, p)
}

// Balances are the balances of the account by currency, zeros included.
func (s *Sandbox) Balances() map[string]string { return s.account.Balances() }

// SetBalance sets a balance, to "250.00", or tops it up, by "+250.00".
func (s *Sandbox) SetBalance(currency, amount string) error {
	return s.account.SetBalances(map[string]string{currency: amount})
}

// OrderingLimits are the ordering limits in force, by currency.
func (s *Sandbox) OrderingLimits() map[string]string { return s.account.OrderingLimits() }

// SetOrderingLimit limits how much orders in a payment currency may draw, those
// already placed included; "" lifts the limit. An order beyond it is refused with
// 403 ordering_restricted (ERR, 5.2).
func (s *Sandbox) SetOrderingLimit(currency, amount string) error {
	return s.account.SetOrderingLimits(map[string]string{currency: amount})
}

// SetEstimateStrings makes estimates write amounts as strings, or as numbers again.
// It is a habit of this process, like its faults: no data file keeps it.
func (s *Sandbox) SetEstimateStrings(strings bool) { s.api.amountsAsText.Store(strings) }

// Delivery is one event and its result.
type Delivery = webhook.Delivery

// Deliveries is every event of this process that is remembered, oldest first, and how
// many were lost because 10,000 others were waiting.
func (s *Sandbox) Deliveries() (all []Delivery, lost int) { return s.account.Deliveries() }

// SendAgain sends an event once more, under the same id, and starts the pauses between
// its attempts again.
func (s *Sandbox) SendAgain(id string) error { return s.account.SendAgain(id) }
