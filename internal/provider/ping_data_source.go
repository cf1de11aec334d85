package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var pingDataSchema = schema.Schema{
	MarkdownDescription: "Checks that Runa can be reached and accepts the API key. Fails otherwise. " +
		"Read it first if a pipeline should stop early. It has no arguments.",
	Attributes: map[string]schema.Attribute{
		"message":  computedString("Runa's answer, `pong`."),
		"base_url": computedString("Root of the API that answered."),
	},
}

type pingDataModel struct {
	Message types.String `tfsdk:"message"`
	BaseURL types.String `tfsdk:"base_url"`
}

type pingDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*pingDataSource)(nil)

func newPingDataSource() datasource.DataSource {
	return &pingDataSource{dataSource{name: "runa_ping", declared: pingDataSchema}}
}

func (d *pingDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !needSession(d.session, &resp.Diagnostics) {
		return
	}
	message, err := d.session.client.Ping(ctx)
	if err != nil {
		resp.Diagnostics.Append(aboutPing(err, d.session.endpoint)...)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, pingDataModel{
		Message: orNull(message), BaseURL: types.StringValue(d.session.client.BaseURL()),
	})...)
}

func aboutPing(err error, endpoint string) (diags diag.Diagnostics) {
	diags.AddError("Runa does not answer", "No ping came back from "+endpoint+".\n\n"+err.Error()+"\n\n"+readRemedy(err))
	return diags
}
