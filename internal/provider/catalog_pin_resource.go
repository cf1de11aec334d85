package provider

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
)

type catalogPinResource struct{ session *session }

var (
	_ resource.ResourceWithConfigure  = (*catalogPinResource)(nil)
	_ resource.ResourceWithModifyPlan = (*catalogPinResource)(nil)
)

func newCatalogPinResource() resource.Resource { return &catalogPinResource{} }

func (r *catalogPinResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "runa_catalog_pin"
}

func (r *catalogPinResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = catalogPinSchema
}

func (r *catalogPinResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

// Create pins what passes now. Nothing of it is known at plan: the catalogue can move
// between plan and apply, and a promised value must be kept.
func (r *catalogPinResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan catalogPinModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(keepCodesGiven(ctx, resp.Private, plan)...)
	resp.Diagnostics.Append(r.pin(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

// Read compares what is pinned with the catalogue. What is pinned stays.
func (r *catalogPinResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state catalogPinModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.session == nil {
		return
	}
	codesGiven, diags := loadCodesGiven(ctx, req.Private, true)
	drift, more := r.compare(ctx, &state, codesGiven)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.Append(more...); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(keepCurrent(ctx, resp.Private, drift)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update pins again where the plan says so, and otherwise takes over settings.
func (r *catalogPinResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state catalogPinModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	codesGiven, diags := loadCodesGiven(ctx, req.Private, true)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.Products.IsUnknown() && keepsSelection(plan, state, codesGiven) {
		// A filter that was unknown at plan turns out to be what it was: nobody has
		// agreed to anything else.
		plan.keepResults(state)
		if plan.Codes.IsUnknown() {
			plan.Codes = state.Codes
		}
		plan.forgetDrift()
	}
	switch {
	case plan.Products.IsUnknown():
		resp.Diagnostics.Append(keepCodesGiven(ctx, resp.Private, plan)...)
		resp.Diagnostics.Append(r.pin(ctx, &plan)...)
	case plan.PinnedAt.IsUnknown():
		plan.PinnedAt = momentOf(time.Now()) // what was planned, and so agreed to
	case plan.Drift.IsUnknown():
		if needSession(r.session, &resp.Diagnostics) {
			_, diags := r.compare(ctx, &plan, codesGiven)
			resp.Diagnostics.Append(diags...)
		}
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

// Delete forgets the pin. There is nothing of it at Runa.
func (r *catalogPinResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// pin selects products and takes them over.
func (r *catalogPinResource) pin(ctx context.Context, m *catalogPinModel) (diags diag.Diagnostics) {
	if !needSession(r.session, &diags) {
		return diags
	}
	products, diags := selectProducts(ctx, r.session, m.productsFilterModel)
	if diags.HasError() {
		return diags
	}
	diags.Append(m.setPinned(ctx, products, time.Now())...)
	return diags
}

// compare records how far the catalogue is from the pin. Codes that the user did not
// name are a result, and no filter.
func (r *catalogPinResource) compare(ctx context.Context, m *catalogPinModel, codesGiven bool) (catalog.Drift, diag.Diagnostics) {
	filter, diags := selectionOf(*m, codesGiven).toWire()
	if diags.HasError() {
		return catalog.Drift{}, diags
	}
	drift, err := r.session.catalog.Compare(ctx, filter, productsToWire(m.Products), textsOf(m.Compare.Elements()))
	if err != nil {
		return drift, aboutUncheckedPin(err, r.session.endpoint)
	}
	m.setDrift(drift)
	return drift, diags
}

// selectionOf is what a model asks for.
func selectionOf(m catalogPinModel, codesGiven bool) productsFilterModel {
	if !codesGiven {
		m.Codes = types.ListNull(types.StringType)
	}
	return m.productsFilterModel
}

// keepsSelection reports whether an update asks for the products that are pinned, and
// does not agree to others.
func keepsSelection(plan, state catalogPinModel, codesGiven bool) bool {
	return plan.OnDrift.ValueString() != onDriftUpdate &&
		sameSelection(selectionOf(plan, !plan.Codes.IsUnknown()), selectionOf(state, codesGiven))
}

// sameSelection reports whether two selections ask for the same products.
func sameSelection(a, b productsFilterModel) bool {
	one, two := textsOf(a.Codes.Elements()), textsOf(b.Codes.Elements())
	slices.Sort(one)
	slices.Sort(two)
	return slices.Equal(slices.Compact(one), slices.Compact(two)) && a.Codes.IsNull() == b.Codes.IsNull() && !a.Codes.IsUnknown() &&
		a.CountriesRedeemableIn.Equal(b.CountriesRedeemableIn) && a.Categories.Equal(b.Categories) && a.IsOrderable.Equal(b.IsOrderable) &&
		a.Currency.Equal(b.Currency) && a.PayoutType.Equal(b.PayoutType) && a.NameRegex.Equal(b.NameRegex)
}
