package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// logExchange writes one line for each request, with nothing secret in it: no
// body, no header, no query, and of an order's key only the beginning.
func logExchange(ctx context.Context, e client.Exchange) {
	fields := map[string]any{
		"method": e.Method, "path": e.Path, "status": e.Status, "duration": e.Duration.Round(time.Millisecond).String(),
	}
	if e.Key != "" {
		fields["key"] = shortKey(e.Key)
	}
	if e.Err != nil {
		fields["error"] = e.Err.Error()
		tflog.Warn(ctx, "Runa request failed", fields)
		return
	}
	tflog.Debug(ctx, "Runa request", fields)
}

// shortKey is enough of a key to find it by, and too little to use it.
func shortKey(key string) string {
	const shown = 8
	if len(key) <= shown {
		return key
	}
	return key[:shown] + "…"
}
