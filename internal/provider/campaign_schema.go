package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
)

const (
	defaultOrdersSearched = 100_000
	rewardShape           = "A JSON array with one object for each reward: `id` (1 to 64 letters, digits and `. _ @ : + / -`; unique in the campaign and never used again; Runa's metadata holds it), " +
		"`face_value` (a number, or the text of a CSV file, such as `25` or `\"12.50\"`), `products` and `distribution_method` (as in an item of `runa_order`). Fails if a reward has any other field."
)

var campaignSchema = schema.Schema{
	Version: 0, // upgrade_test.go says when to raise it
	MarkdownDescription: "Buys a list of rewards, each exactly once, in orders of up to 200.\n\n" +
		"A campaign only grows. Rewards that you add to the list are bought by the next apply. Bought rewards cannot be changed. A reward that you remove from the list stays bought. " +
		"If an order is refused or its answer is lost, the next apply continues with it. Bought orders are found at Runa by the campaign's name, so a lost state buys nothing twice.",
	Attributes: withTypes(map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Permanent name of the campaign at Runa. Orders carry it in their description, and their idempotency keys are derived from it. 1 to 50 letters, digits, spaces and `. _ -`, with a letter or digit at both ends. " +
				"It cannot be changed. Two campaigns of one account need different names.",
			Required: true, Validators: []validator.String{campaignName{}},
		},
		"rewards": schema.StringAttribute{
			MarkdownDescription: "The rewards, as `jsonencode` writes them. " + rewardShape + " After buying, the order of the rewards, the order of their fields and the format of numbers do not matter. " +
				"Exactly one of `rewards` and `rewards_wo` must be set. Sensitive, and stored in the state. Default: null.",
			Optional: true, Sensitive: true,
		},
		"rewards_wo": schema.StringAttribute{
			MarkdownDescription: "The same as `rewards`, as a write-only argument: neither the state nor a plan file holds it. A plan is bound to the list by `rewards_wo_digest`. Needs Terraform 1.11 or OpenTofu 1.11. Default: null.",
			Optional:            true, Sensitive: true, WriteOnly: true,
		},
		"rewards_wo_digest": rewardsDigestAttribute,
		"payment_method": schema.SingleNestedAttribute{
			MarkdownDescription: "What the orders are paid from. Default: each order is paid in the currency of its products. With another currency, each reward is an exchange and an order of its own. " +
				"A change applies only to orders that are not bought yet.",
			Optional: true, Computed: true,
			Attributes: map[string]schema.Attribute{
				"type": schema.StringAttribute{
					MarkdownDescription: "Must be `ACCOUNT_BALANCE`, the only method Runa has.",
					Required:            true, Validators: []validator.String{stringvalidator.OneOf(accountBalance)},
				},
				"currency": schema.StringAttribute{
					MarkdownDescription: "Currency to pay in (ISO 4217), such as `USD`.",
					Required:            true, Validators: []validator.String{isCurrency},
				},
			},
		},
		"order_size": schema.Int64Attribute{
			MarkdownDescription: "The most rewards in one order, 1 to 200. An order has fewer rewards if Runa needs separate orders (by currency and country), or if ids are longer than 15 characters. A change applies only to orders that are not bought yet. Default: 200.",
			Optional:            true, Computed: true, Default: int64default.StaticInt64(campaign.MostRewards),
			Validators: []validator.Int64{int64validator.Between(1, campaign.MostRewards)},
		},
		"max_orders_searched": schema.Int64Attribute{
			MarkdownDescription: "How many of the account's orders are searched for this campaign before anything is bought, 500 in one request. Fails if there are more, because an order that was not seen could be bought twice. Default: 100000.",
			Optional:            true, Computed: true, Default: int64default.StaticInt64(defaultOrdersSearched),
			Validators: []validator.Int64{int64validator.AtLeast(1)},
		},
		"store_payout_links": schema.BoolAttribute{
			MarkdownDescription: "Whether the state holds the payout links, in `links`. Links are as good as money: see the guide. Default: the provider's `store_payout_links`.",
			Optional:            true,
		},
		"account": schema.StringAttribute{
			MarkdownDescription: "Account that the campaign is bought with: the API's address and a short digest of the API key. A saved plan is applied only at the account it was made for.",
			Computed:            true,
		},
		"complete": schema.BoolAttribute{
			MarkdownDescription: "Whether every reward of the list is bought, and every order finished. Check it in a `postcondition`, so that a run that leaves something unfinished fails.",
			Computed:            true,
		},
		"reward_count": schema.Int64Attribute{
			MarkdownDescription: "Number of rewards that are bought or may be bought.",
			Computed:            true,
		},
		"order_count": schema.Int64Attribute{
			MarkdownDescription: "Number of orders that are placed or may be placed.",
			Computed:            true,
		},
		"statuses": schema.MapAttribute{
			MarkdownDescription: "How many rewards there are of each status: those of a link (`ACTIVE`, `CLAIMED`, `CANCELLED`, `EXPIRED`), `PROCESSING`, `UNCONFIRMED` (sent, outcome not known), `REJECTED` and `FAILED` (not bought), and `NOT_BOUGHT` (not sent yet).",
			ElementType:         types.Int64Type, Computed: true,
		},
		"face_value": schema.MapAttribute{
			MarkdownDescription: "Sum of the face values of what is bought, by the products' currency, as exact decimals such as `\"123400.00\"`.",
			ElementType:         types.StringType, Computed: true,
		},
		"total_price": schema.MapAttribute{
			MarkdownDescription: "Sum of what finished orders cost, by the currency paid in, as exact decimals.",
			ElementType:         types.StringType, Computed: true,
		},
		"orders": schema.StringAttribute{
			MarkdownDescription: "The orders as JSON: `jsondecode(...).orders` is a list with `number`, `order_id`, `status`, `attempt`, `group`, `currency`, `total_price` and `rewards` (ids). It also has a salted digest of each reward. Sensitive only so that plans stay short.",
			Computed:            true, Sensitive: true,
		},
		"payouts": schema.StringAttribute{
			MarkdownDescription: "Result of each reward, as JSON by reward id: `jsondecode(...)[\"w-0204\"].status`, with `item_id`, `status`, `status_updated_at` and `expiry_date`. It has no links. Sensitive only so that plans stay short.",
			Computed:            true, Sensitive: true,
		},
		"links": schema.StringAttribute{
			MarkdownDescription: "The payout links as JSON by reward id, if `store_payout_links` allows it; otherwise null. A link is as good as money. A refresh does not change it; the ephemeral resource `runa_campaign_payouts` always has the current links.",
			Computed:            true, Sensitive: true,
		},
		"unconfirmed_requests": schema.StringAttribute{
			MarkdownDescription: "The requests for which it is not known whether they placed an order, as JSON; null if there are none. The next apply finishes them. Until then the rewards of these orders cannot be changed or removed. Do not edit it.",
			Computed:            true, Sensitive: true,
		},
		"timeouts": timeoutsAttribute(
			"Longest time to place the orders and wait for them, such as `30m`. What is not finished then is finished by the next apply. Default: `60m`.",
			"Longest time for an update, such as `30m`. Default: `60m`.",
		),
	}),
}
