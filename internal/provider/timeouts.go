package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// How long operations may take: the attribute, its defaults and its rules.

const (
	defaultCreateTimeout = 10 * time.Minute
	defaultUpdateTimeout = 10 * time.Minute

	defaultCampaignTimeout = time.Hour
)

// checkTimeouts refuses times in which nothing could be done.
func checkTimeouts(timeouts timeouts.Value) (diags diag.Diagnostics) {
	for _, name := range []string{"create", "update"} {
		duration, err := time.ParseDuration(text(timeouts.Object, name))
		if err == nil && duration <= 0 {
			diags.AddAttributeError(path.Root("timeouts").AtName(name), "Timeout must be positive",
				fmt.Sprintf("%s leaves no time to place an order. Give a longer time, or leave it out for the default.", duration))
		}
	}
	return diags
}

// timeoutsAttribute describes both times with their defaults.
func timeoutsAttribute(create, update string) schema.Attribute {
	attribute := timeouts.Attributes(context.Background(), timeouts.Opts{
		Create: true, CreateDescription: create,
		Update: true, UpdateDescription: update,
	}).(schema.SingleNestedAttribute)
	attribute.MarkdownDescription = "How long operations may take. Can be changed at any time."
	return attribute
}
