package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// config buys one order, with exactly the released version.
const config = `terraform {
  required_providers {
    runa = {
      source  = "runa-community/runa"
      version = %q
    }
  }
}

resource "runa_order" "this" {
  idempotency_key = uuidv5("url", "https://rewards.example.com/order/release-check")
  payment_method  = { type = "ACCOUNT_BALANCE", currency = "USD" }
  items = [{
    face_value          = 25
    distribution_method = { type = "PAYOUT_LINK" }
    products            = { type = "SINGLE", value = "ACME-US" }
  }]
}
`

// buy installs the archive from a mirror, as a CLI does from a registry, and buys one order
// from the released sandbox. A plan must find nothing to do then.
func (r *release) buy(ctx context.Context, children *processgroup.Group, cli, work string) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	archive := r.base(provider, platform) + ".zip"
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		packages := filepath.Join(work, "mirror", host, "runa-community", "runa")
		if err := os.MkdirAll(packages, 0o755); err != nil {
			return err
		}
		content, err := os.ReadFile(filepath.Join(r.dir, archive))
		if err == nil {
			err = os.WriteFile(filepath.Join(packages, archive), content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	settings, dir := filepath.Join(work, "cli.tfrc"), filepath.Join(work, "config")
	if err := errors.Join(
		os.WriteFile(settings, fmt.Appendf(nil, "disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
			filepath.Join(work, "mirror")), 0o600),
		os.Mkdir(dir, 0o755),
		os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, config, r.version), 0o600),
	); err != nil {
		return err
	}
	program, err := unpack(filepath.Join(r.dir, r.base(sandbox, platform)+".zip"), sandbox, work)
	if err != nil {
		return err
	}
	url, key, err := serve(children, program)
	if err != nil {
		return err
	}
	for _, args := range [][]string{{"init"}, {"apply", "-auto-approve"}, {"plan", "-detailed-exitcode"}} {
		cmd := children.Command(cli, append(args, "-no-color", "-input=false")...)
		cmd.Dir = dir
		// Nobody's settings, and nobody's real key.
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + work, "TF_CLI_CONFIG_FILE=" + settings, "CHECKPOINT_DISABLE=1",
			"RUNA_BASE_URL=" + url + "/v2", "RUNA_API_KEY=" + key,
		}
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, said)
		}
	}
	return checkLedger(ctx, url)
}

// unpack takes a program out of an archive.
func unpack(archive, name, into string) (string, error) {
	opened, err := zip.OpenReader(archive)
	if err != nil {
		return "", err
	}
	defer opened.Close() //nolint:errcheck // it was only read
	file, err := opened.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(file)
	if err != nil {
		return "", err
	}
	path := filepath.Join(into, name)
	return path, os.WriteFile(path, content, 0o700)
}

// greeting is the first line that the sandbox prints, made for a shell.
var greeting = regexp.MustCompile(`RUNA_BASE_URL=(http://\S+)/v2 RUNA_API_KEY=(\S+)`)

// serve starts a sandbox on a free port, and returns its root and its key.
func serve(children *processgroup.Group, program string) (url, key string, err error) {
	line, err := children.Serve(program, "-listen", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	said := greeting.FindStringSubmatch(line)
	if said == nil {
		return "", "", fmt.Errorf("the sandbox did not say where it listens, but %q", line)
	}
	return said[1], said[2], nil
}

// checkLedger: the sandbox has sold one order.
func checkLedger(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/_sandbox/orders", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var sold []struct{ Status string }
	if err := json.NewDecoder(resp.Body).Decode(&sold); err != nil {
		return fmt.Errorf("the sandbox's ledger: %w", err)
	}
	if len(sold) != 1 || sold[0].Status != "COMPLETED" {
		return fmt.Errorf("the ledger should have one order that is COMPLETED, and has %v", sold)
	}
	return nil
}
