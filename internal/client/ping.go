package client

import (
	"context"
	"net/http"
)

// Ping asks Runa whether it is there and knows the key. It returns Runa's
// message, "pong" (SPEC, GET /ping).
func (c *Client) Ping(ctx context.Context) (string, error) {
	var wire struct {
		Message string `json:"message" read:"shown"`
	}
	_, err := c.read(ctx, call{method: http.MethodGet, path: "/ping", needs: []string{"message"}}, &wire)
	return wire.Message, err
}
