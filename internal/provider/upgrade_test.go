package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// testdata/states holds, for every version that a resource's schema has had,
//
//	TYPE.vN.schema.txt     what its attributes were
//	TYPE.vN.CASE.json      a state as a CLI stored it, attributes only
//
// Whoever has a state of any version must be able to go on with it: what it forgets
// is bought again. An attribute may be added without a new version. Any other change
// needs a higher Version in the schema, an upgrader from each version before it, and
// files of the new version here beside the old ones.
const statesDir = "testdata/states"

var stateFile = regexp.MustCompile(`^(runa_[a-z_]+)\.v(\d+)\.([a-z-]+)\.(json|txt)$`)

// recorded is one file under testdata/states.
type recorded struct {
	resource, name string
	version        int64
	content        []byte
}

func recordedStates(t *testing.T, kind string) (all []recorded) {
	t.Helper()
	files, err := os.ReadDir(statesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		match := stateFile.FindStringSubmatch(file.Name())
		if match == nil {
			t.Errorf("%s is not named as the files here are, want a name that matches %s", file.Name(), stateFile)
			continue
		}
		version, _ := strconv.ParseInt(match[2], 10, 64)
		content, err := os.ReadFile(filepath.Join(statesDir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if match[4] == kind {
			all = append(all, recorded{match[1], file.Name(), version, content})
		}
	}
	return all
}

// TestSchemasKeepTheirWord: no attribute of a recorded version is gone or of another
// type, unless the schema has a higher version and upgraders to it.
func TestSchemasKeepTheirWord(t *testing.T) {
	current := map[string]bool{}
	for _, old := range recordedStates(t, "txt") {
		now, attributes := describeResource(t, old.resource)
		current[old.resource] = current[old.resource] || old.version == now
		if old.version < now {
			checkUpgrader(t, old)
			continue
		}
		for line := range strings.Lines(string(old.content)) {
			if !slices.Contains(attributes, strings.TrimSpace(line)) {
				t.Errorf("%s: there is no %q any more: want Version raised, an upgrader, and the new version recorded here", old.name, strings.TrimSpace(line))
			}
		}
	}
	for name := range resources(t) {
		if !current[name] {
			_, attributes := describeResource(t, name)
			t.Errorf("%s: its current version is not recorded, want a file with:\n%s", name, strings.Join(attributes, "\n"))
		}
	}
}

func checkUpgrader(t *testing.T, old recorded) {
	t.Helper()
	upgrading, ok := resources(t)[old.resource].(resource.ResourceWithUpgradeState)
	if !ok {
		t.Errorf("%s has no upgraders, want some", old.resource)
		return
	}
	if _, ok := upgrading.UpgradeState(t.Context())[old.version]; !ok {
		t.Errorf("%s: nothing upgrades from version %d, want an upgrader", old.resource, old.version)
	}
}

// resources are all there are, by their type.
func resources(t *testing.T) map[string]resource.Resource {
	t.Helper()
	all := map[string]resource.Resource{}
	for _, build := range (&runaProvider{}).Resources(t.Context()) {
		var named resource.MetadataResponse
		one := build()
		one.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "runa"}, &named)
		all[named.TypeName] = one
	}
	return all
}

// describeResource lists what states and identities of a resource are made of, as
// lines of path and type.
func describeResource(t *testing.T, name string) (version int64, lines []string) {
	t.Helper()
	schema := newReader(t, nil).schemas.ResourceSchemas[name]
	lines = describeType(name, schema.ValueType())
	if _, ok := resources(t)[name].(resource.ResourceWithIdentity); ok {
		lines = append(lines, describeType("identity of "+name, identityType())...)
	}
	return schema.Version, lines
}

func describeType(at string, typ tftypes.Type) (lines []string) {
	switch typ := typ.(type) {
	case tftypes.Object:
		for _, name := range slices.Sorted(maps.Keys(typ.AttributeTypes)) {
			lines = append(lines, describeType(at+"."+name, typ.AttributeTypes[name])...)
		}
		return lines
	case tftypes.List:
		return describeType(at+"[]", typ.ElementType)
	case tftypes.Set:
		return describeType(at+"{}", typ.ElementType)
	case tftypes.Map:
		return describeType(at+"[key]", typ.ElementType)
	}
	return []string{fmt.Sprintf("%s %s", at, typ)}
}

// TestStatesOfEveryVersionAreRead compares what comes of a recorded state with it.
func TestStatesOfEveryVersionAreRead(t *testing.T) {
	seen := map[string]bool{}
	for _, old := range recordedStates(t, "json") {
		seen[old.resource] = true
		t.Run(old.name, func(t *testing.T) {
			var before attrs
			if err := json.Unmarshal(old.content, &before); err != nil {
				t.Fatal(err)
			}
			now := upgraded(t, old)
			for name, value := range now {
				if was, ok := before[name]; ok && fmt.Sprint(was) != fmt.Sprint(value) {
					t.Errorf("%s = %v after the upgrade, want %v, as before", name, value, was)
				}
			}
			// What a later version adds is not in the states before it.
			delete(before, "store_payout_links")
			delete(before, "attempt")
			old.content, _ = json.Marshal(before)
			delete(now, "attempt")
			again := upgraded(t, old)
			if again["attempt"] != nil {
				t.Errorf("a state without attempt is read as attempt %v, want null", again["attempt"])
			}
			delete(again, "attempt")
			if fmt.Sprint(again) != fmt.Sprint(now) {
				t.Errorf("without an attribute that was added later: %v, want %v", again, now)
			}
		})
	}
	for name := range resources(t) {
		if !seen[name] {
			t.Errorf("%s has no recorded state, want one", name)
		}
	}
}

// upgraded is a recorded state as the provider reads it.
func upgraded(t *testing.T, old recorded) attrs {
	t.Helper()
	r := newReader(t, nil)
	resp, err := r.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: old.resource, Version: old.version, RawState: &tfprotov6.RawState{JSON: old.content},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		t.Fatal(errorsOf(resp.Diagnostics))
	}
	return unbuild(t, unpack(t, r.schemas.ResourceSchemas[old.resource].ValueType(), resp.UpgradedState)).(attrs)
}

// TestRecordedOrdersGoOn plans with recorded orders: a bought one stays, and one that
// is not confirmed is settled with the request that was recorded, and a refused one is
// bought with the next attempt.
func TestRecordedOrdersGoOn(t *testing.T) {
	config := plain(attrs{
		"idempotency_key": "fixture-1", "description": "Spring survey", "metadata": attrs{"team": "growth"},
		"items": []any{
			item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25"),
			item(attrs{"type": "PAYOUT_LINK", "template_id": "DT-01HPAAAAAAAAAAAAAAAAAAAAAA"}, attrs{"type": "MULTIPLE", "values": []any{"ACME-US", "BOLT-US"}}, "20"),
		},
		"timeouts": attrs{"create": "5m"},
	})
	for _, old := range recordedStates(t, "json") {
		if old.resource != "runa_order" {
			continue
		}
		t.Run(old.name, func(t *testing.T) {
			c := newCore(t, newSandbox(t, quick), nil)
			state := build(c.typ, upgraded(t, old))
			c.state = &state
			config := maps.Clone(config)
			config["idempotency_key"] = c.get("id")
			planned := c.propose(config, c.state)
			if c.get("status") == statusRejected {
				if got := textOf(planned.Diagnostics, tfprotov6.DiagnosticSeverityWarning); !strings.Contains(got, "attempt 2 with the same idempotency key") {
					t.Errorf("warnings %q, want one that says %q", got, "attempt 2 with the same idempotency key")
				}
				return
			}
			if len(planned.Diagnostics) > 0 {
				t.Fatal(errorsOf(planned.Diagnostics))
			}
			settles := !unpack(t, c.typ, planned.PlannedState).Equal(state)
			if settles != (c.get("status") == statusUnconfirmed) {
				t.Errorf("the plan changes an order that is %s: %t, want only one that is %s changed", c.get("status"), settles, statusUnconfirmed)
			}
			if settles {
				got := c.carryOut(run{action: "update"}, planned, config)
				// Another account than at the time, which the recorded request remembers.
				c.severity(got, asError)
				c.expect(got, "update", statusUnconfirmed, 0, "was sent with another API key")
				if c.unconfirmedRequest() == "" {
					t.Error("the recorded request is gone, want it kept")
				}
			}
		})
	}
}
