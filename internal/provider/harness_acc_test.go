package provider

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// Acceptance tests run a real CLI (TF_ACC=1, TF_ACC_TERRAFORM_PATH) against a local Runa
// in this process. The provider is in this process too, but for tests that break it, start
// it or look at all that it prints: those build the program (harness_program_test.go).

// factories is what the CLI is told to use as provider "runa".
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"runa": func() (tfprotov6.ProviderServer, error) { return NewServer("test")(), nil },
}

// emptyPlans leaves out tests that want an empty plan without a refresh where the CLI has
// none: OpenTofu before 1.11 forgets in an apply which new values are sensitive. It then
// plans an update that changes and buys nothing.
func emptyPlans() []tfversion.TerraformVersionCheck {
	if os.Getenv("TF_ACC_PROVIDER_HOST") != "registry.opentofu.org" {
		return nil
	}
	return []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)}
}

// testSandbox is a local Runa behind a loopback address.
type testSandbox struct {
	*sandbox.Sandbox
	URL string // the API's root, for base_url
}

// newSandbox starts a local Runa that ends with the test. Unless options say
// otherwise its catalogue is small: most tests need the well-known products only.
func newSandbox(t *testing.T, options sandbox.Options) *testSandbox {
	t.Helper()
	if options.Products == 0 {
		options.Products = 60
	}
	options.Strict = true // a misspelt name fails a test
	s := sandbox.New(options)
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close() // first: a call that hangs would keep the server from closing
		server.Close()
	})
	return &testSandbox{Sandbox: s, URL: server.URL + "/v2"}
}

// requests counts the calls of one method and path, such as POST /order. An empty
// method or path stands for any.
func (sb *testSandbox) requests(method, path string) int {
	count := 0
	for _, entry := range sb.Journal() {
		if (method == "" || method == entry.Method) && (path == "" || path == entry.Path) {
			count++
		}
	}
	return count
}

// providerBlock is the HCL that points the provider at sb. Each extra is one more
// line of it.
func providerBlock(sb *testSandbox, extra ...string) string {
	return fmt.Sprintf("provider \"runa\" {\n  api_key  = %q\n  base_url = %q\n  %s\n}\n",
		sandbox.Key, sb.URL, strings.Join(extra, "\n  "))
}
