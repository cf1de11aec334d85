package provider

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const (
	carol = "carol@example.com"
	dave  = "dave@example.com"
)

// hidden is an order of two rewards, whose recipients are in recipients_wo.
func hidden(address string, changes attrs) attrs {
	config := attrs{
		"idempotency_key": "hidden",
		"recipients_wo":   []any{attrs{"email_address": address}, attrs{"email_address": address, "recipient_reference": "driver-77"}},
	}
	maps.Copy(config, changes)
	return withItems(config, attrs{}, attrs{})
}

// shown is the same order, with the recipients in items.
func shown(address string) attrs {
	return withItems(attrs{"idempotency_key": "hidden"}, attrs{"email_address": address}, attrs{"email_address": address, "recipient_reference": "driver-77"})
}

func withItems(config, first, second attrs) attrs {
	first, second = maps.Clone(first), maps.Clone(second)
	first["type"], second["type"] = "EMAIL", "RECIPIENT"
	config["items"] = []any{item(first, nil, "25"), item(second, product("P2C-US"), "10")}
	return plain(config)
}

// holdsNone wants neither address in what is stored.
func (c *orderHarness) holdsNone() {
	c.t.Helper()
	stored := c.state.String() + string(c.private)
	for _, secret := range []string{carol, dave, "driver-77"} {
		if strings.Contains(stored, secret) {
			c.t.Errorf("%s is stored, want it nowhere: %s", secret, stored)
		}
	}
}

// refuses wants a plan to fail with these words at these places, and nothing bought.
func (c *orderHarness) refuses(config attrs, status string, says ...string) {
	c.t.Helper()
	got, _ := c.plan(config)
	c.expect(got, got.action, status, len(c.sb.Ledger()), says...)
	if got.errors() == "" {
		c.t.Errorf("the plan has no errors, want it refused: %s", got.warnings())
	}
}

// sentTo wants every order of the ledger to have gone to these addresses, in turn.
func (c *orderHarness) sentTo(addresses ...string) {
	c.t.Helper()
	ledger := c.sb.Ledger()
	if len(ledger) != len(addresses) {
		c.t.Fatalf("the ledger has %d orders, want %d", len(ledger), len(addresses))
	}
	for i, entry := range ledger {
		if got := strings.Count(entry.Body, addresses[i]); got != 2 || !strings.Contains(entry.Body, "driver-77") {
			c.t.Errorf("order %d names %s %d times, want 2, and the reference: %s", i, addresses[i], got, entry.Body)
		}
	}
}

func TestWriteOnlyRecipients(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.expect(c.apply(hidden(carol, nil)), "create", "COMPLETED", 1)
	c.holdsNone()
	c.sentTo(carol)
	c.expect(c.apply(hidden(carol, nil)), "", "COMPLETED", 1)
	c.expect(c.apply(hidden(carol, attrs{"recipients_wo": nil})), "", "COMPLETED", 1) // left out, as generated configuration does
	c.expect(c.apply(hidden(carol, attrs{"recipients_wo": []any{}})), "", "COMPLETED", 1)
	c.expect(c.apply(hidden(carol, attrs{"recipients_wo": unknown})), "", "COMPLETED", 1)

	c.refuses(hidden(dave, nil), "COMPLETED", "A placed order cannot be changed",
		"recipients_wo[0].email_address, recipients_wo[1].email_address")
	reference := hidden(carol, nil)
	reference["recipients_wo"].([]any)[1].(attrs)["recipient_reference"] = "driver-78"
	c.refuses(reference, "COMPLETED", "A placed order cannot be changed", "recipients_wo[1].recipient_reference")
	c.refuses(shown(dave), "COMPLETED", "A placed order cannot be changed", "items[0].distribution_method.email_address")

	again := attrs{"on_change": "buy_again", "idempotency_key": "hidden-2"}
	c.expect(c.apply(hidden(dave, again)), "update", "COMPLETED", 2, "This plan buys again", "stays bought")
	c.holdsNone()
	c.sentTo(carol, dave)
	c.expect(c.apply(hidden(dave, again)), "", "COMPLETED", 2)
}

// TestRecipientsMove: a placed order's recipients go out of the state, and back.
func TestRecipientsMove(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.expect(c.apply(shown(carol)), "create", "COMPLETED", 1)
	c.refuses(hidden(dave, nil), "COMPLETED", "A placed order cannot be changed", "recipients_wo[0].email_address")
	c.expect(c.apply(hidden(carol, nil)), "update", "COMPLETED", 1)
	c.holdsNone()
	c.expect(c.apply(hidden(carol, nil)), "", "COMPLETED", 1)
	c.expect(c.apply(shown(carol)), "update", "COMPLETED", 1)
	if !strings.Contains(c.state.String(), carol) {
		t.Errorf("the state is %s, want %s in the items again", c.state, carol)
	}
	c.expect(c.apply(shown(carol)), "", "COMPLETED", 1)
}

// TestImportedRecipientsMove: an import reads the recipients, and the next apply takes
// them out of the state.
func TestImportedRecipientsMove(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.expect(c.apply(shown(carol)), "create", "COMPLETED", 1)
	id := c.get("order_id")
	c.forget()
	if got := c.adopt(id).errors(); got != "" {
		t.Fatal(got)
	}
	if !strings.Contains(c.state.String(), carol) {
		t.Fatalf("the state is %s, want %s, as read by the import", c.state, carol)
	}
	c.expect(c.apply(hidden(carol, nil)), "update", "COMPLETED", 1)
	c.holdsNone()
	c.expect(c.apply(hidden(carol, nil)), "", "COMPLETED", 1)
}

// TestWriteOnlyRecipientsSurviveALostAnswer: the request is kept while it is needed.
func TestWriteOnlyRecipientsSurviveALostAnswer(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	short := attrs{"timeouts": attrs{"create": "1s", "update": "1s"}}
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter}))
	c.expect(c.apply(hidden(carol, short)), "create", "UNCONFIRMED", 1, "not known")
	c.sb.ClearFaults()
	c.refuses(hidden(dave, short), "UNCONFIRMED", "An unconfirmed order cannot be changed", "recipients_wo[0].email_address")
	c.expect(c.apply(hidden(carol, short)), "update", "COMPLETED", 1, "still not known whether an order was placed")
	c.holdsNone()
	c.sentTo(carol)
	c.forget() // a lost state
	c.restart(nil, nil)
	c.expect(c.apply(hidden(carol, short)), "create", "COMPLETED", 1, "earlier run")
	c.holdsNone()
}

// TestRefusedWriteOnlyRecipients: the next attempt may go to somebody else.
func TestRefusedWriteOnlyRecipients(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Times: 1}))
	c.apply(hidden(carol, nil))
	if got := c.get("status"); got != statusRejected {
		t.Fatalf("status is %q, want %q", got, statusRejected)
	}
	c.holdsNone()
	if got := c.apply(hidden(dave, nil)); got.errors() != "" {
		t.Fatal(got.errors())
	}
	c.sentTo(dave)
	c.expect(c.apply(hidden(dave, nil)), "", "COMPLETED", 1)
}

// TestAPlanBuysForItsRecipientOnly: what is read again at apply must be what was planned.
func TestAPlanBuysForItsRecipientOnly(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	done, planned := c.plan(hidden(carol, nil))
	got := c.carryOut(done, planned, hidden(dave, nil))
	c.expect(got, "create", "(no state)", 0, "Another recipient than in the plan", "Affected attributes: recipients_wo[0], recipients_wo[1]", "Nothing was bought")

	// One that the plan did not know is taken as it is.
	done, planned = c.plan(hidden("", attrs{"recipients_wo": unknown}))
	c.expect(c.carryOut(done, planned, hidden(dave, nil)), "create", "COMPLETED", 1)
	c.sentTo(dave)
	c.holdsNone()
}

// TestUnknownItemsWithRecipients: a plan that knows neither is carried out.
func TestUnknownItemsWithRecipients(t *testing.T) {
	for name, later := range map[string]attrs{"write-only": hidden(carol, nil), "in items": shown(carol)} {
		t.Run(name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			early := hidden("", attrs{"recipients_wo": unknown})
			early["items"] = unknown
			if got, _ := c.plan(early); got.errors() != "" {
				t.Fatal(got.errors())
			}
			c.expect(c.apply(later), "create", "COMPLETED", 1)
			c.sentTo(carol)
			c.expect(c.apply(later), "", "COMPLETED", 1)
		})
	}
}

// TestARenewedKeyKnowsItsRecipients: a digest does not depend on the API key.
func TestARenewedKeyKnowsItsRecipients(t *testing.T) {
	options := quick
	options.APIKeys = []string{sandbox.Key, otherKey}
	c := newCore(t, newSandbox(t, options), nil)
	c.expect(c.apply(hidden(carol, nil)), "create", "COMPLETED", 1)
	c.restart(attrs{"api_key": otherKey}, nil)
	if got := c.apply(hidden(carol, nil)); got.errors() != "" {
		t.Fatal(got.errors())
	}
	c.refuses(hidden(dave, nil), "COMPLETED", "A placed order cannot be changed")
}

// TestCopiesOfWriteOnlyRecipients: a renamed order is seen by its digest.
func TestCopiesOfWriteOnlyRecipients(t *testing.T) {
	for name, test := range map[string]struct {
		address string
		says    []string
	}{
		"same":  {carol, []string{"buys the same order again"}},
		"other": {dave, nil},
	} {
		t.Run(name, func(t *testing.T) {
			first := newCore(t, newSandbox(t, quick), nil)
			first.expect(first.apply(hidden(carol, nil)), "create", "COMPLETED", 1)
			first.restart(nil, nil)
			first = first.another()
			first.plan(hidden(carol, nil))
			second := first.another()
			second.forget()
			got, _ := second.plan(hidden(test.address, attrs{"idempotency_key": nil}))
			second.expect(got, "create", "(no state)", 1, test.says...)
		})
	}
}

// TestAPlanBindsTheRecipientsItKnows: a recipient that is not known yet does not free the
// others, as the CLI compares what the plan says of each.
func TestAPlanBindsTheRecipientsItKnows(t *testing.T) {
	known := attrs{"email_address": carol}
	for name, test := range map[string]struct {
		planned, applied []any
		binds            bool
	}{
		"the first is known":    {[]any{known, unknown}, []any{attrs{"email_address": dave}, attrs{"email_address": carol, "recipient_reference": "driver-77"}}, true},
		"the second is known":   {[]any{unknown, attrs{"email_address": carol, "recipient_reference": "driver-77"}}, []any{known, attrs{"email_address": carol, "recipient_reference": "driver-78"}}, true},
		"only a part is known":  {[]any{known, attrs{"email_address": carol, "recipient_reference": unknown}}, []any{attrs{"email_address": dave}, attrs{"email_address": carol, "recipient_reference": "driver-77"}}, true},
		"left out in the apply": {[]any{known, unknown}, []any{nil, attrs{"email_address": carol, "recipient_reference": "driver-77"}}, true},
		"none is known":         {[]any{unknown, unknown}, []any{attrs{"email_address": dave}, attrs{"email_address": dave, "recipient_reference": "driver-77"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			first, planned := c.plan(hidden("", attrs{"recipients_wo": test.planned}))
			if first.errors() != "" {
				t.Fatal(first.errors())
			}
			later := hidden("", attrs{"recipients_wo": test.applied})
			if agree := c.agrees(planned, later); agree == test.binds {
				t.Errorf("the second plan agrees with the first: %v, want %v", agree, !test.binds)
			}
			if !test.binds {
				c.expect(c.carryOut(first, planned, later), "create", "COMPLETED", 1)
				c.sentTo(dave)
				return
			}
			got := c.carryOut(first, planned, later)
			c.expect(got, "create", "(no state)", 0, "Nothing was bought")
			if got.errors() == "" {
				t.Errorf("the apply has no errors, want it refused: %s", got.warnings())
			}
			// The plan's own recipients are bought for, once.
			settled := hidden(carol, nil)
			if !c.agrees(planned, settled) {
				t.Error("the second plan differs from the first, want it to agree for the same recipients")
			}
			c.expect(c.carryOut(first, planned, settled), "create", "COMPLETED", 1)
			c.sentTo(carol)
			c.holdsNone()
			c.expect(c.apply(settled), "", "COMPLETED", 1)
		})
	}
}

// agrees reports whether a CLI, which plans once more before it applies, finds everything
// that was planned in that plan. What was unknown may be anything.
func (c *orderHarness) agrees(planned *tfprotov6.PlanResourceChangeResponse, config attrs) bool {
	c.t.Helper()
	c.restart(c.settings, c.clock)
	again := c.propose(config, c.state)
	if got := errorsOf(again.Diagnostics); got != "" {
		c.t.Logf("the second plan says: %s", got)
		return false
	}
	return leavesAsPlanned(c.t, unpack(c.t, c.typ, planned.PlannedState), unpack(c.t, c.typ, again.PlannedState))
}

func leavesAsPlanned(t *testing.T, planned, now tftypes.Value) bool {
	t.Helper()
	fields, fieldsNow := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	elements, elementsNow := []tftypes.Value{}, []tftypes.Value{}
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsNull() || now.IsNull() || !now.IsKnown():
	case planned.As(&fields) == nil && now.As(&fieldsNow) == nil:
		for name, value := range fields {
			if !leavesAsPlanned(t, value, fieldsNow[name]) {
				return false
			}
		}
		return len(fields) == len(fieldsNow)
	case planned.As(&elements) == nil && now.As(&elementsNow) == nil && len(elements) == len(elementsNow):
		for i, value := range elements {
			if !leavesAsPlanned(t, value, elementsNow[i]) {
				return false
			}
		}
		return true
	}
	if !planned.Equal(now) {
		t.Logf("the second plan has %s, want %s", now, planned)
	}
	return planned.Equal(now)
}

// TestARecipientThatIsAddedAfterThePlan is refused: nobody was planned.
func TestARecipientThatIsAddedAfterThePlan(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	config := shown(carol)
	done, planned := c.plan(config)
	later := maps.Clone(config)
	later["recipients_wo"] = []any{attrs{"email_address": dave}, nil}
	c.expect(c.carryOut(done, planned, later), "create", "(no state)", 0, "Recipient given twice", "Another recipient than in the plan", "Nothing was bought")
}

// TestAPlanWithoutAnAccountKeepsDigests: what is recorded is known before Configure is.
func TestAPlanWithoutAnAccountKeepsDigests(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	mixed := withItems(attrs{"idempotency_key": "hidden", "recipients_wo": []any{attrs{"email_address": carol}, nil}},
		attrs{}, attrs{"email_address": carol, "recipient_reference": "driver-77"})
	c.expect(c.apply(mixed), "create", "COMPLETED", 1)
	settings := c.settings
	c.settings = attrs{"api_key": unknown}
	done, planned := c.plan(hidden(carol, nil))
	if done.errors() != "" {
		t.Fatal(done.errors())
	}
	c.restart(settings, nil)
	if got := c.carryOut(done, planned, hidden(carol, nil)); got.errors() != "" {
		t.Fatal(got.errors())
	}
	c.holdsNone()
	c.expect(c.apply(hidden(carol, nil)), "", "COMPLETED", 1)
}

// TestARefusedApplyKeepsNoUnknownDigest: a closed attempt is recorded again, and a state
// holds known values only.
func TestARefusedApplyKeepsNoUnknownDigest(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Times: 1}))
	c.apply(hidden(carol, nil))
	done, planned := c.plan(hidden("", attrs{"recipients_wo": []any{attrs{"email_address": carol}, unknown}}))
	got := c.carryOut(done, planned, hidden(dave, nil)) // fails if the state has unknown values
	c.expect(got, "replace", statusRejected, 0, "Another recipient than in the plan")
	c.expect(c.apply(hidden(dave, nil)), "replace", "COMPLETED", 1, "attempt")
	c.sentTo(dave)
}

// TestEitherWayToNameARecipient: a module can offer both, and leave one null. What is not
// known yet is no mistake.
func TestEitherWayToNameARecipient(t *testing.T) {
	link := func(recipient any) attrs {
		return plain(attrs{"recipients_wo": []any{attrs{"email_address": recipient}}})
	}
	email := func(inItem, writeOnly any) attrs {
		config := link(writeOnly)
		config["items"] = []any{item(attrs{"type": "EMAIL", "email_address": inItem}, nil, "25")}
		return config
	}
	for name, test := range map[string]struct {
		early, later attrs
		address      string // which is sent
		says         string // or why nothing is
	}{
		"in the item":               {email(unknown, unknown), email(carol, nil), carol, ""},
		"write-only":                {email(unknown, unknown), email(nil, carol), carol, ""},
		"write-only, as is known":   {email(unknown, carol), email(nil, carol), carol, ""},
		"in the item, as is known":  {email(carol, unknown), email(carol, nil), carol, ""},
		"both":                      {email(unknown, unknown), email(carol, dave), "", "recipients_wo[0].email_address is also set in the distribution_method of items[0]"},
		"both, the item is known":   {email(carol, unknown), email(carol, dave), "", "Recipient given twice"},
		"both, the other is known":  {email(unknown, carol), email(dave, carol), "", "Recipient given twice"},
		"both, and the same":        {email(unknown, unknown), email(carol, carol), "", "Recipient given twice"},
		"neither":                   {email(unknown, unknown), email(nil, nil), "", "set items[0].distribution_method.email_address, or recipients_wo[0].email_address"},
		"a link needs none":         {link(unknown), link(nil), "PAYOUT_LINK", ""},
		"a link takes none":         {link(unknown), link(carol), "", "recipients_wo[0].email_address is not allowed for items[0]"},
		"too few in the apply":      {plain(attrs{"recipients_wo": unknown}), plain(attrs{"recipients_wo": []any{nil, nil}}), "", "recipients_wo has 2 elements, and items has 1"},
		"a whole element is needed": {email(unknown, unknown), func() attrs { c := email(nil, nil); c["recipients_wo"] = []any{}; return c }(), "", "recipients_wo[0].email_address"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			if got := c.validate(test.early).errors(); got != "" {
				t.Fatalf("validate: %s, want no error while nothing is known", got)
			}
			done, planned := c.plan(test.early)
			if done.errors() != "" {
				t.Fatalf("plan: %s, want no error while nothing is known", done.errors())
			}
			if test.says == "" {
				c.agreesAndBuys(planned, test.later, test.address)
				return
			}
			second, _ := c.plan(test.later)
			if got := c.validate(test.later).errors() + second.errors(); !strings.Contains(got, test.says) || !strings.Contains(got, "Nothing was bought") {
				t.Errorf("validate and plan with known values: %q, want %q", got, test.says)
			}
			c.expect(c.carryOut(done, c.withItemsOf(planned, test.later), test.later), "create", "(no state)", 0, test.says, "Nothing was bought")
		})
	}
}

// agreesAndBuys applies the second plan of a CLI, in which everything is known.
func (c *orderHarness) agreesAndBuys(planned *tfprotov6.PlanResourceChangeResponse, config attrs, sent string) {
	c.t.Helper()
	if got := c.validate(config).errors(); got != "" {
		c.t.Fatalf("validate: %s, want no error", got)
	}
	if !c.agrees(planned, config) {
		c.t.Error("the second plan differs from the first, want it to agree")
	}
	c.expect(c.apply(config), "create", "COMPLETED", 1)
	if body := c.sb.Ledger()[0].Body; strings.Count(body, sent) != 1 {
		c.t.Errorf("the request is %s, want %s in it once", body, sent)
	}
	c.expect(c.apply(config), "", "COMPLETED", 1)
}

// withItemsOf is a plan with the items that a configuration has by now.
func (c *orderHarness) withItemsOf(planned *tfprotov6.PlanResourceChangeResponse, config attrs) *tfprotov6.PlanResourceChangeResponse {
	c.t.Helper()
	var fields map[string]tftypes.Value
	c.sb.must(c.t, unpack(c.t, c.typ, planned.PlannedState).As(&fields))
	fields["items"] = build(c.typ.AttributeTypes["items"], config["items"])
	now := *planned
	now.PlannedState = pack(c.t, c.typ, tftypes.NewValue(c.typ, fields))
	return &now
}

// TestCopiesUnderARenewedKey: a copy of an order that was bought with another API key is
// seen too.
func TestCopiesUnderARenewedKey(t *testing.T) {
	const again, renamed, twin = "This plan buys the same order again", "with another idempotency key", "Two orders are identical"
	writeOnly := func(address string, key any) attrs { return hidden(address, attrs{"idempotency_key": key}) }
	inItems := shown(carol)
	inItems["idempotency_key"] = nil
	for name, test := range map[string]struct {
		created []attrs
		says    string // once, and nothing else
	}{
		"same":                 {[]attrs{writeOnly(carol, nil)}, again},
		"same, in items":       {[]attrs{inItems}, again},
		"another recipient":    {[]attrs{writeOnly(dave, nil)}, ""},
		"a key of its own":     {[]attrs{writeOnly(carol, "hidden-2")}, renamed},
		"its own key":          {[]attrs{writeOnly(carol, "hidden")}, ""},
		"two of another":       {[]attrs{writeOnly(dave, nil), writeOnly(dave, nil)}, twin},
		"another, then a copy": {[]attrs{writeOnly(dave, nil), writeOnly(carol, nil)}, again},
	} {
		for _, later := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/seen later %v", name, later), func(t *testing.T) {
				first := newCore(t, newSandbox(t, sandbox.Options{Processing: -1, APIKeys: []string{sandbox.Key, otherKey}}), nil)
				// Bought with the first key, and the second item's digest made with the second.
				half := withItems(attrs{"idempotency_key": "hidden", "recipients_wo": []any{attrs{"email_address": carol}, nil}},
					attrs{}, attrs{"email_address": carol, "recipient_reference": "driver-77"})
				first.expect(first.apply(half), "create", "COMPLETED", 1)
				first.restart(attrs{"api_key": otherKey}, nil)
				if got := first.apply(hidden(carol, nil)); got.errors() != "" {
					t.Fatal(got.errors())
				}
				first.holdsNone()
				first.restart(first.settings, nil)
				first = first.another()
				var said []string
				forgotten := func() {
					got, _ := first.plan(nil) // its block was renamed
					said = append(said, got.warnings())
				}
				if !later {
					forgotten()
				}
				for _, config := range test.created {
					second := first.another()
					second.forget()
					got, _ := second.plan(config)
					if got.errors() != "" {
						t.Fatal(got.errors())
					}
					said = append(said, got.warnings())
				}
				if later {
					forgotten()
				}
				for _, summary := range []string{again, renamed, twin} {
					want := 0
					if summary == test.says {
						want = 1
					}
					if got := strings.Count(strings.Join(said, "\n"), summary); got != want {
						t.Errorf("%q is said %d times, want %d: %q", summary, got, want, said)
					}
				}
				if orders := len(first.sb.Ledger()); orders != 1 {
					t.Errorf("the ledger has %d orders, want 1", orders)
				}
			})
		}
	}
}

func TestInvalidRecipientsWO(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	tests := map[string]struct {
		recipients []any
		says       string
	}{
		"too few":       {[]any{attrs{"email_address": carol}}, "recipients_wo has 1 element, and items has 2"},
		"no address":    {[]any{attrs{"email_address": "Carol <carol@example.com>"}, nil}, "recipients_wo"},
		"wrong field":   {[]any{attrs{"email_address": carol, "recipient_reference": "x"}, nil}, "recipient_reference is not allowed for items[0]"},
		"bad reference": {[]any{nil, attrs{"email_address": carol, "recipient_reference": "a b"}}, "recipient_reference"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := c.validate(hidden("", attrs{"recipients_wo": test.recipients})).errors(); !strings.Contains(got, test.says) {
				t.Errorf("got %q, want %q", got, test.says)
			}
		})
	}
	twice := shown(carol)
	twice["recipients_wo"] = []any{attrs{"email_address": carol}, nil}
	if got := c.validate(twice).errors(); !strings.Contains(got, "email_address is also set in the distribution_method of items[0]") {
		t.Errorf("got %q, want that it is given twice", got)
	}
	mixed := shown(carol)
	for _, none := range [][]any{{nil, nil}, {}} {
		mixed["recipients_wo"] = none
		if got := c.validate(mixed).errors(); got != "" {
			t.Errorf("recipients_wo = %v: got %q, want no error", none, got)
		}
	}
	missing, _ := c.plan(hidden("", attrs{"recipients_wo": []any{attrs{"email_address": carol}, attrs{"email_address": carol}}}))
	if got := missing.errors(); !strings.Contains(got, `recipient_reference is required for type "RECIPIENT"`) {
		t.Errorf("got %q, want the missing reference", got)
	}
}

// TestRecipientDigest: every part counts, and a digest does not show what it is of.
func TestRecipientDigest(t *testing.T) {
	seen := map[string]string{}
	for _, one := range []recipient{{orNull(carol), orNull("")}, {orNull(dave), orNull("")}, {orNull(carol), orNull("x")}, {orNull(""), orNull(carol)}} {
		digest := one.digest()
		name := fmt.Sprint(one)
		if other, there := seen[digest.ValueString()]; there {
			t.Errorf("%s and %s have one digest, %s, want one each", name, other, digest)
		}
		seen[digest.ValueString()] = name
		if !one.fits(digest) {
			t.Errorf("%s: fits(%s) = false, want true, since it is its own digest", name, digest)
		}
	}
	if m := (orderModel{}); !fullyKnown(context.Background(), m.recipients) {
		t.Error("fullyKnown() of no write-only recipients = false, want true")
	}
}

// TestDigestsBeforeTheProviderIsConfigured: a plan binds its recipients even while a
// setting of the provider, such as its API key, is not known.
func TestDigestsBeforeTheProviderIsConfigured(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	c.server = serverOf(&runaProvider{version: "test", getenv: func(string) string { return "" }})
	planned := unpack(t, c.typ, c.propose(hidden(carol, nil), nil).PlannedState)
	digests := as[map[string]tftypes.Value](t, planned)["recipient_digests"]
	if want := (recipient{orNull(carol), orNull("")}).digest().ValueString(); !digests.IsFullyKnown() || as[string](t, as[[]tftypes.Value](t, digests)[0]) != want {
		t.Errorf("recipient_digests = %s, want [%s]", digests, want)
	}
}
