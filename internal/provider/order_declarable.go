package provider

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// checkDeclarable checks an imported order against the rules for a configuration. One that
// breaks them, as a kind of product from after this version does, could be imported, and
// then no configuration would ever plan empty.
func (m orderModel) checkDeclarable(ctx context.Context) (diags diag.Diagnostics) {
	config, err := m.asConfiguration(ctx)
	if err == nil {
		var found *tfprotov6.ValidateResourceConfigResponse
		found, err = ruleServer().ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: "runa_order", Config: &config})
		if err == nil {
			return aboutUndeclarable(m.OrderID.ValueString(), found.Diagnostics)
		}
	}
	diags.AddError("A mistake in this provider", "The order cannot be checked: "+err.Error()+". Please report it.")
	return diags
}

// ruleServer is this provider, for its rules alone: the framework applies a schema's only
// as part of a server.
var ruleServer = sync.OnceValue(func() tfprotov6.ProviderServer { return serverOf(&runaProvider{}) })

// asConfiguration is the resource that declares an order. It can leave recipients out.
func (m orderModel) asConfiguration(ctx context.Context) (tfprotov6.DynamicValue, error) {
	m.Items = withoutRecipients(m.Items)
	state := tfsdk.State{Schema: orderSchema}
	if diags := state.Set(ctx, m); diags.HasError() {
		return tfprotov6.DynamicValue{}, fmt.Errorf("%v", diags)
	}
	fields := map[string]tftypes.Value{}
	if err := state.Raw.As(&fields); err != nil {
		return tfprotov6.DynamicValue{}, err
	}
	for name, attribute := range orderSchema.Attributes {
		if !attribute.IsRequired() && !attribute.IsOptional() {
			fields[name] = tftypes.NewValue(fields[name].Type(), nil)
		}
	}
	return tfprotov6.NewDynamicValue(state.Raw.Type(), tftypes.NewValue(state.Raw.Type(), fields))
}
