package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// campaignHarness does what Terraform does with one runa_campaign, over the real protocol
// and without a CLI. Each plan is a run of its own.
type campaignHarness struct {
	t        *testing.T
	sb       *testSandbox
	settings attrs
	ahead    time.Duration // of the clock, of Runa's too
	server   tfprotov6.ProviderServer
	typ      tftypes.Object

	// What Terraform stores between runs.
	state   *tftypes.Value
	private []byte
}

func newCampaignCore(t *testing.T, sb *testSandbox) *campaignHarness {
	t.Helper()
	c := &campaignHarness{t: t, sb: sb}
	c.restart()
	return c
}

// restart begins a new provider process. What was stored stays.
func (c *campaignHarness) restart() {
	c.t.Helper()
	// A second's timeout is one on a slow machine, too.
	reader := newReaderAt(c.t, nil, &hurriedClock{now: time.Now().Add(c.ahead)}).at(c.sb, c.settings)
	c.server, c.typ = reader.server, reader.schemas.ResourceSchemas["runa_campaign"].ValueType().(tftypes.Object)
}

// refresh reads the stored campaign.
func (c *campaignHarness) refresh() (done run) {
	c.t.Helper()
	if c.state == nil {
		return done
	}
	resp, err := c.server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "runa_campaign", CurrentState: pack(c.t, c.typ, *c.state), Private: c.private})
	if err != nil {
		c.t.Fatal(err)
	}
	if done.diags = resp.Diagnostics; done.errors() == "" {
		c.store(resp.NewState, resp.Private)
	}
	return done
}

func (c *campaignHarness) store(state *tfprotov6.DynamicValue, private []byte) {
	c.t.Helper()
	c.state, c.private = nil, private
	if value := unpack(c.t, c.typ, state); !value.IsNull() {
		c.state = &value
	}
}

func (c *campaignHarness) prior() tftypes.Value {
	if c.state == nil {
		return tftypes.NewValue(c.typ, nil)
	}
	return *c.state
}

// plan is refresh and plan, and what applying it needs.
func (c *campaignHarness) plan(config attrs) (run, *tfprotov6.PlanResourceChangeResponse) {
	c.t.Helper()
	c.restart()
	done := c.refresh()
	if done.errors() != "" {
		return done, nil
	}
	configured := build(c.typ, config)
	resp, err := c.server.PlanResourceChange(c.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "runa_campaign", PriorState: pack(c.t, c.typ, c.prior()), PriorPrivate: c.private,
		ProposedNewState: pack(c.t, c.typ, c.proposed(configured)), Config: pack(c.t, c.typ, configured),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	done.diags = append(done.diags, resp.Diagnostics...)
	switch {
	case c.state == nil:
		done.action = "create"
	case done.errors() == "" && !unpack(c.t, c.typ, resp.PlannedState).Equal(*c.state):
		done.action = "update"
	}
	return done, resp
}

// proposed is Terraform's own proposal, as for an order.
func (c *campaignHarness) proposed(config tftypes.Value) tftypes.Value {
	c.t.Helper()
	var fields, prior map[string]tftypes.Value
	if err := config.As(&fields); err != nil {
		c.t.Fatal(err)
	}
	if c.state != nil {
		prior = as[map[string]tftypes.Value](c.t, *c.state)
	}
	all := map[string]tftypes.Value{}
	for name, value := range fields {
		attribute := campaignSchema.Attributes[name]
		switch {
		case attribute.IsWriteOnly():
			all[name] = tftypes.NewValue(c.typ.AttributeTypes[name], nil)
		case !value.IsNull() || !attribute.IsComputed():
			all[name] = value
		case prior != nil:
			all[name] = prior[name]
		default:
			all[name] = tftypes.NewValue(c.typ.AttributeTypes[name], unknown)
		}
	}
	return tftypes.NewValue(c.typ, all)
}

// carryOut applies a plan with a configuration, which may have another write-only list.
func (c *campaignHarness) carryOut(planned *tfprotov6.PlanResourceChangeResponse, config attrs) (done run) {
	c.t.Helper()
	after := unpack(c.t, c.typ, planned.PlannedState)
	resp, err := c.server.ApplyResourceChange(c.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "runa_campaign", PriorState: pack(c.t, c.typ, c.prior()), PlannedState: pack(c.t, c.typ, after),
		Config: pack(c.t, c.typ, build(c.typ, config)), PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.store(resp.NewState, resp.Private)
	return run{diags: resp.Diagnostics}
}

// apply is plan and apply, without errors, and gives all warnings.
func (c *campaignHarness) apply(config attrs) string {
	c.t.Helper()
	done, planned := c.plan(config)
	if done.errors() == "" && done.action != "" {
		done.diags = append(done.diags, c.carryOut(planned, config).diags...)
	}
	if got := done.errors(); got != "" {
		c.t.Fatalf("apply: errors %q, want none", got)
	}
	return done.warnings()
}

// bought wants these recipients in the ledger, each once.
func (c *campaignHarness) bought(want ...string) {
	c.t.Helper()
	var got []string
	for _, entry := range c.sb.Ledger() {
		for _, address := range addressesOf(c.t, entry) {
			name, _, _ := strings.Cut(address, "@")
			got = append(got, name)
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		c.t.Errorf("the ledger has %v, want %v", got, want)
	}
}

// gift is a reward of 25 USD for the recipient that has its id as a name, or another one.
func gift(id, recipient string) string {
	return fmt.Sprintf(`{"id":%q,"face_value":25,"products":{"type":"SINGLE","value":"ACME-US"},"distribution_method":{"type":"EMAIL","email_address":"%s@example.com"}}`, id, recipient)
}

// gifts are a list of them, "c:x" with another recipient than its id.
func gifts(names ...string) string {
	rows := make([]string, len(names))
	for i, name := range names {
		id, recipient, other := strings.Cut(name, ":")
		if !other {
			recipient = id
		}
		rows[i] = gift(id, recipient)
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// spring is a campaign with orders of two.
func spring(argument string, list any) attrs {
	return attrs{"name": "spring", "order_size": "2", argument: list, "timeouts": attrs{"create": "2s", "update": "30s"}}
}

// shownAt is the attribute at which messages about a list stand: see listPath.
var shownAt = map[string]string{"rewards": `AttributeName("rewards")`, "rewards_wo": ""}

// wantPieces wants all pieces in what was said.
func wantPieces(t *testing.T, said string, pieces ...string) {
	t.Helper()
	for _, piece := range pieces {
		if !strings.Contains(said, piece) {
			t.Errorf("said %q, want %q in it", said, piece)
		}
	}
}

// TestCampaignOpenOrder: while it is not known whether an order was placed, none of its
// rewards can be changed or removed, and what it may cost is said. Whoever restores the
// list gets it bought once.
func TestCampaignOpenOrder(t *testing.T) {
	t.Parallel()
	sent := gifts("a", "b", "c", "d")
	edits := map[string]struct {
		list string
		says []string
	}{
		"two removed":                 {gifts("a", "b"), []string{"id c: it is in order 2 (UNCONFIRMED), and no longer in the list\nid d: it is"}},
		"one corrected":               {gifts("a", "b", "c:x", "d"), []string{"row 3, id c: order 2 (UNCONFIRMED) was sent with different contents"}},
		"one corrected with a new id": {gifts("a", "b", "c2:x", "d"), []string{"id c: it is in order 2 (UNCONFIRMED), and no longer in the list"}},
		"all removed":                 {gifts(), []string{"id c: it is in order 2", "id d: it is in order 2"}},
	}
	for name, loss := range map[string]struct {
		fault  sandbox.Fault
		ledger []string
	}{
		"not placed": {onOrders(sandbox.Fault{Skip: 1, Action: sandbox.ActionDropBefore}), []string{"a", "b"}},
		"placed":     {onOrders(sandbox.Fault{Skip: 1, Action: sandbox.ActionDropAfter}), []string{"a", "b", "c", "d"}},
	} {
		for _, argument := range []string{"rewards", "rewards_wo"} {
			t.Run(name+" "+argument, func(t *testing.T) {
				t.Parallel()
				c := newCampaignCore(t, newSandbox(t, quick))
				c.sb.must(t, c.sb.AddFault(loss.fault))
				wantPieces(t, c.apply(spring(argument, sent)), unconfirmedSummary, "Order 2 of campaign \"spring\" (2 rewards: c to d) may or may not have been bought")
				c.sb.ClearFaults()
				c.bought(loss.ledger...)
				posts := len(c.sb.Journal())
				_, blind := c.plan(spring(argument, unknown))
				for edit, test := range edits {
					done, _ := c.plan(spring(argument, test.list))
					wantPieces(t, done.errors(), append(test.says, shownAt[argument]+": Rewards of an unconfirmed order cannot be changed", "nothing was bought", "Next: undo the change")...)
					if strings.Contains(done.warnings(), "stay bought") {
						t.Errorf("%s: plan warns %q, want nothing said to be bought", edit, done.warnings())
					}
					before := c.prior()
					late := c.carryOut(blind, spring(argument, test.list))
					wantPieces(t, late.errors(), append(test.says, "Rewards of an unconfirmed order cannot be changed")...)
					if !before.Equal(c.prior()) {
						t.Errorf("%s: a refused update left %s, want the state as it was, %s", edit, c.prior(), before)
					}
				}
				for _, call := range c.sb.Journal()[posts:] {
					if call.Method == "POST" && call.Path == "/order" {
						t.Error("an order was sent, want none while the list is not as it was")
					}
				}
				c.bought(loss.ledger...)

				done, _ := c.plan(spring(argument, sent))
				wantPieces(t, done.warnings(), "Unconfirmed orders are waiting", `Campaign "spring" may have bought 2 rewards in 1 order, 50.00 USD. This order was sent earlier, and it is not known whether it was placed. The next apply sends again what was not placed if that is still safe.`,
					"This plan may buy rewards", `Campaign "spring" may buy 2 rewards in 1 order, 50.00 USD.`, "In addition, 2 rewards in 1 order are already bought")
				more := gifts("e", "d", "c", "b", "a")
				wantPieces(t, c.apply(spring(argument, more)), "This plan buys rewards", `Campaign "spring" buys 1 reward in 1 order, 25.00 USD. In addition, it may buy 2 rewards in 1 order, 50.00 USD.`)
				c.bought("a", "b", "c", "d", "e")
				if done, _ := c.plan(spring(argument, more)); len(done.diags) > 0 || done.action != "" {
					t.Errorf("the next plan: %q, errors %q, warnings %q, want nothing to do", done.action, done.errors(), done.warnings())
				}
				wantPieces(t, c.apply(spring(argument, gifts("a", "b", "d", "e"))), shownAt[argument]+": Removed rewards stay bought", `1 reward of campaign "spring" is bought but no longer in the list: c. It stays bought`)
				c.bought("a", "b", "c", "d", "e")
			})
		}
	}
}

// digest is rewards_wo_digest in the state, "" for null.
func (c *campaignHarness) digest() string {
	c.t.Helper()
	fields := as[map[string]tftypes.Value](c.t, c.prior())
	if fields["rewards_wo_digest"].IsNull() {
		return ""
	}
	return as[string](c.t, fields["rewards_wo_digest"])
}

// idle wants a plan with nothing to do.
func (c *campaignHarness) idle(config attrs) {
	c.t.Helper()
	if done, _ := c.plan(config); done.action != "" || len(done.diags) > 0 {
		c.t.Errorf("plan: %q, errors %q, warnings %q, want nothing to do", done.action, done.errors(), done.warnings())
	}
}

// TestCampaignOtherList: a plan buys the write-only list that it was made for, and no other
// one, in a create and in an update.
func TestCampaignOtherList(t *testing.T) {
	t.Parallel()
	c := newCampaignCore(t, newSandbox(t, quick))
	refuse := func(planned *tfprotov6.PlanResourceChangeResponse, list string, ledger ...string) {
		t.Helper()
		before := c.prior()
		late := c.carryOut(planned, spring("rewards_wo", list))
		wantPieces(t, late.errors(), "Another list than in the plan", "another list in rewards_wo", "Nothing was sent, and nothing was bought", "Next: apply with the list")
		if strings.Contains(late.errors(), "@") {
			t.Errorf("the refusal is %q, want no recipient in it", late.errors())
		}
		if !before.Equal(c.prior()) {
			t.Errorf("a refused apply left %s, want the state as it was, %s", c.prior(), before)
		}
		c.bought(ledger...)
	}
	_, planned := c.plan(spring("rewards_wo", gifts("a", "b", "c")))
	if _, again := c.plan(spring("rewards_wo", gifts("c", "a", "b"))); !unpack(t, c.typ, planned.PlannedState).Equal(unpack(t, c.typ, again.PlannedState)) {
		t.Error("a second plan of the same list is another one, want the same")
	}
	for _, list := range []string{gifts("a", "b:x", "c"), gifts("a", "b", "c", "d"), gifts("a", "b"), gifts()} {
		refuse(planned, list)
	}
	if got := c.carryOut(planned, spring("rewards_wo", gifts("c", "b", "a"))); got.errors() != "" {
		t.Fatalf("apply of the same list in another order: errors %q, want none", got.errors())
	}
	c.bought("a", "b", "c")
	if got := c.digest(); !strings.HasPrefix(got, "3 rewards, digest ") {
		t.Errorf("rewards_wo_digest = %q, want it to say 3 rewards", got)
	}

	more := gifts("a", "b", "c", "d")
	_, planned = c.plan(spring("rewards_wo", more))
	for _, list := range []string{gifts("a", "b", "c", "d:x"), gifts("a", "b", "c", "d", "e"), gifts("a", "b", "c")} {
		refuse(planned, list, "a", "b", "c")
	}
	if got := c.carryOut(planned, spring("rewards_wo", more)); got.errors() != "" {
		t.Fatalf("apply of the planned list: errors %q, want none", got.errors())
	}
	c.bought("a", "b", "c", "d")

	settings := spring("rewards_wo", more)
	settings["max_orders_searched"] = "50"
	_, planned = c.plan(settings)
	refuse(planned, gifts("a", "b", "c", "d", "e"), "a", "b", "c", "d")
}

// TestCampaignDigest: what a plan is bound by is recorded, and changes only with the list.
func TestCampaignDigest(t *testing.T) {
	t.Parallel()
	c := newCampaignCore(t, newSandbox(t, sandbox.Options{Processing: -1, APIKeys: []string{sandbox.Key, otherKey}}))
	listed := spring("rewards", gifts("a", "b", "c"))
	c.apply(listed)
	if got := c.digest(); got != "" {
		t.Errorf("with rewards, rewards_wo_digest = %q, want null", got)
	}
	c.idle(listed)

	_, blind := c.plan(spring("rewards_wo", unknown)) // the list moves to rewards_wo
	hidden := spring("rewards_wo", gifts("a", "b", "c"))
	if got := c.carryOut(blind, hidden); got.errors() != "" {
		t.Fatalf("apply of a list that was not known: errors %q, want none", got.errors())
	}
	first := c.digest()
	wantPieces(t, first, "3 rewards, digest ")
	c.idle(hidden)
	c.idle(spring("rewards_wo", gifts("c", "b", "a")))
	c.settings = attrs{"api_key": otherKey}
	c.idle(hidden) // finished, and the API key was renewed
	if got := c.digest(); got != first {
		t.Errorf("with a renewed API key, rewards_wo_digest = %q, want it as it was, %q", got, first)
	}
	c.settings = nil

	c.apply(spring("rewards_wo", gifts("a", "b")))
	wantPieces(t, c.digest(), "2 rewards, digest ")
	c.apply(hidden)
	if got := c.digest(); got != first {
		t.Errorf("with the first list again, rewards_wo_digest = %q, want %q again", got, first)
	}
	c.idle(hidden)
	c.apply(listed)
	if got := c.digest(); got != "" {
		t.Errorf("with rewards again, rewards_wo_digest = %q, want null", got)
	}
	c.idle(listed)
	c.bought("a", "b", "c")
}

// TestCampaignPlannedBlind: a plan that knows no account yet is bound to its list all the
// same.
func TestCampaignPlannedBlind(t *testing.T) {
	t.Parallel()
	c := newCampaignCore(t, newSandbox(t, quick))
	c.settings = attrs{"api_key": unknown}
	_, planned := c.plan(spring("rewards_wo", gifts("a", "b", "c")))
	c.settings = nil
	c.restart()
	for _, list := range []string{gifts("a", "b:x", "c"), gifts("a", "b", "c", "d")} {
		wantPieces(t, c.carryOut(planned, spring("rewards_wo", list)).errors(), "Another list than in the plan", "nothing was bought")
	}
	c.bought()
	if got := c.carryOut(planned, spring("rewards_wo", gifts("a", "b", "c"))); got.errors() != "" {
		t.Fatalf("apply of the planned list: errors %q, want none", got.errors())
	}
	c.bought("a", "b", "c")
}

// TestCampaignGivesUpItsRest: rewards that were never sent can leave the list, and the
// campaign is complete then.
func TestCampaignGivesUpItsRest(t *testing.T) {
	t.Parallel()
	for _, argument := range []string{"rewards", "rewards_wo"} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			c := newCampaignCore(t, newSandbox(t, quick))
			c.sb.must(t, c.sb.AddFault(onOrders(sandbox.Fault{Skip: 1, Action: sandbox.ActionStatus, Status: 401})))
			c.apply(spring(argument, gifts("a", "b", "c", "d", "e")))
			c.sb.ClearFaults()
			c.bought("a", "b")
			c.apply(spring(argument, gifts("a", "b")))
			c.idle(spring(argument, gifts("a", "b")))
			if fields := as[map[string]tftypes.Value](t, c.prior()); !as[bool](t, fields["complete"]) {
				t.Errorf("complete = false, statuses %s, want true", fields["statuses"])
			}
			c.bought("a", "b")
		})
	}
}

// TestCampaignLists: exactly one list, and what is not known yet may be null.
func TestCampaignLists(t *testing.T) {
	t.Parallel()
	c := newCampaignCore(t, newSandbox(t, quick))
	for _, test := range []struct {
		rewards, writeOnly any
		at, says           string // "" is no attribute, and nothing
	}{
		{nil, nil, "rewards", "neither rewards nor rewards_wo is set"},
		{gifts("a"), gifts("a"), "", "both rewards and rewards_wo are set"},
		{gifts("a"), nil, "", ""},
		{nil, gifts("a"), "", ""},
		{gifts("a"), unknown, "", ""},
		{unknown, nil, "", ""},
		{unknown, unknown, "", ""},
	} {
		config := build(c.typ, attrs{"name": "Spring", "rewards": test.rewards, "rewards_wo": test.writeOnly})
		resp, err := c.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: "runa_campaign", Config: pack(t, c.typ, config),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		got := errorsOf(resp.Diagnostics)
		if test.says == "" && got != "" || !strings.Contains(got, test.says) || test.at != "" && !strings.Contains(got, fmt.Sprintf("AttributeName(%q): ", test.at)) {
			t.Errorf("rewards %v, rewards_wo %v: errors %q, want %q at %q", test.rewards, test.writeOnly, got, test.says, test.at)
		}
	}
}

// TestCampaignOrderThatCannotBeSentAgain: after 30 days an order without an answer is never
// sent again, and the message has the way out.
func TestCampaignOrderThatCannotBeSentAgain(t *testing.T) {
	t.Parallel()
	options := quick
	options.APIKeys = []string{sandbox.Key, otherKey}
	for name, test := range map[string]struct {
		after    time.Duration
		settings attrs
		says     string
	}{
		"too late":            {30 * 24 * time.Hour, nil, "can no longer find out whether an order of the campaign was placed"},
		"after a renewed key": {time.Hour, attrs{"api_key": otherKey}, "was sent with another API key or base URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCampaignCore(t, newSandbox(t, options))
			list := spring("rewards", gifts("a", "b", "c", "d"))
			c.sb.must(t, c.sb.AddFault(onOrders(sandbox.Fault{Skip: 1, Action: sandbox.ActionDropBefore})))
			c.apply(list)
			c.sb.ClearFaults()
			c.sb.Advance(test.after)
			c.ahead, c.settings = test.after, test.settings
			done, planned := c.plan(list)
			if got := done.errors(); got != "" {
				t.Fatalf("plan: errors %q, want none", got)
			}
			wantPieces(t, done.warnings(), "if that is still safe")
			wantPieces(t, c.carryOut(planned, list).errors(), test.says, "was not sent now", "import it by its name")
			c.bought("a", "b")
		})
	}
}
