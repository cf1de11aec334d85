package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// withTypes gives nested attributes the types that follow from them. The framework asks
// an attribute for its type at each value that it visits, dozens of times for one order
// of a plan, and would build it from the nested attributes each time: this was a sixth
// of the provider's work in a plan.
func withTypes(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	typed := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		typed[name] = withType(attribute)
	}
	return typed
}

func withType(attribute schema.Attribute) schema.Attribute {
	switch a := attribute.(type) {
	case schema.SingleNestedAttribute:
		if a.CustomType == nil {
			a.Attributes = withTypes(a.Attributes)
			a.CustomType = a.GetType().(types.ObjectType)
		}
		return a
	case schema.ListNestedAttribute:
		a.NestedObject = withObjectType(a.NestedObject)
		a.CustomType = a.GetType().(types.ListType)
		return a
	case schema.MapNestedAttribute:
		a.NestedObject = withObjectType(a.NestedObject)
		a.CustomType = a.GetType().(types.MapType)
		return a
	}
	return attribute
}

func withObjectType(object schema.NestedAttributeObject) schema.NestedAttributeObject {
	object.Attributes = withTypes(object.Attributes)
	object.CustomType = object.Type().(types.ObjectType)
	return object
}
