package campaign

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// The kinds of problems that Deal finds.
const (
	KindChanged = "Bought rewards cannot be changed"
	KindOpen    = "Rewards of an unconfirmed order cannot be changed"
)

// Group is what rewards of one order have in common (LIM, EFX).
type Group struct {
	Name string // such as "USD US", for people
	Of   string // what the name leaves out
	// Pay is the currency paid in, Payout the products' own, "" where only Runa knows it.
	Pay, Payout string
	// Alone says that each reward needs a sync order of its own: it is an exchange.
	Alone bool
}

// Batch is an order to send.
type Batch struct {
	Group
	Number, Attempt int
	Rewards         []Reward
	templates       map[string]bool
	room            room
}

// Sum is the sum of a batch's face values.
func (b *Batch) Sum() (sum decimal.Decimal) {
	for _, reward := range b.Rewards {
		sum = sum.Add(reward.Item.FaceValue)
	}
	return sum
}

// Deal is what a list asks for, beside what the book already has.
type Deal struct {
	// Batches are the orders to send, by number. They must be sent in this order, each
	// only after all before it were answered: see Run.
	Batches []*Batch
	// Problems are rewards that changed after they were bought, or that changed or left the
	// list while it is not known whether they were bought.
	Problems []Problem
	// Removed are bought rewards that the list no longer has, Newly those not told of yet.
	Removed, Newly []string
}

// mostTemplates is how many different redemption templates an order can use (URT).
const mostTemplates = 10

// Deal deals a list's rewards into orders of at most size. Every reward that is in an
// order stays there, unless it is certain that the order bought nothing; a number of
// which that is certain is used again. The same list and book always give the same deal.
func (b *Book) Deal(list []Reward, groupOf func(Reward) Group, size int) Deal {
	var deal Deal
	var undecided, changed []Problem
	rows := make(map[string]int, len(list))
	for i, reward := range list {
		rows[reward.ID] = i
	}
	dealt := make([]bool, len(list))
	var vacant []*Batch
	last := 0
	for _, order := range b.Orders {
		last = max(last, order.Number)
		if order.Standing() == purchase.Closed {
			vacant = append(vacant, &Batch{Number: order.Number, Attempt: order.Attempt + 1})
			continue
		}
		// Settling an open order may buy its rewards as they were sent, so they must stay that
		// way until it is known whether they are bought.
		open := order.Standing() == purchase.Open
		for i, id := range order.Rewards {
			row, listed := rows[id]
			if listed {
				dealt[row] = true
			}
			switch same := listed && list[row].digest(b.Salt) == order.digestAt(i); {
			case same:
			case open && listed:
				undecided = append(undecided, Problem{
					Row: row + 1, ID: id, Kind: KindOpen,
					Text: fmt.Sprintf("order %d (%s) was sent with different contents", order.Number, orderName(order)),
				})
			case open:
				undecided = append(undecided, Problem{
					ID: id, Kind: KindOpen,
					Text: fmt.Sprintf("it is in order %d (%s), and no longer in the list", order.Number, orderName(order)),
				})
			case listed:
				changed = append(changed, Problem{
					Row: row + 1, ID: id, Kind: KindChanged,
					Text: fmt.Sprintf("order %d (%s) bought it with different contents", order.Number, orderName(order)),
				})
			default:
				deal.remove(b, id)
			}
		}
	}
	deal.Problems = slices.Concat(undecided, changed)
	slices.Sort(deal.Removed)
	slices.Sort(deal.Newly)
	for number := 1; number <= last; number++ {
		if b.Find(number) == nil { // another run may have sent it, and it does not show yet
			vacant = append(vacant, &Batch{Number: number, Attempt: 1})
		}
	}
	slices.SortFunc(vacant, func(x, y *Batch) int { return x.Number - y.Number })
	d := dealer{size: size, groupOf: groupOf, list: list, dealt: dealt, vacant: vacant, last: last, open: map[Group]*Batch{}}
	for _, order := range b.Orders {
		if order.Standing() == purchase.Closed {
			d.again(order, rows)
		}
	}
	deal.Batches = d.deal()
	return deal
}

// Unbought are the rewards of a list that a run may still have to deal or to send: those
// that are in no order, or in one of which it is not known that Runa has it.
func (b *Book) Unbought(list []Reward) []Reward {
	bought := make(map[string]bool, len(list))
	for _, order := range b.Orders {
		if standing := order.Standing(); standing == purchase.Placed || standing == purchase.Unfinished {
			for _, id := range order.Rewards {
				bought[id] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(r Reward) bool { return bought[r.ID] })
}

func orderName(order Order) string {
	if order.OrderID != "" {
		return order.OrderID
	}
	return order.Status
}

func (d *Deal) remove(b *Book, id string) {
	d.Removed = append(d.Removed, id)
	if !slices.Contains(b.Removed, id) {
		d.Newly = append(d.Newly, id)
	}
}

// dealer fills batches, one open for each group.
type dealer struct {
	size    int
	groupOf func(Reward) Group
	list    []Reward
	dealt   []bool
	vacant  []*Batch // numbers that are free, lowest first
	last    int
	open    map[Group]*Batch
	batches []*Batch
}

// again keeps the rewards of an order that bought nothing together, as far as they
// still belong together.
func (d *dealer) again(order Order, rows map[string]int) {
	i := slices.IndexFunc(d.vacant, func(b *Batch) bool { return b.Number == order.Number })
	batch := d.vacant[i]
	for _, id := range order.Rewards {
		row, listed := rows[id]
		if !listed || d.dealt[row] {
			continue
		}
		group := d.groupOf(d.list[row])
		if len(batch.Rewards) == 0 {
			batch.Group = group
		}
		if group == batch.Group && batch.fits(d.list[row], d.size) {
			batch.add(d.list[row])
			d.dealt[row] = true
		}
	}
	if len(batch.Rewards) > 0 {
		d.vacant = slices.Delete(d.vacant, i, i+1)
		d.batches = append(d.batches, batch)
	}
}

func (d *dealer) deal() []*Batch {
	for i, reward := range d.list {
		if d.dealt[i] {
			continue
		}
		group := d.groupOf(reward)
		batch := d.open[group]
		if batch == nil || !batch.fits(reward, d.size) {
			batch = d.next()
			batch.Group = group
			d.open[group] = batch
			d.batches = append(d.batches, batch)
		}
		batch.add(reward)
	}
	slices.SortFunc(d.batches, func(x, y *Batch) int { return x.Number - y.Number })
	return d.batches
}

// next is a batch with the lowest number that is free.
func (d *dealer) next() *Batch {
	if len(d.vacant) > 0 {
		batch := d.vacant[0]
		d.vacant = d.vacant[1:]
		return batch
	}
	d.last++
	return &Batch{Number: d.last, Attempt: 1}
}

func (b *Batch) fits(reward Reward, size int) bool {
	if len(b.Rewards) == 0 {
		return true
	}
	more := reward.Item.DistributionMethod.TemplateID
	full := more != "" && !b.templates[more] && len(b.templates) >= mostTemplates
	return !b.Alone && !full && len(b.Rewards) < min(size, MostRewards) && b.room.fits(reward.ID)
}

func (b *Batch) add(reward Reward) {
	b.Rewards = append(b.Rewards, reward)
	b.room.take(reward.ID)
	if id := reward.Item.DistributionMethod.TemplateID; id != "" {
		if b.templates == nil {
			b.templates = map[string]bool{}
		}
		b.templates[id] = true
	}
}
