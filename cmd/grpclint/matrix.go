package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
)

// platform and tag are what the go command takes; which platforms there are
// it says itself.
var (
	platform = regexp.MustCompile(`^([a-z0-9]+)/([a-z0-9]+)$`)
	tag      = regexp.MustCompile(`^[\pL\pN_.]+$`)
)

// thisMachine stands for the platform that grpclint runs on.
const thisMachine = "host"

// parseMatrix reads builds such as "linux/amd64,windows/amd64+integration,+e2e".
func parseMatrix(text string) ([]lint.Build, error) {
	var builds []lint.Build
	for _, name := range strings.Split(text, ",") {
		name = strings.TrimSpace(name)
		words := strings.Split(name, "+")
		build := lint.Build{Name: name, Tags: words[1:]}
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
		if slices.ContainsFunc(builds, func(b lint.Build) bool { return b.Name == name }) {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		builds = append(builds, build)
	}
	return builds, nil
}
