package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var orderListSchema = schema.Schema{
	MarkdownDescription: "Lists the account's orders for `terraform query`, wherever they were placed, so that they can be imported. Needs Terraform 1.14. " +
		"With `include_resource` each order is read separately, and shown as it would be imported, without secrets: links, e-mail addresses and recipient references. Nothing is bought.",
	Attributes: map[string]schema.Attribute{
		"status": schema.StringAttribute{
			MarkdownDescription: statusFilterDoc,
			Optional:            true, Validators: areNotEmpty,
		},
		"created_after": schema.StringAttribute{
			MarkdownDescription: createdAfterDoc,
			Optional:            true, CustomType: timetypes.RFC3339Type{},
		},
		"created_before": schema.StringAttribute{
			MarkdownDescription: createdBeforeDoc,
			Optional:            true, CustomType: timetypes.RFC3339Type{},
		},
	},
}

// orderListResource has the resource's name and way of being configured.
type orderListResource struct{ orderResource }

var (
	_ list.ListResourceWithConfigure      = (*orderListResource)(nil)
	_ list.ListResourceWithValidateConfig = (*orderListResource)(nil)
)

func newOrderListResource() list.ListResource { return &orderListResource{} }

func (l *orderListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = orderListSchema
}

// ValidateListResourceConfig refuses a range in which nothing lies.
func (l *orderListResource) ValidateListResourceConfig(ctx context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse) {
	var model ordersFilterModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(model.check()...)
	}
}

func (l *orderListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	orders, diags := l.find(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for _, order := range orders {
			if !push(l.listed(ctx, req, order)) {
				return
			}
		}
	}
}

// find lists what is wanted, and reads each order where more than that is asked for.
func (l *orderListResource) find(ctx context.Context, req list.ListRequest) (orders []client.Order, diags diag.Diagnostics) {
	var model ordersFilterModel
	diags.Append(req.Config.Get(ctx, &model)...)
	if diags.HasError() || !needSession(l.session, &diags) {
		return nil, diags
	}
	wanted, diags := model.toSearch(req.Limit)
	if diags.HasError() {
		return nil, diags
	}
	orders, err := wanted.in(l.session.client.Orders(ctx), l.session.now())
	if err == nil && req.IncludeResource {
		err = readEach(ctx, l.session.client, orders)
	}
	if err != nil {
		return nil, aboutListing("The orders cannot be read", "Orders", err, l.session.endpoint)
	}
	return orders, diags
}

// readsAtOnce is how many orders are read side by side.
const readsAtOnce = 8

// readEach replaces each order of a list by the whole order.
func readEach(ctx context.Context, api *client.Client, orders []client.Order) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readsAtOnce)
	for i := range orders {
		group.Go(func() (err error) {
			orders[i], err = api.Order(ctx, orders[i].ID)
			return err
		})
	}
	return group.Wait()
}

func (l *orderListResource) listed(ctx context.Context, req list.ListRequest, order client.Order) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(order)
	model, diags := unread(ctx)
	model.OrderID, model.Status = types.StringValue(order.ID), types.StringValue(string(order.Status))
	diags.Append(result.Identity.Set(ctx, model.identity())...)
	if req.IncludeResource {
		model, more := l.importOf(ctx, model, order)
		diags.Append(more...)
		diags.Append(result.Resource.Set(ctx, model)...)
	}
	result.Diagnostics = diags
	return result
}

// displayName tells orders apart for a person.
func displayName(order client.Order) string {
	parts := []string{order.ID, string(order.Status)}
	if order.TotalPrice != "" {
		parts = append(parts, string(order.TotalPrice)+" "+order.Currency)
	}
	if date, _, ok := strings.Cut(order.CreatedAt, "T"); ok {
		parts = append(parts, date)
	}
	if order.Description != "" {
		parts = append(parts, order.Description)
	}
	return strings.Join(parts, ", ")
}

// importOf is what an import would make of a listed order, without the secrets:
// Terraform prints what a query finds, sensitive or not. What cannot be imported stays
// as it is listed, with a warning.
func (l *orderListResource) importOf(ctx context.Context, listed orderModel, order client.Order) (orderModel, diag.Diagnostics) {
	whole := listed
	diags := whole.takeOver(ctx, l.session, order)
	if diags.HasError() {
		return listed, warningsOnly(diags)
	}
	whole.PayoutLinks = noLinks
	whole.Items = withoutRecipients(whole.Items)
	return whole, diags
}
