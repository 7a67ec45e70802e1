// Package builds names the platforms and build tags that a run checks for.
package builds

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Build is a platform and the build tags to check for.
type Build struct {
	Name         string
	GOOS, GOARCH string // "" for this machine's
	Tags         []string
}

// platform and tag are what the go command takes; which platforms there are
// it says itself.
var (
	platform = regexp.MustCompile(`^([a-z0-9]+)/([a-z0-9]+)$`)
	tag      = regexp.MustCompile(`^[\pL\pN_.]+$`)
)

// thisMachine stands for the platform that grpclint runs on.
const thisMachine = "host"

// Parse reads names of builds: GOOS/GOARCH, host or nothing, each with +TAG
// for build tags.
func Parse(names []string) ([]Build, error) {
	var builds []Build
	for _, name := range names {
		name = strings.TrimSpace(name)
		words := strings.Split(name, "+")
		build := Build{Name: name, Tags: words[1:]}
		if p := platform.FindStringSubmatch(words[0]); p != nil {
			build.GOOS, build.GOARCH = p[1], p[2]
		} else if words[0] != thisMachine && (words[0] != "" || len(words) == 1) {
			return nil, fmt.Errorf("%q is no build: write GOOS/GOARCH, such as linux/amd64, or host, each with +TAG for build tags", name)
		}
		for _, t := range build.Tags {
			if !tag.MatchString(t) {
				return nil, fmt.Errorf("%q: %q is no build tag", name, t)
			}
		}
		if slices.ContainsFunc(builds, func(b Build) bool { return b.Name == name }) {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		builds = append(builds, build)
	}
	return builds, nil
}

// CheckTags reports what is wrong with a list of build tags, separated by
// commas as -tags takes it.
func CheckTags(list string) error {
	for t := range strings.SplitSeq(list, ",") {
		if !tag.MatchString(t) {
			return fmt.Errorf("%q is no build tag", t)
		}
	}
	return nil
}
