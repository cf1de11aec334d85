package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// pinned is what Terraform keeps of one runa_catalog_pin. Every step is a new
// provider process, as every command is.
type pinned struct {
	t       *testing.T
	sb      *testSandbox
	typ     tftypes.Object
	state   tftypes.Value
	private []byte
}

func newPinned(t *testing.T, sb *testSandbox) *pinned {
	t.Helper()
	typ := newReader(t, nil).schemas.ResourceSchemas["runa_catalog_pin"].ValueType().(tftypes.Object)
	return &pinned{t: t, sb: sb, typ: typ, state: tftypes.NewValue(typ, nil)}
}

// refresh compares, as every plan does first.
func (p *pinned) refresh() run {
	p.t.Helper()
	if p.state.IsNull() {
		return run{}
	}
	resp, err := readerOf(p.t, p.sb, nil).server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "runa_catalog_pin", CurrentState: pack(p.t, p.typ, p.state), Private: p.private,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if errorsOf(resp.Diagnostics) == "" {
		p.state, p.private = unpack(p.t, p.typ, resp.NewState), resp.Private
	}
	return run{diags: resp.Diagnostics}
}

// plan refreshes and plans. It plans twice, as Terraform does, and wants the same.
func (p *pinned) plan(config attrs) (run, *tfprotov6.PlanResourceChangeResponse) {
	p.t.Helper()
	done := p.refresh()
	if done.errors() != "" {
		return done, nil
	}
	first, second := p.propose(config), p.propose(config)
	done.diags = append(done.diags, first.Diagnostics...)
	planned := unpack(p.t, p.typ, first.PlannedState)
	if !planned.Equal(unpack(p.t, p.typ, second.PlannedState)) {
		p.t.Fatalf("the second plan is %s, want %s, as the first", unpack(p.t, p.typ, second.PlannedState), planned)
	}
	switch {
	case p.state.IsNull():
		done.action = "create"
	case len(first.RequiresReplace) > 0:
		p.t.Fatalf("the plan replaces the pin because of %v, want no replacement", first.RequiresReplace)
	case !planned.Equal(p.state):
		done.action = "update"
	}
	return done, first
}

func (p *pinned) propose(config attrs) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	configured := build(p.typ, config)
	var proposed, prior fields
	for from, into := range map[*tftypes.Value]*fields{&configured: &proposed, &p.state: &prior} {
		if !from.IsNull() {
			if err := from.As(into); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	proposed = maps.Clone(proposed)
	for name, value := range proposed {
		switch {
		case !value.IsNull() || !catalogPinSchema.Attributes[name].IsComputed():
		case prior != nil:
			proposed[name] = prior[name]
		default:
			proposed[name] = tftypes.NewValue(p.typ.AttributeTypes[name], unknown)
		}
	}
	resp, err := readerOf(p.t, p.sb, nil).server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "runa_catalog_pin", PriorState: pack(p.t, p.typ, p.state), PriorPrivate: p.private,
		ProposedNewState: pack(p.t, p.typ, tftypes.NewValue(p.typ, proposed)), Config: pack(p.t, p.typ, configured),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp
}

// apply plans and applies. A known value of the plan must come true.
func (p *pinned) apply(config attrs) run {
	p.t.Helper()
	done, planned := p.plan(config)
	if done.errors() != "" || done.action == "" {
		return done
	}
	resp, err := readerOf(p.t, p.sb, nil).server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "runa_catalog_pin", PriorState: pack(p.t, p.typ, p.state), PlannedState: planned.PlannedState,
		Config: pack(p.t, p.typ, build(p.typ, config)), PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	done.diags = append(done.diags, resp.Diagnostics...)
	if done.errors() != "" {
		return done
	}
	p.state, p.private = unpack(p.t, p.typ, resp.NewState), resp.Private
	var promised, kept fields
	plannedState := unpack(p.t, p.typ, planned.PlannedState)
	if err := plannedState.As(&promised); err != nil {
		p.t.Fatal(err)
	}
	if err := p.state.As(&kept); err != nil {
		p.t.Fatal(err)
	}
	for name, value := range promised {
		if value.IsFullyKnown() && !value.Equal(kept[name]) {
			p.t.Errorf("%s became %s, want %s, as planned", name, kept[name], value)
		}
		if !kept[name].IsFullyKnown() {
			p.t.Errorf("%s = %s after the apply, want a known value", name, kept[name])
		}
	}
	return done
}

// must is apply without errors.
func (p *pinned) must(config attrs, action string) run {
	p.t.Helper()
	done := p.apply(config)
	if done.errors() != "" || done.action != action {
		p.t.Fatalf("got %q, want %q\n%s", done.action, action, done.errors())
	}
	return done
}

func (p *pinned) get() attrs {
	p.t.Helper()
	return unbuild(p.t, p.state).(attrs)
}

// drift is what the state says has changed, in one line.
func (p *pinned) drift() string {
	p.t.Helper()
	state := p.get()
	var parts []string
	for _, d := range state["drift"].([]any) {
		parts = append(parts, fmt.Sprintf("%v %v %v>%v", d.(attrs)["code"], d.(attrs)["field"], d.(attrs)["pinned"], d.(attrs)["current"]))
	}
	for name, sign := range map[string]string{"withdrawn_codes": "-", "new_codes": "+"} {
		for _, code := range state[name].([]any) {
			parts = append(parts, sign+code.(string))
		}
	}
	if drifted := state["drifted"].(bool); drifted != (len(parts) > 0) {
		p.t.Errorf("drifted = %t, want %t, since the differences are %v", drifted, !drifted, parts)
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

func patch(t *testing.T, sb *testSandbox, code string, patch sandbox.ProductPatch) {
	t.Helper()
	if err := sb.PatchProduct(code, patch); err != nil {
		t.Fatal(err)
	}
}

func TestPinKeepsProducts(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	p := newPinned(t, sb)
	config := attrs{"codes": []any{"TEA-GB", "ACME-US"}}
	p.must(config, "create")
	state := p.get()
	if acme := state["products"].(attrs)["ACME-US"].(attrs); acme["discount_multiplier"] != "0.0130" || len(state["products"].(attrs)) != 2 {
		t.Errorf("%d products are pinned, want 2; ACME-US is %v, want a discount of 0.0130", len(state["products"].(attrs)), acme)
	}
	read, _ := readerOf(t, sb, nil).read("runa_products", config)
	if state["digest"] != read["digest"] || !reflect.DeepEqual(state["products"], read["products"]) {
		t.Errorf("the pin has digest %v and %v, want %v and %v, as runa_products", state["digest"], state["products"], read["digest"], read["products"])
	}
	if !reflect.DeepEqual(state["codes"], []any{"TEA-GB", "ACME-US"}) || state["on_drift"] != "warn" || len(state["compare"].([]any)) != 7 {
		t.Errorf("codes %v, on_drift %v, compare %v, want TEA-GB and ACME-US, warn, and 7 fields", state["codes"], state["on_drift"], state["compare"])
	}
	p.must(config, "")
	p.must(attrs{"codes": []any{"ACME-US", "TEA-GB"}}, "update") // another order is written down, and pins nothing again
	if again := p.get(); again["pinned_at"] != state["pinned_at"] || p.drift() != "" {
		t.Errorf("pinned_at %v, drift %q, want %v, as before, and none", again["pinned_at"], p.drift(), state["pinned_at"])
	}
}

// TestPinOnDrift: what changes shows, and each on_drift deals with it.
func TestPinOnDrift(t *testing.T) {
	no, yes := false, true
	const acmeChanged = "ACME-US discount_multiplier 0.013>0.02; ACME-US is_orderable true>false"
	pin := func(t *testing.T, onDrift string, config attrs) (*pinned, attrs) {
		t.Helper()
		sb := newSandbox(t, sandbox.Options{})
		p := newPinned(t, sb)
		config = maps.Clone(config)
		config["on_drift"] = onDrift
		p.must(config, "create")
		patch(t, sb, "ACME-US", sandbox.ProductPatch{IsOrderable: &no, DiscountMultiplier: "0.0200", Name: "Acme Inc."})
		return p, config
	}
	byCode := attrs{"codes": []any{"ACME-US", "BOLT-US"}}

	t.Run("warn", func(t *testing.T) {
		p, config := pin(t, "warn", byCode)
		before := p.get()["products"]
		done := p.must(config, "")
		wantFinding(t, done, `AttributeName("on_drift")`, "ACME-US is_orderable: pinned true, now false")
		if done.warnings() == "" || p.drift() != acmeChanged || !reflect.DeepEqual(p.get()["products"], before) {
			t.Errorf("drift %q, warnings %q, want %q, a warning, and the same products as before", p.drift(), done.warnings(), acmeChanged)
		}
		patch(t, p.sb, "ACME-US", sandbox.ProductPatch{IsOrderable: &yes, DiscountMultiplier: "0.013"})
		if done := p.must(config, ""); len(done.diags) > 0 || p.drift() != "" {
			t.Errorf("moved back: drift %q, warnings %q, want none", p.drift(), done.warnings())
		}
	})
	t.Run("error", func(t *testing.T) {
		p, config := pin(t, "error", byCode)
		done := p.apply(config)
		wantFinding(t, done, `AttributeName("on_drift")`, "set on_drift = \"update\" and apply")
		if p.drift() != acmeChanged || done.errors() == "" {
			t.Errorf("drift %q, errors %q, want %q and an error", p.drift(), done.errors(), acmeChanged)
		}
		config["on_drift"] = "update"
		p.must(config, "update")
		config["on_drift"] = "error"
		if done := p.must(config, ""); len(done.diags) > 0 || p.drift() != "" { // agreed to, and no diff is left
			t.Errorf("after an update: drift %q, errors %q, want none", p.drift(), done.errors())
		}
		patch(t, p.sb, "BOLT-US", sandbox.ProductPatch{IsOrderable: &no}) // the configuration counts
		wantFinding(t, p.apply(config), `AttributeName("on_drift")`, "BOLT-US is_orderable: pinned true, now false")
		config["on_drift"], config["compare"] = "warn", []any{"name"}
		p.must(config, "update") // with another change, it changes too
		if got := p.get()["on_drift"]; got != "warn" {
			t.Errorf("on_drift = %v, want warn", got)
		}
	})
	t.Run("update", func(t *testing.T) {
		p, config := pin(t, "update", byCode)
		digest := p.get()["digest"]
		done := p.must(config, "update")
		wantFinding(t, done, `AttributeName("on_drift")`, "ACME-US discount_multiplier: pinned 0.013, now 0.02")
		if state := p.get(); p.drift() != "" || state["digest"] == digest || state["products"].(attrs)["ACME-US"].(attrs)["is_orderable"] != false {
			t.Errorf("drift %q, digest %v, ACME-US orderable: %v, want none, another digest, and false",
				p.drift(), state["digest"], state["products"].(attrs)["ACME-US"].(attrs)["is_orderable"])
		}
		if done := p.must(config, ""); len(done.diags) > 0 {
			t.Errorf("after an update: errors %q, warnings %q, want none", done.errors(), done.warnings())
		}
	})
	t.Run("withdrawn, named", func(t *testing.T) {
		p, config := pin(t, "update", byCode)
		patch(t, p.sb, "BOLT-US", sandbox.ProductPatch{Withdrawn: &yes})
		wantFinding(t, p.apply(config), `AttributeName("codes")`, "remove BOLT-US from codes")
		config["codes"] = []any{"ACME-US"}
		p.must(config, "update")
		if p.drift() != "" || len(p.get()["products"].(attrs)) != 1 {
			t.Errorf("drift %q, products %v, want none, and one product", p.drift(), p.get()["products"])
		}
	})
	t.Run("a filter's products come and go", func(t *testing.T) {
		p, config := pin(t, "warn", attrs{"countries_redeemable_in": []any{"US"}, "is_orderable": true, "name_regex": "^(Acme|Bolt|Gone|Hint)"})
		patch(t, p.sb, "BOLT-US", sandbox.ProductPatch{Withdrawn: &yes})
		patch(t, p.sb, "GONE-US", sandbox.ProductPatch{IsOrderable: &yes})
		patch(t, p.sb, "HINT-US", sandbox.ProductPatch{Name: "Clue"})
		done := p.must(config, "")
		want := "+GONE-US; -BOLT-US; " + acmeChanged + "; HINT-US name Hint>Clue"
		if p.drift() != want {
			t.Errorf("got  %s\nwant %s", p.drift(), want)
		}
		wantFinding(t, done, `AttributeName("on_drift")`, "new under the filters: GONE-US")
		config["on_drift"] = "update"
		p.must(config, "update")
		if codes := p.get()["codes"]; p.drift() != "" || !reflect.DeepEqual(codes, []any{"GONE-US"}) {
			t.Errorf("codes %v, drift %q, want GONE-US and none", codes, p.drift())
		}
	})
	t.Run("other fields by choice", func(t *testing.T) {
		p, config := pin(t, "warn", byCode)
		config["compare"] = []any{"name"}
		p.must(config, "update")
		if drift := p.drift(); drift != "ACME-US name Acme>Acme Inc." {
			t.Errorf("drift %q, want %q", drift, "ACME-US name Acme>Acme Inc.")
		}
	})
}

// TestPinSelection: a change of settings other than the selection, and
// leaving codes out, do what they say.
func TestPinSelection(t *testing.T) {
	no := false
	sb := newSandbox(t, sandbox.Options{})
	p := newPinned(t, sb)
	p.must(attrs{"codes": []any{"ACME-US"}}, "create")
	patch(t, sb, "ACME-US", sandbox.ProductPatch{IsOrderable: &no})
	p.must(attrs{"codes": []any{"ACME-US"}, "compare": []any{"is_orderable", "name"}}, "update")
	if drift := p.drift(); drift != "ACME-US is_orderable true>false" {
		t.Errorf("drift after a change of compare = %q, want %q", drift, "ACME-US is_orderable true>false")
	}
	p.must(attrs{"name_regex": "^(Acme|Bolt)$", "compare": []any{"is_orderable", "name"}}, "update")
	if codes := p.get()["codes"]; p.drift() != "" || !reflect.DeepEqual(codes, []any{"ACME-US", "BOLT-US"}) {
		t.Errorf("codes %v, drift %q, want ACME-US and BOLT-US, and none", codes, p.drift())
	}
	wantFinding(t, p.apply(attrs{"codes": []any{"NONE-US"}}), `AttributeName("codes")`, "NONE-US does not exist")
	p.must(attrs{"name_regex": "^(Acme|Bolt)$", "compare": []any{"is_orderable", "name"}}, "")
}

// TestPinWithoutPrivateState: what Terraform may drop changes nothing.
func TestPinWithoutPrivateState(t *testing.T) {
	for name, config := range map[string]attrs{
		"named":    {"codes": []any{"ACME-US", "BOLT-US"}},
		"filtered": {"name_regex": "^(Acme|Bolt)$"},
	} {
		t.Run(name, func(t *testing.T) {
			sb := newSandbox(t, sandbox.Options{})
			p := newPinned(t, sb)
			p.must(config, "create")
			p.private = nil
			if done := p.must(config, ""); len(done.diags) > 0 || p.drift() != "" {
				t.Errorf("drift %q, errors %q, warnings %q, want none", p.drift(), done.errors(), done.warnings())
			}
			patch(t, sb, "ACME-US", sandbox.ProductPatch{DiscountMultiplier: "0.02"})
			p.private = nil
			p.must(config, "")
			if drift := p.drift(); drift != "ACME-US discount_multiplier 0.013>0.02" {
				t.Errorf("drift %q, want %q", drift, "ACME-US discount_multiplier 0.013>0.02")
			}
		})
	}
}

// TestPinWithUnknownFilter: a filter that is unknown at plan and turns out to be the
// same agrees to nothing.
func TestPinWithUnknownFilter(t *testing.T) {
	no := false
	sb := newSandbox(t, sandbox.Options{})
	p := newPinned(t, sb)
	config := attrs{"currency": "USD", "name_regex": "^Acme$"}
	p.must(config, "create")
	patch(t, sb, "ACME-US", sandbox.ProductPatch{IsOrderable: &no})
	done, planned := p.plan(attrs{"currency": unknown, "name_regex": "^Acme$"})
	if done.errors() != "" || done.action != "update" {
		t.Fatalf("planned %q, errors %q, want an update and none", done.action, done.errors())
	}
	var promised fields
	value := unpack(t, p.typ, planned.PlannedState)
	if err := value.As(&promised); err != nil {
		t.Fatal(err)
	}
	promised = maps.Clone(promised)
	promised["currency"] = tftypes.NewValue(tftypes.String, "USD")
	resp, err := readerOf(t, sb, nil).server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "runa_catalog_pin", PriorState: pack(t, p.typ, p.state), PlannedState: pack(t, p.typ, tftypes.NewValue(p.typ, promised)),
		Config: pack(t, p.typ, build(p.typ, config)), PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil || errorsOf(resp.Diagnostics) != "" {
		t.Fatal(err, errorsOf(resp.Diagnostics))
	}
	p.state = unpack(t, p.typ, resp.NewState)
	if drift := p.drift(); drift != "ACME-US is_orderable true>false" {
		t.Errorf("drift %q, want %q, as pinned before", drift, "ACME-US is_orderable true>false")
	}
}

func TestPinIsForgottenInSilence(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	p := newPinned(t, sb)
	p.must(attrs{"codes": []any{"ACME-US"}, "on_drift": "error"}, "create")
	no := false
	patch(t, sb, "ACME-US", sandbox.ProductPatch{IsOrderable: &no})
	p.refresh()
	server := readerOf(t, sb, nil).server
	null := pack(t, p.typ, tftypes.NewValue(p.typ, nil))
	planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "runa_catalog_pin", PriorState: pack(t, p.typ, p.state), PriorPrivate: p.private, ProposedNewState: null, Config: null,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatal(err, errorsOf(planned.Diagnostics))
	}
	applied, err := server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "runa_catalog_pin", PriorState: pack(t, p.typ, p.state), PlannedState: null, Config: null, PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil || len(applied.Diagnostics) > 0 || !unpack(t, p.typ, applied.NewState).IsNull() {
		t.Fatal(err, errorsOf(applied.Diagnostics))
	}
}

func TestPinThatCannotBeCompared(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{})
	p := newPinned(t, sb)
	p.must(attrs{"codes": []any{"ACME-US"}}, "create")
	before := p.state
	if err := sb.AddFault(sandbox.Fault{Action: sandbox.ActionStatus, Status: 403, Body: `{"type":"forbidden","message":"No."}`}); err != nil {
		t.Fatal(err)
	}
	wantFinding(t, p.refresh(), "", "The pin cannot be compared with the catalogue")
	if !p.state.Equal(before) {
		t.Errorf("the pin became %s, want %s, as before", p.state, before)
	}
}

// TestUnchangedCatalogueNeverDrifts reads one catalogue in ever new spellings: lists
// in any order, numbers with any zeros, and as numbers where Runa writes strings.
func TestUnchangedCatalogueNeverDrifts(t *testing.T) {
	var shuffles *rand.Rand
	s := sandbox.New(sandbox.Options{Products: 60})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, r)
		maps.Copy(w.Header(), recorder.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(respell(t, recorder.Body.Bytes(), shuffles))
	}))
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	sb := &testSandbox{Sandbox: s, URL: server.URL + "/v2"}
	config := attrs{"name_regex": "^[A-F]|Tunes|Push", "on_drift": "error", "compare": []any{}}
	for _, field := range catalog.Fields() {
		config["compare"] = append(config["compare"].([]any), field)
	}
	p := newPinned(t, sb)
	p.must(config, "create")
	if pinned := len(p.get()["products"].(attrs)); pinned < 10 {
		t.Fatalf("%d products are pinned, want at least 10", pinned)
	}
	rapid.Check(t, func(draw *rapid.T) {
		shuffles = rand.New(rand.NewPCG(rapid.Uint64().Draw(draw, "seed"), 1))
		if done := p.refresh(); len(done.diags) > 0 || p.drift() != "" {
			draw.Fatalf("drift %q, errors %q, warnings %q, want none", p.drift(), done.errors(), done.warnings())
		}
	})
	p.must(config, "")
}

// TestProductsSurviveTheState writes every kind of product into a state and reads it
// back: nothing that can be compared is lost.
func TestProductsSurviveTheState(t *testing.T) {
	sb := newSandbox(t, sandbox.Options{Products: 300})
	api, err := client.New(client.Config{BaseURL: sb.URL, APIKey: sandbox.Key})
	if err != nil {
		t.Fatal(err)
	}
	for product, err := range api.Products(t.Context(), client.ProductFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		var m catalogPinModel
		if diags := m.setPinned(t.Context(), []client.Product{product}, time.Now()); diags.HasError() {
			t.Fatal(diags)
		}
		if got := catalog.Differences(productsToWire(m.Products)[0], product, catalog.Fields()); got != nil {
			t.Errorf("%s: Differences() with what is pinned = %+v, want none", product.Code, got)
		}
		if wire, pinned := catalog.Digest([]client.Product{product}), catalog.Digest(productsToWire(m.Products)); wire != pinned {
			t.Errorf("%s: digest of what is pinned = %s, want %s", product.Code, pinned, wire)
		}
	}
}

// respell writes the same JSON in other words. A nil source leaves it as it is.
func respell(t *testing.T, body []byte, shuffles *rand.Rand) []byte {
	t.Helper()
	var page any
	if json.Unmarshal(body, &page) != nil || shuffles == nil {
		return body
	}
	again, err := json.Marshal(respellValue("", page, shuffles))
	if err != nil {
		t.Error(err)
	}
	return again
}

func respellValue(name string, value any, shuffles *rand.Rand) any {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			value[name] = respellValue(name, field, shuffles)
		}
	case []any:
		for i, element := range value {
			value[i] = respellValue(name, element, shuffles)
		}
		shuffles.Shuffle(len(value), func(i, j int) { value[i], value[j] = value[j], value[i] })
	case string:
		amounts := []string{"minimum_value", "maximum_value", "available_list", "price", "discount_multiplier"}
		if !slices.Contains(amounts, name) {
			break
		}
		number := decimal.RequireFromString(value)
		switch shuffles.IntN(3) {
		case 0:
			return number.StringFixed(4)
		case 1:
			return json.Number(number.String())
		}
	}
	return value
}
