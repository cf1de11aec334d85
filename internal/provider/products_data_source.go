package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var productsDataSchema = schema.Schema{
	MarkdownDescription: "Selects products from Runa's catalogue. A product is selected if it matches one value of every filter. An empty filter selects nothing. " +
		"Without filters, the result is the whole catalogue of several thousand products, which makes a large state.",
	Attributes: map[string]schema.Attribute{
		"countries_redeemable_in": schema.SetAttribute{
			MarkdownDescription: filterCountries, ElementType: types.StringType, Optional: true, Validators: areCountries,
		},
		"categories": schema.SetAttribute{
			MarkdownDescription: filterCategories, ElementType: types.StringType, Optional: true, Validators: areCategories,
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
			MarkdownDescription: filterCodes + " As result, the codes of all products selected, sorted and each once. Default: any code.",
			ElementType:         types.StringType, Optional: true, Computed: true, Validators: areCodes,
		},
		"products": schema.MapNestedAttribute{
			MarkdownDescription: "The products selected, by code. Empty if no product matches.",
			Computed:            true,
			NestedObject:        productObject,
		},
		"digest": schema.StringAttribute{
			MarkdownDescription: "SHA-256 (64 hexadecimal digits) of the buying terms of the selected products: code, currency, `is_orderable`, state, payout type, " +
				"discount, countries, denominations and subscription plans. It stays the same as long as the same products can be ordered on the same terms. " +
				"Compare it in a `postcondition` to pin them, or use `runa_catalog_pin`.",
			Computed: true,
		},
	},
}

type productsDataModel struct {
	productsFilterModel
	Products types.Map    `tfsdk:"products"`
	Digest   types.String `tfsdk:"digest"`
}

type productsDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*productsDataSource)(nil)

func newProductsDataSource() datasource.DataSource {
	return &productsDataSource{dataSource{name: "runa_products", declared: productsDataSchema}}
}

func (d *productsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model productsDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	var products []client.Product
	if !model.selectsNothing() {
		var diags diag.Diagnostics
		products, diags = selectProducts(ctx, d.session, model.productsFilterModel)
		resp.Diagnostics.Append(diags...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(setResults(ctx, &resp.State, req.Config, fields{
		"codes":    listFromWire(codesOf(products)),
		"products": productsFromWire(products),
		"digest":   textValue(catalog.Digest(products)),
	})...)
}
