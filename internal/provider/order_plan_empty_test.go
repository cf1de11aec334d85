package provider

import (
	"net/http"
	"strings"
	"testing"
)

// TestEmptyIsNull: Runa is sent the same for an empty description or metadata as for
// none, so the one is not a change of the other.
func TestEmptyIsNull(t *testing.T) {
	t.Parallel()
	none, empty := plain(nil), plain(attrs{"description": "", "metadata": attrs{}})
	for name, test := range map[string]struct{ first, then attrs }{
		"empty, then none": {empty, none},
		"none, then empty": {none, empty},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSandbox(t, quick), nil)
			c.expect(c.apply(test.first), "create", "COMPLETED", 1)
			c.expect(c.apply(test.first), "", "COMPLETED", 1)
			for _, once := range []string{"update", ""} { // the state follows the configuration, and that is all
				got := c.apply(test.then)
				c.expect(got, once, "COMPLETED", 1)
				c.severity(got, "")
			}
			if body := c.sb.Ledger()[0].Body; strings.Contains(body, `"description"`) || c.sb.requests(http.MethodPost, "/order") != 1 {
				t.Errorf("%d orders were sent, with body %s, want 1 without a description", c.sb.requests(http.MethodPost, "/order"), body)
			}
		})
	}
	t.Run("imported", func(t *testing.T) {
		t.Parallel()
		c := newCore(t, newSandbox(t, quick), nil)
		order := foreignOrders()["multiple"] // without either
		c.adopt(c.sb.place(t, order))
		order.config["description"], order.config["metadata"] = "", attrs{}
		c.expect(c.apply(order.config), "update", "COMPLETED", 1)
		c.expect(c.apply(order.config), "", "COMPLETED", 1)
	})
	t.Run("to something", func(t *testing.T) {
		t.Parallel()
		c := newCore(t, newSandbox(t, quick), nil)
		c.apply(empty)
		c.expect(c.apply(plain(attrs{"description": "x"})), "update", "COMPLETED", 1, "A placed order cannot be changed")
		c.expect(c.apply(plain(attrs{"metadata": attrs{"a": "b"}})), "update", "COMPLETED", 1, "A placed order cannot be changed")
	})
}
