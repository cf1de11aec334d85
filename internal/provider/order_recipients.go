package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// Who gets an order's rewards can be told in recipients_wo instead of in items. It is
// write-only: a configuration has it, and neither a plan nor a state. What a placed order
// is compared by is recipient_digests. They are one list beside items, and not arguments
// within them, because a CLI's work grows with every attribute of every item.

var recipientsAttribute = schema.ListNestedAttribute{
	MarkdownDescription: "Who gets the rewards, one element for each of `items` in the same order, as a write-only argument: neither the state nor a plan file holds it. " +
		"Null for an item whose `distribution_method` names its recipient, or needs none. Cannot be changed once the order is placed; it can be left out then, and an order that was bought with the recipients in `items` can move them here. " +
		"While an order is `UNCONFIRMED`, the state holds the request that was sent, recipients included. Needs Terraform 1.11 or OpenTofu 1.11. Default: null, which is the same as an empty list.",
	Optional: true, Sensitive: true, WriteOnly: true,
	NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"email_address": schema.StringAttribute{
			MarkdownDescription: "The same as `email_address` of the item's `distribution_method`. Set only one of them. Default: null.",
			Optional:            true, WriteOnly: true, Validators: []validator.String{isEmail},
		},
		"recipient_reference": schema.StringAttribute{
			MarkdownDescription: "The same as `recipient_reference` of the item's `distribution_method`. Set only one of them. Default: null.",
			Optional:            true, WriteOnly: true, Validators: []validator.String{isReference, isShorter(maxReference)},
		},
	}},
}

var recipientDigestsAttribute = schema.ListAttribute{
	MarkdownDescription: "For each item whose recipient is in `recipients_wo`, a digest by which the provider sees a change; null for the others. " +
		"A recipient cannot be read from it, but whoever guesses one can check the guess. If an apply of a saved plan stops because one of these has changed, it was given another recipient than the plan was made for, and did not buy the order. " +
		"Null if `recipients_wo` was never set.",
	ElementType: types.StringType, Computed: true,
}

var (
	recipientsType = recipientsAttribute.GetType().(basetypes.ListType)
	itemsType      = attributeType("items").(basetypes.ListType)
	noDigests      = types.ListNull(types.StringType)
)

// readRecipients takes the write-only recipients over from a configuration, and the items
// as they are written there, for comparing both.
func (m *orderModel) readRecipients(ctx context.Context, config tftypes.Value) diag.Diagnostics {
	var fields map[string]tftypes.Value
	if err := config.As(&fields); err != nil {
		return cannotConvert(path.Empty(), err)
	}
	value, err := recipientsType.ValueFromTerraform(ctx, fields["recipients_wo"])
	if err != nil {
		return cannotConvert(path.Root("recipients_wo"), err)
	}
	m.recipients = value.(types.List)
	if value, err = itemsType.ValueFromTerraform(ctx, fields["items"]); err != nil {
		return cannotConvert(path.Root("items"), err)
	}
	m.written = value.(types.List)
	return nil
}

// recipient is who gets one item's reward: null where nobody is named.
type recipient struct{ email, reference types.String }

func (r recipient) known() bool { return !r.email.IsUnknown() && !r.reference.IsUnknown() }

func (r recipient) given() bool { return !r.email.IsNull() || !r.reference.IsNull() }

// writeOnly is an item's recipient in recipients_wo.
func (m orderModel) writeOnly(item int) recipient {
	if m.recipients.IsUnknown() {
		return recipient{types.StringUnknown(), types.StringUnknown()}
	}
	elements := m.recipients.Elements()
	if item >= len(elements) {
		return recipient{types.StringNull(), types.StringNull()}
	}
	return recipientOf(elements[item])
}

// recipientOf is the recipient that an object names: a distribution method, or an element
// of recipients_wo.
func recipientOf(value attr.Value) recipient {
	object, _ := value.(types.Object)
	switch {
	case object.IsUnknown():
		return recipient{types.StringUnknown(), types.StringUnknown()}
	case object.IsNull():
		return recipient{types.StringNull(), types.StringNull()}
	}
	fields := object.Attributes()
	return recipient{fields["email_address"].(types.String), fields["recipient_reference"].(types.String)}
}

// or is a recipient with what it leaves out taken from another one.
func (r recipient) or(other recipient) recipient {
	if r.email.IsNull() {
		r.email = other.email
	}
	if r.reference.IsNull() {
		r.reference = other.reference
	}
	return r
}

// addressed is an order's items with their write-only recipients filled in. It is for
// comparing and sending, and must not be stored.
func (m orderModel) addressed() types.List {
	if m.recipients.IsNull() {
		return m.Items
	}
	return mapMethods(m.Items, func(item int, method recipient) recipient { return m.writeOnly(item).or(method) })
}

// mapMethods gives the items' distribution methods other recipients. What is null or
// unknown stays.
func mapMethods(items types.List, change func(item int, method recipient) recipient) types.List {
	if items.IsNull() || items.IsUnknown() {
		return items
	}
	elements := items.Elements()
	for i, element := range elements {
		item, _ := element.(types.Object)
		if item.IsNull() || item.IsUnknown() {
			continue
		}
		fields := item.Attributes()
		method := fields["distribution_method"].(types.Object)
		if method.IsNull() || method.IsUnknown() {
			continue
		}
		now, parts := change(i, recipientOf(method)), method.Attributes()
		parts["email_address"], parts["recipient_reference"] = now.email, now.reference
		fields["distribution_method"] = types.ObjectValueMust(distributionType.AttrTypes, parts)
		elements[i] = types.ObjectValueMust(itemType.AttrTypes, fields)
	}
	return types.ListValueMust(itemType, elements)
}

// withoutRecipients keeps everything of the items but who gets them.
func withoutRecipients(items types.List) types.List {
	return mapMethods(items, func(int, recipient) recipient { return recipient{types.StringNull(), types.StringNull()} })
}

// revealed is a recorded order's items, with each recipient that is recorded only as a
// digest filled in where the other items name that very recipient.
func (m orderModel) revealed(others types.List) types.List {
	digests := m.RecipientDigests.Elements()
	if len(digests) == 0 {
		return m.Items
	}
	who := recipientsIn(others)
	return mapMethods(m.Items, func(item int, method recipient) recipient {
		if item < len(digests) && item < len(who) && who[item].fits(digests[item]) {
			return who[item]
		}
		return method
	})
}

// recipientsIn are the recipients that items name.
func recipientsIn(items types.List) (all []recipient) {
	for _, element := range items.Elements() {
		one := recipient{types.StringUnknown(), types.StringUnknown()}
		if item, _ := element.(types.Object); !item.IsNull() && !item.IsUnknown() {
			one = recipientOf(item.Attributes()["distribution_method"])
		}
		all = append(all, one)
	}
	return all
}

const digestBytes = 16

// digest is what a recipient is recorded as. It depends on nothing else, neither on the
// account nor on the order: orders to one recipient are then known as copies, and a plan
// can give it before anything else is known. A salt that stands beside its digest would
// hardly keep anyone from trying addresses.
func (r recipient) digest() types.String {
	sum := sha256.Sum256([]byte("runa_order recipient\n" + r.email.ValueString() + "\n" + r.reference.ValueString()))
	return types.StringValue(hex.EncodeToString(sum[:digestBytes]))
}

// fits reports whether a digest is this recipient's.
func (r recipient) fits(digest attr.Value) bool { return r.known() && r.digest().Equal(digest) }

// planDigests plans what to record of the recipients, and takes those that are
// write-only out of the items. Recorded are the digests there are; bought says that they
// are of an order that stays.
func (m *orderModel) planDigests(recorded types.List, bought bool) {
	before := recorded.Elements()
	if m.recipients.IsNull() && len(before) == 0 {
		m.RecipientDigests = noDigests
		return
	}
	if m.Items.IsUnknown() {
		m.RecipientDigests = types.ListUnknown(types.StringType)
		return
	}
	who, some, unknown := recipientsIn(m.addressed()), false, false
	digests := make([]attr.Value, len(who))
	for i := range digests {
		var digest attr.Value = types.StringNull()
		if i < len(before) && isDigest(before[i]) {
			digest = before[i]
		}
		digests[i] = m.planDigest(i, who[i], digest, bought)
		some, unknown = some || isDigest(digests[i]), unknown || digests[i].IsUnknown()
	}
	m.Items = mapMethods(m.Items, func(item int, method recipient) recipient {
		if own := m.writeOnly(item); who[item].known() {
			return recipient{leaveOut(method.email, own.email), leaveOut(method.reference, own.reference)}
		}
		return method
	})
	switch {
	case some: // each of them binds the apply, whatever is not known of the others
		m.RecipientDigests = types.ListValueMust(types.StringType, digests)
	case unknown:
		m.RecipientDigests = types.ListUnknown(types.StringType) // there may be none in the end
	default:
		m.RecipientDigests = noDigests
	}
}

// isDigest reports whether a recipient's digest is known.
func isDigest(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

// knownDigests leaves out what is not known, where nothing was bought for it.
func knownDigests(digests types.List) types.List {
	if digests.IsUnknown() {
		return noDigests
	}
	elements, some := digests.Elements(), false
	for i, digest := range elements {
		if digest.IsUnknown() {
			elements[i] = types.StringNull()
		}
		some = some || isDigest(elements[i])
	}
	if !some {
		return noDigests
	}
	return types.ListValueMust(types.StringType, elements)
}

// leaveOut takes a recipient out of the items that is written somewhere else. What the
// configuration does not know yet stays unknown: a plan may not say otherwise.
func leaveOut(value, where types.String) types.String {
	if where.IsNull() || value.IsUnknown() {
		return value
	}
	return types.StringNull()
}

// planDigest is what to record of one recipient. Who is who gets the item, wherever it
// is written.
func (m orderModel) planDigest(item int, who recipient, recorded attr.Value, bought bool) attr.Value {
	own := m.writeOnly(item)
	switch {
	case !own.given():
		if !who.given() {
			return recorded // left out, as a placed order may
		}
		return types.StringNull()
	case !who.known() && bought:
		return recorded // compared when it is known
	case who.fits(recorded):
		return recorded
	case !who.known():
		return types.StringUnknown()
	}
	return who.digest()
}

// takeRecipients fills in the digests of a planned purchase, or refuses to send it to
// another recipient than was planned: a write-only argument is read anew in the apply. From
// a CLI, it is refused before: the CLI plans once more, and compares the digests.
func (m *orderModel) takeRecipients() (diags diag.Diagnostics) {
	diags.Append(checkRecipientsWO(m.written, *m)...)
	diags.Append(checkRecipients(*m)...)
	planned := m.RecipientDigests.Elements()
	for i, who := range recipientsIn(m.addressed()) {
		var digest attr.Value = types.StringNull()
		switch {
		case m.RecipientDigests.IsUnknown() || i < len(planned) && planned[i].IsUnknown():
			continue // not known in the plan
		case i < len(planned):
			digest = planned[i]
		}
		own := m.writeOnly(i)
		if own.given() == digest.IsNull() || own.given() && !who.fits(digest) {
			diags.Append(aboutOtherRecipient(i)...)
		}
	}
	if !diags.HasError() {
		m.planDigests(m.RecipientDigests, false)
	}
	return byCause(diags)
}

// digestRecipients puts digests in place of a request's recipients.
func digestRecipients(request *client.OrderRequest, recorded types.List) {
	digests := recorded.Elements()
	for i := range request.Items {
		method := &request.Items[i].DistributionMethod
		who := recipient{orNull(method.EmailAddress), orNull(method.RecipientReference)}
		method.EmailAddress, method.RecipientReference = "", ""
		switch {
		case who.given():
			method.EmailAddress = who.digest().ValueString()
		case i < len(digests):
			method.EmailAddress = digests[i].(types.String).ValueString()
		}
	}
}

// writtenAt is where the configuration has what is at a path of the items.
func (m orderModel) writtenAt(at path.Path) path.Path {
	for i := range m.recipients.Elements() {
		method := path.Root("items").AtListIndex(i).AtName("distribution_method")
		own := m.writeOnly(i)
		switch {
		case at.Equal(method.AtName("email_address")) && !own.email.IsNull():
			return path.Root("recipients_wo").AtListIndex(i).AtName("email_address")
		case at.Equal(method.AtName("recipient_reference")) && !own.reference.IsNull():
			return path.Root("recipients_wo").AtListIndex(i).AtName("recipient_reference")
		}
	}
	return at
}

// checkRecipientsWO compares recipients_wo with the items as they are written beside it.
// What is not known yet may be null in the end, so it is no mistake.
func checkRecipientsWO(written types.List, m orderModel) (diags diag.Diagnostics) {
	items, got := written.Elements(), len(m.recipients.Elements())
	if got == 0 || written.IsUnknown() {
		return nil // null, unknown, or the empty list that OpenTofu writes into generated configuration
	}
	if got != len(items) {
		return aboutRecipientCount(got, len(items))
	}
	for i, element := range items {
		item, _ := element.(types.Object)
		if item.IsNull() || item.IsUnknown() {
			continue
		}
		method, own := item.Attributes()["distribution_method"], m.writeOnly(i)
		kind, inItem := text(method, "type"), recipientOf(method)
		for _, field := range []struct {
			name        string
			here, there types.String
		}{{"email_address", own.email, inItem.email}, {"recipient_reference", own.reference, inItem.reference}} {
			at := path.Root("recipients_wo").AtListIndex(i).AtName(field.name)
			switch {
			case field.here.IsNull() || field.here.IsUnknown():
			case !field.there.IsNull() && !field.there.IsUnknown():
				diags.AddAttributeError(at, "Recipient given twice",
					fmt.Sprintf("%s is also set in the distribution_method of items[%d]. Nothing was bought.\n\nNext: remove one of them.", at, i))
			case kind != "" && !slices.Contains(recipientFields[kind], field.name):
				diags.AddAttributeError(at, "Field of another type",
					fmt.Sprintf("%s is not allowed for items[%d], which is of type %q. Nothing was bought.\n\nNext: remove it, or change the type.", at, i, kind))
			}
		}
	}
	return diags
}

// aboutRecipientCount stands at no attribute: a CLI would show the line of the
// configuration at which recipients_wo begins, which may hold an e-mail address.
func aboutRecipientCount(got, items int) (diags diag.Diagnostics) {
	diags.AddError("One recipient for each item",
		fmt.Sprintf("recipients_wo has %s, and items has %d. Nothing was bought.\n\n"+
			"Next: write one element for each item into recipients_wo, in the same order, and null for an item that needs none.", campaign.Count(got, "element"), items))
	return diags
}

func aboutOtherRecipient(item int) (diags diag.Diagnostics) {
	diags.AddAttributeError(path.Root("recipients_wo").AtListIndex(item), "Another recipient than in the plan",
		"The plan was made for another recipient of this item. A write-only argument is not stored in a plan, so its value is read again at apply, and it is different now. Nothing was bought.\n\n"+
			"Next: apply with the same recipient, or plan again.")
	return diags
}
