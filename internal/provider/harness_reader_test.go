package provider

import (
	"maps"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// dataHarness asks data sources over the real protocol, without a CLI.
type dataHarness struct {
	t       *testing.T
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// newReader starts a provider that sees only the given environment.
func newReader(t *testing.T, env map[string]string) *dataHarness {
	t.Helper()
	return newReaderAt(t, env, nil)
}

// newReaderAt has a clock, nil for the machine's.
func newReaderAt(t *testing.T, env map[string]string, clock purchase.Clock) *dataHarness {
	t.Helper()
	implementation := &runaProvider{version: "test", clock: clock, getenv: func(name string) string { return env[name] }}
	r := &dataHarness{t: t, server: serverOf(implementation)}
	var err error
	if r.schemas, err = r.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// readerOf is a reader that is configured for sb. Settings replace or add to that.
func readerOf(t *testing.T, sb *testSandbox, settings attrs) *dataHarness {
	t.Helper()
	return newReader(t, nil).at(sb, settings)
}

// at configures a reader for sb.
func (r *dataHarness) at(sb *testSandbox, settings attrs) *dataHarness {
	r.t.Helper()
	with := attrs{"api_key": sandbox.Key, "base_url": sb.URL}
	maps.Copy(with, settings)
	if done := r.configure(with); len(done.diags) > 0 {
		r.t.Fatalf("configure: errors %q, warnings %q, want none", done.errors(), done.warnings())
	}
	return r
}

// configure validates the provider's settings and, if they pass, configures it.
func (r *dataHarness) configure(settings attrs) run {
	r.t.Helper()
	typ := r.schemas.Provider.ValueType()
	config := pack(r.t, typ, build(typ, settings))
	validated, err := r.server.ValidateProviderConfig(r.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		r.t.Fatal(err)
	}
	if errorsOf(validated.Diagnostics) != "" {
		return run{diags: validated.Diagnostics}
	}
	configured, err := r.server.ConfigureProvider(r.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.99.0", Config: config})
	if err != nil {
		r.t.Fatal(err)
	}
	return run{diags: append(validated.Diagnostics, configured.Diagnostics...)}
}

// validate checks a data source's configuration.
func (r *dataHarness) validate(name string, config attrs) run {
	r.t.Helper()
	resp, err := r.server.ValidateDataResourceConfig(r.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: r.pack(name, config)})
	if err != nil {
		r.t.Fatal(err)
	}
	return run{diags: resp.Diagnostics}
}

// read validates a data source and, if it passes, reads it into plain Go values.
func (r *dataHarness) read(name string, config attrs) (result attrs, done run) {
	r.t.Helper()
	if done = r.validate(name, config); done.errors() != "" {
		return nil, done
	}
	read, err := r.server.ReadDataSource(r.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: r.pack(name, config)})
	if err != nil {
		r.t.Fatal(err)
	}
	if done.diags = append(done.diags, read.Diagnostics...); done.errors() == "" {
		typ := r.schemas.DataSourceSchemas[name].ValueType()
		result, _ = unbuild(r.t, unpack(r.t, typ, read.State)).(attrs)
	}
	return result, done
}

func (r *dataHarness) pack(name string, config attrs) *tfprotov6.DynamicValue {
	typ := r.schemas.DataSourceSchemas[name].ValueType()
	return pack(r.t, typ, build(typ, config))
}

// unbuild is build backwards: a null is nil, a number a float64.
func unbuild(t *testing.T, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	if !value.IsKnown() {
		t.Fatalf("the result is %s, want a known value", value)
	}
	typ := value.Type()
	switch {
	case typ.Is(tftypes.String):
		return as[string](t, value)
	case typ.Is(tftypes.Bool):
		return as[bool](t, value)
	case typ.Is(tftypes.Number):
		number := as[*big.Float](t, value)
		f, _ := number.Float64()
		return f
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		fields := attrs{}
		for name, field := range as[map[string]tftypes.Value](t, value) {
			fields[name] = unbuild(t, field)
		}
		return fields
	default:
		elements := []any{}
		for _, element := range as[[]tftypes.Value](t, value) {
			elements = append(elements, unbuild(t, element))
		}
		return elements
	}
}

func as[T any](t *testing.T, value tftypes.Value) (into T) {
	t.Helper()
	if err := value.As(&into); err != nil {
		t.Fatal(err)
	}
	return into
}
