package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// storesLinks reports whether the state may hold an order's links: as the order
// says, or else the provider. An unconfigured provider (nil) takes nothing away.
func (m orderModel) storesLinks(s *session) bool {
	if m.StoreLinks.IsNull() || m.StoreLinks.IsUnknown() {
		return s == nil || s.links
	}
	return m.StoreLinks.ValueBool()
}

// planLinks plans what a change of store_payout_links does to a placed order: links
// are dropped at once, and read again where they come back.
func (m *orderModel) planLinks(state orderModel, s *session) {
	switch {
	case m.StoreLinks.IsUnknown():
		m.Payouts = types.ListUnknown(payoutType)
	case !m.storesLinks(s):
		m.Payouts = withoutLinks(m.Payouts)
	case !state.storesLinks(s):
		m.Payouts = types.ListUnknown(payoutType)
	}
}

// withoutLinks keeps everything of the payouts but the links. Their states stay, by
// which a failed order is known to hold nothing that could be spent.
func withoutLinks(payouts types.List) types.List {
	if payouts.IsNull() || payouts.IsUnknown() {
		return payouts
	}
	elements := payouts.Elements()
	for i, element := range elements {
		fields := element.(types.Object).Attributes()
		fields["url"] = types.StringNull()
		elements[i] = types.ObjectValueMust(payoutType.AttrTypes, fields)
	}
	return types.ListValueMust(payoutType, elements)
}
