package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Products are written in Terraform's own values, and not as structs: reflection
// over a catalogue of 5,000 takes seconds. For the same reason their type is made
// once and given to the schema: the framework would make it again for every null.

var productObject = schema.NestedAttributeObject{Attributes: productMapAttributes, CustomType: productType}

// The types of a product and of what is within it, as the schema declares them.
var (
	productMapAttributes = productAttributes(computedString("The product's code, the same as its key in the map."))

	productType = schema.NestedAttributeObject{Attributes: productMapAttributes}.Type().(basetypes.ObjectType)
	productMap  = types.MapType{ElemType: productType}

	productMapWire      = wireType(productMap)
	productWire         = productMapWire.(tftypes.Map).ElementType.(tftypes.Object)
	customerServiceWire = productWire.AttributeTypes["customer_service"]
	denominationsWire   = productWire.AttributeTypes["denominations"]
	plansWire           = productWire.AttributeTypes["subscription_plans"]
	planWire            = plansWire.(tftypes.List).ElementType
	assetsWire          = productWire.AttributeTypes["assets"]
	expiryWire          = productWire.AttributeTypes["expiry"]

	productDataWire = wireType(productDataSchema.Type())
	contentWire     = productDataWire.(tftypes.Object).AttributeTypes["content_resources"]

	textSet  = tftypes.Set{ElementType: tftypes.String}
	textList = tftypes.List{ElementType: tftypes.String}
	textMap  = tftypes.Map{ElementType: tftypes.String}
)

func wireType(typ attr.Type) tftypes.Type { return typ.TerraformType(context.Background()) }

// fields are an object's attributes, or a map's elements.
type fields = map[string]tftypes.Value

// productsFromWire is a map of products by code.
func productsFromWire(products []client.Product) tftypes.Value {
	values := make(fields, len(products))
	for _, product := range products {
		values[product.Code] = tftypes.NewValue(productWire, productFieldsFromWire(product))
	}
	return tftypes.NewValue(productMapWire, values)
}

// productFieldsFromWire is one product, as runa_product and each entry of
// runa_products show it. It changes nothing that Runa sent; what Runa left out is null.
func productFieldsFromWire(p client.Product) fields {
	payout, assets := client.Payout{}, tftypes.NewValue(assetsWire, nil)
	if known := p.Payout(); known != nil {
		payout = *known
		assets = assetsFromWire(payout.Assets)
	}
	return fields{
		"code":                    textValue(p.Code),
		"name":                    textValue(p.Name),
		"currency":                textValue(p.Currency),
		"state":                   textValue(p.State),
		"is_orderable":            tftypes.NewValue(tftypes.Bool, p.IsOrderable),
		"approval_state":          textValue(p.ApprovalState),
		"payout_type":             textValue(p.PayoutType),
		"availability":            textValue(p.Availability),
		"categories":              setFromWire(p.Categories),
		"countries_redeemable_in": setFromWire(p.CountriesRedeemableIn),
		"discount_multiplier":     textValue(p.DiscountMultiplier),
		"customer_service": tftypes.NewValue(customerServiceWire, fields{
			"phone_number": textValue(p.CustomerService.PhoneNumber),
			"website_url":  textValue(p.CustomerService.WebsiteURL),
		}),
		"denominations":      denominationsFromWire(payout.Denominations),
		"subscription_plans": plansFromWire(payout.SubscriptionPlans),
		"assets":             assets,
		"expiry":             expiryFromWire(payout.Expiry),
		"redeemable_at":      textValue(payout.RedeemableAt),
		"website_url":        textValue(payout.WebsiteURL),
		"balance_check_url":  textValue(payout.BalanceCheckURL),
		"barcode_format":     textValue(payout.BarcodeFormat),
		"e_code_usage_type":  textValue(payout.ECodeUsageType),
	}
}

func assetsFromWire(a client.Assets) tftypes.Value {
	return tftypes.NewValue(assetsWire, fields{
		"card_image_url": textValue(a.CardImageURL),
		"icon_image_url": textValue(a.IconImageURL),
		"primary_color":  textValue(a.PrimaryColor),
	})
}

func expiryFromWire(e *client.Expiry) tftypes.Value {
	if e == nil {
		return tftypes.NewValue(expiryWire, nil)
	}
	return tftypes.NewValue(expiryWire, fields{
		"date_policy": textValue(e.DatePolicy),
		"in_months":   tftypes.NewValue(tftypes.Number, e.InMonths),
		"type":        textValue(e.Type),
	})
}

func denominationsFromWire(d *client.Denominations) tftypes.Value {
	if d == nil {
		return tftypes.NewValue(denominationsWire, nil)
	}
	return tftypes.NewValue(denominationsWire, fields{
		"type":           textValue(d.Type),
		"minimum_value":  textValue(d.MinimumValue),
		"maximum_value":  textValue(d.MaximumValue),
		"available_list": listFromWire(d.AvailableList),
	})
}

func plansFromWire(plans []client.SubscriptionPlan) tftypes.Value {
	if len(plans) == 0 {
		return tftypes.NewValue(plansWire, nil)
	}
	values := make([]tftypes.Value, 0, len(plans))
	for _, plan := range plans {
		values = append(values, tftypes.NewValue(planWire, fields{
			"name":                   textValue(plan.Name),
			"length_unit":            textValue(plan.LengthUnit),
			"length":                 tftypes.NewValue(tftypes.Number, plan.Length),
			"price":                  textValue(plan.Price),
			"subscription_plan_code": textValue(plan.Code),
		}))
	}
	return tftypes.NewValue(plansWire, values)
}

// contentStems are the texts a product can have (SPEC); contentSuffixes are what the
// form they are asked for in adds to their names.
var (
	contentStems = []string{
		"description", "disclaimer", "refund_policy", "reissuance_policy", "terms_buyer", "terms_consumer", "redemption_instructions",
	}
	contentSuffixes = map[client.Content]string{
		client.ContentURL: "_markdown_url", client.ContentMarkdown: "_md", client.ContentHTML: "_html",
	}
)

// contentFromWire has every documented text, null where the product has none, so that
// no configuration fails for looking.
func contentFromWire(p client.Product, form client.Content) tftypes.Value {
	payout := p.Payout()
	if payout == nil {
		return tftypes.NewValue(contentWire, nil)
	}
	texts := fields{}
	for _, stem := range contentStems {
		texts[stem+contentSuffixes[form]] = textValue("")
	}
	for name, text := range payout.ContentResources {
		if name != "locale" {
			texts[name] = textValue(text)
		}
	}
	return tftypes.NewValue(contentWire, fields{
		"locale": textValue(payout.ContentResources["locale"]),
		"texts":  tftypes.NewValue(textMap, texts),
	})
}

// textValue is text, or null where Runa left it out.
func textValue[T ~string](text T) tftypes.Value {
	if text == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return tftypes.NewValue(tftypes.String, string(text))
}

// setFromWire keeps a null list null and an empty one empty. A set has nothing twice.
func setFromWire(values []string) tftypes.Value {
	if values == nil {
		return tftypes.NewValue(textSet, nil)
	}
	seen := make(map[string]bool, len(values))
	elements := make([]tftypes.Value, 0, len(values))
	for _, value := range values {
		if !seen[value] {
			seen[value] = true
			elements = append(elements, tftypes.NewValue(tftypes.String, value))
		}
	}
	return tftypes.NewValue(textSet, elements)
}

// listFromWire keeps a null list null and an empty one empty.
func listFromWire[T ~string](values []T) tftypes.Value {
	if values == nil {
		return tftypes.NewValue(textList, nil)
	}
	elements := make([]tftypes.Value, 0, len(values))
	for _, value := range values {
		elements = append(elements, tftypes.NewValue(tftypes.String, string(value)))
	}
	return tftypes.NewValue(textList, elements)
}

// setResults writes a data source's configuration and its results.
func setResults(ctx context.Context, state *tfsdk.State, config tfsdk.Config, results fields) (diags diag.Diagnostics) {
	var configured fields
	if err := config.Raw.As(&configured); err != nil {
		diags.AddError("A mistake in this provider", "The configuration cannot be read: "+err.Error()+". Please report it.")
		return diags
	}
	all := maps.Clone(configured) // As hands out the configuration's own
	maps.Copy(all, results)
	return state.Set(ctx, tftypes.NewValue(config.Raw.Type(), all))
}
