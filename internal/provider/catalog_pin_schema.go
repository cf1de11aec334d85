package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
)

// What a pin does about drift.
const (
	onDriftWarn   = "warn"
	onDriftError  = "error"
	onDriftUpdate = "update"
)

var catalogPinSchema = schema.Schema{
	Version: 0, // upgrade_test.go says when to raise it
	MarkdownDescription: "Keeps products of Runa's catalogue as you agreed to them, and reports when the catalogue changes. " +
		"Every refresh compares them with the catalogue. Nothing at Runa is ever changed, and destroying the pin only removes it from the state.\n\n" +
		"A product is selected if it matches one value of every filter. All selected products are stored in the state: pin the dozens that matter, not the thousands that exist. " +
		"A pin cannot be imported, because Runa does not know it.",
	Attributes: map[string]schema.Attribute{
		"countries_redeemable_in": schema.SetAttribute{
			MarkdownDescription: filterCountries, ElementType: types.StringType, Optional: true,
			Validators: append([]validator.Set{setvalidator.SizeAtLeast(1)}, areCountries...),
		},
		"categories": schema.SetAttribute{
			MarkdownDescription: filterCategories, ElementType: types.StringType, Optional: true,
			Validators: append([]validator.Set{setvalidator.SizeAtLeast(1)}, areCategories...),
		},
		"is_orderable": schema.BoolAttribute{MarkdownDescription: filterOrderable, Optional: true},
		"currency": schema.StringAttribute{
			MarkdownDescription: filterCurrency, Optional: true, Validators: []validator.String{isCurrency},
		},
		"payout_type": schema.StringAttribute{MarkdownDescription: filterPayoutType, Optional: true, Validators: areNotEmpty},
		"name_regex": schema.StringAttribute{
			MarkdownDescription: filterName, Optional: true, Validators: []validator.String{regexValidator{}},
		},
		"codes": schema.ListAttribute{
			MarkdownDescription: filterCodes + " Without it, the codes of all products pinned, sorted. Default: any code.",
			ElementType:         types.StringType, Optional: true, Computed: true,
			Validators: append([]validator.List{listvalidator.SizeAtLeast(1)}, areCodes...),
		},
		"on_drift": schema.StringAttribute{
			MarkdownDescription: "What a plan does when the catalogue has changed: `warn` (warns, and keeps the pinned values), `error` (fails, also before a destroy unless it has `-refresh=false`) or `update` (pins the products as they are now). Setting it back after an `update` changes nothing. Default: `warn`.",
			Optional:            true, Computed: true, Default: stringdefault.StaticString(onDriftWarn),
			Validators: []validator.String{stringvalidator.OneOf(onDriftWarn, onDriftError, onDriftUpdate)},
		},
		"compare": schema.SetAttribute{
			MarkdownDescription: fmt.Sprintf("Fields to compare, at least one of: `%s`. The order of values and the format of numbers never count. "+
				"Default: what matters to a buyer, `%s`.", strings.Join(catalog.Fields(), "`, `"), strings.Join(catalog.BuyersFields, "`, `")),
			ElementType: types.StringType, Optional: true, Computed: true, Default: setdefault.StaticValue(texts(catalog.BuyersFields)),
			Validators: []validator.Set{
				setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.OneOf(catalog.Fields()...)),
			},
		},

		"products": schema.MapNestedAttribute{
			MarkdownDescription: "The products as they were pinned, by code.", Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: asResource(productMapAttributes), CustomType: productType},
		},
		"digest": schema.StringAttribute{
			MarkdownDescription: "Digest of the products pinned, as `runa_products` makes it.", Computed: true,
		},
		"pinned_at": schema.StringAttribute{
			MarkdownDescription: "When the products were pinned, by this machine's clock (RFC 3339).", Computed: true,
		},
		"drifted": schema.BoolAttribute{
			MarkdownDescription: "Whether anything changed: whether `drift`, `withdrawn_codes` or `new_codes` is not empty.", Computed: true,
		},
		"drift": schema.ListNestedAttribute{
			MarkdownDescription: "The values that differ from the pinned ones, by code and field.", Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"code":    schema.StringAttribute{MarkdownDescription: "The product's code.", Computed: true},
				"field":   schema.StringAttribute{MarkdownDescription: "The field that changed, as `compare` names it; also the field of a filter that the product no longer matches.", Computed: true},
				"pinned":  schema.StringAttribute{MarkdownDescription: "The pinned value, in words for people; null if there was none.", Computed: true},
				"current": schema.StringAttribute{MarkdownDescription: "The value now, in words for people; null if there is none.", Computed: true},
			}},
		},
		"withdrawn_codes": schema.ListAttribute{
			MarkdownDescription: "Codes that are pinned and no longer in the catalogue, sorted.",
			ElementType:         types.StringType, Computed: true,
		},
		"new_codes": schema.ListAttribute{
			MarkdownDescription: "Codes that pass the filters now and are not pinned, sorted. Always empty with `codes`.",
			ElementType:         types.StringType, Computed: true,
		},
	},
}

// asResource declares a data source's computed attributes in a resource, as they are.
func asResource(attributes map[string]datasourceschema.Attribute) map[string]schema.Attribute {
	declared := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		declared[name] = attributeAsResource(attribute)
	}
	return declared
}

func attributeAsResource(attribute datasourceschema.Attribute) schema.Attribute {
	switch a := attribute.(type) {
	case datasourceschema.StringAttribute:
		return schema.StringAttribute{MarkdownDescription: a.MarkdownDescription, Computed: true}
	case datasourceschema.BoolAttribute:
		return schema.BoolAttribute{MarkdownDescription: a.MarkdownDescription, Computed: true}
	case datasourceschema.Int64Attribute:
		return schema.Int64Attribute{MarkdownDescription: a.MarkdownDescription, Computed: true}
	case datasourceschema.ListAttribute:
		return schema.ListAttribute{MarkdownDescription: a.MarkdownDescription, ElementType: a.ElementType, Computed: true}
	case datasourceschema.SetAttribute:
		return schema.SetAttribute{MarkdownDescription: a.MarkdownDescription, ElementType: a.ElementType, Computed: true}
	case datasourceschema.SingleNestedAttribute:
		return schema.SingleNestedAttribute{MarkdownDescription: a.MarkdownDescription, Attributes: asResource(a.Attributes), Computed: true}
	case datasourceschema.ListNestedAttribute:
		return schema.ListNestedAttribute{
			MarkdownDescription: a.MarkdownDescription, Computed: true,
			NestedObject: schema.NestedAttributeObject{Attributes: asResource(a.NestedObject.Attributes)},
		}
	default:
		panic(fmt.Sprintf("no resource of ours has a %T of a data source's", attribute))
	}
}

func texts(values []string) types.Set {
	elements := make([]attr.Value, 0, len(values))
	for _, value := range values {
		elements = append(elements, types.StringValue(value))
	}
	return types.SetValueMust(types.StringType, elements)
}

var driftType = catalogPinSchema.Attributes["drift"].GetType().(basetypes.ListType).ElemType.(basetypes.ObjectType)
