package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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

// holdBackLinks drops the links where they are not to be stored.
func (m *orderModel) holdBackLinks(s *session) {
	if !m.storesLinks(s) {
		m.Payouts = withoutLinks(m.Payouts)
	}
}

// planLinks plans what becomes of a placed order's links: they are dropped at once
// where they are not to be stored, and read again where they come, or have moved.
// While the provider is not configured, its part in that is not known, and a plan that
// changes anything must leave it open: it is made again when the provider is.
func (m *orderModel) planLinks(state orderModel, s *session, moved, changing bool) {
	undecided := s == nil && changing && (m.StoreLinks.IsNull() || state.StoreLinks.IsNull())
	switch {
	case !m.StoreLinks.IsUnknown() && !m.storesLinks(s):
		m.Payouts = withoutLinks(m.Payouts)
	case m.StoreLinks.IsUnknown() || undecided || moved || !state.storesLinks(s):
		m.Payouts = types.ListUnknown(payoutType)
	}
}

// refreshed gives the payouts that a refresh records: as Runa has them now, but for
// the links, which stay those of the state. OpenTofu logs in plain text what a refresh
// changes, nested sensitive values too. Links that have moved, which is to say come,
// gone or become others, are left to an apply, and the plan shows it.
func refreshed(before, now types.List) (payouts types.List, moved bool) {
	links := linksOf(before)
	if slices.Equal(links, linksOf(now)) {
		return now, false
	}
	kept, were := withoutLinks(now).Elements(), before.Elements()
	for i, link := range links {
		if i >= len(kept) || text(kept[i], "item_id") != text(were[i], "item_id") {
			return before, true // they no longer belong together
		}
		kept[i] = withLink(kept[i], orNull(link))
	}
	return types.ListValueMust(payoutType, kept), true
}

// linksOf are the links of payouts, each in its place, "" where there is none.
func linksOf(payouts types.List) (links []string) {
	for i, payout := range payouts.Elements() {
		if link := text(payout, "url"); link != "" {
			links = append(links, make([]string, i-len(links))...)
			links = append(links, link)
		}
	}
	return links
}

// privateMoved says that the last refresh found links moved. The state does not tell.
const privateMoved = "links_moved"

func keepMoved(ctx context.Context, store privateWriter, moved bool) diag.Diagnostics {
	var data []byte
	if moved {
		data = []byte("true")
	}
	return store.SetKey(ctx, privateMoved, data)
}

func loadMoved(ctx context.Context, store privateReader) (moved bool, diags diag.Diagnostics) {
	data, diags := store.GetKey(ctx, privateMoved)
	return len(data) > 0, diags
}

// withoutLinks keeps everything of the payouts but the links. Their states stay, by
// which a failed order is known to hold nothing that could be spent.
func withoutLinks(payouts types.List) types.List {
	if payouts.IsNull() || payouts.IsUnknown() {
		return payouts
	}
	elements := payouts.Elements()
	for i, element := range elements {
		elements[i] = withLink(element, types.StringNull())
	}
	return types.ListValueMust(payoutType, elements)
}

func withLink(payout attr.Value, link types.String) attr.Value {
	fields := payout.(types.Object).Attributes()
	fields["url"] = link
	return types.ObjectValueMust(payoutType.AttrTypes, fields)
}
