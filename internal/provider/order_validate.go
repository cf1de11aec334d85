package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ValidateConfig checks the rules that span attributes and need nothing from Runa.
// Whatever is unknown is left for later.
func (r *orderResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, diags := orders.get(ctx, req.Config.Raw)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(checkTimeouts(config.Timeouts)...)
	if config.Items.IsUnknown() || config.Items.IsNull() {
		return
	}
	if config.ExecutionMode.ValueString() == "sync" && len(config.Items.Elements()) > 1 {
		resp.Diagnostics.AddAttributeError(path.Root("execution_mode"), "Too many items for a sync order",
			fmt.Sprintf("A sync order has exactly one item, and this one has %d. Use one order for each item, or execution_mode = \"async\".", len(config.Items.Elements())))
	}
	redemption, selection := map[string]bool{}, map[string]bool{}
	for i, element := range config.Items.Elements() {
		item, ok := element.(types.Object)
		if !ok || item.IsNull() || item.IsUnknown() {
			continue
		}
		fields := item.Attributes()
		at := path.Root("items").AtListIndex(i)
		resp.Diagnostics.Append(checkWhole(at, fields["face_value"].(types.Number), text(fields["products"], "type"))...)
		redemption[text(fields["distribution_method"], "template_id")] = true
		selection[text(fields["products"], "template_id")] = true
	}
	config.recipients = config.RecipientsWO
	resp.Diagnostics.Append(checkRecipientsWO(config.Items, config)...)
	resp.Diagnostics.Append(checkTemplates("redemption", redemption)...)
	resp.Diagnostics.Append(checkTemplates("product selection", selection)...)
}

// checkRecipients refuses to buy for nobody. It cannot be part of ValidateConfig: a
// placed order may leave its recipients out.
func checkRecipients(plan orderModel) (diags diag.Diagnostics) {
	type lack struct{ field, kind string }
	var lacks []lack // in the order in which they are found
	lacking := map[lack][]int{}
	for i, element := range plan.addressed().Elements() {
		item, ok := element.(types.Object)
		if !ok || item.IsNull() || item.IsUnknown() {
			continue
		}
		method := item.Attributes()["distribution_method"].(types.Object)
		kind := text(method, "type")
		for _, name := range recipientFields[kind] {
			if one := (lack{name, kind}); method.Attributes()[name].IsNull() {
				if lacking[one] == nil {
					lacks = append(lacks, one)
				}
				lacking[one] = append(lacking[one], i)
			}
		}
	}
	for _, one := range lacks {
		diags.Append(aboutMissingRecipients(one.field, one.kind, lacking[one])...)
	}
	return diags
}

// aboutMissingRecipients is one message for all items that lack the same: an order of 200
// items can lack it 200 times for one reason.
func aboutMissingRecipients(field, kind string, items []int) (diags diag.Diagnostics) {
	at := make([]path.Path, len(items))
	for i, item := range items {
		at[i] = path.Root("items").AtListIndex(item).AtName("distribution_method").AtName(field)
	}
	next := fmt.Sprintf("set %s, or %s.", at[0], path.Root("recipients_wo").AtListIndex(items[0]).AtName(field))
	if len(items) > 1 {
		next = fmt.Sprintf("set it in each item's distribution_method, or in the element of recipients_wo with the same number.\n\nAffected attributes: %s.", joinPaths(at))
	}
	diags.AddAttributeError(pathIn(at), "Missing field", fmt.Sprintf("%s is required for type %q. Nothing was bought.\n\nNext: %s", field, kind, next))
	return diags
}

// checkWhole wants whole numbers for choices (SPEC, PST).
func checkWhole(at path.Path, number types.Number, kind string) (diags diag.Diagnostics) {
	if number.IsNull() || number.IsUnknown() || (kind != multiple && kind != template) {
		return nil
	}
	if value, exact := faceValue(number); exact && !value.IsInteger() {
		diags.AddAttributeError(at.AtName("face_value"), "Face value must be a whole number",
			fmt.Sprintf("Products of type %s are a choice. Runa sells a choice for whole amounts only, and this is %s.", kind, value))
	}
	return diags
}

func checkTemplates(what string, ids map[string]bool) (diags diag.Diagnostics) {
	delete(ids, "")
	if len(ids) > maxDifferentOfKind {
		diags.AddAttributeError(path.Root("items"), "Too many templates",
			fmt.Sprintf("An order can use at most %d different %s templates, and this one uses %d. Split the order.", maxDifferentOfKind, what, len(ids)))
	}
	return diags
}
