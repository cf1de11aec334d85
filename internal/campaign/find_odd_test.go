package campaign

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestUnreadableOrdersAreNotBoughtAgain: an order that is listed with the campaign's
// description, and of which money's fields cannot be read, may be the one that is to be
// bought. After 30 days Runa's memory of the idempotency key does not protect it any more.
func TestUnreadableOrdersAreNotBoughtAgain(t *testing.T) {
	for name, test := range map[string]struct{ path, body, says string }{
		"the order":            {"/order/*", `{"id":%q,"status":"COMPLETED","total_price":{"value":"1.00"}}`, "its total_price is not an amount"},
		"its description only": {"/order", `{"items":[{"id":%q,"status":"COMPLETED","description":["chaos"]}],"pagination":{"cursors":{},"page":{"limit":500}}}`, "its description cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Processing: -1})
			list := rewards(1, 2)
			if outcomes, err := w.run(t.Context(), newState(), list, 2); err != nil || said(outcomes) != "1 bought" {
				t.Fatalf("run() = %s, error %v, want 1 bought", said(outcomes), err)
			}
			w.mu.Lock()
			w.now = w.now.Add(31 * 24 * time.Hour)
			w.mu.Unlock()
			err := w.box.AddFault(sandbox.Fault{
				Method: http.MethodGet, Path: test.path, Action: sandbox.ActionStatus, Status: 200,
				Body: fmt.Sprintf(test.body, w.box.Ledger()[0].ID),
			})
			if err != nil {
				t.Fatal(err)
			}
			outcomes, err := w.run(t.Context(), newState(), list, 2) // the state is lost
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %s and error %v, want %q", said(outcomes), err, test.says)
			}
			w.wantOnce(t, list)
		})
	}
}
