package provider

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// modelCodec reads and writes the model M of a resource, a struct with one framework
// value for each attribute. Get and Set of the framework do the same by looking at the
// struct and the schema again each time, which a plan of a thousand orders does some ten
// thousand times.
type modelCodec[M any] struct {
	wire   tftypes.Object
	fields []modelField
}

type modelField struct {
	name  string
	index int
	typ   attr.Type
}

// newModelCodec looks at struct and schema once. One that does not fit the other is a
// mistake of ours, which shows when the program starts.
func newModelCodec[M any](of schema.Schema) modelCodec[M] {
	model := reflect.TypeFor[M]()
	codec := modelCodec[M]{wire: of.Type().TerraformType(context.Background()).(tftypes.Object)}
	for index := range model.NumField() {
		if !model.Field(index).IsExported() {
			continue // what is never written
		}
		name := model.Field(index).Tag.Get("tfsdk")
		attribute, known := of.Attributes[name]
		if !known {
			panic(fmt.Sprintf("%s: the schema has no attribute %q", model, name))
		}
		codec.fields = append(codec.fields, modelField{name: name, index: index, typ: attribute.GetType()})
	}
	if len(codec.fields) != len(of.Attributes) {
		panic(fmt.Sprintf("%s has %d fields, and its schema %d attributes", model, len(codec.fields), len(of.Attributes)))
	}
	return codec
}

// get reads the model from what a plan, a state or a configuration holds.
func (c modelCodec[M]) get(ctx context.Context, raw tftypes.Value) (model M, diags diag.Diagnostics) {
	var values map[string]tftypes.Value
	if err := raw.As(&values); err != nil {
		return model, cannotConvert(path.Empty(), err)
	}
	fields := reflect.ValueOf(&model).Elem()
	for _, field := range c.fields {
		value, err := field.typ.ValueFromTerraform(ctx, values[field.name])
		if err != nil {
			diags.Append(cannotConvert(path.Root(field.name), err)...)
			continue
		}
		fields.Field(field.index).Set(reflect.ValueOf(value))
	}
	return model, diags
}

// set writes the model to where a plan or a state holds it.
func (c modelCodec[M]) set(ctx context.Context, raw *tftypes.Value, model M) (diags diag.Diagnostics) {
	fields := reflect.ValueOf(model)
	values := make(map[string]tftypes.Value, len(c.fields))
	for _, field := range c.fields {
		value, err := fields.Field(field.index).Interface().(attr.Value).ToTerraformValue(ctx)
		if want := c.wire.AttributeTypes[field.name]; err == nil && !value.Type().Equal(want) {
			err = fmt.Errorf("it is %s, and the schema has %s", value.Type(), want)
		}
		if err != nil {
			diags.Append(cannotConvert(path.Root(field.name), err)...)
			continue
		}
		values[field.name] = value
	}
	if !diags.HasError() {
		*raw = tftypes.NewValue(c.wire, values)
	}
	return diags
}

func cannotConvert(at path.Path, err error) (diags diag.Diagnostics) {
	diags.AddAttributeError(at, "Value cannot be converted",
		"This is a mistake of the provider: please report it. "+err.Error())
	return diags
}
