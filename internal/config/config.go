// Package config knows what a run is to report: the defaults of the rules,
// changed by .grpclint.yaml, changed by flags.
//
// The file is read strictly. A setting that is misspelt and silently
// ignored is worse than none, because its author believes in it.
package config

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/builds"
	"github.com/grpclint/grpclint/rule"
)

// Name is the file's name.
const Name = ".grpclint.yaml"

// A Config is the effective configuration of a run.
type Config struct {
	// File is the path that the settings were read from, "" when there is
	// no file. Patterns of Exclude are relative to its folder.
	File string

	Rules         []Setting // in the order of the file
	Exclude       []Exclusion
	Proto         Proto
	ServiceConfig ServiceConfig
	Deploy        Deploy
	Deadline      Deadline
	Status        Status
	Run           Run

	flags Selection
}

// A Setting gives a severity to a rule or to all rules of a family.
type Setting struct {
	Selector string
	Severity rule.Severity // rule.Off switches off
}

// An Exclusion silences rules in files, for what cannot carry a directive
// (JSON has no comments) or does not deserve one (code that is on its way
// out).
type Exclusion struct {
	Path   string // slash-separated glob; ** stands for any number of folders
	Rules  []string
	Reason string
}

// Proto says where .proto files are.
type Proto struct {
	Roots []string // import paths
}

// ServiceConfig says what service configs are written for.
type ServiceConfig struct {
	Dialect string // "auto", "runtime" or "gapic"
	GRPCGo  string // version of grpc-go whose verdict counts, "" for the newest known
}

// Deploy says how manifests are judged.
type Deploy struct {
	Nginx string   // version of nginx that runs, "" if nobody says
	Skip  []string // globs of manifests that are not read
}

// Deadline tells the deadline rules what they cannot see.
type Deadline struct {
	BoundedBy []string // functions that are known to set a deadline
}

// Status tells the status rules about house style.
type Status struct {
	ETagCode string // code that a stale etag is to be answered with
}

// Run holds what the flags of check say if they are not given; nil is the
// flag's own default.
type Run struct {
	Severity  *rule.Severity // lowest to report
	FailOn    *rule.Severity // lowest that fails; zero for never
	Tests     *bool
	Tags      []string
	Generated *bool
	Matrix    []builds.Build
	Modules   *bool
}

// defaultETagCode is what AIP-154 asks for.
const defaultETagCode = "ABORTED"

// Default returns the configuration of a run without a file and without
// flags.
func Default() *Config {
	return &Config{
		ServiceConfig: ServiceConfig{Dialect: "auto"},
		Status:        Status{ETagCode: defaultETagCode},
	}
}

// Severity returns the severity of a rule's findings, rule.Off if the rule
// is not to be reported.
//
// Flags win over the file, the file over the rule's own default; within one
// of these, a rule's id wins over its family.
func (c *Config) Severity(r *rule.Rule) rule.Severity {
	configured, _ := c.configured(r)
	switch c.flags.choice(r) {
	case off:
		return rule.Off
	case on:
		if configured == rule.Off {
			return r.Severity // enabled by flag against the file or the default
		}
	}
	return configured
}

// Lowest returns the lowest severity of a rule's findings to show, where that
// of all others is lowest: who switches a rule on by its name, or by that of
// its family, and says how grave it is, wants to see it.
func (c *Config) Lowest(r *rule.Rule, lowest rule.Severity) rule.Severity {
	_, named := c.configured(r)
	severity := c.Severity(r)
	if severity == rule.Off || !named && !c.flags.Enable.name(r) && !c.flags.Enable.hold(r.Family()) {
		return lowest
	}
	return min(lowest, severity)
}

// configured is the severity without flags, and whether the file names the
// rule or its family.
func (c *Config) configured(r *rule.Rule) (severity rule.Severity, named bool) {
	severity = r.Severity
	if !r.On {
		severity = rule.Off
	}
	exact := false
	for _, s := range c.Rules {
		switch {
		case names(s.Selector, r):
			severity, exact = s.Severity, true
		case s.Selector == r.Family() && !exact:
			severity = s.Severity
		default:
			continue
		}
		named = true
	}
	return severity, named
}

// FindingSeverity returns the severity to show a finding with, rule.Off if
// it is not to be shown. A rule may find one of its findings less grave
// than the others; configuration never makes it graver than that.
func (c *Config) FindingSeverity(f *finding.Finding) rule.Severity {
	severity := c.Severity(f.Rule)
	if f.Severity != 0 && severity != rule.Off {
		return min(severity, f.Severity)
	}
	return severity
}

// Excluded reports whether an exclude entry silences the rule in a file,
// given by its absolute path or by its path from the configuration's
// folder.
func (c *Config) Excluded(file string, r *rule.Rule) bool {
	if len(c.Exclude) == 0 {
		return false
	}
	path, ok := c.relative(file)
	if !ok {
		return false // outside of the configuration's folder
	}
	return slices.ContainsFunc(c.Exclude, func(e Exclusion) bool {
		return selectsAny(e.Rules, r) && matchGlob(e.Path, path)
	})
}

// Skips reports whether a file is one of the manifests that are not to be read.
func (c *Config) Skips(file string) bool {
	if len(c.Deploy.Skip) == 0 {
		return false
	}
	path, ok := c.relative(file)
	return ok && slices.ContainsFunc(c.Deploy.Skip, func(glob string) bool { return matchGlob(glob, path) })
}

// relative returns the slash-separated path of a file from the
// configuration's folder. The go command resolves symbolic links where
// people do not, so both spellings of the folder count.
func (c *Config) relative(file string) (string, bool) {
	if !filepath.IsAbs(file) {
		return filepath.ToSlash(filepath.Clean(file)), true
	}
	folder, err := filepath.Abs(filepath.Dir(c.File))
	if err != nil {
		return "", false
	}
	folders := []string{folder}
	if resolved, err := filepath.EvalSymlinks(folder); err == nil && resolved != folder {
		folders = append(folders, resolved)
	}
	for _, folder := range folders {
		path, err := filepath.Rel(folder, file)
		if err == nil && path != ".." && !strings.HasPrefix(path, ".."+string(filepath.Separator)) {
			return filepath.ToSlash(path), true
		}
	}
	return "", false
}

// An Option is a setting that an analyzer takes as a flag.
type Option struct {
	Analyzer, Flag, Value string
}

// Options returns what c sets of the analyzers' flags, apart from which
// rules are on.
func (c *Config) Options() []Option {
	var options []Option
	if len(c.Deadline.BoundedBy) > 0 {
		options = append(options, Option{"deadline", "bounded-by", strings.Join(c.Deadline.BoundedBy, ",")})
	}
	if code := c.Status.ETagCode; code != "" && code != defaultETagCode {
		options = append(options, Option{"status", "etag-code", code})
	}
	if c.ServiceConfig.GRPCGo != "" {
		options = append(options, Option{"serviceconfig", "grpc-go", c.ServiceConfig.GRPCGo})
	}
	return options
}

// names reports whether the selector is the rule's id or a former one.
func names(selector string, r *rule.Rule) bool {
	return selector == r.ID || slices.Contains(r.Aliases, selector)
}

func selectsAny(selectors []string, r *rule.Rule) bool {
	return slices.ContainsFunc(selectors, func(s string) bool { return s == r.Family() || names(s, r) })
}
