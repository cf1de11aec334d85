package main

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"slices"
	"testing"
)

func TestState(t *testing.T) {
	const whole = `{"version": 4, "resources": [{"name": "winner-0", "instances": [
		{"attributes": {"id": "key", "order_id": null, "status": "UNCONFIRMED"}}]}]}`
	// One reward was refused, and then bought in another order.
	const campaignState = `{"version": 4, "resources": [{"type": "runa_campaign", "name": "this", "instances": [{"attributes": {
		"orders": "{\"orders\":[{\"order_id\":\"O-1\",\"status\":\"COMPLETED\",\"rewards\":[\"winner-0\",\"b\"]},{\"status\":\"REJECTED\",\"rewards\":[\"b\",\"c\"]}]}",
		"payouts": "{\"winner-0\":{\"item_id\":\"E-1\"},\"b\":{\"item_id\":\"E-2\"}}"}}]}]}`
	for name, test := range map[string]struct {
		text string
		want map[string]recordedOrder
		err  error
	}{
		"unconfirmed": {whole, map[string]recordedOrder{"winner-0": {"key", "", "UNCONFIRMED"}}, nil},
		"of a campaign": {campaignState, map[string]recordedOrder{
			"winner-0": {"E-1", "O-1", "COMPLETED"}, "b": {"E-2", "O-1", "COMPLETED"}, "c": {"", "", "REJECTED"},
		}, nil},
		"empty":   {"", nil, nil},
		"cut off": {whole[:60], nil, errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			dir := &workdir{path: t.TempDir()}
			if err := os.WriteFile(dir.statePath(), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := dir.state()
			if !errors.Is(err, test.err) || !maps.Equal(got, test.want) {
				t.Errorf("state() = %v, error %v, want %v and %v", got, err, test.want, test.err)
			}
			if err := dir.loseState(); err != nil {
				t.Fatal(err)
			}
			if got, err := dir.state(); err != nil || len(got) > 0 {
				t.Errorf("state() when it is lost = %v, error %v, want nothing and none", got, err)
			}
		})
	}
}

func TestChildrenOf(t *testing.T) {
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Skip("no sleep here:", err)
	}
	defer func() { _ = child.Wait() }()
	children, err := childrenOf(os.Getpid())
	if err != nil || !slices.Contains(children, child.Process.Pid) {
		t.Errorf("%v and %v, want %d among them", children, err, child.Process.Pid)
	}
	if hit := killAllOf([]int{child.Process.Pid}); hit != 1 {
		t.Errorf("killAllOf() = %d, want 1", hit)
	}
}
