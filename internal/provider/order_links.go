package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// storesLinks reports whether the state may hold an order's links: as the order
// says, or else the provider. An unconfigured provider (nil) takes nothing away.
func (m orderModel) storesLinks(s *session) bool {
	if m.StoreLinks.IsNull() || m.StoreLinks.IsUnknown() {
		return s == nil || s.links
	}
	return m.StoreLinks.ValueBool()
}

// noLinks is payout_links where there are none, or none to be stored.
var noLinks = types.ListNull(types.StringType)

// dropUnwantedLinks drops the links where they are not to be stored. The states of the payouts
// stay, by which a failed order is known to hold nothing that could be spent.
func (m *orderModel) dropUnwantedLinks(s *session) {
	if !m.storesLinks(s) {
		m.PayoutLinks = noLinks
	}
}

// planLinks plans what becomes of a placed order's links: they are dropped at once
// where they are not to be stored, and read again where they come, or have changed.
// While the provider is not configured, its part in that is not known, and a plan that
// changes anything must leave it open: it is made again when the provider is.
func (m *orderModel) planLinks(state orderModel, s *session, changed, changing bool) {
	undecided := s == nil && changing && (m.StoreLinks.IsNull() || state.StoreLinks.IsNull())
	switch {
	case !m.StoreLinks.IsUnknown() && !m.storesLinks(s):
		m.PayoutLinks = noLinks
	case m.StoreLinks.IsUnknown() || undecided || changed || !state.storesLinks(s):
		m.forgetPayouts()
	}
}

// forgetPayouts has an apply fill in the payouts and their links, which belong together.
func (m *orderModel) forgetPayouts() {
	m.Payouts, m.PayoutLinks = types.ListUnknown(payoutType), types.ListUnknown(types.StringType)
}

// keepLinks puts the links of the state into an order that was read again. OpenTofu logs
// in plain text what a refresh changes, sensitive values too. Links that have changed, which
// is to say come, gone or become others, are left to an apply, and the plan shows it.
func (m *orderModel) keepLinks(state orderModel) (changed bool) {
	before := linksOf(state.PayoutLinks)
	if slices.Equal(before, linksOf(m.PayoutLinks)) {
		return false
	}
	now, were := m.Payouts.Elements(), state.Payouts.Elements()
	for i, link := range before {
		if link != "" && (i >= len(now) || i >= len(were) || text(now[i], "item_id") != text(were[i], "item_id")) {
			m.Payouts = state.Payouts // the links would stand beside rewards that are not theirs
			break
		}
	}
	m.PayoutLinks = state.PayoutLinks
	return true
}

// payoutLinks are the links of an order's rewards, each in its place, null where there is
// none at all.
func payoutLinks(items []client.OrderedItem) types.List {
	links, some := make([]attr.Value, len(items)), false
	for i, item := range items {
		link := types.StringNull()
		if item.PayoutLink != nil {
			link = orNull(item.PayoutLink.URL)
		}
		links[i], some = link, some || !link.IsNull()
	}
	if !some {
		return noLinks
	}
	return types.ListValueMust(types.StringType, links)
}

// linksOf are recorded links, "" where there is none.
func linksOf(recorded types.List) []string {
	var links []string
	for _, link := range recorded.Elements() {
		links = append(links, link.(types.String).ValueString())
	}
	return links
}

// privateLinksChanged says that the last refresh found links changed. The state does not tell.
const privateLinksChanged = "links_changed"

func keepLinksChanged(ctx context.Context, store privateWriter, changed bool) diag.Diagnostics {
	var data []byte
	if changed {
		data = []byte("true")
	}
	return store.SetKey(ctx, privateLinksChanged, data)
}

func loadLinksChanged(ctx context.Context, store privateReader) (changed bool, diags diag.Diagnostics) {
	data, diags := store.GetKey(ctx, privateLinksChanged)
	return len(data) > 0, diags
}
