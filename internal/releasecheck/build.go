package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// passphrase protects the key, as one does that of a real release.
const passphrase = "thrown away"

// build makes dist, signed with a key that exists as long as this takes, and verifies the
// signatures.
func build(children *processgroup.Group, bin, work string) (err error) {
	if _, err := exec.LookPath("gpg"); err != nil {
		return errors.New("gpg is needed to sign what is checked: install GnuPG (gpg and gpgconf) 2.1 or newer")
	}
	home := filepath.Join(work, "gnupg")
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	env := append(os.Environ(), "GNUPGHOME="+home)
	command := func(program string, args ...string) *exec.Cmd {
		cmd := children.Command(program, args...)
		cmd.Env = env
		return cmd
	}
	// gpg starts an agent, which is in no process group and would go on for a while.
	defer func() {
		end := exec.Command("gpgconf", "--kill", "all") //nolint:noctx // after an interrupt, too
		end.Env = env
		err = errors.Join(err, end.Run())
	}()

	if said, err := command("gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase,
		"--quick-generate-key", "release-check", "rsa3072", "sign", "1d").CombinedOutput(); err != nil {
		return fmt.Errorf("gpg made no key: %w\n%s", err, said)
	}
	keys, err := command("gpg", "--batch", "--with-colons", "--list-secret-keys").Output()
	if err != nil {
		return fmt.Errorf("gpg: %w", err)
	}
	env = append(env, "GPG_FINGERPRINT="+fingerprint(string(keys)), "GPG_PASSPHRASE="+passphrase,
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))

	goreleaser := command(filepath.Join(bin, "goreleaser"), "release", "--snapshot", "--clean")
	goreleaser.Stdout, goreleaser.Stderr = os.Stdout, os.Stderr
	if err := goreleaser.Run(); err != nil {
		return fmt.Errorf("goreleaser: %w", err)
	}
	signatures, err := filepath.Glob(filepath.Join(dist, "*.sig"))
	if err != nil {
		return err
	}
	for _, signature := range signatures {
		said, err := command("gpg", "--batch", "--verify", signature, strings.TrimSuffix(signature, ".sig")).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", signature, err, bytes.TrimSpace(said))
		}
	}
	fmt.Printf("%d signatures are right.\n", len(signatures))
	return nil
}

// fingerprint is that of the first key of a list in gpg's form with colons.
func fingerprint(list string) string {
	for line := range strings.Lines(list) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" && len(fields) > 9 {
			return fields[9]
		}
	}
	return ""
}
