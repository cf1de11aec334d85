package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// holding is what a state knows of one reward.
type recordedOrder struct {
	mark    string // the idempotency key of its order, or its item of a campaign's order
	orderID string // "" while unconfirmed
	status  string // the order's
}

// statePath is where both CLIs keep a local state.
func (w *workdir) statePath() string { return filepath.Join(w.path, "terraform.tfstate") }

// errBroken is a state that was cut off while it was being written.
var errBroken = errors.New("the state is not readable")

// state reads what the directory knows, by reward. A directory without a state
// knows nothing.
func (w *workdir) state() (map[string]recordedOrder, error) {
	text, err := os.ReadFile(w.statePath())
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(text) == 0) {
		return map[string]recordedOrder{}, nil
	}
	if err != nil {
		return nil, err
	}
	return readState(text)
}

// readState reads a state's text.
func readState(text []byte) (map[string]recordedOrder, error) {
	var file struct {
		Resources []struct {
			Type      string `json:"type"`
			Name      string `json:"name"`
			Instances []struct {
				Attributes json.RawMessage `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, errors.Join(errBroken, err)
	}
	known := map[string]recordedOrder{}
	for _, resource := range file.Resources {
		read := func(attributes []byte) error { return readOrder(attributes, resource.Name, known) }
		if resource.Type == "runa_campaign" {
			read = func(attributes []byte) error { return readCampaign(attributes, known) }
		}
		for _, instance := range resource.Instances {
			if err := read(instance.Attributes); err != nil {
				return nil, fmt.Errorf("%s.%s: %w", resource.Type, resource.Name, err)
			}
		}
	}
	return known, nil
}

// readOrder adds what a state knows of a runa_order.
func readOrder(attributes []byte, name string, known map[string]recordedOrder) error {
	var order struct {
		ID      string `json:"id"`
		OrderID string `json:"order_id"`
		Status  string `json:"status"`
	}
	err := json.Unmarshal(attributes, &order)
	known[name] = recordedOrder{order.ID, order.OrderID, order.Status}
	return err
}

// readCampaign adds what a state knows of a runa_campaign. Of two orders that have a
// reward, the one that Runa knows counts.
func readCampaign(attributes []byte, known map[string]recordedOrder) error {
	var texts struct {
		Orders  string `json:"orders"`
		Payouts string `json:"payouts"`
	}
	var book struct {
		Orders []struct {
			OrderID string   `json:"order_id"`
			Status  string   `json:"status"`
			Rewards []string `json:"rewards"`
		} `json:"orders"`
	}
	var payouts map[string]struct {
		ItemID string `json:"item_id"`
	}
	err := json.Unmarshal(attributes, &texts)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(texts.Orders), &book), json.Unmarshal([]byte(texts.Payouts), &payouts))
	}
	for _, order := range book.Orders {
		for _, id := range order.Rewards {
			if known[id].orderID == "" {
				known[id] = recordedOrder{payouts[id].ItemID, order.OrderID, order.Status}
			}
		}
	}
	return err
}

// loseState removes the state, as if the machine it was on were gone.
func (w *workdir) loseState() error {
	for _, path := range []string{w.statePath(), w.statePath() + ".backup"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
