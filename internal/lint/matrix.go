package lint

import (
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/builds"
	"github.com/grpclint/grpclint/rule"
)

// RunBuilds checks what the options name for one build after the other, and
// reports what any of them has.
//
// The builds know better together: a directive that one of them needs is not
// unused, and what is wrong with a file that is no Go is wrong in all of
// them, or one of them knows the reason why not.
func RunBuilds(options Options, list []builds.Build) *Report {
	told := make(map[string]bool)
	if notice := options.Notice; notice != nil {
		options.Notice = func(text string) {
			if !told[text] {
				told[text] = true
				notice(text)
			}
		}
	}
	var runs []*run
	for _, b := range list {
		one := options
		one.Env = envOf(b, options.Env)
		one.Tags = strings.Join(slices.DeleteFunc(slices.Concat([]string{options.Tags}, b.Tags), func(tag string) bool { return tag == "" }), ",")
		if detail := options.Detail; detail != nil {
			one.Detail = func(text string) { detail(b.Name + ": " + text) }
		}
		run := start(one)
		run.collect()
		runs = append(runs, run)
	}
	m := &matrix{list, runs}
	merged := runs[0]
	merged.found, merged.silent = m.findings()
	merged.report.Errors = m.errors()
	merged.report.Excluded = m.excluded()
	for _, run := range runs[1:] {
		merged.report.join(run.report)
	}
	merged.finish()
	return merged.report
}

// envOf adds a build's platform to an environment.
func envOf(b builds.Build, env []string) []string {
	if env == nil {
		env = os.Environ()
	}
	env = slices.Clone(env)
	if b.GOOS != "" {
		env = append(env, "GOOS="+b.GOOS, "GOARCH="+b.GOARCH)
	}
	return env
}

// A matrix is what several builds have found.
type matrix struct {
	builds []builds.Build
	runs   []*run // of the builds
}

// An identity is what a finding has in each build.
type identity struct {
	rule    *rule.Rule
	at      Range
	message string
}

// findings returns what is found, and what is silenced, in the builds.
func (m *matrix) findings() (found, silent []*located) {
	in := make(map[identity]map[int]bool) // by number of build
	for i, run := range m.runs {
		run.found = withoutEmbedded(run.found)
		for _, l := range run.found {
			id := identity{l.Rule, l.Range, l.Message}
			if in[id] == nil {
				in[id] = make(map[int]bool)
			}
			in[id][i] = true
		}
		silent = append(silent, run.silent...)
	}
	for _, run := range m.runs {
		for _, l := range run.found {
			has := in[identity{l.Rule, l.Range, l.Message}]
			if !m.holds(l, has) {
				continue
			}
			if len(has) < len(m.runs) {
				for _, i := range slices.Sorted(maps.Keys(has)) {
					l.Builds = append(l.Builds, m.builds[i].Name)
				}
			}
			found = append(found, l)
		}
	}
	return found, silent
}

// holds reports whether a finding of some builds is one of the matrix.
func (m *matrix) holds(l *located, has map[int]bool) bool {
	for i, run := range m.runs {
		switch {
		case has[i]:
		case l.fromFile:
			return false
		case l.Rule.ID == "suppress/unused" && (run.goFiles[l.Path] || len(run.report.Errors) > 0):
			return false // of use there, or nobody knows
		}
	}
	return true
}

// errors returns those of all builds, and those of some with the names of
// the builds. That one build has no package where another has is no error.
func (m *matrix) errors() []Error {
	in := make(map[Error][]string)
	var all []Error
	for i, run := range m.runs {
		for _, e := range run.report.Errors {
			e.Detail = ""
			if n := len(in[e]); n == 0 {
				all = append(all, e)
			} else if in[e][n-1] == m.builds[i].Name {
				continue
			}
			in[e] = append(in[e], m.builds[i].Name)
		}
	}
	var errs []Error
	for _, e := range all {
		if names := in[e]; len(names) < len(m.runs) {
			if e.nothing {
				continue
			}
			e.Message += " (" + strings.Join(names, ", ") + ")"
		}
		errs = append(errs, e)
	}
	return errs
}

// excluded returns the Go files that no build has.
func (m *matrix) excluded() []string {
	first := m.runs[0]
	var names []string
	for _, file := range first.goFilesBelow() {
		if !slices.ContainsFunc(m.runs, func(r *run) bool { return r.goFiles[file] }) {
			names = append(names, first.paths.display(file))
		}
	}
	slices.Sort(names)
	return names
}

// join adds what another build's report tells.
func (r *Report) join(other *Report) {
	for _, count := range []struct{ mine, others *int }{
		{&r.Stats.Packages, &other.Stats.Packages},
		{&r.Stats.GRPCPackages, &other.Stats.GRPCPackages},
		{&r.Stats.ProtoFiles, &other.Stats.ProtoFiles},
		{&r.Stats.ServiceConfigs, &other.Stats.ServiceConfigs},
		{&r.Stats.Manifests, &other.Stats.Manifests},
		{&r.Stats.Retracted, &other.Stats.Retracted},
	} {
		*count.mine = max(*count.mine, *count.others)
	}
	for folder := range r.folders {
		if !other.folders[folder] {
			delete(r.folders, folder) // this build may not have seen all of it
		}
	}
	if r.Methods != nil && other.Methods != nil {
		r.Methods.Join(other.Methods)
	}
	r.Configs = append(r.Configs, other.Configs...)
	r.Dials = append(r.Dials, other.Dials...)
	r.addCodes(other.Handlers, other.Retries)
}
