package main

import (
	"encoding/json"
	"fmt"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// tally is what became of the rewards of one run, or of many.
type tally struct {
	declared   int
	bought     int // orders in the ledger
	duplicates int // orders beyond the first for one reward
	lost       int // rewards without an order, and orders that a state does not know
	orphans    int // orders nobody knows of, where that is documented
}

func (t *tally) add(more tally) {
	t.declared += more.declared
	t.bought += more.bought
	t.duplicates += more.duplicates
	t.lost += more.lost
	t.orphans += more.orphans
}

// audit compares the ledger with what each directory's final state knows. Complaints
// say what is wrong, one by one; an orphan is none where orphans are documented.
func audit(rewards []reward, ledger []sandbox.LedgerEntry, states []map[string]holding, orphansAllowed bool) (t tally, complaints []string) {
	complain := func(count *int, format string, args ...any) {
		*count++
		complaints = append(complaints, fmt.Sprintf(format, args...))
	}
	orders := byReward(ledger)
	t.declared, t.bought = len(rewards), len(ledger)
	for _, reward := range rewards {
		counted := 0
		for _, order := range orders[reward.name] {
			known := knownTo(states, reward.name, order)
			if known == 0 && orphansAllowed {
				t.orphans++
				continue
			}
			if counted++; counted > 1 {
				complain(&t.duplicates, "%s: %s is one more order for the same reward", reward.name, order.ID)
			}
			if known < len(states) {
				complain(&t.lost, "%s: order %s (key %s) is known to %d of %d states", reward.name, order.ID, order.IdempotencyKey, known, len(states))
			}
			if order.Status != "COMPLETED" {
				complain(&t.lost, "%s: order %s is %s", reward.name, order.ID, order.Status)
			}
		}
		if counted == 0 {
			complain(&t.lost, "%s: no order", reward.name)
		}
		delete(orders, reward.name)
	}
	for name, strays := range orders {
		complain(&t.duplicates, "%d orders for %q, which nobody declared", len(strays), name)
	}
	return t, complaints
}

// byReward sorts the ledger by the order's description, which names the reward.
func byReward(ledger []sandbox.LedgerEntry) map[string][]sandbox.LedgerEntry {
	sorted := map[string][]sandbox.LedgerEntry{}
	for _, order := range ledger {
		var request struct {
			Description string `json:"description"`
		}
		if err := json.Unmarshal([]byte(order.Body), &request); err != nil {
			request.Description = "an unreadable request"
		}
		sorted[request.Description] = append(sorted[request.Description], order)
	}
	return sorted
}

// knownTo counts the states that hold the order under its key. What they say of its
// status may be old: a plan that finds no changes does not write what it read.
func knownTo(states []map[string]holding, reward string, order sandbox.LedgerEntry) (count int) {
	for _, state := range states {
		if holds := state[reward]; holds.key == order.IdempotencyKey && holds.orderID == order.ID {
			count++
		}
	}
	return count
}
