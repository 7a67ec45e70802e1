package stub

import "golang.org/x/mod/semver"

// AtLeast reports whether grpc-go is known to be a version ("v1.64") or newer.
func (x *Index) AtLeast(version string) bool { return x.isKnown() && x.compare(version) >= 0 }

// Before reports whether grpc-go is known to be older than a version.
func (x *Index) Before(version string) bool { return x.isKnown() && x.compare(version) < 0 }

func (x *Index) isKnown() bool { return semver.IsValid("v" + x.Version) }

// compare takes no account of patches, nor of "-dev", behind which there may be
// all that the version is about.
func (x *Index) compare(version string) int {
	return semver.Compare(semver.MajorMinor("v"+x.Version), version)
}
