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
)

// checkTimeouts refuses times in which nothing could be done.
func checkTimeouts(timeouts timeouts.Value) (diags diag.Diagnostics) {
	for _, name := range []string{"create", "update"} {
		duration, err := time.ParseDuration(text(timeouts.Object, name))
		if err == nil && duration <= 0 {
			diags.AddAttributeError(path.Root("timeouts").AtName(name), "Timeout must be positive",
				fmt.Sprintf("%s leaves no time to place an order. The default is 10m.", duration))
		}
	}
	return diags
}

func timeoutsAttribute() schema.Attribute {
	attribute := timeouts.Attributes(context.Background(), timeouts.Opts{
		Create:            true,
		Update:            true,
		CreateDescription: "Longest time to place an order and wait for it, such as `5m`. The order goes on at Runa after that, and the next apply picks it up. A request that was already sent is not cut off. After three orders of a run have used up their time without an answer from Runa, the others get less time. Default: `10m`.",
		UpdateDescription: "Longest time to wait for an order that an earlier apply left unfinished, such as `5m`. Default: `10m`.",
	}).(schema.SingleNestedAttribute)
	attribute.MarkdownDescription = "How long operations may take. Can be changed at any time."
	return attribute
}

func campaignTimeouts() schema.Attribute {
	attribute := timeouts.Attributes(context.Background(), timeouts.Opts{
		Create: true, CreateDescription: "Longest time to place the orders and wait for them, such as `30m`. What is not finished then is finished by the next apply. Default: `60m`.",
		Update: true, UpdateDescription: "Longest time for an update, such as `30m`. Default: `60m`.",
	}).(schema.SingleNestedAttribute)
	attribute.MarkdownDescription = "How long operations may take. Can be changed at any time."
	return attribute
}
