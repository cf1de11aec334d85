package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// reward is one runa_order of a run. Its timeout is short, so that orders end
// unconfirmed and unfinished, too. Its name is the order's description, so that
// the ledger tells for which reward an order was placed, whatever its key.
type reward struct {
	name    string
	sync    bool
	items   int
	timeout int // seconds
}

// drawRewards makes between six and ten, of all kinds.
func drawRewards(random *rand.Rand) []reward {
	rewards := make([]reward, 6+random.IntN(5))
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

const configHead = `terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
%s}

provider "runa" {
  request_timeout = "1s"
%s}
`

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

// hcl is the configuration. Where keys are given they follow from the run and the
// reward, as the examples do it. Where Runa's refusals are wanted, plans do not look
// for their causes.
func hcl(run string, rewards []reward, s scenario) string {
	settings := ""
	if s.trouble != nil {
		settings = "  validate_catalog = false\n"
	}
	backend := ""
	if s.shared {
		backend = "  backend \"pg\" {}\n"
	}
	config := fmt.Sprintf(configHead, backend, settings)
	item := fmt.Sprintf(configItem, faceValue)
	for _, r := range rewards {
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
	return config
}
