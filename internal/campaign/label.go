package campaign

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// What an order carries so that a campaign can be found again at Runa: in its
// description, which lists of orders show, the campaign and its number; in its
// metadata, which only the order itself shows, the ids of its rewards.

// MostName is how long a campaign's name can be: a description has 128 characters
// (SPEC, POST /order).
const MostName = 50

var isName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?$`)

// WrongName says what is wrong with a campaign's name, "" where nothing is.
func WrongName(name string) string {
	if len(name) > MostName || !isName.MatchString(name) {
		return fmt.Sprintf("must be 1 to %d letters, digits, spaces and . _ -, with a letter or digit at both ends", MostName)
	}
	return ""
}

// keySpace is the UUID namespace of campaigns' keys. It must never change: a run that
// knows nothing of the earlier ones finds their orders by it.
var keySpace = uuid.MustParse("0d3a6a3e-9a2b-5c47-8f4e-6b1c2d7e9f10")

// Key is the idempotency key of a campaign's order.
func Key(name string, number int) string {
	return uuid.NewSHA1(keySpace, []byte(strconv.Itoa(number)+" "+name)).String()
}

// mostShown is how much of an id a description shows.
const mostShown = 16

// describe is an order's description: which campaign, which order, its group, which
// rewards, how many.
func describe(name string, batch *Batch) string {
	first, last := batch.Rewards[0].ID, batch.Rewards[len(batch.Rewards)-1].ID
	return fmt.Sprintf("%s #%d | %s | %s to %s (%d)", name, batch.Number, batch.Name, shorten(first), shorten(last), len(batch.Rewards))
}

func shorten(id string) string {
	if len(id) > mostShown {
		return id[:mostShown] + "~"
	}
	return id
}

// described reads a description: the number and the group, false where it is not of
// the campaign.
func described(description, name string) (number int, group string, ok bool) {
	rest, ours := strings.CutPrefix(description, name+" #")
	parts := strings.SplitN(rest, " | ", 3)
	if !ours || len(parts) < 3 {
		return 0, "", false
	}
	number, err := strconv.Atoi(parts[0])
	return number, parts[1], err == nil && number > 0
}

const (
	idsName  = "terraform_rewards_" // and two digits
	mostPair = 200                  // characters of a value (SPEC, POST /order)
	// tagPairs is the room that purchase needs for an attempt's tag.
	tagPairs = 2
)

// room is what is left of an order's metadata for ids, of which it lists all.
type room struct{ pairs, used int }

// fits reports whether there is room for one more id.
func (r room) fits(id string) bool {
	return r.pairs < purchase.MaxMetadata-tagPairs || r.used+1+len(id) <= mostPair
}

func (r *room) take(id string) {
	if r.pairs == 0 || r.used+1+len(id) > mostPair {
		r.pairs++
		r.used = len(id)
		return
	}
	r.used += 1 + len(id)
}

// labels are the pairs of metadata that list ids. One id never spans two pairs.
func labels(rewards []Reward) map[string]string {
	pairs := map[string]string{}
	var r room
	for _, reward := range rewards {
		before := r.pairs
		r.take(reward.ID)
		name := fmt.Sprintf("%s%02d", idsName, r.pairs)
		if r.pairs > before {
			pairs[name] = reward.ID
			continue
		}
		pairs[name] += "," + reward.ID
	}
	return pairs
}

// labelled reads the ids that an order's metadata lists.
func labelled(metadata map[string]string) (ids []string) {
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		if strings.HasPrefix(name, idsName) {
			ids = append(ids, strings.Split(metadata[name], ",")...)
		}
	}
	return ids
}

// Request is the order that a batch is sent as.
func (b *Batch) Request(name string) client.OrderRequest {
	request := client.OrderRequest{
		PaymentMethod: client.PaymentMethod{Type: client.AccountBalance, Currency: b.Pay},
		Description:   describe(name, b),
		Metadata:      labels(b.Rewards),
	}
	for _, reward := range b.Rewards {
		request.Items = append(request.Items, reward.Item)
	}
	return request
}

// Intent is the attempt that a batch is sent as.
func (b *Batch) Intent(name string) (purchase.Intent, error) {
	mode := client.ModeAsync
	if b.Alone {
		mode = client.ModeSync
	}
	return purchase.NewIntent(Key(name, b.Number), b.Attempt, mode, b.Request(name), true)
}
