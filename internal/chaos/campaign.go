package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// campaign is the runa_campaign of a run. Its rewards are counted one by one: each is
// named by its recipient, so that the ledger tells what was bought for whom, whatever
// the order says of itself.
type campaign struct {
	list      []winner
	size      int // most rewards in an order
	timeout   int // seconds
	writeOnly bool
	corrected bool // the mistakes of the list
	rounds    int  // of rows that were added
}

// winner is a row of the list.
type winner struct {
	id      string
	product string
	value   int
	mistake bool // until it is corrected, it asks for a product that is not sold
}

// goods are what rewards ask for: of two currencies, so that there are two groups of
// orders. GONE-US would be of the first group.
var goods = map[string]string{"ACME-US": "USD", "TEA-GB": "GBP"}

const notSold = "GONE-US"

// drawCampaign makes a list of 300 to 600 rewards, in orders of 20 to 50.
func drawCampaign(random *rand.Rand) *campaign {
	c := &campaign{size: 20 + random.IntN(31), timeout: 3 + random.IntN(10), writeOnly: random.IntN(3) == 0}
	for i := range 300 + random.IntN(301) {
		c.list = append(c.list, drawWinner(fmt.Sprintf("w-%04d", i), random))
	}
	return c
}

func drawWinner(id string, random *rand.Rand) winner {
	one := winner{id: id, product: "ACME-US", value: []int{10, 25, 50}[random.IntN(3)]}
	if random.IntN(5) == 0 {
		one.product = "TEA-GB"
	}
	return one
}

// grow adds up to 40 rows, at the end or anywhere in the list.
func (c *campaign) grow(random *rand.Rand) (added int, where string) {
	c.rounds++
	added, where = 1+random.IntN(40), "at the end"
	anywhere := random.IntN(3) > 0 // worse: from there on, every order has other rewards
	for i := range added {
		at := len(c.list)
		if anywhere {
			at, where = random.IntN(len(c.list)+1), "anywhere"
		}
		c.list = slices.Insert(c.list, at, drawWinner(fmt.Sprintf("x-%d-%04d", c.rounds, i), random))
	}
	return added, where
}

// mistake has up to six rows ask for a product that is not sold. Runa then refuses
// their orders, as a whole.
func (c *campaign) mistake(random *rand.Rand) {
	for range 2 + random.IntN(5) {
		one := &c.list[random.IntN(len(c.list))]
		one.product, one.mistake = "ACME-US", true
	}
}

const configCampaign = `
locals {
  rewards = jsonencode([for row in csvdecode(file("winners.csv")) : {
    id                  = row.id
    face_value          = row.amount
    products            = { type = "SINGLE", value = row.product }
    distribution_method = { type = "EMAIL", email_address = "${row.id}@example.com" }
  }])
}

resource "runa_campaign" "this" {
  name       = "chaos"
  %s = local.rewards
  order_size = %d
  timeouts   = { create = "%[3]ds", update = "%[3]ds" }
}
`

const listName = "winners.csv"

func (c *campaign) files(_ string, s scenario) map[string]string {
	argument := "rewards   "
	if c.writeOnly {
		argument = "rewards_wo"
	}
	return map[string]string{"main.tf": configHead(s) + fmt.Sprintf(configCampaign, argument, c.size, c.timeout), listName: c.csv()}
}

// csv is the list as the user's file has it.
func (c *campaign) csv() string {
	var text strings.Builder
	text.WriteString("id,amount,product\n")
	for _, one := range c.list {
		if one.mistake && !c.corrected {
			one.product = notSold
		}
		fmt.Fprintf(&text, "%s,%d,%s\n", one.id, one.value, one.product)
	}
	return text.String()
}

func (c *campaign) wares() (wares []ware) {
	for _, one := range c.list {
		wares = append(wares, ware{one.id, contents(fmt.Sprint(one.value), one.product)})
	}
	return wares
}

func contents(value, product string) string { return value + " of " + product }

// expected is about how many orders the list makes.
func (c *campaign) expected() int { return len(c.list)/c.size + 2 }

func (c *campaign) worth() map[string]int {
	sums := map[string]int{}
	for _, one := range c.list {
		sums[goods[one.product]] += one.value
	}
	return sums
}

// sales are the items of the orders. An item that its order's metadata does not have in
// its place could not be found again, and is a reward that nobody declared.
func (c *campaign) sales(ledger []sandbox.LedgerEntry) (sales []sale) {
	for _, order := range ledger {
		var request struct {
			Metadata map[string]string `json:"metadata"`
			Items    []struct {
				FaceValue json.Number `json:"face_value"`
				Delivery  struct {
					Address string `json:"email_address"`
				} `json:"distribution_method"`
				Products struct {
					Value string `json:"value"`
				} `json:"products"`
			} `json:"items"`
		}
		if err := json.Unmarshal([]byte(order.Body), &request); err != nil {
			sales = append(sales, sale{ware: ware{name: unreadable}, order: order.ID, status: order.Status})
			continue
		}
		ids, marks := named(request.Metadata), itemsOf(order)
		for i, item := range request.Items {
			name, _, _ := strings.Cut(item.Delivery.Address, "@")
			if labelled := at(ids, i); labelled != name {
				name = fmt.Sprintf("%s, labelled %q", name, labelled)
			}
			sales = append(sales, sale{ware{name, contents(item.FaceValue.String(), item.Products.Value)}, order.ID, at(marks, i), order.Status})
		}
	}
	return sales
}

// named are the ids that an order's metadata lists.
func named(metadata map[string]string) (ids []string) {
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		if strings.HasPrefix(name, "terraform_rewards_") {
			ids = append(ids, strings.Split(metadata[name], ",")...)
		}
	}
	return ids
}

// itemsOf are Runa's names for an order's items, none while it is PROCESSING.
func itemsOf(order sandbox.LedgerEntry) (ids []string) {
	var shown struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal(order.Order, &shown); err != nil {
		return nil
	}
	for _, item := range shown.Items {
		ids = append(ids, item.ID)
	}
	return ids
}

func at(texts []string, i int) string {
	if i < len(texts) {
		return texts[i]
	}
	return ""
}
