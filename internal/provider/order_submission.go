package provider

import (
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// What an order keeps of its sending is one attribute, so that a plan shows one line for
// it, and no "(sensitive value)" where nothing is sensitive yet. It is an attribute and
// not private state because Terraform drops private state when the provider dies in an
// Update, and keeps attributes.

// executionMode is how the order is sent.
func (m orderModel) executionMode() client.ExecutionMode {
	if m.ExecutionMode.IsNull() {
		return client.ModeAsync
	}
	return client.ExecutionMode(m.ExecutionMode.ValueString())
}

func (m *orderModel) setSubmission(at, request types.String) {
	m.Submission = types.ObjectValueMust(submissionType.AttrTypes, map[string]attr.Value{"submitted_at": at, "unconfirmed_request": request})
}

// keepSubmission notes when an attempt was first sent.
func (m *orderModel) keepSubmission(intent purchase.Intent) {
	if intent.FirstAttempt.IsZero() {
		m.Submission = types.ObjectNull(submissionType.AttrTypes)
		return
	}
	m.setSubmission(types.StringValue(intent.FirstAttempt.UTC().Format(time.RFC3339)), types.StringNull())
}

// keepIntent stores what an unconfirmed order must be settled with, and drops it when it
// has served. The request body, which may hold an e-mail address, is base64 in the JSON,
// so that it cannot be read by eye.
func (m *orderModel) keepIntent(result purchase.Result) (diags diag.Diagnostics) {
	request := types.StringNull()
	if result.Verdict == purchase.Unconfirmed {
		data, err := json.Marshal(result.Intent)
		if err != nil {
			diags.AddError("The order's request cannot be kept", err.Error())
			return diags
		}
		request = types.StringValue(string(data))
	}
	if at := orNull(text(m.Submission, "submitted_at")); !at.IsNull() || !request.IsNull() {
		m.setSubmission(at, request)
	}
	return nil
}

func (m *orderModel) loadIntent() (intent purchase.Intent, diags diag.Diagnostics) {
	if err := json.Unmarshal([]byte(text(m.Submission, "unconfirmed_request")), &intent); err != nil || intent.Key == "" {
		diags.AddError("The order's request is missing from the state",
			"The status is UNCONFIRMED, but the state does not hold the request that was sent. It may have been edited by hand. Nothing was sent. "+
				"Next: search for the order in Runa's portal. If it exists, remove this resource from the state and import the order by its id. "+
				"If it does not, remove this resource from the state, and the next apply buys it.")
	}
	return intent, diags
}
