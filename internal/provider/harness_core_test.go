package provider

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// orderHarness does what Terraform does with one runa_order, over the real protocol and
// without a CLI: diagnostics keep their attribute paths, warnings can be asserted,
// and a process can die between any two calls.
type orderHarness struct {
	t      *testing.T
	sb     *testSandbox
	server tfprotov6.ProviderServer
	typ    tftypes.Object
	ctx    context.Context

	settings attrs
	clock    purchase.Clock
	// sameRun keeps one provider process for several plans, as those of several
	// resources in one run. Otherwise each plan is a run of its own.
	sameRun bool
	// refreshing says when a plan reads the order first.
	refreshing refreshing

	// What Terraform stores between runs.
	state    *tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

type refreshing int

const (
	always    refreshing = iota
	never                // -refresh=false
	ifChanged            // -minimal-refresh: planned, and where that is a change read and planned again
)

// attrs is an object or map in a test's configuration.
type attrs = map[string]any

// unknown is a value that another resource will compute.
const unknown = tftypes.UnknownValue

func newCore(t *testing.T, sb *testSandbox, settings attrs) *orderHarness {
	t.Helper()
	c := &orderHarness{t: t, sb: sb, ctx: t.Context()}
	c.restart(settings, nil)
	return c
}

// restart begins a new provider process. What was stored stays.
func (c *orderHarness) restart(settings attrs, clock purchase.Clock) {
	c.t.Helper()
	c.settings, c.clock = settings, clock
	if clock == nil {
		clock = &hurriedClock{now: time.Now()} // a second's timeout is one on a slow machine, too
	}
	implementation := &runaProvider{version: "test", getenv: func(string) string { return "" }, clock: clock}
	c.server = serverOf(implementation)
	order, provider := protocolTypes()
	c.typ = order
	with := attrs{"api_key": sandbox.Key, "base_url": c.sb.URL}
	maps.Copy(with, settings)
	resp, err := c.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.99.0", Config: pack(c.t, provider, build(provider, with)),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if got := errorsOf(resp.Diagnostics); got != "" {
		c.t.Fatalf("configure: errors %q, want none", got)
	}
}

// another is one more resource of the same run.
func (c *orderHarness) another() *orderHarness {
	one := *c
	one.sameRun = true
	return &one
}

// protocolTypes are runa_order's and the provider's own, as the protocol has them.
var protocolTypes = sync.OnceValues(func() (order, provider tftypes.Object) {
	schemas, err := NewServer("test")().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return schemas.ResourceSchemas["runa_order"].ValueType().(tftypes.Object), schemas.Provider.ValueType().(tftypes.Object)
})

// run is what one plan or apply came to.
type run struct {
	action string // "", "create", "update", "replace", "delete"
	diags  []*tfprotov6.Diagnostic
}

func (r run) errors() string   { return errorsOf(r.diags) }
func (r run) warnings() string { return textOf(r.diags, tfprotov6.DiagnosticSeverityWarning) }

func errorsOf(diags []*tfprotov6.Diagnostic) string {
	return textOf(diags, tfprotov6.DiagnosticSeverityError)
}

func textOf(diags []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, d := range diags {
		if d.Severity == severity {
			lines = append(lines, fmt.Sprintf("%s: %s: %s", d.Attribute, d.Summary, d.Detail))
		}
	}
	return strings.Join(lines, "\n")
}

// validate checks a configuration, as every command does first.
func (c *orderHarness) validate(config attrs) run {
	c.t.Helper()
	resp, err := c.server.ValidateResourceConfig(c.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: "runa_order", Config: pack(c.t, c.typ, build(c.typ, config)),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return run{diags: resp.Diagnostics}
}

// refresh reads the stored order. A tainted one is read too.
func (c *orderHarness) refresh() run {
	c.t.Helper()
	if c.state == nil {
		return run{}
	}
	resp, err := c.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{
		TypeName: "runa_order", CurrentState: pack(c.t, c.typ, *c.state), Private: c.private, CurrentIdentity: c.identity,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if errorsOf(resp.Diagnostics) == "" {
		before := c.secrets()
		c.store(resp.NewState, resp.Private, resp.NewIdentity)
		if after := c.secrets(); !slices.Equal(before, after) {
			c.t.Errorf("a refresh turns %q into %q, which OpenTofu logs, want no change", before, after)
		}
	}
	return run{diags: resp.Diagnostics}
}

// adopt imports an order by id or, where the id is an object, by identity. Nothing is
// stored unless all of it works.
func (c *orderHarness) adopt(by any) run {
	c.t.Helper()
	req := &tfprotov6.ImportResourceStateRequest{TypeName: "runa_order"}
	if id, ok := by.(string); ok {
		req.ID = id
	} else {
		req.Identity = &tfprotov6.ResourceIdentityData{IdentityData: pack(c.t, identityType(), build(identityType(), by))}
	}
	resp, err := c.server.ImportResourceState(c.ctx, req)
	if err != nil {
		c.t.Fatal(err)
	}
	done := run{action: "import", diags: resp.Diagnostics}
	if done.errors() != "" {
		return done
	}
	imported := resp.ImportedResources[0]
	state := unpack(c.t, c.typ, imported.State)
	c.state, c.private, c.identity = &state, imported.Private, imported.Identity
	done.diags = append(done.diags, c.refresh().diags...)
	if done.errors() != "" {
		c.forget()
	}
	return done
}

// plan is refresh and plan, and what applying it needs.
func (c *orderHarness) plan(config attrs) (run, *tfprotov6.PlanResourceChangeResponse) {
	c.t.Helper()
	if !c.sameRun {
		c.restart(c.settings, c.clock)
	}
	if c.refreshing == ifChanged && c.state != nil && config != nil {
		// A second plan follows a change, and what the first one warned of is not shown.
		first := c.propose(config, c.state)
		if done := (run{diags: first.Diagnostics}); done.errors() != "" || unpack(c.t, c.typ, first.PlannedState).Equal(*c.state) {
			return done, first
		}
	}
	done := run{}
	if c.refreshing != never {
		done = c.refresh()
	}
	if done.errors() != "" {
		return done, nil
	}
	if config == nil {
		return c.planDestroy(done)
	}
	resp := c.propose(config, c.state)
	done.diags = append(done.diags, resp.Diagnostics...)
	switch {
	case c.state == nil:
		done.action = "create"
	case c.tainted: // planned without its prior state from the start
		done.action = "replace"
	case len(resp.RequiresReplace) > 0:
		resp = c.propose(config, nil)
		done.action = "replace"
		done.diags = append(done.diags, resp.Diagnostics...)
	case !unpack(c.t, c.typ, resp.PlannedState).Equal(*c.state):
		done.action = "update"
	}
	return done, resp
}

func (c *orderHarness) planDestroy(done run) (run, *tfprotov6.PlanResourceChangeResponse) {
	if c.state == nil {
		return done, nil
	}
	null := pack(c.t, c.typ, tftypes.NewValue(c.typ, nil))
	resp, err := c.server.PlanResourceChange(c.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: "runa_order", PriorState: pack(c.t, c.typ, *c.state), PriorPrivate: c.private, PriorIdentity: c.identity, ProposedNewState: null, Config: null,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	done.action = "delete"
	done.diags = append(done.diags, resp.Diagnostics...)
	return done, resp
}

func (c *orderHarness) propose(config attrs, prior *tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
	c.t.Helper()
	configured := build(c.typ, config)
	before := tftypes.NewValue(c.typ, nil)
	private, identity := []byte(nil), (*tfprotov6.ResourceIdentityData)(nil)
	if prior != nil && !c.tainted {
		before, private, identity = *prior, c.private, c.identity
	}
	resp, err := c.server.PlanResourceChange(c.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: "runa_order", PriorState: pack(c.t, c.typ, before), PriorPrivate: private, PriorIdentity: identity,
		ProposedNewState: pack(c.t, c.typ, proposed(c.t, c.typ, configured, before)), Config: pack(c.t, c.typ, configured),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return resp
}

// apply is plan and apply. A nil configuration destroys.
func (c *orderHarness) apply(config attrs) run {
	c.t.Helper()
	done, planned := c.plan(config)
	if done.errors() != "" || done.action == "" {
		return done
	}
	done = c.carryOut(done, planned, config)
	if c.get("status") == "COMPLETED" && len(done.diags) == 0 && !c.tainted {
		c.checkDone(config)
	}
	return done
}

// checkDone wants nothing left to do, without a refresh too.
func (c *orderHarness) checkDone(config attrs) {
	c.t.Helper()
	if again := unpack(c.t, c.typ, c.propose(config, c.state).PlannedState); !again.Equal(*c.state) {
		c.t.Errorf("after the apply, the plan is %s, want %s, as it is", again, c.state)
	}
}

// carryOut applies a plan. Where it replaces, the old order goes first.
func (c *orderHarness) carryOut(done run, planned *tfprotov6.PlanResourceChangeResponse, config attrs) run {
	c.t.Helper()
	null := tftypes.NewValue(c.typ, nil)
	if done.action == "replace" || done.action == "delete" {
		resp := c.change(*c.state, null, null, planned.PlannedPrivate, c.identity) // a replacement's, too
		done.diags = append(done.diags, resp.Diagnostics...)
		if errorsOf(resp.Diagnostics) != "" || done.action == "delete" {
			if errorsOf(resp.Diagnostics) == "" {
				c.forget()
			}
			return done
		}
		c.forget()
	}
	before := null
	if c.state != nil {
		before = *c.state
	}
	resp := c.change(before, unpack(c.t, c.typ, planned.PlannedState), build(c.typ, config), planned.PlannedPrivate, planned.PlannedIdentity)
	done.diags = append(done.diags, resp.Diagnostics...)
	creating, failed := c.state == nil, errorsOf(resp.Diagnostics) != ""
	c.store(resp.NewState, resp.Private, resp.NewIdentity)
	c.tainted = creating && failed && c.state != nil
	return done
}

func (c *orderHarness) forget() { c.state, c.private, c.identity, c.tainted = nil, nil, nil, false }

func (c *orderHarness) change(before, after, config tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData) *tfprotov6.ApplyResourceChangeResponse {
	c.t.Helper()
	resp, err := c.server.ApplyResourceChange(c.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "runa_order", PriorState: pack(c.t, c.typ, before), PlannedState: pack(c.t, c.typ, after),
		Config: pack(c.t, c.typ, config), PlannedPrivate: private, PlannedIdentity: identity,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return resp
}

func (c *orderHarness) store(state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) {
	c.t.Helper()
	value := unpack(c.t, c.typ, state)
	if value.IsNull() {
		c.forget()
		return
	}
	if !value.IsFullyKnown() {
		c.t.Fatalf("the stored state is %s, want only known values", value)
	}
	c.state, c.private, c.identity = &value, private, identity
	c.checkIdentity()
}

// checkIdentity wants every stored order to have an identity by which it, and no other,
// is meant.
func (c *orderHarness) checkIdentity() {
	c.t.Helper()
	got, _ := unbuild(c.t, unpack(c.t, identityType(), c.identity.IdentityData)).(attrs)
	want := attrs{"order_id": nil, "idempotency_key": c.get("id")}
	if id := c.get("order_id"); id != "" {
		want = attrs{"order_id": id, "idempotency_key": nil}
	}
	if !maps.Equal(got, want) {
		c.t.Errorf("the order's identity is %v, want %v", got, want)
	}
}

// identityType is the type of runa_order's identity, as the protocol has it.
var identityType = sync.OnceValue(func() tftypes.Type {
	return orderIdentitySchema.Type().TerraformType(context.Background())
})

// get is a string of the stored state, "" where it is null.
func (c *orderHarness) get(name string) string {
	c.t.Helper()
	if c.state == nil {
		return "(no state)"
	}
	var fields map[string]tftypes.Value
	if err := c.state.As(&fields); err != nil {
		c.t.Fatal(err)
	}
	var text *string
	if err := fields[name].As(&text); err != nil {
		c.t.Fatal(err)
	}
	if text == nil {
		return ""
	}
	return *text
}

// unconfirmedRequest is what the state keeps of a request, "" where it keeps none.
func (c *orderHarness) unconfirmedRequest() string {
	c.t.Helper()
	var fields map[string]tftypes.Value
	if err := c.state.As(&fields); err != nil {
		c.t.Fatal(err)
	}
	if fields["submission"].IsNull() {
		return ""
	}
	var request *string
	if err := fields["submission"].As(&fields); err != nil {
		c.t.Fatal(err)
	}
	if err := fields["unconfirmed_request"].As(&request); err != nil {
		c.t.Fatal(err)
	}
	if request == nil {
		return ""
	}
	return *request
}

// proposed is Terraform's own proposal: what is configured, and for the rest what
// was there before, or unknown where the provider computes it.
func proposed(t *testing.T, typ tftypes.Object, config, before tftypes.Value) tftypes.Value {
	t.Helper()
	var fields, prior map[string]tftypes.Value
	if err := config.As(&fields); err != nil {
		t.Fatal(err)
	}
	if !before.IsNull() {
		if err := before.As(&prior); err != nil {
			t.Fatal(err)
		}
	}
	fields = maps.Clone(fields) // As hands out the configuration's own
	for name, value := range fields {
		schemaAttribute := orderSchema.Attributes[name]
		switch {
		case schemaAttribute.IsWriteOnly():
			fields[name] = tftypes.NewValue(typ.AttributeTypes[name], nil)
		case !value.IsNull() || !schemaAttribute.IsComputed():
		case prior != nil:
			fields[name] = prior[name]
		default:
			fields[name] = tftypes.NewValue(typ.AttributeTypes[name], unknown)
		}
	}
	return tftypes.NewValue(typ, fields)
}

// build makes a value of a type from plain Go values. What is left out is null.
func build(typ tftypes.Type, from any) tftypes.Value {
	if from == unknown {
		return tftypes.NewValue(typ, unknown)
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		given, ok := from.(attrs)
		if !ok {
			return tftypes.NewValue(typ, nil)
		}
		fields := map[string]tftypes.Value{}
		for name, attribute := range typ.AttributeTypes {
			fields[name] = build(attribute, given[name])
		}
		return tftypes.NewValue(typ, fields)
	case tftypes.Map:
		given, ok := from.(attrs)
		if !ok {
			return tftypes.NewValue(typ, nil)
		}
		entries := map[string]tftypes.Value{}
		for name, entry := range given {
			entries[name] = build(typ.ElementType, entry)
		}
		return tftypes.NewValue(typ, entries)
	case tftypes.List:
		return buildAll(typ, typ.ElementType, from)
	case tftypes.Set:
		return buildAll(typ, typ.ElementType, from)
	}
	if text, ok := from.(string); ok && typ.Is(tftypes.Number) {
		number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			panic(err)
		}
		from = number
	}
	return tftypes.NewValue(typ, from)
}

// buildAll makes a list or a set.
func buildAll(typ, elementType tftypes.Type, from any) tftypes.Value {
	given, ok := from.([]any)
	if !ok {
		return tftypes.NewValue(typ, nil)
	}
	elements := make([]tftypes.Value, 0, len(given))
	for _, element := range given {
		elements = append(elements, build(elementType, element))
	}
	return tftypes.NewValue(typ, elements)
}

func pack(t *testing.T, typ tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	packed, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		t.Fatal(err)
	}
	return &packed
}

func unpack(t *testing.T, typ tftypes.Type, packed *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	value, err := packed.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
