package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// productAttributes describes one product. Its code is an input in one data source
// and a result in the other, so the caller brings it.
func productAttributes(code schema.StringAttribute) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"code":     code,
		"name":     computedString("The product's name."),
		"currency": computedString("Currency of the product's face values, as three letters (ISO 4217)."),
		"state": computedString("`LIVE`, `TEMPORARILY_DEGRADED` or `TEMPORARILY_DISABLED`. Runa may add others. " +
			"Whether the product can be ordered is what `is_orderable` says."),
		"is_orderable": schema.BoolAttribute{
			MarkdownDescription: "Whether the product can be ordered now. Runa rejects orders for a product that is not.", Computed: true,
		},
		"approval_state": computedString("State of the brand's approval for your account, such as `APPROVED`. Null if Runa leaves it out."),
		"payout_type":    computedString("`gift_card`, `subscription` or `payment`. Runa may add others."),
		"availability":   computedString("`realtime` (made for each order) or `stocked` (from a stock that can run out)."),
		"categories": schema.SetAttribute{
			MarkdownDescription: "Codes of the categories that the product is filed under, such as `fashion`.",
			ElementType:         types.StringType, Computed: true,
		},
		"countries_redeemable_in": schema.SetAttribute{
			MarkdownDescription: "Countries where the product can be redeemed, as two letters (ISO 3166-1), usually one. " +
				"The ending of a code is not always the country: use this attribute.",
			ElementType: types.StringType, Computed: true,
		},
		"discount_multiplier": computedString("Your discount as an exact decimal: at `0.0130` a face value of 100 costs 98.70 before fees. The playground does not apply it."),
		"customer_service": schema.SingleNestedAttribute{
			MarkdownDescription: "Where recipients find the brand's help.", Computed: true,
			Attributes: map[string]schema.Attribute{
				"phone_number": computedString("Telephone number, null if there is none."),
				"website_url":  computedString("Address of the help pages, null if there is none."),
			},
		},
		"denominations": schema.SingleNestedAttribute{
			MarkdownDescription: "The face values that can be ordered, as exact decimals in Runa's own digits: compare them as numbers, because Runa writes `10`, `10.5` and `10.00`. " +
				"Null for subscriptions.",
			Computed: true,
			Attributes: map[string]schema.Attribute{
				"type": computedString("`fixed` (the values of `available_list` only) or `open` (any value from `minimum_value` to `maximum_value`). " +
					"Null for payment products, which are open."),
				"minimum_value": computedString("Smallest face value."),
				"maximum_value": computedString("Largest face value."),
				"available_list": schema.ListAttribute{
					MarkdownDescription: "Face values to choose from. For an `open` product they are suggestions. Null if there are none.",
					ElementType:         types.StringType, Computed: true,
				},
			},
		},
		"subscription_plans": schema.ListNestedAttribute{
			MarkdownDescription: "Lengths of a subscription; an order names the plan's code, not the product's. Null for other products.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name":        computedString("The plan's name."),
				"length_unit": computedString("Unit of `length`: `DAYS` or `MONTHS`."),
				"length": schema.Int64Attribute{
					MarkdownDescription: "How many days or months the plan lasts.", Computed: true,
				},
				"price":                  computedString("What the plan costs, as an exact decimal: the face value to order."),
				"subscription_plan_code": computedString("Code to order the plan with."),
			}},
		},
		"assets": schema.SingleNestedAttribute{
			MarkdownDescription: "Pictures and colour to show the product with. Null for a payout type this provider does not know.", Computed: true,
			Attributes: map[string]schema.Attribute{
				"card_image_url": computedString("Address of the card's picture, null if there is none."),
				"icon_image_url": computedString("Address of an icon, null if there is none."),
				"primary_color":  computedString("The brand's colour, such as `#FFFFFF`, null if there is none."),
			},
		},
		"expiry": schema.SingleNestedAttribute{
			MarkdownDescription: "How long what the recipient gets stays valid (not the payout link, which may expire on its own). Null if Runa leaves it out.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"date_policy": computedString("The rule in words, null if there is none."),
				"in_months": schema.Int64Attribute{
					MarkdownDescription: "Months until it expires; means nothing for the types `indefinite` and `do-not-show`.", Computed: true,
				},
				"type": computedString("When the time starts: `from-issue-date`, `from-last-use`, `from-last-balance-check`, `indefinite` or `do-not-show`."),
			},
		},
		"redeemable_at":     computedString("`online`, `in-store` or `all`. Null for payment products."),
		"website_url":       computedString("The brand's website, null if there is none."),
		"balance_check_url": computedString("Where recipients can look up what is left on a card, null if there is none."),
		"barcode_format":    computedString("Format of the card's barcode, such as `code-128`, null if there is none."),
		"e_code_usage_type": computedString("How a card should be shown: `url-only`, `url-recommended` or `undefined`. Null for payment products."),
	}
}
