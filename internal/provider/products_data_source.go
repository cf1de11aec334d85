package provider

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var productsDataSchema = schema.Schema{
	MarkdownDescription: "Selects products from Runa's catalogue. Values of one filter are alternatives, filters add up; " +
		"without any, the result is the whole catalogue of several thousand products, which makes a large state.",
	Attributes: map[string]schema.Attribute{
		"countries_redeemable_in": schema.SetAttribute{
			MarkdownDescription: "Only products that can be redeemed in one of these countries, each as two capital letters (ISO 3166-1), such as `US`. Runa filters. Default: any country.",
			ElementType:         types.StringType, Optional: true,
			Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(isCountry)},
		},
		"categories": schema.SetAttribute{
			MarkdownDescription: "Only products filed under one of these categories, such as `fashion`. Runa filters. Default: any category.",
			ElementType:         types.StringType, Optional: true,
			Validators: []validator.Set{
				setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
			},
		},
		"is_orderable": schema.BoolAttribute{
			MarkdownDescription: "`true`: only products that can be ordered now. `false`: only those that cannot. Default: both.",
			Optional:            true,
		},
		"currency": schema.StringAttribute{
			MarkdownDescription: "Only products in this currency, as three capital letters (ISO 4217), such as `USD`. Default: any currency.",
			Optional:            true, Validators: []validator.String{isCurrency},
		},
		"payout_type": schema.StringAttribute{
			MarkdownDescription: "Only products of this type: `gift_card`, `subscription`, `payment`, or another that Runa has by now. Default: any type.",
			Optional:            true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"name_regex": schema.StringAttribute{
			MarkdownDescription: "Only products whose name matches this regular expression ([RE2](https://github.com/google/re2/wiki/Syntax)), anywhere in the name unless it says `^` or `$`, " +
				"and in its case unless it says `(?i)`. Default: any name.",
			Optional: true, Validators: []validator.String{regexValidator{}},
		},
		"codes": schema.ListAttribute{
			MarkdownDescription: "As input, only the products with these codes, in any order: one that does not exist, or that another filter leaves out, is an error, " +
				"so that nothing named here goes missing in silence. As result, the codes of all products selected, sorted and each once. Default: any code.",
			ElementType: types.StringType, Optional: true, Computed: true,
			Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues(), listvalidator.ValueStringsAre(isProductCode)},
		},
		"products": schema.MapNestedAttribute{
			MarkdownDescription: "The products selected, by code. Empty when none passes the filters.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{
				Attributes: productAttributes(computedString("The product's code, the same as its key in the map.")),
			},
		},
		"digest": schema.StringAttribute{
			MarkdownDescription: "SHA-256 (64 hexadecimal digits) over what matters to a buyer of the products selected: code, currency, `is_orderable`, state, payout type, " +
				"discount, countries, denominations and subscription plans. The same for as long as the same products can be ordered on the same terms: compare it in a `postcondition` to pin them.",
			Computed: true,
		},
	},
}

var isCountry = stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Z]{2}$`), "must be two capital letters (ISO 3166-1), such as US")

type productsDataModel struct {
	CountriesRedeemableIn []types.String          `tfsdk:"countries_redeemable_in"`
	Categories            []types.String          `tfsdk:"categories"`
	IsOrderable           types.Bool              `tfsdk:"is_orderable"`
	Currency              types.String            `tfsdk:"currency"`
	PayoutType            types.String            `tfsdk:"payout_type"`
	NameRegex             types.String            `tfsdk:"name_regex"`
	Codes                 []types.String          `tfsdk:"codes"`
	Products              map[string]productModel `tfsdk:"products"`
	Digest                types.String            `tfsdk:"digest"`
}

type productsDataSource struct{ session *session }

var _ datasource.DataSourceWithConfigure = (*productsDataSource)(nil)

func newProductsDataSource() datasource.DataSource { return &productsDataSource{} }

func (d *productsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "runa_products"
}

func (d *productsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = productsDataSchema
}

func (d *productsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

func (d *productsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model productsDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	filter, diags := model.filter()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	products, err := catalog.Products(ctx, d.session.client, filter)
	if err != nil {
		resp.Diagnostics.Append(aboutCatalogue(err, d.session.place)...)
		return
	}
	if missing := missingCodes(filter.Codes, products); len(missing) > 0 {
		resp.Diagnostics.Append(aboutMissing(explainMissing(ctx, d.session.client, filter, missing), d.session.place)...)
		return
	}
	model.setResults(products)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (m productsDataModel) filter() (filter catalog.Filter, diags diag.Diagnostics) {
	filter = catalog.Filter{
		CountriesRedeemableIn: stringsToWire(m.CountriesRedeemableIn),
		Categories:            stringsToWire(m.Categories),
		IsOrderable:           m.IsOrderable.ValueBoolPointer(),
		Currency:              m.Currency.ValueString(),
		PayoutType:            m.PayoutType.ValueString(),
		Codes:                 stringsToWire(m.Codes),
	}
	if pattern := m.NameRegex.ValueString(); pattern != "" {
		var err error
		if filter.NameRegex, err = regexp.Compile(pattern); err != nil {
			diags.AddAttributeError(path.Root("name_regex"), "Not a regular expression", err.Error())
		}
	}
	return filter, diags
}

func (m *productsDataModel) setResults(products []client.Product) {
	m.Codes = make([]types.String, 0, len(products))
	m.Products = make(map[string]productModel, len(products))
	for _, product := range products {
		m.Codes = append(m.Codes, types.StringValue(product.Code))
		m.Products[product.Code] = productFromWire(product)
	}
	m.Digest = types.StringValue(catalog.Digest(products))
}

func stringsToWire(values []types.String) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, value.ValueString())
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
