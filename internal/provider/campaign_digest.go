package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
)

// A plan does not hold rewards_wo: whatever the list is in the apply would be bought. So
// the plan holds a digest of the list that it was made for. A CLI plans a saved plan again
// before it applies it, and refuses it where a planned value is another one now. It words
// that as a bug in the provider, and shows both values: they must say what is meant.

var rewardsDigestAttribute = schema.StringAttribute{
	MarkdownDescription: "How many rewards `rewards_wo` has, and a digest of them, salted with `name`. A plan is bound to it: a saved plan buys only the list that it was made for, in any order. " +
		"A recipient cannot be read from it, but whoever guesses the whole list can check the guess. Null with `rewards`.",
	Computed: true,
}

// digest is what stands for a configured write-only list. It is salted with the campaign's
// name: so it is known before the provider is configured, planning again gives the same,
// and a renewed API key does not change it. It is null for a list that is not write-only.
func (m campaignModel) digest(lists *rewardLists) types.String {
	switch {
	case m.RewardsWO.IsNull():
		return types.StringNull()
	case m.RewardsWO.IsUnknown() || m.Name.IsUnknown():
		return types.StringUnknown()
	}
	rewards, _ := lists.parse(m.RewardsWO.ValueString())
	return types.StringValue(campaign.Count(len(rewards), "reward") + ", digest " + campaign.Digest(rewards, m.Name.ValueString()))
}

// takeList fills in the digest of the list that a plan is applied with, or refuses another
// list than the plan was made for.
func (s *session) takeList(plan *campaignModel, config campaignModel) (diags diag.Diagnostics) {
	now := config.digest(s.lists)
	if !plan.RewardsWODigest.IsUnknown() && !plan.RewardsWODigest.Equal(now) {
		return aboutOtherList(config, plan.RewardsWODigest, now)
	}
	plan.RewardsWODigest = now
	return nil
}

func aboutOtherList(config campaignModel, planned, now types.String) (diags diag.Diagnostics) {
	diags.AddAttributeError(config.listPath(), "Another list than in the plan",
		fmt.Sprintf("The plan of campaign %q was made for another list in rewards_wo. A write-only argument is not stored in a plan, so its value is read again at apply, and it is different now: %s instead of %s. Nothing was sent, and nothing was bought.\n\n"+
			"Next: apply with the list that the plan was made for, or plan again.", config.Name.ValueString(), orNone(now), orNone(planned)))
	return diags
}

func orNone(digest types.String) string {
	if digest.IsNull() {
		return "none"
	}
	return digest.ValueString()
}
