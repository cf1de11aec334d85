package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var productDataSchema = schema.Schema{
	MarkdownDescription: "Looks one product up in Runa's catalogue by its code. Fails if there is no such code. " +
		"Products come, go and change their denominations every week.",
	Attributes: productDataAttributes(),
}

func productDataAttributes() map[string]schema.Attribute {
	attributes := productAttributes(schema.StringAttribute{
		MarkdownDescription: "The product's code, such as `ACME-US`; upper and lower case matter. " +
			"For a subscription, the product's own code and not a plan's.",
		Required: true, Validators: []validator.String{isProductCode},
	})
	attributes["content"] = schema.StringAttribute{
		MarkdownDescription: "Form of the texts in `content_resources`: `url` (addresses of Markdown files), `md` (Markdown) or `html`. Default: `url`.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.OneOf(string(client.ContentURL), string(client.ContentMarkdown), string(client.ContentHTML))},
	}
	attributes["content_resources"] = schema.SingleNestedAttribute{
		MarkdownDescription: "Texts to show with the product. Null for a payout type this provider does not know.",
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"locale": computedString("Language of the texts, such as `en_GB`."),
			"texts": schema.MapAttribute{
				MarkdownDescription: "The texts by Runa's names: `description`, `disclaimer`, `refund_policy`, `reissuance_policy`, `terms_buyer`, `terms_consumer` and `redemption_instructions`, " +
					"each with `_markdown_url`, `_md` or `_html` behind it, as `content` says. A text the product does not have is null. An address may stop working when a text is replaced.",
				ElementType: types.StringType, Computed: true,
			},
		},
	}
	return attributes
}

type productDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*productDataSource)(nil)

func newProductDataSource() datasource.DataSource {
	return &productDataSource{dataSource{name: "runa_product", declared: productDataSchema}}
}

func (d *productDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var code, content types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("code"), &code)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("content"), &content)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	form := client.Content(cmp.Or(content.ValueString(), string(client.ContentURL)))
	product, err := d.session.catalog.Product(ctx, code.ValueString(), form)
	if err != nil {
		hint := ""
		if client.IsNotFound(err) {
			hint = d.session.catalog.Similar(ctx, code.ValueString())
		}
		resp.Diagnostics.Append(aboutProduct(code.ValueString(), err, d.session.endpoint, hint)...)
		return
	}
	results := productFieldsFromWire(product)
	results["content_resources"] = contentFromWire(product, form)
	resp.Diagnostics.Append(setResults(ctx, &resp.State, req.Config, results)...)
}
