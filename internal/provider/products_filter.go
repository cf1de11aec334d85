package provider

import (
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// productsFilterModel is a choice of products, as runa_products and runa_catalog_pin
// take it.
type productsFilterModel struct {
	CountriesRedeemableIn types.Set    `tfsdk:"countries_redeemable_in"`
	Categories            types.Set    `tfsdk:"categories"`
	IsOrderable           types.Bool   `tfsdk:"is_orderable"`
	Currency              types.String `tfsdk:"currency"`
	PayoutType            types.String `tfsdk:"payout_type"`
	NameRegex             types.String `tfsdk:"name_regex"`
	Codes                 types.List   `tfsdk:"codes"`
}

// What the filters are, for both schemas.
const (
	filterCountries = "Only products that can be redeemed in one of these countries, each as two capital letters (ISO 3166-1), such as `US`. Default: any country."

	filterCategories = "Only products filed under one of these categories, such as `fashion`; `runa_product_categories` lists them. Default: any category."

	filterOrderable = "`true`: only products that can be ordered now. `false`: only those that cannot. Default: both."

	filterCurrency = "Only products in this currency, as three capital letters (ISO 4217), such as `USD`. Default: any currency."

	filterPayoutType = "Only products of this type: `gift_card`, `subscription`, `payment`, or any other that Runa has. Default: any type."

	filterName = "Only products whose name matches this regular expression ([RE2](https://github.com/google/re2/wiki/Syntax)), anywhere in the name unless you use `^` or `$`, " +
		"with matching case unless you use `(?i)`. Default: any name."

	filterCodes = "As input, only the products with these codes, in any order: fails if one does not exist or another filter excludes it, " +
		"so that no code is silently missing."
)

var (
	isCountry = stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Z]{2}$`), "must be two capital letters (ISO 3166-1), such as US")

	areNotEmpty   = []validator.String{stringvalidator.LengthAtLeast(1)}
	areCountries  = []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(isCountry)}
	areCategories = []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(areNotEmpty...)}
	areCodes      = []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(isProductCode)}
)

// selectsNothing reports whether a filter is there and empty, as when a campaign has
// no winners today: none of no codes passes.
func (m productsFilterModel) selectsNothing() bool {
	empty := func(isNull bool, elements []attr.Value) bool { return !isNull && len(elements) == 0 }
	return empty(m.CountriesRedeemableIn.IsNull(), m.CountriesRedeemableIn.Elements()) ||
		empty(m.Categories.IsNull(), m.Categories.Elements()) || empty(m.Codes.IsNull(), m.Codes.Elements())
}

// toWire is the filter of a model in which everything is known.
func (m productsFilterModel) toWire() (filter catalog.Filter, diags diag.Diagnostics) {
	filter = catalog.Filter{
		CountriesRedeemableIn: textsOf(m.CountriesRedeemableIn.Elements()),
		Categories:            textsOf(m.Categories.Elements()),
		IsOrderable:           m.IsOrderable.ValueBoolPointer(),
		Currency:              m.Currency.ValueString(),
		PayoutType:            m.PayoutType.ValueString(),
		Codes:                 textsOf(m.Codes.Elements()),
	}
	if pattern := m.NameRegex.ValueString(); pattern != "" {
		var err error
		if filter.NameRegex, err = regexp.Compile(pattern); err != nil {
			diags.AddAttributeError(path.Root("name_regex"), "Not a regular expression", err.Error())
		}
	}
	return filter, diags
}

func codesOf(products []client.Product) []string {
	codes := make([]string, 0, len(products))
	for _, product := range products {
		codes = append(codes, product.Code)
	}
	return codes
}

// textsOf are the strings of a collection in which everything is known.
func textsOf(elements []attr.Value) []string {
	var texts []string
	for _, element := range elements {
		if value, ok := element.(types.String); ok {
			texts = append(texts, value.ValueString())
		}
	}
	return texts
}

// missingCodes are the codes asked for that were not selected, sorted.
func missingCodes(asked []string, products []client.Product) []string {
	missing := map[string]bool{}
	for _, code := range asked {
		missing[code] = true
	}
	for _, product := range products {
		delete(missing, product.Code)
	}
	return slices.Sorted(maps.Keys(missing))
}

// textElements are a map of strings as a framework map takes it.
func textElements(texts map[string]string) map[string]attr.Value {
	elements := make(map[string]attr.Value, len(texts))
	for name, text := range texts {
		elements[name] = types.StringValue(text)
	}
	return elements
}
