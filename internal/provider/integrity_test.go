package provider

import (
	"context"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// models pairs what a schema declares with the struct it is read into. A struct
// that holds a nested object as types.Object needs a row of its own for that object.
var models = map[string]struct {
	declared attr.Type
	model    any
}{
	"provider":      {providerSchema.Type(), providerModel{}},
	"runa_product":  {productDataSchema.Type(), nil}, // built by hand, as products are
	"runa_products": {productsDataSchema.Type(), productsDataModel{}},

	"runa_product_categories": {categoriesDataSchema.Type(), nil},
	"runa_product_countries":  {countriesDataSchema.Type(), nil},
	"runa_balance":            {balanceDataSchema.Type(), balanceDataModel{}},
	"runa_balances":           {balancesDataSchema.Type(), balancesDataModel{}},
	"runa_order (data)":       {orderDataSchema.Type(), orderDataModel{}},
	"runa_order (list)":       {orderListSchema.Type(), ordersFilterModel{}},
	"runa_orders":             {ordersDataSchema.Type(), ordersDataModel{}},
	"runa_order_estimate":     {estimateDataSchema.Type(), estimateDataModel{}},
	"runa_ping":               {pingDataSchema.Type(), pingDataModel{}},

	"runa_payouts": {payoutsSchema.Type(), payoutsModel{}},

	"runa_campaign":         {campaignSchema.Type(), campaignModel{}},
	"runa_campaign_payouts": {campaignPayoutsSchema.Type(), campaignPayoutsModel{}},

	"runa_catalog_pin": {catalogPinSchema.Type(), catalogPinModel{}},

	"runa_order":                     {orderSchema.Type(), orderModel{}},
	"runa_order payment_method":      {paymentMethodType, paymentMethodModel{}},
	"runa_order items":               {itemType, itemModel{}},
	"runa_order distribution_method": {distributionType, distributionModel{}},
	"runa_order products":            {productsType, productsModel{}},
	"runa_order usage_config":        {usageConfigType, usageConfigModel{}},
	"runa_order transaction_detail":  {transactionType, transactionModel{}},
	"runa_order payouts":             {payoutType, payoutModel{}},
}

// TestModelsAgreeWithSchemas reads an object in which everything is set into each
// model and writes it back: a missing, superfluous or wrongly typed field, at any
// depth, fails on the way.
func TestModelsAgreeWithSchemas(t *testing.T) {
	for name, pair := range models {
		if pair.model == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			declared, ok := pair.declared.(attr.TypeWithAttributeTypes)
			if !ok {
				t.Fatalf("the schema's type is %T, want an object", pair.declared)
			}
			value, err := declared.ValueFromTerraform(t.Context(), filled(declared.TerraformType(t.Context())))
			if err != nil {
				t.Fatal(err)
			}
			full, ok := value.(types.Object)
			if !ok {
				t.Fatalf("the value is %T, want an object", value)
			}
			model := reflect.New(reflect.TypeOf(pair.model))
			if diags := full.As(t.Context(), model.Interface(), basetypes.ObjectAsOptions{}); diags.HasError() {
				t.Fatalf("reading the object into the model: %v, want no errors", diags)
			}
			back, diags := types.ObjectValueFrom(t.Context(), declared.AttributeTypes(), model.Interface())
			if diags.HasError() {
				t.Fatalf("writing the model as an object: %v, want no errors", diags)
			}
			if !back.Equal(full) {
				t.Errorf("got  %s\nwant %s", back, full)
			}
		})
	}
}

// filled is a value of a type with everything in it set, and one element in every
// collection.
func filled(kind tftypes.Type) tftypes.Value {
	switch kind := kind.(type) {
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		for name, field := range kind.AttributeTypes {
			fields[name] = filled(field)
			if strings.HasPrefix(name, "created_") {
				fields[name] = tftypes.NewValue(field, "2026-05-01T00:00:00Z") // text is not enough
			}
		}
		return tftypes.NewValue(kind, fields)
	case tftypes.List:
		return tftypes.NewValue(kind, []tftypes.Value{filled(kind.ElementType)})
	case tftypes.Set:
		return tftypes.NewValue(kind, []tftypes.Value{filled(kind.ElementType)})
	case tftypes.Map:
		return tftypes.NewValue(kind, map[string]tftypes.Value{"key": filled(kind.ElementType)})
	}
	switch {
	case kind.Is(tftypes.String):
		return tftypes.NewValue(kind, "1s") // text, and a duration where one is wanted
	case kind.Is(tftypes.Bool):
		return tftypes.NewValue(kind, true)
	default:
		return tftypes.NewValue(kind, 1)
	}
}

// TestEveryModelIsListed keeps the table above complete as far as it can: each
// resource and data source is in it.
func TestEveryModelIsListed(t *testing.T) {
	schemas := providerSchemas(t)
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if _, ok := models[name]; !ok {
			t.Errorf("%s has no row in models, want one", name)
		}
	}
}

// TestEverythingIsDescribed: a description says what an attribute does, its limits
// and its default. At least it must be there, and be a sentence.
func TestEverythingIsDescribed(t *testing.T) {
	for name, schema := range providerSchemas(t) {
		checkDescription(t, name, schema.Block.Description)
		if len(schema.Block.BlockTypes) > 0 {
			t.Errorf("%s has %d blocks, want only attributes", name, len(schema.Block.BlockTypes))
		}
		checkDescriptions(t, name, schema.Block.Attributes)
	}
}

func checkDescriptions(t *testing.T, at string, attributes []*tfprotov6.SchemaAttribute) {
	t.Helper()
	for _, attribute := range attributes {
		name := at + "." + attribute.Name
		checkDescription(t, name, attribute.Description)
		if attribute.NestedType != nil {
			checkDescriptions(t, name, attribute.NestedType.Attributes)
		}
	}
}

func checkDescription(t *testing.T, name, text string) {
	t.Helper()
	switch {
	case text == "":
		t.Errorf("%s has no description, want one", name)
	case strings.TrimSpace(text) != text || !strings.HasSuffix(text, "."):
		t.Errorf("%s: the description is %q, want a sentence", name, text)
	}
}

// TestDefaultsAreDocumented: what a user may leave out says what happens then.
func TestDefaultsAreDocumented(t *testing.T) {
	var check func(at string, attributes []*tfprotov6.SchemaAttribute)
	check = func(at string, attributes []*tfprotov6.SchemaAttribute) {
		for _, attribute := range attributes {
			name, text := at+"."+attribute.Name, attribute.Description
			if attribute.Optional && !strings.Contains(text, "Default: ") && !strings.Contains(text, "Required") && attribute.NestedType == nil {
				t.Errorf("%s can be left out, and its description is %q, want it to say what happens then", name, text)
			}
			if attribute.NestedType != nil {
				check(name, attribute.NestedType.Attributes)
			}
		}
	}
	for name, schema := range providerSchemas(t) {
		check(name, schema.Block.Attributes)
	}
}

// TestSchemasAreValid runs the framework's own checks, which it otherwise leaves to
// the first use.
func TestSchemasAreValid(t *testing.T) {
	ctx := context.Background()
	if diags := providerSchema.ValidateImplementation(ctx); diags.HasError() {
		t.Errorf("provider: ValidateImplementation() = %v, want no errors", diags)
	}
	p := &runaProvider{version: "test", getenv: os.Getenv}
	for _, build := range p.Resources(ctx) {
		var resp resource.SchemaResponse
		build().Schema(ctx, resource.SchemaRequest{}, &resp)
		if diags := resp.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Errorf("%T: ValidateImplementation() = %v, want no errors", build(), diags)
		}
	}
	for _, build := range p.DataSources(ctx) {
		var resp datasource.SchemaResponse
		build().Schema(ctx, datasource.SchemaRequest{}, &resp)
		if diags := resp.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Errorf("%T: ValidateImplementation() = %v, want no errors", build(), diags)
		}
	}
}

// providerSchemas is everything the provider declares, as a CLI is told.
func providerSchemas(t *testing.T) map[string]*tfprotov6.Schema {
	t.Helper()
	resp, err := NewServer("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("GetProviderSchema() says %s: %s, want nothing", d.Summary, d.Detail)
	}
	schemas := map[string]*tfprotov6.Schema{"provider": resp.Provider}
	for _, some := range []struct {
		kind    string
		schemas map[string]*tfprotov6.Schema
	}{{"resource", resp.ResourceSchemas}, {"data", resp.DataSourceSchemas}, {"ephemeral", resp.EphemeralResourceSchemas}, {"list", resp.ListResourceSchemas}} {
		for name, schema := range some.schemas {
			if _, taken := schemas[name]; taken {
				name += " (" + some.kind + ")"
			}
			schemas[name] = schema
		}
	}
	return schemas
}
