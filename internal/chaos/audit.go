package main

import "fmt"

// counts are what became of the rewards of one run, or of many.
type counts struct {
	declared   int
	bought     int // sales in the ledger
	duplicates int // sales beyond the first for one reward
	lost       int // rewards without a sale, or with a wrong one, and sales that a state does not know
	orphans    int // sales nobody knows of, where that is documented
}

func (t *counts) add(more counts) {
	t.declared += more.declared
	t.bought += more.bought
	t.duplicates += more.duplicates
	t.lost += more.lost
	t.orphans += more.orphans
}

// audit compares the ledger with what each directory's final state knows. Complaints
// say what is wrong, one by one; an orphan is none where orphans are documented.
func audit(wares []ware, sold []sale, states []map[string]recordedOrder, orphansAllowed bool) (t counts, complaints []string) {
	complain := func(count *int, format string, args ...any) {
		*count++
		complaints = append(complaints, fmt.Sprintf(format, args...))
	}
	sales := byReward(sold)
	t.declared, t.bought = len(wares), len(sold)
	for _, ware := range wares {
		counted := 0
		for _, one := range sales[ware.name] {
			known := knownTo(states, one)
			if known == 0 && orphansAllowed {
				t.orphans++
				continue
			}
			if counted++; counted > 1 {
				complain(&t.duplicates, "%s: %s is one more order for the same reward", ware.name, one.order)
			}
			if known < len(states) {
				complain(&t.lost, "%s: order %s (%s) is known to %d of %d states", ware.name, one.order, one.mark, known, len(states))
			}
			if one.status != "COMPLETED" {
				complain(&t.lost, "%s: order %s is %s", ware.name, one.order, one.status)
			}
			if one.contents != ware.contents {
				complain(&t.lost, "%s: order %s bought %s, not %s", ware.name, one.order, one.contents, ware.contents)
			}
		}
		if counted == 0 {
			complain(&t.lost, "%s: no order", ware.name)
		}
		delete(sales, ware.name)
	}
	for name, strays := range sales {
		complain(&t.duplicates, "%d orders for %q, which nobody declared", len(strays), name)
	}
	return t, complaints
}

func byReward(sales []sale) map[string][]sale {
	sorted := map[string][]sale{}
	for _, one := range sales {
		sorted[one.name] = append(sorted[one.name], one)
	}
	return sorted
}

// knownTo counts the states that hold the sale under its mark. What they say of its
// status may be old: a plan that finds no changes does not write what it read.
func knownTo(states []map[string]recordedOrder, one sale) (count int) {
	for _, state := range states {
		if holds := state[one.name]; holds.mark == one.mark && holds.orderID == one.order {
			count++
		}
	}
	return count
}
