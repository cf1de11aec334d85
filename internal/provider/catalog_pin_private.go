package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
)

const (
	// privateCodesGiven says whether the user named the codes of a pin. The state alone
	// does not tell: it has codes either way.
	privateCodesGiven = "codes_named"
	// privateCurrent are the products that the filters selected at the last refresh,
	// where they had moved. A plan that agrees to them plans these: it shows what it
	// agrees to, planning again gives the same, and what depends on the pin is known.
	privateCurrent = "current"
)

func keepCodesGiven(ctx context.Context, store privateWriter, m catalogPinModel) diag.Diagnostics {
	codesGiven := "true"
	if m.Codes.IsUnknown() {
		codesGiven = "false"
	}
	return store.SetKey(ctx, privateCodesGiven, []byte(codesGiven))
}

// loadCodesGiven gives what otherwise says where nothing was kept: Terraform drops private
// state when a provider dies at work.
func loadCodesGiven(ctx context.Context, store privateReader, otherwise bool) (codesGiven bool, diags diag.Diagnostics) {
	data, diags := store.GetKey(ctx, privateCodesGiven)
	if len(data) == 0 {
		return otherwise, diags
	}
	return string(data) == "true", diags
}

func keepCurrent(ctx context.Context, store privateWriter, drift catalog.Drift) (diags diag.Diagnostics) {
	if drift.None() {
		return store.SetKey(ctx, privateCurrent, nil)
	}
	packed, err := tfprotov6.NewDynamicValue(productMapWire, productsFromWire(drift.Selected))
	if err == nil {
		var data []byte
		if data, err = json.Marshal(packed.MsgPack); err == nil {
			return store.SetKey(ctx, privateCurrent, data)
		}
	}
	diags.AddError("A mistake in this provider", "The products cannot be stored: "+err.Error()+". Please report it.")
	return diags
}

// loadCurrent is null if there are none.
func loadCurrent(ctx context.Context, store privateReader) (current types.Map, diags diag.Diagnostics) {
	current = types.MapNull(productType)
	data, diags := store.GetKey(ctx, privateCurrent)
	if diags.HasError() || len(data) == 0 {
		return current, diags
	}
	var packed tfprotov6.DynamicValue
	if json.Unmarshal(data, &packed.MsgPack) != nil {
		return current, diags
	}
	value, err := packed.Unmarshal(productMapWire)
	if err != nil {
		return current, diags // of another version: the apply reads them again
	}
	if products, err := productMap.ValueFromTerraform(ctx, value); err == nil {
		current = products.(types.Map)
	}
	return current, diags
}
