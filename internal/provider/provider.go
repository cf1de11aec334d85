// Package provider is Terraform's side of Runa: schemas, models, plans, states and
// diagnostics. What belongs to one resource, data source or function is in the files
// whose names begin with its name.
//
// It decides which key and which attempt an order is sent with, what a plan may change,
// and which outcome is an error and which a warning. How an attempt is bought exactly once
// is decided in internal/purchase, how a list becomes orders in internal/campaign, what can
// be bought in internal/catalog, and what a run may spend in internal/preflight. None of
// these knows Terraform's types: they end here.
package provider

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

type runaProvider struct {
	version string
	getenv  func(string) string
	clock   purchase.Clock // nil: the machine's
}

var (
	_ provider.ProviderWithFunctions          = (*runaProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*runaProvider)(nil)
	_ provider.ProviderWithListResources      = (*runaProvider)(nil)
)

func (p *runaProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "runa"
	resp.Version = p.version
}

func (p *runaProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema
}

// Configure makes no network call: a plan that needs nothing from Runa works
// without it, and a wrong key is reported by whatever uses it first.
func (p *runaProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	set, known, diags := model.settings(ctx, p.getenv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !known {
		return
	}
	api, err := client.New(client.Config{
		BaseURL:        set.baseURL,
		APIKey:         set.apiKey,
		APIVersion:     set.apiVersion,
		UserAgent:      userAgent(p.version, req.TerraformVersion),
		Headers:        set.headers,
		RequestTimeout: set.requestTimeout,
		Observe:        logExchange,
		ObserveOdd:     logOddity,
	})
	if err != nil {
		resp.Diagnostics.AddError("The Runa client cannot be set up", err.Error())
		return
	}
	s := &session{
		client:   api,
		catalog:  catalog.New(api),
		lists:    &rewardLists{},
		buyer:    purchase.New(api, purchase.Options{OrdersPerMinute: set.ordersPerMinute, Clock: p.clock}),
		endpoint: set.endpoint(),
		tag:      set.tagOrders,
		links:    set.storeLinks,

		readOnce: set.readOnce,
		now:      time.Now,

		rules:          set.validateCatalog,
		requireBalance: set.requireBalance,
		taken:          newTaken(os.TempDir(), time.Now()),
	}
	if p.clock != nil {
		s.now = p.clock.Now
	}
	s.checks = preflight.New(preflight.Options{
		API: api, Catalogue: s.catalog, Now: s.now, Production: set.environment == production, Limits: set.spendLimit,
	})
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData, resp.ListResourceData = s, s, s, s
}

func (p *runaProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newOrderResource, newCampaignResource, newCatalogPinResource}
}

func (p *runaProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newProductDataSource, newProductsDataSource, newProductCategoriesDataSource, newProductCountriesDataSource,
		newBalanceDataSource, newBalancesDataSource,
		newOrderDataSource, newOrdersDataSource, newOrderEstimateDataSource,
		newPingDataSource,
	}
}

func (p *runaProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newPayoutsEphemeral, newCampaignPayoutsEphemeral}
}

func (p *runaProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newOrderListResource}
}

func (p *runaProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newOrderKeyFunction}
}

// session is what Configure hands to everything that a user can write.
type session struct {
	client  *client.Client
	catalog *catalog.Catalog // what this run has read of it
	lists   *rewardLists
	buyer   *purchase.Buyer
	// endpoint names the environment in messages.
	endpoint string
	// tag says whether orders carry their key in their metadata.
	tag bool
	// links says whether states hold payout links, where an order does not say.
	links bool
	// readOnce says that final orders are not read again.
	readOnce bool
	now      func() time.Time

	rules          bool // whether plans are compared with the catalogue
	requireBalance bool
	checks         *preflight.Run
	taken          taken
}

// sessionOf takes the session out of what the framework hands around. It is nil
// before Configure, and where the provider's own settings are not known yet.
func sessionOf(data any, diags *diag.Diagnostics) *session {
	if data == nil {
		return nil
	}
	s, ok := data.(*session)
	if !ok {
		diags.AddError("A mistake in this provider", "Configure handed over an unexpected type. Please report it.")
	}
	return s
}

// needSession reports what a user can do about a session that is not there yet.
func needSession(s *session, diags *diag.Diagnostics) bool {
	if s != nil {
		return true
	}
	diags.AddError(
		"Runa cannot be reached yet",
		"The provider's settings depend on values that are known only after apply. "+
			"Apply what they depend on first (-target), or set them from variables or the environment.",
	)
	return false
}

func userAgent(version, cli string) string {
	if cli == "" {
		cli = "unknown"
	}
	return "terraform-provider-runa/" + version + " (+https://github.com/runa-community/terraform-provider-runa) Terraform/" + cli
}
