package provider

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestOrderKeyVectors has keys that are in use: one that changed would buy again.
func TestOrderKeyVectors(t *testing.T) {
	vectors := map[string][]string{
		"ebd0bd29-b729-58ad-9506-8f13e843e672": {"spring-26", "w-001"},
		"a73cb59b-0cfd-5acf-8780-d305401bc3bb": {"spring-26w-001"},
		"5fd346f0-07e3-5ead-a9f7-5ea29f4dd3c4": {"spring-26", "w-00", "1"},
		"644de7ad-fe16-519a-8607-8c75781002b3": {"w-001", "spring-26"},
		"c74961a7-831d-51ca-91b8-e515a35da5a9": {"<tag> & \"quote\"", "naïve\n"},
	}
	for want, parts := range vectors {
		if got, err := purchase.OrderKey(parts); err != nil || got != want {
			t.Errorf("%q: %s, %v, want %s", parts, got, err, want)
		}
	}
}

func TestOrderKeyRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		parts []string
		says  string
	}{
		"no parts":   {nil, "at least one part"},
		"empty part": {[]string{"spring-26", ""}, "part 2 is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			var values []attr.Value
			var kinds []attr.Type
			for _, part := range test.parts {
				values, kinds = append(values, types.StringValue(part)), append(kinds, types.StringType)
			}
			resp := &function.RunResponse{Result: function.NewResultData(types.StringUnknown())}
			orderKeyFunction{}.Run(t.Context(), function.RunRequest{
				Arguments: function.NewArgumentsData([]attr.Value{types.TupleValueMust(kinds, values)}),
			}, resp)
			if resp.Error == nil || !strings.Contains(resp.Error.Text, test.says) {
				t.Errorf("got %v, want %q", resp.Error, test.says)
			}
		})
	}
}

// TestOrderKeyCollisions makes a million different lists out of few letters, so
// that many of them are alike but for where their parts end.
func TestOrderKeyCollisions(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lists, keys := map[string]bool{}, map[string]string{}
	for len(lists) < 1_000_000 {
		parts := make([]string, 1+random.IntN(5))
		for i := range parts {
			part := make([]byte, 1+random.IntN(8))
			for j := range part {
				part[j] = `ab",[]\`[random.IntN(7)]
			}
			parts[i] = string(part)
		}
		list := fmt.Sprintf("%q", parts)
		if lists[list] {
			continue
		}
		lists[list] = true
		key, err := purchase.OrderKey(parts)
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := keys[key]; taken {
			t.Fatalf("%s has key %s, as %s, want another", list, key, other)
		}
		keys[key] = list
	}
}

func TestAccOrderKeyIsUUIDv5(t *testing.T) {
	// OpenTofu 1.8 configures the provider for a function, too.
	const configured = "provider \"runa\" {\n  api_key = \"" + sandbox.Key + "\"\n}\n"
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: configured + fmt.Sprintf(`
locals { parts = ["spring-26", "<ada> & \"co\"", "naïve\n"] }
output "same" {
  value = tostring(provider::runa::order_key(local.parts...) == uuidv5(%q, jsonencode(local.parts)))
}`, purchase.OrderKeyNamespace),
				Check: resource.TestCheckOutput("same", "true"),
			},
			{Config: configured + `output "none" { value = provider::runa::order_key() }`, ExpectError: flat("at least one part")},
		},
	})
}
