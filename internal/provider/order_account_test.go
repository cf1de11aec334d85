package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const otherKey = "XXother.not-a-real-key"

// twoAccounts is a local Runa that takes two API keys.
func twoAccounts(t *testing.T) *testSandbox {
	t.Helper()
	options := quick
	options.APIKeys = []string{sandbox.Key, otherKey}
	return newSandbox(t, options)
}

// TestPlansAreMadeForOneAccount: what was planned with one API key is not bought with
// another, by a create or by an update.
func TestPlansAreMadeForOneAccount(t *testing.T) {
	t.Parallel()
	const refusal = "The plan was made for another account"
	c := newCore(t, twoAccounts(t), nil)
	config := plain(attrs{"idempotency_key": "k"})
	done, planned := c.plan(config)
	c.restart(attrs{"api_key": otherKey}, nil)
	got := c.carryOut(done, planned, config)
	c.severity(got, asError)
	c.expect(got, "create", "(no state)", 0, `AttributeName("account"): `+refusal, "plan again")

	c.restart(nil, nil)
	c.expect(c.apply(config), "create", "COMPLETED", 1)
	changed := plain(attrs{"idempotency_key": "k2", "description": "second", "on_change": "buy_again"})
	done, planned = c.plan(changed)
	c.restart(attrs{"api_key": otherKey}, nil)
	got = c.carryOut(done, planned, changed)
	c.severity(got, asError)
	c.expect(got, "update", "COMPLETED", 1, refusal)
}

// TestRenewedKey: the account reads on under its new API key, and nothing is to be done.
func TestRenewedKey(t *testing.T) {
	t.Parallel()
	c := newCore(t, twoAccounts(t), nil)
	config := plain(attrs{"idempotency_key": "k"})
	c.apply(config)
	before := c.get("account")
	c.restart(attrs{"api_key": otherKey}, nil)
	c.expect(c.apply(config), "", "COMPLETED", 1)
	if after := c.get("account"); after == before || after == "" {
		t.Errorf("account = %q, want another than %q", after, before)
	}
}

// TestClosedAttemptsOfAnotherAccount say nothing here: the chain begins again, as it does
// for a run that has no state.
func TestClosedAttemptsOfAnotherAccount(t *testing.T) {
	t.Parallel()
	c := newCore(t, twoAccounts(t), attrs{"validate_catalog": false})
	config := plain(attrs{"idempotency_key": "k"})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Times: 1}))
	c.apply(config)
	c.stands("k", 1)
	c.tainted = false
	c.settings = attrs{"validate_catalog": false, "api_key": otherKey}
	c.expect(c.apply(config), "update", "COMPLETED", 1, "attempt 1 with the same idempotency key")
	c.stands("k", 1)
}

// TestStatesWithoutAnAccount are read on, and learn it.
func TestStatesWithoutAnAccount(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	config := plain(attrs{"idempotency_key": "k"})
	c.apply(config)
	account := c.get("account")
	var fields map[string]tftypes.Value
	c.sb.must(t, c.state.As(&fields))
	fields["account"] = tftypes.NewValue(tftypes.String, nil)
	older := tftypes.NewValue(c.typ, fields)
	c.state = &older
	c.expect(c.apply(config), "", "COMPLETED", 1)
	if got := c.get("account"); got != account {
		t.Errorf("the account is %q, want %q", got, account)
	}
}
