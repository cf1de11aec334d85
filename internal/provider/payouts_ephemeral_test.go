package provider

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// open validates an ephemeral resource and, if it passes, opens it.
func (r *dataHarness) open(name string, config attrs) (result attrs, done run) {
	r.t.Helper()
	typ := r.schemas.EphemeralResourceSchemas[name].ValueType()
	packed := pack(r.t, typ, build(typ, config))
	validated, err := r.server.ValidateEphemeralResourceConfig(r.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: packed})
	if err != nil {
		r.t.Fatal(err)
	}
	if done = (run{diags: validated.Diagnostics}); done.errors() != "" {
		return nil, done
	}
	opened, err := r.server.OpenEphemeralResource(r.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: packed})
	if err != nil {
		r.t.Fatal(err)
	}
	if done.diags = append(done.diags, opened.Diagnostics...); done.errors() == "" {
		result, _ = unbuild(r.t, unpack(r.t, typ, opened.Result)).(attrs)
	}
	return result, done
}

var spendLink = regexp.MustCompile(`https://spend[^"]+`)

// ledgerLinks are the links that were really bought.
func (sb *testSandbox) ledgerLinks() (urls []string) {
	for _, order := range sb.Ledger() {
		urls = append(urls, spendLink.FindAllString(string(order.Order), -1)...)
	}
	return slices.Compact(urls)
}

// TestPayoutsDeliverEveryLink that the state does not hold.
func TestPayoutsDeliverEveryLink(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	settings := attrs{"store_payout_links": false}
	c := newCore(t, sb, settings)
	c.expect(c.apply(plain(three)), "create", "COMPLETED", 1)
	c.wantLinks(0)
	got, done := readerOf(t, sb, settings).open("runa_payouts", attrs{"order_id": c.get("order_id")})
	if len(done.diags) > 0 {
		t.Fatal(done.errors(), done.warnings())
	}
	var urls []string
	for _, payout := range got["payouts"].([]any) {
		urls = append(urls, payout.(attrs)["url"].(string))
	}
	if got["status"] != "COMPLETED" || len(urls) != 3 || !slices.Equal(urls, sb.ledgerLinks()) {
		t.Errorf("status %v, links %q, want COMPLETED and the three of the ledger, %q", got["status"], urls, sb.ledgerLinks())
	}
}

// TestPayoutsOfUnfinishedOrders: nothing to deliver yet is no error, or the apply that
// would finish the order could not run.
func TestPayoutsOfUnfinishedOrders(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, sandbox.Options{Processing: time.Hour})
	id := sb.place(t, foreignOrders()["single"])
	for name, test := range map[string]struct {
		id     any
		status any
		says   string
	}{
		"not confirmed": {nil, nil, "not confirmed yet"},
		"processing":    {id, "PROCESSING", "still PROCESSING"},
	} {
		got, done := readerOf(t, sb, nil).open("runa_payouts", attrs{"order_id": test.id})
		if done.errors() != "" || !strings.Contains(done.warnings(), test.says) {
			t.Errorf("%s: errors %q, warnings %q, want none, and one that says %q", name, done.errors(), done.warnings(), test.says)
		}
		if got["status"] != test.status || len(got["payouts"].([]any)) != 0 {
			t.Errorf("%s: got %v, want status %v and no payouts", name, got, test.status)
		}
	}
	sb.must(t, sb.AddFault(tells(id, "FAILED", "")))
	got, done := readerOf(t, sb, nil).open("runa_payouts", attrs{"order_id": id})
	if done.errors() != "" || !strings.Contains(done.warnings(), "is FAILED") || len(got["payouts"].([]any)) != 0 {
		t.Errorf("failed: got %v, errors %q, warnings %q, want no payouts, none, and one that says %q", got, done.errors(), done.warnings(), "is FAILED")
	}
}

func TestPayoutsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	sb := newSandbox(t, quick)
	id := sb.place(t, foreignOrders()["single"])
	root := `AttributeName("order_id")`
	for name, test := range map[string]struct {
		id, path, says string
		answer         string
	}{
		"unknown order": {id: "O-01K0AAAAAAAAAAAAAAAAAAAAAA", path: root, says: "There is no order"},
		"a link":        {id: "https://spend.runa.io/1", path: root, says: "may be a secret"},
		"empty":         {id: "", path: root, says: "Runa's id of an order"},
		"a new shape":   {id: id, says: "update the provider", answer: `{"id": "` + id + `", "status": "COMPLETED", "items": 1}`},
		"not an answer": {id: id, says: "cannot be read", answer: "<html>https://spend.runa.io/1</html>"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.answer != "" {
				sb.must(t, sb.AddFault(readAs(http.StatusOK, test.answer)))
				defer sb.ClearFaults()
			}
			_, done := readerOf(t, sb, nil).open("runa_payouts", attrs{"order_id": test.id})
			wantFinding(t, done, test.path, test.says)
			if strings.Contains(done.errors(), "spend.") {
				t.Errorf("errors %q, want no link in them", done.errors())
			}
		})
	}
	_, done := newReader(t, nil).open("runa_payouts", attrs{"order_id": id})
	wantFinding(t, done, "", "cannot be reached yet")
}
