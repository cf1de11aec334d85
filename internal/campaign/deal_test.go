package campaign

import (
	"fmt"
	"reflect"
	"slices"
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
				t.Fatalf("Deal() again = %+v, want the same as the first time, %+v", again, deal)
			}
			unbought := map[string]bool{}
			for _, reward := range book.Unbought(list) {
				unbought[reward.ID] = true
				if order := book.Find(where[reward.ID]); order != nil && order.Status != "UNCONFIRMED" {
					t.Fatalf("Unbought() has %s of order %d (%s), want only rewards without an order", reward.ID, order.Number, order.Status)
				}
			}
			seen := map[string]bool{}
			for _, batch := range deal.Batches {
				checkBatch(t, batch, size)
				for _, reward := range batch.Rewards {
					if _, bought := where[reward.ID]; bought || seen[reward.ID] {
						t.Fatalf("%s is dealt, bought before: %t, want each reward dealt once", reward.ID, bought)
					}
					if !unbought[reward.ID] {
						t.Fatalf("%s is dealt, and missing in Unbought(), want it in both", reward.ID)
					}
					seen[reward.ID] = true
				}
			}
			if len(seen)+len(where) != len(list) || len(deal.Problems)+len(deal.Removed) > 0 {
				t.Fatalf("%d dealt and %d bought, problems %v, removed %v, want %d in all, no problems and none removed",
					len(seen), len(where), deal.Problems, deal.Removed, len(list))
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
			t.Fatalf("%s is of group %v, want %v", reward.ID, groupOfTest(reward), batch.Group)
		}
	}
	if len(ids) == 0 || len(ids) > size || batch.Alone && len(ids) > 1 {
		t.Fatalf("order %d, alone: %t, has %d rewards, want 1 to %d, or 1 if alone", batch.Number, batch.Alone, len(ids), size)
	}
	if got := labelled(request.Metadata); !reflect.DeepEqual(got, ids) {
		t.Fatalf("labels give %v, want %v", got, ids)
	}
	for name, value := range request.Metadata {
		if len(value) > mostPair || len(name) > 40 {
			t.Fatalf("%s has %d characters with a value of %d, want at most 40 and %d", name, len(name), len(value), mostPair)
		}
	}
	if len(request.Description) > 128 {
		t.Fatalf("the description has %d characters, want at most 128: %s", len(request.Description), request.Description)
	}
	intent, err := batch.Intent("spring")
	if err != nil || !intent.Tagged {
		t.Fatalf("Intent(): tagged %t, error %v, want a tag", intent.Tagged, err)
	}
	if number, group, ok := described(request.Description, strings.Repeat("n", MostName)); !ok || number != batch.Number || group != batch.Name {
		t.Fatalf("%q is read as order %d, %q, want order %d, %q", request.Description, number, group, batch.Number, batch.Name)
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
		t.Errorf("problems = %v, want one, in row 2, of b", deal.Problems)
	}
	if fmt.Sprint(deal.Removed, deal.Newly) != "[a] [a]" {
		t.Errorf("removed %v, newly %v, want [a] and [a]", deal.Removed, deal.Newly)
	}
	if len(deal.Batches) != 1 || deal.Batches[0].Number != 2 || deal.Batches[0].Attempt != 2 || deal.Batches[0].Rewards[0].Item.Products.Value != "USD-B" {
		t.Errorf("batches = %+v, want one, number 2, attempt 2, of USD-B", deal.Batches)
	}
	book.Removed = deal.Removed
	if deal := book.Deal(changed, groupOfTest, 2); len(deal.Newly) > 0 {
		t.Errorf("newly removed again: %v, want none", deal.Newly)
	}
	if deal := book.Deal(list, groupOfTest, 2); len(deal.Problems)+len(deal.Removed) > 0 || len(deal.Batches) != 1 {
		t.Errorf("Deal() with a put back = %+v, want one batch, no problems, none removed", deal)
	}
	book.Trim([]Reward{reward("b", "USD-A")})
	if len(book.Find(2).Rewards) != 0 || len(book.Find(1).Rewards) != 2 || !book.Complete() {
		t.Errorf("Trim() left %+v, complete %t, want order 1 with two rewards, order 2 with none, complete", book.Orders, book.Complete())
	}
}

// TestOpenOrders: while it is not known whether an order was placed, its rewards stay in
// the list as they were sent.
func TestOpenOrders(t *testing.T) {
	t.Parallel()
	sent := []Reward{reward("a", "USD-A"), reward("b", "USD-A"), reward("c", "USD-A"), reward("d", "USD-A")}
	for name, test := range map[string]struct {
		status   string
		list     []Reward
		problems string
		removed  string
		batches  int
	}{
		"as it was":           {"UNCONFIRMED", sent, "", "[]", 0},
		"reordered and added": {"UNCONFIRMED", []Reward{reward("e", "USD-A"), sent[3], sent[2], sent[1], sent[0]}, "", "[]", 1},
		"removed": {"UNCONFIRMED", sent[:2], KindOpen + "\n" +
			"id c: it is in order 2 (UNCONFIRMED), and no longer in the list\nid d: it is in order 2 (UNCONFIRMED), and no longer in the list\n", "[]", 0},
		"changed": {"UNCONFIRMED", []Reward{sent[0], sent[1], reward("c", "USD-B"), sent[3]}, KindOpen + "\n" +
			"row 3, id c: order 2 (UNCONFIRMED) was sent with different contents\n", "[]", 0},
		"corrected under another id": {"UNCONFIRMED", []Reward{sent[0], sent[1], reward("c2", "USD-B"), sent[3]}, KindOpen + "\n" +
			"id c: it is in order 2 (UNCONFIRMED), and no longer in the list\n", "[]", 1},
		"all removed": {"UNCONFIRMED", nil, KindOpen + "\n" +
			"id c: it is in order 2 (UNCONFIRMED), and no longer in the list\nid d: it is in order 2 (UNCONFIRMED), and no longer in the list\n", "[a b]", 0},
		"removed while processing": {"PROCESSING", sent[:2], "", "[c d]", 0},
		"changed while processing": {"PROCESSING", []Reward{sent[0], sent[1], reward("c", "USD-B"), sent[3]}, KindChanged + "\n" +
			"row 3, id c: order 2 (PROCESSING) bought it with different contents\n", "[]", 0},
		"removed after a refusal": {"REJECTED", sent[:2], "", "[]", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := NewBook()
			for i, batch := range book.Deal(sent, groupOfTest, 2).Batches {
				order := batch.order(book.Salt)
				order.Status = []string{"COMPLETED", test.status}[i]
				book.put(order)
			}
			deal := book.Deal(test.list, groupOfTest, 2)
			said := ""
			for _, report := range Reports(deal.Problems) {
				said += report.Kind + "\n" + report.Detail + "\n"
			}
			if said != test.problems {
				t.Errorf("problems = %q, want %q", said, test.problems)
			}
			if fmt.Sprint(deal.Removed) != test.removed || len(deal.Batches) != test.batches {
				t.Errorf("removed %v, %d batches, want %s and %d", deal.Removed, len(deal.Batches), test.removed, test.batches)
			}
			for _, batch := range deal.Batches {
				if batch.Number != 3 || len(batch.Rewards) != 1 {
					t.Errorf("order %d has %d rewards, want order 3 with the one that is new", batch.Number, len(batch.Rewards))
				}
			}
			undecided := slices.ContainsFunc(deal.Problems, func(p Problem) bool { return p.Kind == KindOpen })
			if undecided != strings.HasPrefix(said, KindOpen) {
				t.Errorf("problems = %v, want those of the kind %q first", deal.Problems, KindOpen)
			}
		})
	}
}

// TestOpenFigures: what may be bought is counted, without what is bought.
func TestOpenFigures(t *testing.T) {
	t.Parallel()
	book := NewBook()
	list := append(rewards(0, 3), reward("e", "EUR-A"))
	if said, rewards, orders := book.Open(); rewards+orders > 0 {
		t.Errorf("Open() of an empty book = %q, %d, %d, want none", said, rewards, orders)
	}
	for i, batch := range book.Deal(list, groupOfTest, 2).Batches {
		order := batch.order(book.Salt)
		order.Status = []string{"COMPLETED", "UNCONFIRMED", "UNCONFIRMED"}[i]
		book.put(order)
	}
	if said, rewards, orders := book.Open(); said != "2 rewards in 2 orders, 25.00 EUR and 25.00 USD" || rewards != 2 || orders != 2 {
		t.Errorf("Open() = %q, %d, %d, want 2 rewards in 2 orders, 25.00 EUR and 25.00 USD, 2, 2", said, rewards, orders)
	}
}

// TestCount: one is said in the singular.
func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 rewards", 1: "1 reward", 2: "2 rewards", 12_345: "12,345 rewards"} {
		if got := Count(n, "reward"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
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
		t.Errorf("numbers = %v, want [1 2 4]", numbers)
	}
}

// TestDigest: a list's digest tells of every change of its rewards, and not of their order
// or spelling.
func TestDigest(t *testing.T) {
	t.Parallel()
	list := []Reward{reward("a", "USD-A"), reward("b", "USD-A")}
	mailed := reward("b", "USD-A")
	mailed.Item.DistributionMethod = client.DistributionMethod{Type: email, EmailAddress: "b@example.com"}
	shouted := mailed
	shouted.Item.DistributionMethod.EmailAddress = "B@Example.com"
	dearer := reward("b", "USD-A")
	dearer.Item.FaceValue = decimal.NewFromInt(26)
	first := Digest(list, "salt")
	for name, test := range map[string]struct {
		list []Reward
		salt string
		same bool
	}{
		"another order":     {[]Reward{list[1], list[0]}, "salt", true},
		"another salt":      {list, "pepper", false},
		"one more":          {append(rewards(0, 1), list...), "salt", false},
		"one less":          {list[:1], "salt", false},
		"none":              {nil, "salt", false},
		"another id":        {[]Reward{list[0], reward("c", "USD-A")}, "salt", false},
		"another product":   {[]Reward{list[0], reward("b", "USD-B")}, "salt", false},
		"another value":     {[]Reward{list[0], dearer}, "salt", false},
		"another recipient": {[]Reward{list[0], mailed}, "salt", false},
	} {
		if got := Digest(test.list, test.salt); (got == first) != test.same {
			t.Errorf("%s: Digest() = %s, want it to be %s: %t", name, got, first, test.same)
		}
	}
	if got, want := Digest([]Reward{shouted}, "salt"), Digest([]Reward{mailed}, "salt"); got != want {
		t.Errorf("Digest() of an address in capitals = %s, want %s", got, want)
	}
}
