package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// campaignModel is runa_campaign in configuration, plan and state.
type campaignModel struct {
	Name           types.String   `tfsdk:"name"`
	Rewards        types.String   `tfsdk:"rewards"`
	RewardsWO      types.String   `tfsdk:"rewards_wo"`
	PaymentMethod  types.Object   `tfsdk:"payment_method"`
	OrderSize      types.Int64    `tfsdk:"order_size"`
	OrdersSearched types.Int64    `tfsdk:"max_orders_searched"`
	StoreLinks     types.Bool     `tfsdk:"store_payout_links"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`

	// RewardsWODigest stands for rewards_wo in plans and states.
	RewardsWODigest types.String `tfsdk:"rewards_wo_digest"`

	Account     types.String `tfsdk:"account"`
	Complete    types.Bool   `tfsdk:"complete"`
	RewardCount types.Int64  `tfsdk:"reward_count"`
	OrderCount  types.Int64  `tfsdk:"order_count"`
	Statuses    types.Map    `tfsdk:"statuses"`
	FaceValue   types.Map    `tfsdk:"face_value"`
	TotalPrice  types.Map    `tfsdk:"total_price"`
	Orders      types.String `tfsdk:"orders"`
	Payouts     types.String `tfsdk:"payouts"`
	Links       types.String `tfsdk:"links"`
	// Unconfirmed are purchase.Intents by number, as JSON, while there are any.
	Unconfirmed types.String `tfsdk:"unconfirmed_requests"`
}

// records is what a state knows of a campaign, in the shape it is worked with.
type records struct {
	book    *campaign.Book
	payouts map[string]campaign.Payout
	open    map[int]purchase.Intent
}

func newRecords() records {
	return records{campaign.NewBook(), map[string]campaign.Payout{}, map[int]purchase.Intent{}}
}

// list is the configured rewards, which are known or not.
func (m campaignModel) list() types.String {
	if !m.RewardsWO.IsNull() {
		return m.RewardsWO
	}
	return m.Rewards
}

// listPath is where messages about the list stand. With rewards_wo they stand at no
// attribute: a CLI would show the line of the configuration at which it begins, which may
// hold an e-mail address.
func (m campaignModel) listPath() path.Path {
	if !m.RewardsWO.IsNull() {
		return path.Empty()
	}
	return path.Root("rewards")
}

// currency is the configured currency to pay in, "" where each order has its own.
func (m campaignModel) currency() string { return text(m.PaymentMethod, "currency") }

// records reads what a state holds.
func (m campaignModel) records() (r records, diags diag.Diagnostics) {
	r = newRecords()
	book, err := campaign.ReadBook(m.Orders.ValueString())
	if err != nil {
		return r, aboutUnreadableCampaign(m, "orders", err)
	}
	r.book = book
	links := map[string]string{}
	for name, field := range map[string]struct {
		text types.String
		into any
	}{"payouts": {m.Payouts, &r.payouts}, "links": {m.Links, &links}, "unconfirmed_requests": {m.Unconfirmed, &r.open}} {
		if field.text.IsNull() {
			continue
		}
		if err := json.Unmarshal([]byte(field.text.ValueString()), field.into); err != nil {
			diags.Append(aboutUnreadableCampaign(m, name, err)...)
		}
	}
	for id, url := range links {
		payout := r.payouts[id]
		payout.URL = url
		r.payouts[id] = payout
	}
	return r, diags
}

// keep puts records into a state. Listed is how many rewards the list has.
func (m *campaignModel) keep(ctx context.Context, s *session, r records, listed int) (diags diag.Diagnostics) {
	write := func(value any) types.String {
		data, err := json.Marshal(value)
		if err != nil {
			diags.AddError("The campaign cannot be recorded", err.Error())
		}
		return types.StringValue(string(data))
	}
	book, err := r.book.Text()
	if err != nil {
		diags.AddError("The campaign cannot be recorded", err.Error())
	}
	m.Orders, m.Payouts = types.StringValue(book), write(r.payouts)
	m.Links, m.Unconfirmed = types.StringNull(), types.StringNull()
	if m.storesLinks(s) {
		links := map[string]string{}
		for id, payout := range r.payouts {
			if payout.URL != "" {
				links[id] = payout.URL
			}
		}
		m.Links = write(links)
	}
	if len(r.open) > 0 {
		m.Unconfirmed = write(r.open)
	}
	rewards, orders := r.book.Bought()
	m.RewardCount, m.OrderCount = types.Int64Value(int64(rewards)), types.Int64Value(int64(orders))
	statuses := r.book.Statuses(r.payouts, listed)
	m.Complete = types.BoolValue(r.book.Complete() && statuses[campaign.NotBought] == 0)
	values, prices := r.book.Totals()
	mapOf := func(kind attr.Type, values any) types.Map {
		made, more := types.MapValueFrom(ctx, kind, values)
		diags.Append(more...)
		return made
	}
	m.Statuses, m.FaceValue, m.TotalPrice = mapOf(types.Int64Type, statuses), mapOf(types.StringType, values), mapOf(types.StringType, prices)
	m.RewardsWO = types.StringNull()
	return diags
}

// storesLinks reports whether the state may hold links. An unconfigured provider (nil)
// takes nothing away.
func (m campaignModel) storesLinks(s *session) bool {
	if m.StoreLinks.IsNull() || m.StoreLinks.IsUnknown() {
		return s == nil || s.links
	}
	return m.StoreLinks.ValueBool()
}

// forget marks what the next apply will fill in.
func (m *campaignModel) forget() {
	m.Complete, m.RewardCount, m.OrderCount = types.BoolUnknown(), types.Int64Unknown(), types.Int64Unknown()
	m.Statuses, m.FaceValue, m.TotalPrice = types.MapUnknown(types.Int64Type), types.MapUnknown(types.StringType), types.MapUnknown(types.StringType)
	m.Orders, m.Payouts, m.Links, m.Unconfirmed = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
}

// stay plans what the state has.
func (m *campaignModel) stay(state campaignModel) {
	m.Account, m.Complete, m.RewardCount, m.OrderCount = state.Account, state.Complete, state.RewardCount, state.OrderCount
	m.Statuses, m.FaceValue, m.TotalPrice = state.Statuses, state.FaceValue, state.TotalPrice
	m.Orders, m.Payouts, m.Links, m.Unconfirmed = state.Orders, state.Payouts, state.Links, state.Unconfirmed
}

// campaignName checks a campaign's name.
type campaignName struct{}

func (campaignName) Description(context.Context) string         { return campaign.WrongName("") }
func (campaignName) MarkdownDescription(context.Context) string { return campaign.WrongName("") }

func (campaignName) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if wrong := campaign.WrongName(req.ConfigValue.ValueString()); wrong != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a campaign's name", "The name "+wrong+".")
	}
}
