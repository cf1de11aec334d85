package campaign

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// reward is a reward of a test. Its group is the beginning of its product's code, which stands for a currency.
func reward(id, code string) Reward {
	return Reward{ID: id, Item: client.OrderItem{
		FaceValue: decimal.NewFromInt(25), DistributionMethod: client.DistributionMethod{Type: payoutLink}, Products: client.Products{Type: single, Value: code},
	}}
}

func groupOfTest(r Reward) Group {
	currency, _, _ := strings.Cut(r.Item.Products.Value, "-")
	if currency == "ACME" || currency == "NONE" { // the sandbox's product, and none
		currency = "USD"
	}
	return Group{Name: currency, Pay: currency, Payout: currency, Alone: currency == "FX"}
}

// TestDealing: every reward is in exactly one order, orders keep to their limits, an
// order's labels name its rewards, and what is bought stays where it is.
func TestDealing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 7).Draw(t, "size")
		book := NewBook()
		var list []Reward
		where := map[string]int{} // order by reward, of what is bought
		for round := range rapid.IntRange(1, 5).Draw(t, "rounds") {
			for i := range rapid.IntRange(0, 12).Draw(t, "more") {
				id := fmt.Sprintf("r%d-%d%s", round, i, strings.Repeat("x", rapid.IntRange(0, 55).Draw(t, "long")))
				code := rapid.SampledFrom([]string{"USD-A", "USD-B", "EUR-A", "FX-A"}).Draw(t, "code")
				at := rapid.IntRange(0, len(list)).Draw(t, "at")
				list = append(list[:at:at], append([]Reward{reward(id, code)}, list[at:]...)...)
			}
			deal := book.Deal(list, groupOfTest, size)
			if again := book.Deal(list, groupOfTest, size); !reflect.DeepEqual(deal, again) {
				t.Fatalf("two deals of the same list and book differ")
			}
			unbought := map[string]bool{}
			for _, reward := range book.Unbought(list) {
				unbought[reward.ID] = true
				if order := book.Find(where[reward.ID]); order != nil && order.Status != "UNCONFIRMED" {
					t.Fatalf("%s is in order %d (%s), and not unbought", reward.ID, order.Number, order.Status)
				}
			}
			seen := map[string]bool{}
			for _, batch := range deal.Batches {
				checkBatch(t, batch, size)
				for _, reward := range batch.Rewards {
					if _, bought := where[reward.ID]; bought || seen[reward.ID] {
						t.Fatalf("%s is dealt twice", reward.ID)
					}
					if !unbought[reward.ID] {
						t.Fatalf("%s is dealt, and not unbought", reward.ID)
					}
					seen[reward.ID] = true
				}
			}
			if len(seen)+len(where) != len(list) || len(deal.Problems)+len(deal.Removed) > 0 {
				t.Fatalf("%d dealt and %d bought of %d: %v %v", len(seen), len(where), len(list), deal.Problems, deal.Removed)
			}
			for _, batch := range deal.Batches {
				order := batch.order(book.Salt)
				order.Status = rapid.SampledFrom([]string{"COMPLETED", "REJECTED", "UNCONFIRMED", "PROCESSING", ""}).Draw(t, "status")
				if order.Status == "" {
					break // the run was stopped here
				}
				book.put(order)
				if order.Standing() == purchase.Closed {
					continue
				}
				for _, id := range order.Rewards {
					where[id] = order.Number
				}
			}
		}
	})
}

func checkBatch(t *rapid.T, batch *Batch, size int) {
	request := batch.Request(strings.Repeat("n", MostName))
	ids := make([]string, len(batch.Rewards))
	for i, reward := range batch.Rewards {
		ids[i] = reward.ID
		if groupOfTest(reward) != batch.Group {
			t.Fatalf("%s is not of group %v", reward.ID, batch.Group)
		}
	}
	if len(ids) == 0 || len(ids) > size || batch.Alone && len(ids) > 1 {
		t.Fatalf("order %d has %d rewards", batch.Number, len(ids))
	}
	if got := labelled(request.Metadata); !reflect.DeepEqual(got, ids) {
		t.Fatalf("labels give %v, want %v", got, ids)
	}
	for name, value := range request.Metadata {
		if len(value) > mostPair || len(name) > 40 {
			t.Fatalf("%s has %d characters", name, len(value))
		}
	}
	if len(request.Description) > 128 {
		t.Fatalf("the description has %d characters: %s", len(request.Description), request.Description)
	}
	intent, err := batch.Intent("spring")
	if err != nil || !intent.Tagged {
		t.Fatalf("the order has no tag: %v", err)
	}
	if number, group, ok := described(request.Description, strings.Repeat("n", MostName)); !ok || number != batch.Number || group != batch.Name {
		t.Fatalf("%q is read as order %d, %q", request.Description, number, group)
	}
}

// TestManyLongIDs: an order of 200 has room for ids of 15 characters, and one of longer
// ids has fewer rewards.
func TestManyLongIDs(t *testing.T) {
	t.Parallel()
	for length, want := range map[int]int{8: 200, 15: 200, 36: 90, 64: 54} {
		var list []Reward
		for i := range 200 {
			list = append(list, reward(fmt.Sprintf("%0*d", length, i), "USD-A"))
		}
		deal := NewBook().Deal(list, groupOfTest, MostRewards)
		if got := len(deal.Batches[0].Rewards); got != want {
			t.Errorf("ids of %d characters: %d rewards in an order, want %d", length, got, want)
		}
	}
}

// TestChangedAndRemoved: what is bought cannot change, what was refused can; a removed
// reward is told of once, and comes back as it was.
func TestChangedAndRemoved(t *testing.T) {
	t.Parallel()
	book := NewBook()
	list := []Reward{reward("a", "USD-A"), reward("b", "USD-A"), reward("c", "EUR-A")}
	for i, batch := range book.Deal(list, groupOfTest, 2).Batches {
		order := batch.order(book.Salt)
		order.Status, order.OrderID = []string{"COMPLETED", "REJECTED"}[i], "O-1"
		book.put(order)
	}
	changed := []Reward{reward("c", "USD-B"), reward("b", "USD-C")}
	deal := book.Deal(changed, groupOfTest, 2)
	if len(deal.Problems) != 1 || deal.Problems[0].Row != 2 || deal.Problems[0].ID != "b" {
		t.Errorf("problems: %v", deal.Problems)
	}
	if fmt.Sprint(deal.Removed, deal.Newly) != "[a] [a]" {
		t.Errorf("removed: %v, newly %v", deal.Removed, deal.Newly)
	}
	if len(deal.Batches) != 1 || deal.Batches[0].Number != 2 || deal.Batches[0].Attempt != 2 || deal.Batches[0].Rewards[0].Item.Products.Value != "USD-B" {
		t.Errorf("batches: %+v", deal.Batches)
	}
	book.Removed = deal.Removed
	if deal := book.Deal(changed, groupOfTest, 2); len(deal.Newly) > 0 {
		t.Errorf("told again: %v", deal.Newly)
	}
	if deal := book.Deal(list, groupOfTest, 2); len(deal.Problems)+len(deal.Removed) > 0 || len(deal.Batches) != 1 {
		t.Errorf("put back: %+v", deal)
	}
	book.Trim([]Reward{reward("b", "USD-A")})
	if len(book.Find(2).Rewards) != 0 || len(book.Find(1).Rewards) != 2 || !book.Complete() {
		t.Errorf("trimmed: %+v", book.Orders)
	}
}

// TestGapsAreFilled: a number below one that was found is sent first: another run may
// have sent it.
func TestGapsAreFilled(t *testing.T) {
	t.Parallel()
	book := NewBook()
	found := (&Batch{Number: 3, Attempt: 1, Rewards: []Reward{reward("c", "USD-A")}}).order(book.Salt)
	found.Status = "COMPLETED"
	book.put(found)
	deal := book.Deal([]Reward{reward("a", "USD-A"), reward("b", "USD-A"), reward("c", "USD-A"), reward("d", "USD-A")}, groupOfTest, 1)
	var numbers []int
	for _, batch := range deal.Batches {
		numbers = append(numbers, batch.Number)
	}
	if fmt.Sprint(numbers) != "[1 2 4]" {
		t.Errorf("numbers %v", numbers)
	}
}
