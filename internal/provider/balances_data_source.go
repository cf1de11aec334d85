package provider

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var balancesDataSchema = schema.Schema{
	MarkdownDescription: "Lists the money the account holds, by currency. Runa names only currencies with money in them. It has no arguments. " +
		"Balances change with every order: they are meant for `check` blocks, preconditions and outputs.",
	Attributes: map[string]schema.Attribute{
		"balances": schema.ListNestedAttribute{
			MarkdownDescription: "The balances, in order of currency. Empty if the account has no money.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"currency": computedString("Currency, as three letters (ISO 4217)."),
				"balance":  computedString("The balance, as an exact decimal in Runa's own digits."),
			}},
		},
		"by_currency": schema.MapAttribute{
			MarkdownDescription: "The same by currency. A currency without money is missing: `lookup(data.runa_balances.all.by_currency, \"USD\", \"0\")`.",
			ElementType:         types.StringType, Computed: true,
		},
	},
}

type balancesDataModel struct {
	Balances   []balanceDataModel      `tfsdk:"balances"`
	ByCurrency map[string]types.String `tfsdk:"by_currency"`
}

type balancesDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*balancesDataSource)(nil)

func newBalancesDataSource() datasource.DataSource {
	return &balancesDataSource{dataSource{name: "runa_balances", declared: balancesDataSchema}}
}

func (d *balancesDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !needSession(d.session, &resp.Diagnostics) {
		return
	}
	balances, err := d.session.client.Balances(ctx)
	if err != nil {
		resp.Diagnostics.Append(aboutBalances(err, d.session.endpoint)...)
		return
	}
	slices.SortFunc(balances, func(a, b client.Balance) int { return cmp.Compare(a.Currency, b.Currency) })
	model := balancesDataModel{Balances: []balanceDataModel{}, ByCurrency: map[string]types.String{}}
	for _, balance := range balances {
		amount := types.StringValue(string(balance.Balance))
		model.Balances = append(model.Balances, balanceDataModel{Currency: types.StringValue(balance.Currency), Balance: amount})
		model.ByCurrency[balance.Currency] = amount
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
