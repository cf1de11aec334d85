package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Of each of these programs there is an archive and an SBOM for each platform.
const (
	provider = "terraform-provider-runa"
	sandbox  = "runa-sandbox"
)

var platforms = []string{
	"darwin_amd64", "darwin_arm64",
	"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
	"windows_386", "windows_amd64", "windows_arm64",
}

// notes are what goreleaser leaves for itself. It uploads none of them.
var notes = []string{"artifacts.json", "config.yaml", "metadata.json"}

// release is what goreleaser made.
type release struct{ dir, version string }

func open(dir string) (*release, error) {
	var metadata struct{ Version string }
	if err := read(filepath.Join(dir, "metadata.json"), &metadata); err != nil {
		return nil, err
	}
	return &release{dir, metadata.Version}, nil
}

func read(path string, into any) error {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// check compares the files with what the registries and this project's pages say of them.
func (r *release) check(manifest string) error {
	return errors.Join(r.checkNames(), r.checkSums(manifest), checkManifest(manifest), r.checkArchives(), r.checkSBOMs())
}

// base is the name of a file without its ending, such as runa-sandbox_1.2.3_linux_arm.
func (r *release) base(program, what string) string { return program + "_" + r.version + "_" + what }

func (r *release) checkNames() error {
	sums := r.base(provider, "SHA256SUMS")
	want := []string{sums, sums + ".sig"}
	for _, platform := range platforms {
		archive := r.base(sandbox, platform)
		want = append(want, archive+".zip", archive+".zip.sig", archive+".cdx.json",
			r.base(provider, platform)+".zip", r.base(provider, platform)+".cdx.json")
	}
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return err
	}
	var got []string
	for _, entry := range entries {
		if !entry.IsDir() && !slices.Contains(notes, entry.Name()) {
			got = append(got, entry.Name())
		}
	}
	return same("files", got, want)
}

// checkSums: the registries take every line of the checksums for a file of the provider.
func (r *release) checkSums(manifest string) error {
	files := map[string]string{r.base(provider, "manifest.json"): manifest}
	for _, platform := range platforms {
		archive := r.base(provider, platform) + ".zip"
		files[archive] = filepath.Join(r.dir, archive)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, r.base(provider, "SHA256SUMS")))
	if err != nil {
		return err
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		listed = append(listed, name)
		if files[name] == "" {
			continue // reported below
		}
		content, err := os.ReadFile(files[name])
		if err != nil {
			return err
		}
		if is := fmt.Sprintf("%x", sha256.Sum256(content)); sum != is {
			return fmt.Errorf("the checksum of %s is %s, and not %s", name, is, sum)
		}
	}
	return same("files with a checksum", listed, slices.Collect(maps.Keys(files)))
}

func checkManifest(path string) error {
	var manifest struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	if err := read(path, &manifest); err != nil {
		return err
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.Protocols, []string{"6.0"}) {
		return fmt.Errorf("%s: got version %d and protocols %q, want version 1 and protocol 6.0", path, manifest.Version, manifest.Metadata.Protocols)
	}
	return nil
}

// checkArchives: a CLI looks for a program of this name.
func (r *release) checkArchives() error {
	for _, platform := range platforms {
		for program, file := range map[string]string{provider: provider + "_v" + r.version, sandbox: sandbox} {
			if strings.HasPrefix(platform, "windows") {
				file += ".exe"
			}
			archive, err := zip.OpenReader(filepath.Join(r.dir, r.base(program, platform)+".zip"))
			if err != nil {
				return err
			}
			var got []string
			for _, one := range archive.File {
				if one.Mode().Perm()&0o111 != 0 {
					got = append(got, one.Name)
				}
			}
			if err := errors.Join(archive.Close(), same("programs in "+r.base(program, platform)+".zip", got, []string{file})); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSBOMs looks into each for a module that the program is certainly made of.
func (r *release) checkSBOMs() error {
	for _, platform := range platforms {
		for program, module := range map[string]string{
			provider: "github.com/hashicorp/terraform-plugin-framework",
			sandbox:  "go.etcd.io/bbolt",
		} {
			var sbom struct {
				Format     string `json:"bomFormat"`
				Components []struct{ Name, Version string }
			}
			path := filepath.Join(r.dir, r.base(program, platform)+".cdx.json")
			if err := read(path, &sbom); err != nil {
				return err
			}
			found := false
			for _, component := range sbom.Components {
				found = found || component.Name == module && component.Version != ""
			}
			if sbom.Format != "CycloneDX" || !found {
				return fmt.Errorf("%s: got format %q and %d components, want CycloneDX, and %s among them", path, sbom.Format, len(sbom.Components), module)
			}
		}
	}
	return nil
}

// same says what is missing from some names, and what should not be there.
func same(what string, got, want []string) error {
	missing := slices.DeleteFunc(slices.Sorted(slices.Values(want)), func(name string) bool { return slices.Contains(got, name) })
	extra := slices.DeleteFunc(slices.Sorted(slices.Values(got)), func(name string) bool { return slices.Contains(want, name) })
	if len(missing)+len(extra) == 0 && len(got) == len(want) {
		return nil
	}
	return fmt.Errorf("%s: got %d, want %d; missing are %q, not wanted are %q", what, len(got), len(want), missing, extra)
}
