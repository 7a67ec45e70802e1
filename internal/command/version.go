package command

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/grpclint/grpclint/internal/release"
)

// Version prints which grpclint this is and what it was built with.
func Version(_ context.Context, args []string, stdout, stderr io.Writer) int {
	set := NewFlags("version")
	if status, done := begin(set, "grpclint version", args, stdout, stderr); done {
		return status
	}
	if set.NArg() > 0 {
		return fail(stderr, fmt.Errorf("version takes no arguments, got %q", set.Arg(0)))
	}
	info, _ := debug.ReadBuildInfo()
	io.WriteString(stdout, versionText(info))
	return exitOK
}

// versionText describes a build. info is nil for a program that was built
// without modules.
func versionText(info *debug.BuildInfo) string {
	if info == nil {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "grpclint %s\n", release.Version(info))
	fmt.Fprintf(&b, "built with %s for %s/%s\n", info.GoVersion, runtime.GOOS, runtime.GOARCH)
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if revision := settings["vcs.revision"]; revision != "" {
		fmt.Fprintf(&b, "revision %s", revision)
		if time := settings["vcs.time"]; time != "" {
			fmt.Fprintf(&b, " of %s", time)
		}
		if settings["vcs.modified"] == "true" {
			b.WriteString(", modified")
		}
		b.WriteString("\n")
	}
	return b.String()
}
