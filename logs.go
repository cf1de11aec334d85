package main

import "strings"

// muteLogs turns the plugin's log off when nobody reads it. The libraries below would
// write every step of every call as a line of JSON, which the CLI parses and throws away:
// a third of a plan's time. environ is the process's environment, set changes it.
//
// Terraform and OpenTofu pass on what a provider logs only if TF_LOG or TF_LOG_PROVIDER
// says so. TF_LOG_PROVIDER_RUNA and TF_LOG_SDK, with the names that begin with them, set
// levels within the plugin (developer.hashicorp.com/terraform/plugin/log/managing). Where
// any of these is set, nothing is changed. TF_LOG_CORE and TF_LOG_PATH are not about
// providers.
func muteLogs(environ []string, set func(name, value string) error) error {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if aboutProviders(name) && value != "" && !strings.EqualFold(value, "off") {
			return nil
		}
	}
	for _, name := range []string{"TF_LOG_PROVIDER_RUNA", "TF_LOG_SDK"} {
		if err := set(name, "off"); err != nil {
			return err
		}
	}
	return nil
}

func aboutProviders(name string) bool {
	return name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_PROVIDER") || strings.HasPrefix(name, "TF_LOG_SDK")
}
