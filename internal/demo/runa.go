package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// localRuna is a running sandbox.
type localRuna struct {
	url string // its root; the API is under /v2
	key string // what it accepts as API key
}

// announcement is the first line the sandbox prints, made for a shell.
var announcement = regexp.MustCompile(`RUNA_BASE_URL=(http://\S+)/v2 RUNA_API_KEY=(\S+)`)

// startSandbox starts the sandbox on a free port and learns its address and
// key from the first line it prints.
func startSandbox(children *processgroup.Group, program string) (*localRuna, error) {
	line, err := children.Serve(program, "-listen", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	said := announcement.FindStringSubmatch(line)
	if said == nil {
		return nil, fmt.Errorf("the sandbox did not say where it listens, but %q", line)
	}
	return &localRuna{url: said[1], key: said[2]}, nil
}

// ledger is every order the sandbox really placed.
type ledger []struct {
	IdempotencyKey string `json:"idempotency_key"`
	Status         string `json:"status"`
	Body           string `json:"body"`
}

func (r *localRuna) ledger(ctx context.Context) (ledger, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/_sandbox/orders", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the sandbox's ledger: %s", resp.Status)
	}
	var sold ledger
	if err := json.NewDecoder(resp.Body).Decode(&sold); err != nil {
		return nil, fmt.Errorf("the sandbox's ledger: %w", err)
	}
	return sold, nil
}

// check fails unless each winner got exactly one order, and got it whole.
func (l ledger) check(winners int) error {
	keys := map[string]bool{}
	for _, order := range l {
		if order.Status != "COMPLETED" {
			return fmt.Errorf("order with key %s is %s", order.IdempotencyKey, order.Status)
		}
		keys[order.IdempotencyKey] = true
	}
	if len(l) != winners || len(keys) != winners {
		return fmt.Errorf("%d winners, but the ledger has %d orders with %d different keys", winners, len(l), len(keys))
	}
	return nil
}
