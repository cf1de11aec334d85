package provider

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// TestLogsTellWhatHappened: a lost answer, its repeat and the verdict can be followed
// in the log, and nobody can be paid with it.
func TestLogsTellWhatHappened(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	var log bytes.Buffer
	c.ctx = tflogtest.RootLogger(t.Context(), &log)
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionDropAfter, Times: 1}))
	c.fault(onReading(sandbox.Fault{Action: sandbox.ActionStatus, Status: 503, Times: 1}))
	config := items(item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25"))
	config["idempotency_key"] = "spring-26/ana-and-more"
	c.expect(c.apply(config), "create", "COMPLETED", 1)

	entries, err := tflogtest.MultilineJSONDecode(bytes.NewReader(log.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range entries {
		switch e["@message"] {
		case "Runa request", "Runa request failed":
			lines = append(lines, fmt.Sprint(e["@level"], " ", e["method"], " ", e["path"], " ", e["status"], " try ", e["try"], " key ", e["key"]))
		case "Runa order":
			lines = append(lines, fmt.Sprint(e["@level"], " ", e["verdict"], " ", e["status"], " attempt ", e["attempt"], " key ", e["key"], " order ", e["order_id"]))
		default:
			continue
		}
		if e["duration"] == nil {
			t.Errorf("entry %v has no duration, want one", e)
		}
	}
	id := c.get("order_id")
	want := []string{
		"debug GET /product/ACME-US 200 try 1 key <nil>",
		"warn POST /order 0 try 1 key spring-2…",
		"debug POST /order 202 try 2 key spring-2…",
		"warn GET /order/" + id + " 503 try 1 key <nil>",
		"debug GET /order/" + id + " 200 try 2 key <nil>",
		"info bought COMPLETED attempt 1 key spring-2… order " + id,
	}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	for _, secret := range []string{ana, "spend.", "ana-and-more", sandbox.Key, "payment_method\":"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows %q, want it hidden", secret)
		}
	}
}

// TestLogsShortenQuotedKeys: an answer may quote the whole key, for the user's eyes alone.
func TestLogsShortenQuotedKeys(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSandbox(t, quick), nil)
	var log bytes.Buffer
	c.ctx = tflogtest.RootLogger(t.Context(), &log)
	const key = "spring-26/ana-and-more"
	c.fault(onOrders(sandbox.Fault{
		Action: sandbox.ActionStatus, Status: http.StatusBadRequest, Headers: map[string]string{"X-Api-Version": "2024-02-05"},
		Body: `{"type": "idempotency_validation_error", "message": "` + key + ` has another body"}`,
	}))
	got := c.apply(plain(attrs{"idempotency_key": key}))
	c.expect(got, "create", "(no state)", 0, key)
	if !strings.Contains(log.String(), "spring-2…") || strings.Contains(log.String(), "ana-and-more") {
		t.Errorf("the log is %s, want the key shortened to %q", log.String(), "spring-2…")
	}
}
