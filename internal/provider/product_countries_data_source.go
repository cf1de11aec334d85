package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var countriesDataSchema = schema.Schema{
	MarkdownDescription: "Lists the countries that products exist for: the values that `countries_redeemable_in` of `runa_products` can take. It has no arguments.",
	Attributes: map[string]schema.Attribute{
		"countries": schema.SetAttribute{
			MarkdownDescription: "The countries, as two letters (ISO 3166-1), such as `US`.", ElementType: types.StringType, Computed: true,
		},
	},
}

type countriesDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*countriesDataSource)(nil)

func newProductCountriesDataSource() datasource.DataSource {
	return &countriesDataSource{dataSource{name: "runa_product_countries", declared: countriesDataSchema}}
}

func (d *countriesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !needSession(d.session, &resp.Diagnostics) {
		return
	}
	countries, err := d.session.catalog.Countries(ctx)
	if err != nil {
		resp.Diagnostics.Append(aboutListing("The countries cannot be read", "Countries", err, d.session.endpoint)...)
		return
	}
	resp.Diagnostics.Append(setResults(ctx, &resp.State, req.Config, fields{"countries": setFromWire(countries)})...)
}
