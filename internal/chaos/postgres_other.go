//go:build !linux

package main

import (
	"errors"
	"os/exec"
)

// The runs with PostgreSQL are made on Linux only.
func canServe() bool { return false }

func giveAway(string) error { return errors.ErrUnsupported }

func unprivileged(*exec.Cmd) {}

func cutClients(int) (int, error) { return 0, errors.ErrUnsupported }
