package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// holding is what a state knows of one reward.
type holding struct {
	key     string
	orderID string // "" while unconfirmed
	status  string
}

// statePath is where both CLIs keep a local state.
func (w *workdir) statePath() string { return filepath.Join(w.path, "terraform.tfstate") }

// errBroken is a state that was cut off while it was being written.
var errBroken = errors.New("the state is not readable")

// state reads what the directory knows, by reward. A directory without a state
// knows nothing.
func (w *workdir) state() (map[string]holding, error) {
	text, err := os.ReadFile(w.statePath())
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(text) == 0) {
		return map[string]holding{}, nil
	}
	if err != nil {
		return nil, err
	}
	return readState(text)
}

// readState reads a state's text.
func readState(text []byte) (map[string]holding, error) {
	var file struct {
		Resources []struct {
			Name      string `json:"name"`
			Instances []struct {
				Attributes struct {
					ID      string `json:"id"`
					OrderID string `json:"order_id"`
					Status  string `json:"status"`
				} `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, errors.Join(errBroken, err)
	}
	known := map[string]holding{}
	for _, resource := range file.Resources {
		for _, instance := range resource.Instances {
			known[resource.Name] = holding{instance.Attributes.ID, instance.Attributes.OrderID, instance.Attributes.Status}
		}
	}
	return known, nil
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
