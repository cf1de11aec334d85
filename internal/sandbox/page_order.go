package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/order"
)

// orderPage is an order's own page.
type orderPage struct {
	orderRow
	Completed string
	Failable  bool
	Words     string // what may be told of its description
	Pairs     []pair // what may be told of its metadata
	Host      string // where its links lead
	Calls     []requestRow
	Events    []eventRow
}

// pair is one of an order's metadata.
type pair struct{ Name, Value string }

// pageCalls is how many calls an order's page shows.
const pageCalls = 20

// orderPage makes the page of an order. The query marks the items that it means. The
// caller holds mu.
func (s *Sandbox) orderPage(o *order.Order, query string) *orderPage {
	p := &orderPage{orderRow: s.wholeOrder(o), Words: s.toldDescription(o), Pairs: s.toldMetadata(o), Host: strings.Trim(strings.TrimPrefix(order.PayoutHost(s.options.production()), "https:"), "/")}
	p.Failable = p.Status.Text != order.StatusFailed
	if p.Status.Text == order.StatusCompleted {
		p.Completed = wireTime(*o.Wire.CompletedAt)
	}
	markFound(o, p.Items, query)
	for _, e := range slices.Backward(s.journal.entries) {
		if len(p.Calls) < pageCalls && (e.IdempotencyKey != "" && e.IdempotencyKey == o.Key || e.Path == "/order/"+o.ID || e.About == o.ID) {
			p.Calls = append(p.Calls, s.callRow(e))
		}
	}
	for _, m := range s.messages.all {
		if m.about == o.ID {
			p.Events = append(p.Events, m.row())
		}
	}
	return p
}

// The names that the provider gives to metadata: an order's key and attempt, and the ids
// of a campaign's rewards, some in each pair.
const (
	keyTag     = "terraform_order_key"
	attemptTag = "terraform_order_attempt"
	rewardsTag = "terraform_rewards_"
)

// campaignForm is the description that the provider itself writes for an order of a
// campaign: its name and number, a group, the first and the last id, how many. It is
// shown, for such descriptions are there to be read in lists. Ids that are no plain
// words, and all descriptions that users write, may be about people and are not.
var campaignForm = regexp.MustCompile(`^[A-Za-z0-9 ._-]{1,50} #[0-9]{1,9} \| [A-Za-z0-9 ._-]{1,40} \| [A-Za-z0-9._-]{1,16}~? to [A-Za-z0-9._-]{1,16}~? \([0-9]{1,3}\)$`)

// ownDescription is a description that may be shown, or "".
func (s *Sandbox) ownDescription(o *order.Order) string {
	if d := o.Wire.Description; d != nil && campaignForm.MatchString(*d) {
		return s.masked(*d)
	}
	return ""
}

// toldDescription is what may be told of a description.
func (s *Sandbox) toldDescription(o *order.Order) string {
	if o.Wire.Description == nil {
		return ""
	}
	return cmp.Or(s.ownDescription(o), fmt.Sprintf("%d characters, not shown", len([]rune(*o.Wire.Description))))
}

var attemptShape = regexp.MustCompile(`^[0-9]{1,6}$`)

// toldMetadata is what may be told of metadata: the provider's own pairs, where they are
// as it writes them, and the number of others.
func (s *Sandbox) toldMetadata(o *order.Order) (told []pair) {
	others, ids := 0, rewardIDs(o)
	for _, name := range slices.Sorted(maps.Keys(o.Wire.Metadata)) {
		value := o.Wire.Metadata[name]
		switch {
		case name == keyTag && value == o.Key:
			told = append(told, pair{name, "is the idempotency key"})
		case name == keyTag:
			told = append(told, pair{name, s.masked(value)})
		case ids != nil && strings.HasPrefix(name, rewardsTag):
		case name == attemptTag && attemptShape.MatchString(value):
			told = append(told, pair{name, value})
		default:
			others++
		}
	}
	if ids != nil {
		told = append(told, pair{rewardsTag + untold, fmt.Sprintf("%d ids, not shown", len(ids))})
	}
	if others > 0 {
		told = append(told, pair{"others", fmt.Sprintf("%d, not shown", others)})
	}
	return told
}

// rewardIDs are the ids of a campaign's rewards, one for each item, or none.
func rewardIDs(o *order.Order) (ids []string) {
	for _, name := range slices.Sorted(maps.Keys(o.Wire.Metadata)) {
		if strings.HasPrefix(name, rewardsTag) {
			ids = append(ids, strings.Split(o.Wire.Metadata[name], ",")...)
		}
	}
	if len(ids) != len(o.Wire.Items) {
		return nil
	}
	return ids
}

// hiddenWords are the words of an order that a page does not show, but finds it by: those of
// description and metadata, and who is to receive what.
func hiddenWords(o *order.Order) (all []string) {
	if o.Wire.Description != nil {
		all = append(all, splitWords(*o.Wire.Description)...)
	}
	for _, value := range o.Wire.Metadata {
		all = append(all, splitWords(value)...)
	}
	for _, item := range o.Wire.Items {
		all = append(all, recipientWords(item.DistributionMethod)...)
	}
	return all
}

// recipientWords are the words about a recipient.
func recipientWords(d order.Distribution) []string {
	return nonEmpty(d.EmailAddress, d.RecipientReference)
}

// nonEmpty is the texts that are not empty.
func nonEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// markFound marks the items that a query means: by their recipient, or by their id in a
// campaign.
func markFound(o *order.Order, items []itemRow, query string) {
	ids := rewardIDs(o)
	for _, word := range strings.Fields(strings.ToLower(query)) {
		for i := range items {
			has := words{hidden: recipientWords(o.Wire.Items[i].DistributionMethod)}
			if ids != nil {
				has.hidden = append(has.hidden, ids[i])
			}
			items[i].Found = items[i].Found || has.hides(word)
		}
	}
}

// splitWords splits a text at spaces and commas: the provider lists ids with commas.
func splitWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
}
