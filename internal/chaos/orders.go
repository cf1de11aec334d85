package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// orders are the runa_orders of a run.
type orders []reward

// reward is one runa_order. Its timeout is short, so that orders end unconfirmed and
// unfinished, too. Its name is the order's description, so that the ledger tells for
// which reward an order was placed, whatever its key.
type reward struct {
	name    string
	sync    bool
	items   int
	timeout int // seconds
}

// drawOrders makes between six and ten, of all kinds.
func drawOrders(random *rand.Rand) orders {
	rewards := make(orders, 6+random.IntN(5))
	for i := range rewards {
		rewards[i] = reward{name: fmt.Sprintf("winner-%d", i), sync: random.IntN(2) == 0, items: 1, timeout: 1 + random.IntN(3)}
		if !rewards[i].sync {
			rewards[i].items += random.IntN(2) // a sync order has exactly one
		}
	}
	return rewards
}

// faceValue is what one item is worth, in USD.
const faceValue = 25

const configOrder = `
resource "runa_order" %[1]q {
  description    = %[1]q
  execution_mode = %[2]q
%[3]s  payment_method = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [%[4]s]
  timeouts = { create = "%[5]ds", update = "%[5]ds" }
}
`

const configItem = `{
    face_value          = %d
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }`

// files are the configuration. Where keys are given they follow from the run and the
// reward, as the examples do it.
func (o orders) files(run string, s scenario) map[string]string {
	config := configHead(s)
	item := fmt.Sprintf(configItem, faceValue)
	for _, r := range o {
		mode, key := "async", ""
		if r.sync {
			mode = "sync"
		}
		if !s.minted {
			key = fmt.Sprintf("  idempotency_key = uuidv5(\"url\", \"https://rewards.example.com/%s/%s\")\n", run, r.name)
		}
		items := strings.TrimSuffix(strings.Repeat(item+", ", r.items), ", ")
		config += fmt.Sprintf(configOrder, r.name, mode, key, items, r.timeout)
	}
	return map[string]string{"main.tf": config}
}

func (o orders) wares() (wares []ware) {
	for _, r := range o {
		wares = append(wares, ware{name: r.name})
	}
	return wares
}

// sales are the orders themselves, whose descriptions name the rewards.
func (o orders) sales(ledger []sandbox.LedgerEntry) (sales []sale) {
	for _, order := range ledger {
		var request struct {
			Description string `json:"description"`
		}
		if err := json.Unmarshal([]byte(order.Body), &request); err != nil {
			request.Description = unreadable
		}
		sales = append(sales, sale{ware{name: request.Description}, order.ID, order.IdempotencyKey, order.Status})
	}
	return sales
}

// unreadable is a reward that nobody declared.
const unreadable = "an unreadable request"

// worth counts one item of each order, which is less than they cost.
func (o orders) worth() map[string]int { return map[string]int{"USD": faceValue * len(o)} }
