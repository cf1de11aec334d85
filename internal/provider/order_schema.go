package provider

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// The words an order is written with, in short, and its limits (SPEC, POST /order).
const (
	accountBalance = client.AccountBalance

	byEmail     = client.ByEmail
	byLink      = client.ByLink
	byRecipient = client.ByRecipient

	single   = client.Single
	multiple = client.Multiple
	template = client.Template

	onChangeError    = "error"
	onChangeBuyAgain = "buy_again"

	maxItems           = 200
	maxDescription     = 128
	maxMetadataKey     = 40
	maxMetadataValue   = 200
	maxReference       = 255
	maxKey             = 255
	maxDifferentOfKind = 10 // templates of one kind in an order (PST, URT)
)

// The states that are ours, beside Runa's PROCESSING, COMPLETED and FAILED.
const (
	statusUnconfirmed = purchase.StatusUnconfirmed
	statusRejected    = purchase.StatusRejected
)

// statusUnknown is a payout's state where Runa gives a link without one.
const statusUnknown = "UNKNOWN"

var currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)

var orderSchema = schema.Schema{
	Version: 0, // upgrade_test.go says when to raise it
	MarkdownDescription: "Buys an order of rewards, exactly once.\n\n" +
		"A placed order cannot be changed, cancelled or refunded: destroying the resource only removes it from the state. " +
		"If an answer is lost, the order is kept as `UNCONFIRMED`, and the next apply finds out whether it was placed, without buying twice.\n\n" +
		"A `moved` block takes over an order that a `restapi_object` or a `restful_resource` bought, and buys nothing (Terraform 1.8 or later; tested with OpenTofu 1.12). " +
		"Fails if the configuration differs from what was bought.",
	Attributes: withTypes(map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "Idempotency key of the recorded attempt, sent as `X-Idempotency-Key`: `idempotency_key` itself for the first attempt, and a UUIDv5 of it and `attempt` for each later one. " +
				"For an imported order whose idempotency key is not known, its `order_id`.",
			Computed: true, PlanModifiers: keepString,
		},
		"attempt": schema.Int64Attribute{
			MarkdownDescription: "Number of the recorded attempt, from 1. The next attempt is made only when it is certain that this one bought nothing: when Runa refused it, or its order failed and delivered nothing. " +
				"Always 1 if `idempotency_key` is not set. Null, which means 1, for an imported order whose idempotency key is not known.",
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"account": schema.StringAttribute{
			MarkdownDescription: "The account that the order is bought with: the base URL, and a short digest of it and the API key, from which the API key cannot be read. " +
				"A plan that was made for one account buys nothing if it is applied to another. It changes when the API key is renewed.",
			Computed: true, PlanModifiers: keepString,
		},
		"idempotency_key": schema.StringAttribute{
			MarkdownDescription: "Your own idempotency key for this one reward, 1 to 255 printable ASCII characters without spaces. The reward is bought once within 30 days, " +
				"even if a run is killed or the state is lost. Best made with `uuidv5` from something that never changes, one for each reward. " +
				"Keep it if a purchase is refused or fails: the next apply makes the next `attempt`. " +
				"Cannot be changed once the order is placed (see `on_change`). Default: a random idempotency key for each attempt.",
			Optional: true, Computed: true, PlanModifiers: keepString,
			Validators: []validator.String{
				stringvalidator.LengthBetween(1, maxKey),
				isKey,
			},
		},
		"payment_method": schema.SingleNestedAttribute{
			MarkdownDescription: "What the order is paid from. Cannot be changed once the order is placed.",
			Required:            true,
			Attributes: map[string]schema.Attribute{
				"type": schema.StringAttribute{
					MarkdownDescription: "Must be `ACCOUNT_BALANCE`, the only method Runa has.",
					Required:            true, Validators: []validator.String{stringvalidator.OneOf(accountBalance)},
				},
				"currency": schema.StringAttribute{
					MarkdownDescription: "Currency of the balance to pay from, as three capital letters (ISO 4217), such as `USD`. " +
						"A currency other than the products' needs `execution_mode = \"sync\"` and exactly one item (Embedded FX).",
					Required: true, Validators: []validator.String{isCurrency},
				},
			},
		},
		"items": schema.ListNestedAttribute{
			MarkdownDescription: "The rewards to buy, 1 to 200; exactly 1 with `execution_mode = \"sync\"`. All products of an order share a country and a currency. Cannot be changed once the order is placed.",
			Required:            true,
			Validators:          []validator.List{listvalidator.SizeBetween(1, maxItems), listvalidator.NoNullValues()},
			NestedObject: schema.NestedAttributeObject{
				Attributes: itemAttributes,
				Validators: []validator.Object{mustHave{"face_value", "distribution_method", "products"}},
			},
		},
		"recipients_wo": recipientsAttribute,
		"description": schema.StringAttribute{
			MarkdownDescription: "Your own note on the order, at most 128 characters; recipients do not see it. Cannot be changed once the order is placed. Default: none, which is the same as an empty text.",
			Optional:            true, Validators: []validator.String{stringvalidator.UTF8LengthAtMost(maxDescription)},
		},
		"metadata": schema.MapAttribute{
			MarkdownDescription: "Your own labels, at most 20 pairs: keys of 1 to 40 characters, values of at most 200. Recipients do not see them. " +
				"The keys `" + purchase.TagName + "` and `" + purchase.AttemptTagName + "` are this provider's. Cannot be changed once the order is placed. Default: none, which is the same as an empty map.",
			ElementType: types.StringType, Optional: true,
			Validators: []validator.Map{
				mapvalidator.SizeAtMost(purchase.MaxMetadata),
				mapvalidator.NoNullValues(),
				mapvalidator.KeysAre(
					stringvalidator.UTF8LengthBetween(1, maxMetadataKey),
					isLabel,
					stringvalidator.NoneOf(purchase.TagName, purchase.AttemptTagName), // see tag_orders
				),
				mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(maxMetadataValue)),
			},
		},
		"execution_mode": schema.StringAttribute{
			MarkdownDescription: "`async` (Runa answers at once, and the provider waits for the order) or `sync` (Runa answers when the order is finished; exactly one item). Default: `async`.",
			Optional:            true, Validators: []validator.String{stringvalidator.OneOf("async", "sync")},
		},
		"on_change": schema.StringAttribute{
			MarkdownDescription: "What happens if a placed order is changed: `error` (the plan fails and says what to do) or `buy_again` (an update places a second, separate order with another `idempotency_key`; the first stays bought, and stays in the state until the second is placed). Default: `error`.",
			Optional:            true, Validators: []validator.String{stringvalidator.OneOf(onChangeError, onChangeBuyAgain)},
		},
		"store_payout_links": schema.BoolAttribute{
			MarkdownDescription: "Whether the state holds this order's links (`payout_links`). Can be changed at any time: `false` removes the links from the state, `true` reads them again. " +
				"An import uses only the provider's setting. Default: the provider's `store_payout_links`.",
			Optional: true,
		},
		"timeouts": timeoutsAttribute(
			"Longest time to place an order and wait for it, such as `5m`. The order goes on at Runa after that, and the next apply picks it up. A request that was already sent is not cut off. After three orders of a run have used up their time without an answer from Runa, the others get less time. Default: `10m`.",
			"Longest time to wait for an order that an earlier apply left unfinished, such as `5m`. Default: `10m`.",
		),

		"recipient_digests": recipientDigestsAttribute,
		"order_id": schema.StringAttribute{
			MarkdownDescription: "Runa's id of the order. Null until the order is confirmed.",
			Computed:            true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseNonNullStateForUnknown()},
		},
		"status": schema.StringAttribute{
			MarkdownDescription: "`PROCESSING`, `COMPLETED` or `FAILED` as Runa says; `UNCONFIRMED` while it is not known whether the order was placed (apply again to find out); `REJECTED` when Runa refused the order, so that nothing was bought (apply again for the next attempt).",
			Computed:            true, PlanModifiers: keepString,
		},
		"submission": schema.SingleNestedAttribute{
			MarkdownDescription: "How this attempt was sent. Null for an imported order.",
			Computed:            true, PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
			Attributes: map[string]schema.Attribute{
				"submitted_at": schema.StringAttribute{
					MarkdownDescription: "When this attempt was first sent, by this machine's clock (RFC 3339).",
					Computed:            true,
				},
				"unconfirmed_request": schema.StringAttribute{
					MarkdownDescription: "While the order is `UNCONFIRMED`, the request that was sent: the next apply needs it. Otherwise null. Do not edit it.",
					Computed:            true, Sensitive: true,
				},
			},
		},
		"created_at": schema.StringAttribute{
			MarkdownDescription: "When Runa created the order (RFC 3339).",
			Computed:            true, PlanModifiers: keepString,
		},
		"completed_at": schema.StringAttribute{
			MarkdownDescription: "When Runa finished the order (RFC 3339).",
			Computed:            true, PlanModifiers: keepString,
		},
		"currency": schema.StringAttribute{
			MarkdownDescription: "Currency of `total_price` and `total_discount`, the currency paid in.",
			Computed:            true, PlanModifiers: keepString,
		},
		"total_price": schema.StringAttribute{
			MarkdownDescription: "What the order cost, as an exact decimal, with discount and fees.",
			Computed:            true, PlanModifiers: keepString,
		},
		"total_discount": schema.StringAttribute{
			MarkdownDescription: "How much less than its face value the order cost, as an exact decimal.",
			Computed:            true, PlanModifiers: keepString,
		},
		"transaction_detail": schema.MapNestedAttribute{
			MarkdownDescription: "What was paid out, by payout currency.",
			Computed:            true, PlanModifiers: []planmodifier.Map{mapplanmodifier.UseStateForUnknown()},
			NestedObject: schema.NestedAttributeObject{Attributes: transactionAttributes},
		},
		"payouts": schema.ListNestedAttribute{
			MarkdownDescription: "Result of each reward, in the order of `items`.",
			Computed:            true, PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
			NestedObject: schema.NestedAttributeObject{Attributes: payoutAttributes},
		},
		"payout_links": schema.ListAttribute{
			MarkdownDescription: payoutLinksDescription,
			ElementType:         types.StringType, Computed: true, Sensitive: true,
			PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	}),
}

var keepString = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}

// keepRecipient serves configuration that a CLI generates for an imported order: it
// writes null for whatever is sensitive.
var keepRecipient = []planmodifier.String{asBefore{}}

// itemAttributes are all required, which mustHave says instead of the schema: the
// framework takes a required attribute of a list's element for missing when the
// whole element is unknown, as in items = [var.item] under validate.
var itemAttributes = map[string]schema.Attribute{
	"face_value": schema.NumberAttribute{
		MarkdownDescription: "Required. What the reward is worth, in the products' currency: at least 0.01 with at most two decimals (round calculated values: `tonumber(format(\"%.2f\", …))`), within the product's denominations; a whole number for `MULTIPLE` and `TEMPLATE`.",
		Optional:            true, Validators: []validator.Number{faceValueValidator{}},
	},
	"distribution_method": schema.SingleNestedAttribute{
		MarkdownDescription: "Required. How the reward reaches its recipient.",
		Optional:            true,
		Validators:          []validator.Object{distributionFields},
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "`EMAIL` (Runa sends the link), `PAYOUT_LINK` (you deliver its link) or `RECIPIENT` (payment products and reloadable cards).",
				Required:            true, Validators: []validator.String{stringvalidator.OneOf(byEmail, byLink, byRecipient)},
			},
			"email_address": schema.StringAttribute{
				MarkdownDescription: "Recipient's e-mail address, without a name or brackets. Required for buying with `EMAIL` and `RECIPIENT`, here or in `recipients_wo`; not allowed for `PAYOUT_LINK`. " +
					"It can be left out for a placed order, as generated configuration does. The recorded value then stays.",
				Optional: true, Computed: true, Sensitive: true, PlanModifiers: keepRecipient,
				Validators: []validator.String{isEmail},
			},
			"recipient_reference": schema.StringAttribute{
				MarkdownDescription: "Your own name for the recipient, at most 255 letters, digits and `-_@.`; the same reference pays or reloads the same recipient again. " +
					"Required for buying with `RECIPIENT`, here or in `recipients_wo`; not allowed otherwise. It can be left out for a placed order, as generated configuration does. The recorded value then stays.",
				Optional: true, Computed: true, Sensitive: true, PlanModifiers: keepRecipient,
				Validators: []validator.String{isReference, isShorter(maxReference)},
			},
			"template_id": schema.StringAttribute{
				MarkdownDescription: "Redemption template made in Runa's portal (`DT-…`); at most 10 different ones in an order. Default: the account's own page.",
				Optional:            true, Validators: []validator.String{hasPrefix("DT-", "a redemption template's id")},
			},
		},
	},
	"products": schema.SingleNestedAttribute{
		MarkdownDescription: "Required. What the recipient may choose from.",
		Optional:            true,
		Validators:          []validator.Object{productFields},
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "`SINGLE` (one product: `value`), `MULTIPLE` (a choice: `values`) or `TEMPLATE` (a choice kept in Runa's portal: `template_id`).",
				Required:            true, Validators: []validator.String{stringvalidator.OneOf(single, multiple, template)},
			},
			"value": schema.StringAttribute{
				MarkdownDescription: "Product code, or for a subscription its plan's code. Required for `SINGLE`, not allowed otherwise.",
				Optional:            true, Validators: []validator.String{isProductCode},
			},
			"values": schema.ListAttribute{
				MarkdownDescription: "Product codes, at least two different ones of one currency. Required for `MULTIPLE`, not allowed otherwise.",
				ElementType:         types.StringType, Optional: true,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(2), listvalidator.NoNullValues(), listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(isProductCode),
				},
			},
			"template_id": schema.StringAttribute{
				MarkdownDescription: "Product selection template made in Runa's portal (`PT-…`); at most 10 different ones in an order. Required for `TEMPLATE`, not allowed otherwise.",
				Optional:            true, Validators: []validator.String{hasPrefix("PT-", "a product selection template's id")},
			},
			"usage_config": schema.SingleNestedAttribute{
				MarkdownDescription: "Limits on a prepaid Visa card. Allowed for `SINGLE` only; Runa ignores it for other products. Default: none.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"spend_rules_template_id": schema.StringAttribute{
						MarkdownDescription: "Spend rules made in Runa's portal: `PSR-` and 26 letters and digits.",
						Required:            true,
						Validators: []validator.String{stringvalidator.RegexMatches(
							regexp.MustCompile(`^PSR-[0-9A-HJKMNP-TV-Z]{26}$`), "must be PSR- and 26 letters and digits")},
					},
				},
			},
		},
	},
}

var transactionAttributes = map[string]schema.Attribute{
	"value": schema.StringAttribute{MarkdownDescription: "Sum paid out in this currency, as an exact decimal.", Computed: true},
	"fx": schema.SingleNestedAttribute{
		MarkdownDescription: "The exchange, for an order paid in another currency; otherwise null.",
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"rate":        schema.StringAttribute{MarkdownDescription: "Exchange rate, as an exact decimal.", Computed: true},
			"rate_symbol": schema.StringAttribute{MarkdownDescription: "What the rate means: `GBPUSD` at 1.2 is 1.2 USD for 1 GBP.", Computed: true},
			"fee": schema.SingleNestedAttribute{
				MarkdownDescription: "Fee for the exchange, part of `total_price`.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"value":    schema.StringAttribute{MarkdownDescription: "The fee, as an exact decimal.", Computed: true},
					"currency": schema.StringAttribute{MarkdownDescription: "The fee's currency, the currency paid in.", Computed: true},
				},
			},
		},
	},
}

const payoutLinksDescription = "Links that redeem the rewards, in the order of `payouts`, null for a reward without one: `try(runa_order.thanks.payout_links[0], null)`. " +
	"Whoever has a link has the money. Protect a state that holds links, or set `store_payout_links = false`: the attribute is then null."

var payoutAttributes = map[string]schema.Attribute{
	"item_id":           schema.StringAttribute{MarkdownDescription: "Runa's id of the reward.", Computed: true},
	"status":            schema.StringAttribute{MarkdownDescription: "The link's state: `ACTIVE`, `CLAIMED`, `CANCELLED` or `EXPIRED`; `UNKNOWN` if Runa gives a link without one.", Computed: true},
	"status_updated_at": schema.StringAttribute{MarkdownDescription: "When the state last changed (RFC 3339).", Computed: true},
	"expiry_date":       schema.StringAttribute{MarkdownDescription: "When the link expires (RFC 3339), null if the account has no expiry.", Computed: true},
	"currency":          schema.StringAttribute{MarkdownDescription: "Currency of `face_value` and `price`, the products'.", Computed: true},
	"face_value":        schema.StringAttribute{MarkdownDescription: "What the reward is worth, as an exact decimal.", Computed: true},
	"price":             schema.StringAttribute{MarkdownDescription: "What the reward cost before fees, as an exact decimal.", Computed: true},
	"product_codes": schema.ListAttribute{
		MarkdownDescription: "Products the recipient may choose from.",
		ElementType:         types.StringType, Computed: true,
	},
}
