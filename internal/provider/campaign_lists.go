package provider

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
)

// rewardLists reads each list of rewards once in a run: a CLI validates it, plans it and
// buys it, and ten thousand rewards take a while to read. What it gives out is shared, and
// must not be changed.
type rewardLists struct {
	mu   sync.Mutex
	read map[string]readList
}

type readList struct {
	rewards  []campaign.Reward
	problems []campaign.Problem
}

// lists are the run's, nil before it is configured.
func (r *campaignResource) lists() *rewardLists {
	if r.session == nil {
		return nil
	}
	return r.session.lists
}

// parse is campaign.Parse. An unconfigured provider has no lists (nil) and keeps none.
func (l *rewardLists) parse(text string) ([]campaign.Reward, []campaign.Problem) {
	if l == nil {
		return campaign.Parse(text)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	list, known := l.read[text]
	if !known {
		list.rewards, list.problems = campaign.Parse(text)
		if l.read == nil {
			l.read = map[string]readList{}
		}
		l.read[text] = list
	}
	return list.rewards, list.problems
}

// same reports whether two lists hold the same rewards, in whatever spelling.
func (l *rewardLists) same(a, b types.String) bool {
	if a.IsNull() || b.IsNull() {
		return false
	}
	if a.Equal(b) {
		return true
	}
	now, _ := l.parse(a.ValueString())
	before, _ := l.parse(b.ValueString())
	return campaign.Same(now, before)
}

// checkLists refuses two lists, and none, as a CLI generates it for an import. What is not
// known yet may be null.
func checkLists(config campaignModel) (diags diag.Diagnostics) {
	if config.Rewards.IsNull() != config.RewardsWO.IsNull() || config.Rewards.IsUnknown() || config.RewardsWO.IsUnknown() {
		return nil
	}
	said := "neither rewards nor rewards_wo is set. Next: set one of them. For a campaign that you import, write the list of which it was bought; the plan reports a reward that differs."
	if !config.Rewards.IsNull() {
		said = "both rewards and rewards_wo are set. Next: remove one of them."
	}
	diags.AddAttributeError(config.listPath(), "A campaign needs one list of rewards", "Nothing was bought: "+said)
	return diags
}
