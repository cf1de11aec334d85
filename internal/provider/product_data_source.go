package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var productDataSchema = schema.Schema{
	MarkdownDescription: "Looks one product up in Runa's catalogue by its code. A code that is not there is an error. " +
		"Products come, go and change their denominations every week.",
	Attributes: productAttributes(schema.StringAttribute{
		MarkdownDescription: "The product's code, such as `ACME-US`; upper and lower case matter. " +
			"For a subscription, the product's own code and not a plan's.",
		Required: true, Validators: []validator.String{isProductCode},
	}),
}

// isProductCode keeps to what all codes have in common: they are not empty.
var isProductCode = stringvalidator.LengthAtLeast(1)

type productDataSource struct{ session *session }

var _ datasource.DataSourceWithConfigure = (*productDataSource)(nil)

func newProductDataSource() datasource.DataSource { return &productDataSource{} }

func (d *productDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "runa_product"
}

func (d *productDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = productDataSchema
}

func (d *productDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

func (d *productDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model productModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	code := model.Code.ValueString()
	product, err := d.session.client.Product(ctx, code, client.ContentURL)
	if err != nil {
		resp.Diagnostics.Append(aboutProduct(code, err, d.session.place)...)
		return
	}
	model = productFromWire(product)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
