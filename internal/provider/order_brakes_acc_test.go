package provider

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// forty orders cost 50 USD each.
var forty = one("  count           = 40\n  idempotency_key = \"winner-${count.index}\"\n")

// mostAtOnce is how many orders a CLI has under way at the same time.
const mostAtOnce = 10

// TestAccRefusedKeyStopsTheRun: after one refused API key the rest is not sent, and says
// so in one line each; nothing is lost for the next apply.
func TestAccRefusedKeyStopsTheRun(t *testing.T) {
	r := needTools(t).road(t, forty)
	if err := r.sb.AddFault(sandbox.Fault{Method: http.MethodPost, Path: "/order", Action: sandbox.ActionStatus, Status: http.StatusForbidden}); err != nil {
		t.Fatal(err)
	}
	done := r.try("apply", "-input=false", "-no-color", "-auto-approve")
	said := flatten(done.said())
	sent := r.sb.requests(http.MethodPost, "/order")
	if done.code != 1 || sent > mostAtOnce || strings.Count(said, notSent) != 40-sent {
		t.Errorf("exit code %d, %d sent, %d said not to be, want 1, at most %d, and the others of 40: %s", done.code, sent, strings.Count(said, notSent), mostAtOnce, said)
	}
	r.sb.ClearFaults()
	r.step(0, 40, nil, "apply")
	r.done()
}

// TestAccShortFundsStopTheRun: when the account is empty, orders that cost as much are not
// sent, and cheaper ones are; after a top-up the next apply buys the rest.
func TestAccShortFundsStopTheRun(t *testing.T) {
	tools := needTools(t)
	s := sandbox.New(sandbox.Options{Mode: sandbox.ModeProduction, Products: 60, RatePerMinute: -1})
	if err := s.SetBalance("USD", "220"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		server.Close()
	})
	sb := &testSandbox{Sandbox: s, URL: server.URL + "/v2"}
	r := cliHarness{tools.at(t, t.TempDir(), sb.URL, sandbox.ProductionKey), sb}
	r.write("main.tf", forty)
	done := r.try("apply", "-input=false", "-no-color", "-auto-approve")
	said := flatten(done.said())
	sent, bought := sb.requests(http.MethodPost, "/order"), len(sb.Ledger())
	if done.code != 1 || bought != 4 || sent > bought+mostAtOnce || strings.Count(said, notSentFunds) != 40-sent {
		t.Errorf("exit code %d, %d sent, %d bought, %d said not to be sent, want 1, at most %d, 4, and the others of 40: %s",
			done.code, sent, bought, strings.Count(said, notSentFunds), bought+mostAtOnce, said)
	}
	if err := s.SetBalance("USD", "10000"); err != nil {
		t.Fatal(err)
	}
	r.step(0, 40, nil, "apply")
	r.done()
}
