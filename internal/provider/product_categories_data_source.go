package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var categoriesDataSchema = schema.Schema{
	MarkdownDescription: "Lists the categories that products are filed under: the values that `categories` of `runa_products` can take. It has no arguments.",
	Attributes: map[string]schema.Attribute{
		"categories": schema.SetAttribute{
			MarkdownDescription: "Codes of all categories, such as `fashion`.", ElementType: types.StringType, Computed: true,
		},
	},
}

type categoriesDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*categoriesDataSource)(nil)

func newProductCategoriesDataSource() datasource.DataSource {
	return &categoriesDataSource{dataSource{name: "runa_product_categories", declared: categoriesDataSchema}}
}

func (d *categoriesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !needSession(d.session, &resp.Diagnostics) {
		return
	}
	categories, err := d.session.catalog.Categories(ctx)
	if err != nil {
		resp.Diagnostics.Append(aboutListing("The categories cannot be read", "Categories", err, d.session.endpoint)...)
		return
	}
	resp.Diagnostics.Append(setResults(ctx, &resp.State, req.Config, fields{"categories": setFromWire(categories)})...)
}
