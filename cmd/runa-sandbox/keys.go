package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// keyVariable is the environment's way to give an API key, and -api-key-file the
// disk's: no list of processes shows either.
const keyVariable = "RUNA_SANDBOX_API_KEY"

// keys are the API keys to accept: those of the flags, or else that of the environment,
// or else the mode's own.
func keys(given []string, mode string) []string {
	if len(given) > 0 {
		return given
	}
	if key := strings.TrimSpace(os.Getenv(keyVariable)); key != "" {
		return []string{key}
	}
	return []string{ownKey(mode)}
}

// addKey takes the key of a flag.
func addKey(to *[]string) func(string) error {
	return func(key string) error {
		if key == "" {
			return errors.New("the API key is empty")
		}
		*to = append(*to, key)
		return nil
	}
}

// addKeys takes the keys of a file, one a line.
func addKeys(to *[]string) func(string) error {
	return func(file string) error {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		found := strings.Fields(string(text))
		if len(found) == 0 {
			return fmt.Errorf("there is no API key in %s", file)
		}
		*to = append(*to, found...)
		return nil
	}
}
