package main

import "fmt"

const configProvider = `terraform {
  required_providers {
    runa = {
      source = "runa-community/runa"
    }
  }
%s}

provider "runa" {
  request_timeout = "1s"
%s}
`

// configHead begins a configuration. Where Runa's refusals are wanted, plans do not
// look for their causes.
func configHead(s scenario) string {
	settings, backend := "", ""
	if s.trouble != nil || s.mistakes {
		settings = "  validate_catalog = false\n"
	}
	if s.campaign {
		settings += "  orders_per_minute = 6000\n"
	}
	if s.shared {
		backend = "  backend \"pg\" {}\n"
	}
	return fmt.Sprintf(configProvider, backend, settings)
}
