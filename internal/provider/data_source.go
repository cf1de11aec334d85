package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// dataSource is what all data sources have in common: all but Read, and the ValidateConfig
// that some have.
type dataSource struct {
	name     string
	declared schema.Schema
	session  *session
}

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.name
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.declared
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.session = sessionOf(req.ProviderData, &resp.Diagnostics)
}

// asData declares a resource's attributes in a data source, as they are.
func asData(attributes map[string]resourceschema.Attribute) map[string]schema.Attribute {
	declared := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		declared[name] = attributeAsData(attribute)
	}
	return declared
}

func attributeAsData(attribute resourceschema.Attribute) schema.Attribute {
	switch a := attribute.(type) {
	case resourceschema.StringAttribute:
		return schema.StringAttribute{
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
		}
	case resourceschema.NumberAttribute:
		return schema.NumberAttribute{
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
		}
	case resourceschema.ListAttribute:
		return schema.ListAttribute{
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators, ElementType: a.ElementType,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
		}
	case resourceschema.SingleNestedAttribute:
		return schema.SingleNestedAttribute{
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators, Attributes: asData(a.Attributes),
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
		}
	default:
		panic(fmt.Sprintf("no data source of ours has a %T of a resource's", attribute))
	}
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}
