package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// account is which account this run buys with: where, and a digest of the API key. It
// is not known before Configure. Core compares it when it plans a saved plan again, and
// words a difference as a bug in the provider, so the value itself must say what is meant.
func (s *session) account() types.String {
	if s == nil {
		return types.StringUnknown()
	}
	return types.StringValue(s.client.BaseURL() + " " + s.client.Account())
}

// foreign reports whether an order is of another account, or was reached elsewhere.
// Older states do not say.
func (s *session) foreign(m orderModel) bool {
	return s != nil && !m.Account.IsNull() && !m.Account.IsUnknown() && !m.Account.Equal(s.account())
}

// takeAccount fills in the account of a planned purchase, or refuses to buy with
// another one than was planned.
func (s *session) takeAccount(plan *orderModel) (diags diag.Diagnostics) {
	if s.foreign(*plan) {
		diags.Append(aboutOtherAccount(*plan, s.endpoint)...)
	}
	plan.Account = s.account()
	return diags
}

// positionIn is where a recorded order's key stands at this run's account. What became
// of a key at another account says nothing of it here. Older states have no attempt.
func (s *session) positionIn(m orderModel) purchase.Position {
	if s.foreign(m) {
		return purchase.Position{}
	}
	return purchase.Position{
		Key: m.IdempotencyKey.ValueString(), Attempt: int(m.Attempt.ValueInt64()), Closed: standingOf(m) == purchase.Closed,
	}
}
