// Package release tells which grpclint this is.
package release

import "runtime/debug"

// Version is that of a build, such as "v0.1.0" or the pseudo-version of a
// commit, "(devel)" where nobody has noted it. info is nil for a program that
// was built without modules.
func Version(info *debug.BuildInfo) string {
	if info == nil || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// Current is the Version of this program.
func Current() string {
	info, _ := debug.ReadBuildInfo()
	return Version(info)
}
