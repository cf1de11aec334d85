package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const manifest = "../../terraform-registry-manifest.json"

// TestCheck breaks a right release in one way at a time.
func TestCheck(t *testing.T) {
	t.Parallel()
	const archive = "terraform-provider-runa_1.2.3_linux_arm.zip"
	for name, test := range map[string]struct {
		breaks func(r *release)
		want   string // "" if nothing is wrong
	}{
		"right":            {func(*release) {}, ""},
		"no archive":       {func(r *release) { remove(t, r, archive) }, archive},
		"no signature":     {func(r *release) { remove(t, r, "terraform-provider-runa_1.2.3_SHA256SUMS.sig") }, "SHA256SUMS.sig"},
		"no SBOM":          {func(r *release) { remove(t, r, "runa-sandbox_1.2.3_linux_386.cdx.json") }, "linux_386.cdx.json"},
		"another file":     {func(r *release) { write(t, r, "other.zip", nil) }, "other.zip"},
		"another archive":  {func(r *release) { write(t, r, archive, programs(t, "terraform-provider-runa_v1.2.3", "x")) }, "the checksum of " + archive},
		"a listed sandbox": {func(r *release) { list(t, r, "runa-sandbox_1.2.3_linux_arm.zip") }, "not wanted are [\"runa-sandbox_"},
		"listed twice":     {func(r *release) { list(t, r, archive) }, "got 15, want 14"},
		"a wrong program": {func(r *release) {
			write(t, r, "runa-sandbox_1.2.3_windows_386.zip", programs(t, "runa-sandbox"))
		}, "runa-sandbox.exe"},
		"an SBOM of nothing": {func(r *release) {
			write(t, r, "terraform-provider-runa_1.2.3_linux_arm.cdx.json", []byte(`{"bomFormat": "CycloneDX"}`))
		}, "got format \"CycloneDX\" and 0 components"},
		"an SBOM cut off": {func(r *release) {
			write(t, r, "terraform-provider-runa_1.2.3_linux_arm.cdx.json", []byte(`{"bomFormat"`))
		}, "unexpected end of JSON input"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rightRelease(t)
			test.breaks(r)
			err := r.check(manifest)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// rightRelease is a release of version 1.2.3 with nothing wrong in it.
func rightRelease(t *testing.T) *release {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "metadata.json"), []byte(`{"version": "1.2.3"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	sums := r.base(provider, "SHA256SUMS")
	write(t, r, sums, nil)
	write(t, r, sums+".sig", nil)
	for _, platform := range platforms {
		exe := ""
		if strings.HasPrefix(platform, "windows") {
			exe = ".exe"
		}
		write(t, r, r.base(provider, platform)+".zip", programs(t, provider+"_v1.2.3"+exe))
		write(t, r, r.base(sandbox, platform)+".zip", programs(t, sandbox+exe))
		write(t, r, r.base(sandbox, platform)+".zip.sig", nil)
		write(t, r, r.base(provider, platform)+".cdx.json", sbom("github.com/hashicorp/terraform-plugin-framework"))
		write(t, r, r.base(sandbox, platform)+".cdx.json", sbom("go.etcd.io/bbolt"))
		list(t, r, r.base(provider, platform)+".zip")
	}
	listFile(t, r, manifest, r.base(provider, "manifest.json"))
	return r
}

func sbom(module string) []byte {
	return fmt.Appendf(nil, `{"bomFormat": "CycloneDX", "components": [{"name": %q, "version": "v1.0.0"}]}`, module)
}

// programs is an archive of programs, with a licence beside them.
func programs(t *testing.T, names ...string) []byte {
	t.Helper()
	var archive bytes.Buffer
	out := zip.NewWriter(&archive)
	for _, name := range append(names, "LICENSE") {
		header := &zip.FileHeader{Name: name}
		header.SetMode(0o755)
		if name == "LICENSE" {
			header.SetMode(0o644)
		}
		if _, err := out.CreateHeader(header); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

func write(t *testing.T, r *release, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, r *release, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
		t.Fatal(err)
	}
}

// list adds a file of the release to the checksums.
func list(t *testing.T, r *release, name string) {
	t.Helper()
	listFile(t, r, filepath.Join(r.dir, name), name)
}

func listFile(t *testing.T, r *release, path, name string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sums := r.base(provider, "SHA256SUMS")
	before, err := os.ReadFile(filepath.Join(r.dir, sums))
	if err != nil {
		t.Fatal(err)
	}
	write(t, r, sums, fmt.Appendf(before, "%x  %s\n", sha256.Sum256(content), name))
}
