package provider

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
)

var campaignPayoutsSchema = schema.Schema{
	MarkdownDescription: "Reads the links of a campaign when they are needed, and never stores them: neither in the state nor in a plan file. " +
		"For write-only arguments and for the configuration of other providers. Needs Terraform 1.10 or OpenTofu 1.11. Nothing is bought.",
	Attributes: map[string]schema.Attribute{
		"orders": schema.StringAttribute{
			MarkdownDescription: "`orders` of the resource `runa_campaign`. Fails if Runa has no such order.",
			Required:            true,
		},
		"ids": schema.ListAttribute{
			MarkdownDescription: "Ids of the rewards to read; only their orders are read. Fails if the campaign has no reward with one of these ids. Default: all.",
			Optional:            true, ElementType: types.StringType,
		},
		"payouts": schema.StringAttribute{
			MarkdownDescription: "Result of each reward, as JSON by reward id: `jsondecode(...)[\"w-0204\"].url`, with `status`, `status_updated_at`, `expiry_date` and `item_id`. Rewards of orders that are not finished are left out.",
			Computed:            true, Sensitive: true,
		},
	},
}

type campaignPayoutsModel struct {
	Orders  types.String `tfsdk:"orders"`
	IDs     types.List   `tfsdk:"ids"`
	Payouts types.String `tfsdk:"payouts"`
}

type campaignPayoutsEphemeral struct{ session *session }

var _ ephemeral.EphemeralResourceWithConfigure = (*campaignPayoutsEphemeral)(nil)

func newCampaignPayoutsEphemeral() ephemeral.EphemeralResource { return &campaignPayoutsEphemeral{} }

func (e *campaignPayoutsEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "runa_campaign_payouts"
}

func (e *campaignPayoutsEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = campaignPayoutsSchema
}

func (e *campaignPayoutsEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

// Open reads the orders of the wanted rewards.
func (e *campaignPayoutsEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model campaignPayoutsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(e.session, &resp.Diagnostics) {
		return
	}
	book, err := campaign.ReadBook(model.Orders.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("orders"), "Not a campaign's orders",
			"The value is not the orders attribute of a runa_campaign. It is not shown here because it may hold a secret.\n\nNext: set orders = runa_campaign.NAME.orders.")
		return
	}
	var ids []string
	resp.Diagnostics.Append(model.IDs.ElementsAs(ctx, &ids, false)...)
	resp.Diagnostics.Append(only(book, ids)...)
	if resp.Diagnostics.HasError() {
		return
	}
	payouts := map[string]campaign.Payout{}
	if err := campaign.Refresh(ctx, e.session.client, book, payouts, campaign.Reading{Relink: true}); err != nil {
		resp.Diagnostics.AddError("The links of the campaign cannot be read", err.Error()+"\n\n"+readRemedy(err))
		return
	}
	type linked struct {
		campaign.Payout
		URL string `json:"url,omitempty"`
	}
	all := map[string]linked{}
	for id, payout := range payouts {
		if len(ids) == 0 || slices.Contains(ids, id) {
			all[id] = linked{payout, payout.URL}
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		resp.Diagnostics.AddError("The links of the campaign cannot be written", err.Error())
		return
	}
	model.Payouts = types.StringValue(string(text))
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

// only leaves the orders that have one of some rewards, all of them for none.
func only(book *campaign.Book, ids []string) (diags diag.Diagnostics) {
	if len(ids) == 0 {
		return nil
	}
	has := func(o campaign.Order, id string) bool { return slices.Contains(o.Rewards, id) }
	var missing []string
	for _, id := range ids {
		if !slices.ContainsFunc(book.Orders, func(o campaign.Order) bool { return has(o, id) }) {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		diags.AddAttributeError(path.Root("ids"), "No such rewards", "The campaign has no order with: "+some(missing)+".")
	}
	book.Orders = slices.DeleteFunc(book.Orders, func(o campaign.Order) bool {
		return !slices.ContainsFunc(ids, func(id string) bool { return has(o, id) })
	})
	return diags
}
