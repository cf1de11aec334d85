package provider

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// logExchange writes one line for each request, with nothing secret in it: no
// body, no header, no query, and of an order's key only the beginning.
func logExchange(ctx context.Context, e client.Exchange) {
	fields := map[string]any{
		"method": e.Method, "path": e.Path, "status": e.Status, "try": e.Attempt, "duration": e.Duration.Round(time.Millisecond).String(),
	}
	if e.RequestID != "" {
		fields["request_id"] = e.RequestID
	}
	if e.Key != "" {
		fields["key"] = shortKey(e.Key)
	}
	if e.Err != nil {
		fields["error"] = shortened(e.Err, e.Key)
		tflog.Warn(ctx, "Runa request failed", fields)
		return
	}
	tflog.Debug(ctx, "Runa request", fields)
}

// logOddity warns of fields that are null because Runa sent them in a form that it does
// not document.
func logOddity(ctx context.Context, odd client.Oddity) {
	const most = 20
	shown := odd.Fields[:min(len(odd.Fields), most)]
	fields := map[string]any{"method": odd.Method, "path": odd.Path, "fields": strings.Join(shown, ", "), "count": len(odd.Fields)}
	if odd.RequestID != "" {
		fields["request_id"] = odd.RequestID
	}
	tflog.Warn(ctx, "Runa sent fields in an unknown form, they are left out", fields)
}

// logVerdict writes one line for each purchase that a run made, settled or waited for. It
// is a warning where there is a reason to give.
func logVerdict(ctx context.Context, m orderModel, result purchase.Result, took time.Duration) {
	fields := map[string]any{
		"key": shortKey(m.ID.ValueString()), "attempt": attemptOf(m), "verdict": string(result.Verdict), "duration": took.Round(time.Millisecond).String(),
	}
	if result.Order.ID != "" {
		fields["order_id"], fields["status"] = result.Order.ID, string(result.Order.Status)
	}
	if result.Err != nil {
		fields["error"] = shortened(result.Err, m.ID.ValueString(), m.IdempotencyKey.ValueString())
		tflog.Warn(ctx, "Runa order", fields)
		return
	}
	tflog.Info(ctx, "Runa order", fields)
}

// shortened is an error, which may quote keys, with no more of them than shortKey shows.
func shortened(err error, keys ...string) string {
	text := err.Error()
	for _, key := range keys {
		if key != "" {
			text = strings.ReplaceAll(text, key, shortKey(key))
		}
	}
	return text
}

// shortKey is enough of a key to find it by, and too little to use it.
func shortKey(key string) string {
	const shown = 8
	if len(key) <= shown {
		return key
	}
	return key[:shown] + "…"
}

// Unquoted is where Go's standard logger must write in the provider's program. Go's HTTP
// client tells it of bytes that came where nothing was asked, and quotes them: perhaps an
// order, or a request that somebody echoes. What the program writes there, a CLI puts into
// its log. Lines come out at w without what they quote.
func Unquoted(w io.Writer) io.Writer { return unquoted{w} }

type unquoted struct{ to io.Writer }

func (u unquoted) Write(line []byte) (int, error) {
	if _, err := io.WriteString(u.to, client.Unquoted(string(line), `"…"`)); err != nil {
		return 0, err
	}
	return len(line), nil
}
