package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var balanceDataSchema = schema.Schema{
	MarkdownDescription: "Reads how much money the account holds in one currency. It changes with every order, so a value that resources depend on changes their plans: " +
		"it is meant for `check` blocks, preconditions and outputs. In the playground orders cost nothing, and Runa does not document what it shows here.",
	Attributes: map[string]schema.Attribute{
		"currency": schema.StringAttribute{
			MarkdownDescription: "Currency, as three capital letters (ISO 4217), such as `USD`. Fails for a currency in which Runa holds no balances.",
			Required:            true, Validators: []validator.String{isCurrency},
		},
		"balance": computedString("The balance, as an exact decimal in Runa's own digits. Zero if Runa supports the currency and the account has no money in it."),
	},
}

type balanceDataModel struct {
	Currency types.String `tfsdk:"currency"`
	Balance  types.String `tfsdk:"balance"`
}

type balanceDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*balanceDataSource)(nil)

func newBalanceDataSource() datasource.DataSource {
	return &balanceDataSource{dataSource{name: "runa_balance", declared: balanceDataSchema}}
}

func (d *balanceDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model balanceDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !needSession(d.session, &resp.Diagnostics) {
		return
	}
	balance, err := d.session.client.Balance(ctx, model.Currency.ValueString())
	if err != nil {
		resp.Diagnostics.Append(aboutBalance(model.Currency.ValueString(), err, d.session.endpoint)...)
		return
	}
	model.Balance = types.StringValue(string(balance.Balance))
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
