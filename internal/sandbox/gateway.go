package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

var removedVersions = []string{"2023-01-16", "2023-07-27"}

// gateway is what stands before Runa's own code: the key, the path, the version
// and the rate. What it refuses carries no X-Api-Version (REC, 1.4) and is never
// stored under an idempotency key (D, 4).
func (s *Sandbox) gateway(c *call) wire.Answer {
	if c.refusal != nil {
		return *c.refusal
	}
	if c.tooLong {
		return wire.Refuse(http.StatusRequestEntityTooLarge, "bad_request", "The request is longer than 10 MB.", "")
	}
	handle, ok := findRoute(c)
	if !ok {
		return wire.Refuse(http.StatusForbidden, "forbidden", "You may not access "+c.r.Method+" "+c.r.URL.Path+".",
			"There may be no such path. Every path begins with /v2 and is a singular noun.")
	}
	if refusal, ok := s.checkVersion(c.r.Header.Get("X-Api-Version")); !ok {
		return refusal
	}
	if c.createsOrder() && !s.withinRate() {
		return wire.RateExceeded()
	}
	a := handle(s, c)
	if c.entry.Replayed { // verbatim, whatever it was
		return a
	}
	return a.With("X-Api-Version", c.version)
}

// authenticate tells a missing key (401) from a wrong one (403) (REC, 1.2).
func (s *Sandbox) authenticate(r *http.Request) (wire.Answer, bool) {
	key := r.Header.Get("X-Api-Key")
	switch {
	case key == "":
		return wire.Refuse(http.StatusUnauthorized, "unauthorized", "There is no API key in the request.",
			"Send your key in the X-Api-Key header."), false
	case !slices.Contains(s.options.APIKeys, key):
		return wire.Refuse(http.StatusForbidden, "forbidden", "The API key is not known here.",
			"Check that the key belongs to this environment."), false
	}
	return wire.Answer{}, true
}

// checkVersion refuses versions that are gone or never were (ERR, 1.5).
func (s *Sandbox) checkVersion(version string) (wire.Answer, bool) {
	switch {
	case version == "" || slices.Contains(s.options.Versions, version):
		return wire.Answer{}, true
	case slices.Contains(removedVersions, version):
		return wire.Refuse(http.StatusGone, "version_removed", "Version "+version+" of the API has been removed.",
			"Versions to use: "+strings.Join(s.options.Versions, ", ")+"."), false
	}
	return wire.Refuse(http.StatusBadRequest, "invalid_version", "There is no version "+version+" of the API.",
		"Versions to use: "+strings.Join(s.options.Versions, ", ")+"."), false
}

// versionFor is the version an answer speaks: the one asked for, or else the
// account's own (VER, 1.5).
func (s *Sandbox) versionFor(r *http.Request) string {
	if asked := r.Header.Get("X-Api-Version"); slices.Contains(s.options.Versions, asked) {
		return asked
	}
	return s.options.Versions[0]
}

// withinRate counts one order creation.
func (s *Sandbox) withinRate() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rate.allow(s.clock.now())
}
