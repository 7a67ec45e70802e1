// Package golangci makes grpclint a module plug-in of golangci-lint.
//
// golangci-lint custom builds a golangci-lint that has it, from a
// .custom-gcl.yml that names this package:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/grpclint/grpclint
//	    import: github.com/grpclint/grpclint/golangci
//	    version: v0.1.0
//
// https://golangci-lint.run/docs/plugins/module-plugins/
package golangci

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/rule"
)

// Name is the linter's name, in golangci-lint's configuration and in
// //nolint comments.
const Name = "grpclint"

func init() { register.Plugin(Name, New) }

// Settings are those of .grpclint.yaml, under linters.settings.custom.grpclint.settings.
// Files and findings are excluded by golangci-lint's own configuration;
// protos and service-config files are checked by grpclint itself.
type Settings struct {
	// Rules gives severities to rules and families: off, info, warning or
	// error. golangci-lint shows what is at least a warning; of these its
	// own configuration sets the severity that it prints.
	Rules map[string]string `json:"rules"`

	ServiceConfig struct {
		GRPCGo string `json:"grpc-go"`
	} `json:"serviceconfig"`
	Deadline struct {
		BoundedBy []string `json:"bounded-by"`
	} `json:"deadline"`
	Status struct {
		ETagCode string `json:"etag-code"`
	} `json:"status"`
}

// New makes the plug-in from what golangci-lint has read.
func New(raw any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[Settings](raw)
	if err != nil {
		return nil, fmt.Errorf("grpclint: settings: %w", err)
	}
	return &plugin{settings}, nil
}

type plugin struct{ settings Settings }

// GetLoadMode says that the analyzers need types, of dependencies too.
func (*plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns the analyzers as the settings want them.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	all := analyzers.All()
	for _, setting := range p.flags() {
		i := slices.IndexFunc(all, func(a *analysis.Analyzer) bool { return a.Name == setting.analyzer })
		if i < 0 || all[i].Flags.Lookup(setting.flag) == nil {
			return nil, fmt.Errorf("grpclint: settings: no analyzer has the flag %s.%s", setting.analyzer, setting.flag)
		}
		if err := all[i].Flags.Set(setting.flag, setting.value); err != nil {
			return nil, fmt.Errorf("grpclint: settings: %s: %w", setting.analyzer, err)
		}
	}
	severities, err := p.severities()
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		var enable, disable []string
		for _, r := range rule.Family(a.Name) {
			switch severity, set := severities[r.ID]; {
			case !set:
			case severity >= rule.Warning:
				enable = append(enable, r.ID)
			default:
				disable = append(disable, r.ID)
			}
		}
		for flag, ids := range map[string][]string{"enable": enable, "disable": disable} {
			if err := a.Flags.Set(flag, strings.Join(ids, ",")); err != nil {
				return nil, fmt.Errorf("grpclint: settings: %w", err)
			}
		}
		withoutRelated(a)
	}
	return all, nil
}

// withoutRelated keeps an analyzer from reporting related places, each of
// which golangci-lint would make an issue of its own, that the //nolint at the
// finding does not reach. Messages are complete without.
func withoutRelated(a *analysis.Analyzer) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		alone := *pass
		alone.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			pass.Report(d)
		}
		return run(&alone)
	}
}

type flagSetting struct{ analyzer, flag, value string }

// flags are the options of families, by the flags that go vet would set.
func (p *plugin) flags() []flagSetting {
	var set []flagSetting
	add := func(analyzer, flag, value string) {
		if value != "" {
			set = append(set, flagSetting{analyzer, flag, value})
		}
	}
	add("serviceconfig", "grpc-go", p.settings.ServiceConfig.GRPCGo)
	add("deadline", "bounded-by", strings.Join(p.settings.Deadline.BoundedBy, ","))
	add("status", "etag-code", p.settings.Status.ETagCode)
	return set
}

// severities returns those that the settings give to rules: an id wins over
// its family.
func (p *plugin) severities() (map[string]rule.Severity, error) {
	severities := make(map[string]rule.Severity)
	byID := make(map[string]bool)
	for selector, text := range p.settings.Rules {
		severity, err := rule.ParseSeverity(text)
		if err != nil {
			return nil, fmt.Errorf("grpclint: settings: rules: %s: %w", selector, err)
		}
		rules, err := rule.Select(selector)
		if err != nil {
			return nil, fmt.Errorf("grpclint: settings: rules: %w", err)
		}
		named := strings.Contains(selector, "/")
		for _, r := range rules {
			if named || !byID[r.ID] {
				severities[r.ID] = severity
			}
			byID[r.ID] = byID[r.ID] || named
		}
	}
	return severities, nil
}
