package provider

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

var payoutsSchema = schema.Schema{
	MarkdownDescription: "Reads the links of an order when they are needed, and never stores them: neither in the state nor in a plan file. " +
		"For write-only arguments and for the configuration of other providers. Needs Terraform 1.10 or OpenTofu 1.11. Nothing is bought.",
	Attributes: map[string]schema.Attribute{
		"order_id": schema.StringAttribute{
			MarkdownDescription: "Runa's id of the order: `order_id` of the resource `runa_order`. Fails if there is no such order. Default: null, as for an order that is not confirmed yet; there are no payouts then.",
			Optional:            true, Validators: []validator.String{isOrderID},
		},
		"status": schema.StringAttribute{
			MarkdownDescription: "`PROCESSING`, `COMPLETED` or `FAILED`. Null without an `order_id`.",
			Computed:            true,
		},
		"payouts": schema.ListNestedAttribute{
			MarkdownDescription: "Result of each reward, in the order of `items`, always with its link. Empty while the order is not confirmed or not finished, and for one that failed as a whole; a warning says so.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: linkedPayoutAttributes()},
		},
	},
}

// linkedPayoutAttributes are a payout's, and its link.
func linkedPayoutAttributes() map[string]schema.Attribute {
	attributes := asEphemeral(payoutAttributes)
	attributes["url"] = schema.StringAttribute{
		MarkdownDescription: "Link that redeems the reward. Whoever has it has the money.",
		Computed:            true, Sensitive: true,
	}
	return attributes
}

var linkedPayoutType = func() types.ObjectType {
	fields := maps.Clone(payoutType.AttrTypes)
	fields["url"] = types.StringType
	return types.ObjectType{AttrTypes: fields}
}()

func linkedPayouts(ctx context.Context, items []client.OrderedItem) (types.List, diag.Diagnostics) {
	payouts, diags := payoutsFromWire(ctx, items)
	linked := payouts.Elements()
	for i, payout := range linked {
		fields := payout.(types.Object).Attributes()
		fields["url"] = types.StringNull()
		if link := items[i].PayoutLink; link != nil {
			fields["url"] = orNull(link.URL)
		}
		linked[i] = types.ObjectValueMust(linkedPayoutType.AttrTypes, fields)
	}
	return types.ListValueMust(linkedPayoutType, linked), diags
}

type payoutsModel struct {
	OrderID types.String `tfsdk:"order_id"`
	Status  types.String `tfsdk:"status"`
	Payouts types.List   `tfsdk:"payouts"`
}

type payoutsEphemeral struct{ session *session }

var _ ephemeral.EphemeralResourceWithConfigure = (*payoutsEphemeral)(nil)

func newPayoutsEphemeral() ephemeral.EphemeralResource { return &payoutsEphemeral{} }

func (e *payoutsEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "runa_payouts"
}

func (e *payoutsEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = payoutsSchema
}

func (e *payoutsEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

// Open reads the order. One that is not confirmed or not finished gives no payouts
// and a warning: an error here would stop the very apply that finishes it.
func (e *payoutsEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model payoutsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.Payouts = types.ListValueMust(linkedPayoutType, []attr.Value{})
	if model.OrderID.IsNull() {
		resp.Diagnostics.Append(aboutNoPayoutsYet("It is not confirmed yet, and so has no order_id.")...)
		resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
		return
	}
	if !needSession(e.session, &resp.Diagnostics) {
		return
	}
	id := model.OrderID.ValueString()
	order, err := e.session.client.Order(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(aboutOrderLookup("order_id", id, err, e.session.endpoint)...)
		return
	}
	model.Status = types.StringValue(string(order.Status))
	switch {
	case order.Incomplete != nil:
		// What cannot be read now cannot be read after the next apply either.
		resp.Diagnostics.Append(aboutUnreadablePayouts(id, order.Incomplete)...)
		return
	case order.Status == client.StatusProcessing:
		resp.Diagnostics.Append(aboutNoPayoutsYet(fmt.Sprintf("Order %s is still PROCESSING.", id))...)
	default:
		if len(order.Items) == 0 {
			resp.Diagnostics.Append(aboutNoPayouts(order)...)
		}
		payouts, diags := linkedPayouts(ctx, order.Items)
		model.Payouts = payouts
		resp.Diagnostics.Append(diags...)
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
}

// asEphemeral declares a resource's attributes in an ephemeral resource, as they are.
func asEphemeral(attributes map[string]resourceschema.Attribute) map[string]schema.Attribute {
	declared := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case resourceschema.StringAttribute:
			declared[name] = schema.StringAttribute{MarkdownDescription: a.MarkdownDescription, Computed: a.Computed, Sensitive: a.Sensitive}
		case resourceschema.ListAttribute:
			declared[name] = schema.ListAttribute{MarkdownDescription: a.MarkdownDescription, ElementType: a.ElementType, Computed: a.Computed}
		default:
			panic(fmt.Sprintf("no ephemeral resource of ours has a %T of a resource's", a))
		}
	}
	return declared
}
