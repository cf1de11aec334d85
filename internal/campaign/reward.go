package campaign

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Reward is one entry of a campaign's list.
type Reward struct {
	// ID names the reward in its campaign, permanently.
	ID   string
	Item client.OrderItem
}

// MostRewards is how many items an order can have (SPEC, POST /order).
const MostRewards = 200

// digestLength is how many characters a digest has.
const digestLength = 16

// digest tells a reward's contents apart without showing them. The salt keeps two
// campaigns' digests from being compared.
func (r Reward) digest(salt string) string {
	canonical, _ := json.Marshal(r.canonical()) // texts and a number cannot fail
	sum := sha256.Sum256([]byte(salt + "\n" + string(canonical)))
	return base64.RawURLEncoding.EncodeToString(sum[:digestLength*3/4])
}

// canonical is a reward's item in the one spelling that equal items share: Runa may
// tell the products of a choice in another order, and an address in another case.
func (r Reward) canonical() client.OrderItem {
	item := r.Item
	item.Products.Values = slices.Sorted(slices.Values(item.Products.Values))
	item.DistributionMethod.EmailAddress = strings.ToLower(item.DistributionMethod.EmailAddress)
	return item
}

// Digest tells whole lists apart without showing them. Lists of the same rewards have the
// same digest, in whatever order and spelling.
func Digest(list []Reward, salt string) string {
	sum := sha256.New()
	sum.Write([]byte(salt + "\n"))
	sorted := slices.SortedFunc(slices.Values(list), func(a, b Reward) int { return cmp.Compare(a.ID, b.ID) })
	for _, reward := range sorted {
		canonical, _ := json.Marshal(reward.canonical()) // as in digest
		sum.Write([]byte(reward.ID + "\n" + string(canonical) + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:listDigestBytes])
}

const listDigestBytes = 16

// Same reports whether two lists hold the same rewards, in whatever order and spelling.
func Same(a, b []Reward) bool {
	if len(a) != len(b) {
		return false
	}
	digests := make(map[string]string, len(a))
	for _, reward := range a {
		digests[reward.ID] = reward.digest("")
	}
	for _, reward := range b {
		if digest, ok := digests[reward.ID]; !ok || digest != reward.digest("") {
			return false
		}
	}
	return true
}

// rewardFrom is what an order's item says was declared. A template's products are
// Runa's, not the list's.
func rewardFrom(id string, item client.OrderedItem) Reward {
	products := item.Products
	if products.Type == template {
		products.Values = nil
	}
	return Reward{ID: id, Item: client.OrderItem{FaceValue: item.FaceValue.Decimal(), DistributionMethod: item.DistributionMethod, Products: products}}
}

// written is a reward as a list spells it.
type written struct {
	ID                 string              `json:"id"`
	FaceValue          json.RawMessage     `json:"face_value"`
	Products           *writtenProducts    `json:"products"`
	DistributionMethod *writtenDistributor `json:"distribution_method"`
}

type writtenProducts struct {
	Type        string       `json:"type"`
	Value       string       `json:"value,omitempty"`
	Values      []string     `json:"values,omitempty"`
	TemplateID  string       `json:"template_id,omitempty"`
	UsageConfig *writtenCard `json:"usage_config,omitempty"`
}

type writtenCard struct {
	SpendRulesTemplateID string `json:"spend_rules_template_id"`
}

type writtenDistributor struct {
	Type               string `json:"type"`
	EmailAddress       string `json:"email_address,omitempty"`
	RecipientReference string `json:"recipient_reference,omitempty"`
	TemplateID         string `json:"template_id,omitempty"`
}

// Write spells rewards as a list does, in the order of their ids: for a campaign whose
// own list is not known.
func Write(rewards []Reward) (string, error) {
	rewards = slices.SortedFunc(slices.Values(rewards), func(a, b Reward) int { return cmp.Compare(a.ID, b.ID) })
	list := make([]written, len(rewards))
	for i, reward := range rewards {
		item := reward.Item
		list[i] = written{
			ID: reward.ID, FaceValue: json.RawMessage(item.FaceValue.String()),
			Products:           &writtenProducts{Type: item.Products.Type, Value: item.Products.Value, Values: item.Products.Values, TemplateID: item.Products.TemplateID},
			DistributionMethod: (*writtenDistributor)(&item.DistributionMethod),
		}
		if usage := item.Products.UsageConfig; usage != nil {
			list[i].Products.UsageConfig = (*writtenCard)(usage)
		}
	}
	text, err := json.Marshal(list)
	return string(text), err
}
